package access

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"time"
)

// How long a right password is known after its last use, and of how many operators
// and passwords. It is known no longer than the operator stays as it was: a change
// counts at once, so that use may extend it without end.
const (
	verifiedKept     = 10 * time.Minute
	mostVerifiedKept = 4096
)

// proof stands for one operator, as of one version, with one password.
type proof [sha256.Size]byte

// proof is a keyed hash: whoever reads the memory of this process learns no
// password from it, and comparing it tells nothing by its time. A change of the
// operator moves the version, so that no older proof counts any more.
func (g *Guard) proof(o *Operator, plain string) proof {
	text := make([]byte, 0, 128)
	text = binary.BigEndian.AppendUint64(text, uint64(o.ID))
	text = binary.BigEndian.AppendUint64(text, uint64(o.Version))
	text = binary.BigEndian.AppendUint64(text, uint64(len(o.Name)))
	text = append(append(text, o.Name...), plain...)
	mac := g.macs.Get().(hash.Hash)
	defer g.macs.Put(mac)
	mac.Reset()
	mac.Write(text)
	var p proof
	mac.Sum(p[:0])
	return p
}

// compare says whether plain is the password of the hash phc: at once where that is known,
// else by argon2id, in a lane.
func (g *Guard) compare(ctx context.Context, p proof, phc, plain string, in laneKey, doubted bool) (right bool, err error) {
	if _, known := g.verified.use(p, g.config.Now()); known {
		return true, nil
	}
	return g.lanes.ask(ctx, p, in, doubted, func() (bool, error) { return g.hash(p, phc, plain) })
}

// hash compares by argon2id, unless the password became known since that was looked at.
func (g *Guard) hash(p proof, phc, plain string) (right bool, err error) {
	if _, known := g.verified.get(p, g.config.Now()); known {
		return true, nil
	}
	g.hashed.Add(1)
	right, err = g.config.Verify(phc, plain)
	if err == nil && right {
		g.verified.change(p, g.config.Now(), func(none struct{}) struct{} { return none })
	}
	return right, err
}
