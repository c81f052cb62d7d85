package access

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"rator/store"
)

// Audit rows are sealed after they were committed: in the order of their ids, as far as no
// lower one is yet to come, a segment takes the digests of the rows after the one before, and
// the hash of that. So no sealed row can be changed, removed, added or moved without every
// later hash becoming another one; the newest, kept elsewhere (Anchor), tells also of
// whoever makes all of them anew (gate.md 4).

// segment is a sealed run of rows. Its fields but Hash make its hash.
type segment struct {
	store.Base
	Number int64     // from 1, without gaps
	Sealed time.Time // when it was
	Before string    // hash of the one before, in hex; "" = it is the first
	Rows   string    // ids and digests of the rows, in base64
	Hash   string    // in hex
}

// sealed is where the chain begins and ends now. There is one.
type sealed struct {
	store.Base
	Number int64    // of the newest segment
	Hash   string   // of it
	Last   store.ID // row that is sealed last
	// Ended are the segments before the oldest: retention took them.
	Ended     int64
	EndedHash string   // of the last of them
	EndedLast store.ID // its last row
	EndedRows int64    // that they had
}

const byNumber = "number"

var (
	segments = store.Define("audit_segment", nil, func(s *segment) *store.Base { return &s.Base },
		store.Index[segment]{Name: byNumber, Value: func(s *segment) string { return fmt.Sprintf("%019d", s.Number) }})
	seals = store.Define("audit_seal", nil, func(s *sealed) *store.Base { return &s.Base })
)

// rowDigest is what is sealed of a row.
type rowDigest struct {
	id     store.ID
	digest [sha256.Size]byte
}

const rowDigestBytes = 8 + sha256.Size

// digestOf is of a row as it is kept, byte by byte.
func digestOf(r store.Record) rowDigest {
	h := sha256.New()
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(r.ID)))
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(r.Version)))
	h.Write(r.Doc)
	d := rowDigest{id: r.ID}
	h.Sum(d.digest[:0])
	return d
}

// newSegment seals rows after the segment before.
func newSegment(number int64, before string, rows []rowDigest, at time.Time) *segment {
	packed := make([]byte, 0, len(rows)*rowDigestBytes)
	for _, r := range rows {
		packed = append(binary.BigEndian.AppendUint64(packed, uint64(r.id)), r.digest[:]...)
	}
	s := &segment{Number: number, Sealed: at, Before: before, Rows: base64.StdEncoding.EncodeToString(packed)}
	s.Hash = s.hash()
	return s
}

// hash is what Hash must be.
func (s *segment) hash() string {
	sum := sha256.Sum256([]byte(store.Compose("rator audit 1", strconv.FormatInt(s.Number, 10), s.Sealed.UTC().Format(time.RFC3339Nano), s.Before, s.Rows)))
	return hex.EncodeToString(sum[:])
}

// rows are the rows of a segment, in ascending order of ids.
func (s *segment) rows() ([]rowDigest, error) {
	packed, err := base64.StdEncoding.DecodeString(s.Rows)
	if err != nil || len(packed) == 0 || len(packed)%rowDigestBytes != 0 {
		return nil, errors.New("it does not name its rows")
	}
	rows := make([]rowDigest, len(packed)/rowDigestBytes)
	for i := range rows {
		of := packed[i*rowDigestBytes:]
		rows[i].id = store.ID(binary.BigEndian.Uint64(of))
		copy(rows[i].digest[:], of[8:])
		if i > 0 && rows[i].id <= rows[i-1].id {
			return nil, errors.New("its rows are not in order")
		}
	}
	return rows, nil
}

// sealOf is where the chain begins and ends; the zero one when nothing was sealed yet.
func sealOf(tx store.Tx) (*sealed, error) {
	for s, err := range seals.Scan(tx) {
		return s, err
	}
	return &sealed{}, nil
}

// Anchor names a segment by its number and its hash: kept elsewhere, it tells later
// whether everything up to there is what it was.
type Anchor struct {
	Segment int64
	Hash    string
}

// String is the number and the hash in hex with a colon between; "" for none.
func (a Anchor) String() string {
	if a.Segment == 0 {
		return ""
	}
	return fmt.Sprintf("%d:%s", a.Segment, a.Hash)
}

// ParseAnchor reads what String wrote.
func ParseAnchor(text string) (Anchor, error) {
	number, hash, _ := strings.Cut(text, ":")
	n, err := strconv.ParseInt(number, 10, 64)
	sum, bad := hex.DecodeString(hash)
	if err != nil || bad != nil || n < 1 || len(sum) != sha256.Size {
		return Anchor{}, fmt.Errorf("%.100q is no anchor such as rator audit anchor prints: a number, a colon and 64 hexadecimal digits", text)
	}
	return Anchor{n, hex.EncodeToString(sum)}, nil
}

// NewestAnchor is of the segment that was sealed last; the zero one when none was.
func NewestAnchor(tx store.Tx) (Anchor, error) {
	s, err := sealOf(tx)
	if err != nil {
		return Anchor{}, err
	}
	return Anchor{s.Number, s.Hash}, nil
}
