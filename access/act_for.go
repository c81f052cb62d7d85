package access

import (
	"slices"
	"time"

	"rator/failure"
)

const (
	pairsKept     = 24 * time.Hour
	mostPairsKept = 1000
)

// pair is who acted for whom.
type pair struct{ by, name string }

// ActsFor says whether a call that o's client certificate came with may name another
// operator in CONTEXT; it acts as o all the same. It fails with failure.NotAllowed
// where o may not act for that one. Where nobody ever said for whom o may act, it may
// for everybody. unusual asks for a line in the log, once a day for each two: of a
// call that is refused, and of one that will be once that is said.
func (g *Guard) ActsFor(o *Operator, name string) (unusual bool, err error) {
	if name == "" || name == o.Name || slices.Contains(o.ActFor, name) || slices.Contains(o.ActFor, Any) {
		return false, nil
	}
	times := g.pairs.change(pair{o.Name, tame(name)}, g.config.Now(), func(times int) int { return times + 1 })
	if o.ActFor != nil {
		err = failure.NotAllowed.With("the client certificate is of %s, CONTEXT/OPERATOR is %.40q, and %[1]s may not act for that one", o.Name, tame(name))
	}
	return times == 1, err
}
