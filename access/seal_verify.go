package access

import (
	"fmt"
	"slices"
	"time"

	"rator/store"
)

// SealState is what VerifyAudit found, faults apart.
type SealState struct {
	Segments int64 // that there are
	Rows     int64 // that are sealed
	Ended    int64 // segments that retention ended
	Newest   Anchor
	Unsealed int64     // rows that are not sealed yet
	Since    time.Time // when the oldest of these was written; zero = there are none
	// Anchored: the anchor was compared. One of a segment that retention ended cannot be.
	Anchored bool
}

// VerifyAudit checks that audit rows are as they were sealed, that the chain of segments is
// whole, and that the values of what changed are as their rows say, and reports each fault
// with its place. Rows after the newest segment are not sealed yet, and are no fault.
// Whoever can write to the store can make the whole chain anew: an anchor that is kept
// elsewhere tells that; the zero one is not looked at.
func VerifyAudit(tx store.Tx, anchor Anchor, report func(error)) (*SealState, error) {
	s, err := sealOf(tx)
	if damaged(seals.Name(), err) != 0 {
		s, err = &sealed{}, nil // as if it were gone
	}
	if err != nil {
		return nil, err
	}
	v := &sealVerifier{tx: tx, report: report, seal: s, state: &SealState{Ended: s.Ended}, erased: map[store.ID]store.ID{}}
	v.number, v.before = s.Ended, s.EndedHash
	v.known.Segment, v.known.Hash = s.Ended, s.EndedHash
	v.anchor = anchor
	v.match()
	err = eachPast(tx, segments.Name(), func(r *store.Record) error {
		if isDamaged(r) {
			return nil // the next one tells that it is gone
		}
		segment, err := segments.Whole(store.DocOf(*r))
		if err != nil {
			report(err)
			return nil
		}
		return v.segment(segment)
	})
	if err != nil {
		return nil, err
	}
	if err := v.tail(); err != nil {
		return nil, err
	}
	v.ended()
	return v.state, v.details()
}

// sealVerifier goes along the chain and the rows at once.
type sealVerifier struct {
	tx     store.Tx
	report func(error)
	seal   *sealed
	state  *SealState

	number int64    // of the segment before
	before string   // its hash
	gap    bool     // segments before the next one are gone, so that nobody knows their rows
	last   store.ID // its last row
	known  Anchor   // the segment that was seen last, as it hashes
	anchor Anchor

	page []store.Record // rows that were read and not looked at
	read store.ID       // the last of them
	done bool           // there are no more

	said    Anchor                // by the newest row about retention
	changed []detailsOfRow        // that are missing
	erased  map[store.ID]store.ID // thing and the newest row that says so
	kept    []store.ID            // of rows that have values, not sorted out yet
}

// detailsOfRow names values by row and thing.
type detailsOfRow struct{ row, object store.ID }

func (v *sealVerifier) fault(format string, args ...any) {
	v.report(fmt.Errorf("audit: "+format, args...))
}

// segment checks one and its rows.
func (v *sealVerifier) segment(s *segment) error {
	v.state.Segments++
	switch {
	case s.Number == v.number+2:
		v.gap = true
		v.fault("segment %d is gone", v.number+1)
	case s.Number > v.number+1:
		v.gap = true
		v.fault("segments %d to %d are gone", v.number+1, s.Number-1)
	case s.Number <= v.number:
		v.fault("segment %d stands behind segment %d", s.Number, v.number)
	case s.Before != v.before:
		v.fault("segment %d does not follow from segment %d: one of them was made anew", s.Number, v.number)
	}
	hash := s.hash()
	whole := hash == s.Hash
	if !whole {
		v.fault("segment %d was changed", s.Number)
	}
	v.number, v.before = s.Number, s.Hash
	v.known = Anchor{s.Number, hash}
	v.match()
	rows, err := s.rows()
	if err != nil {
		if whole {
			v.fault("segment %d: %v", s.Number, err)
		}
		v.gap = true
		return nil
	}
	for i, want := range rows {
		if err := v.row(s, want, v.gap && i == 0); err != nil {
			return err
		}
	}
	v.gap, v.last = false, rows[len(rows)-1].id
	return nil
}

// row checks that the next row is the one that a segment has; lost says that segments
// before it are gone, whose rows may stand before it.
func (v *sealVerifier) row(s *segment, want rowDigest, lost bool) error {
	unknown := 0
	for {
		r, err := v.next(want.id)
		if err != nil {
			return err
		}
		if r == nil || r.ID > want.id {
			v.fault("row %s of segment %d is gone", want.id, s.Number)
			break
		}
		if r.ID == want.id {
			v.state.Rows++
			if digestOf(*r) != want {
				v.fault("row %s of segment %d was changed", want.id, s.Number)
			}
			break
		}
		if unknown++; !lost {
			v.fault("row %s was added: segment %d has none of that number", r.ID, s.Number)
		}
	}
	if lost && unknown > 0 {
		v.fault("%d rows before row %s are of segments that are gone, so that nobody can tell whether they are what they were", unknown, want.id)
	}
	return nil
}

// next gives the next row and goes on, where its id is not above upTo; nil = none is left.
func (v *sealVerifier) next(upTo store.ID) (*store.Record, error) {
	if len(v.page) == 0 && !v.done {
		var err error
		if v.page, err = scanPast(v.tx, auditRows.Name(), v.read, 256); err != nil {
			return nil, err
		}
		if v.done = len(v.page) == 0; !v.done {
			v.read = v.page[len(v.page)-1].ID
		}
	}
	if len(v.page) == 0 {
		return nil, nil
	}
	r := &v.page[0]
	if r.ID > upTo {
		return r, nil
	}
	v.page = v.page[1:]
	return r, v.look(r)
}

// look takes in what a row tells that others are checked by.
func (v *sealVerifier) look(r *store.Record) error {
	if isDamaged(r) {
		v.kept = append(v.kept, r.ID) // or not: nobody can tell
		return nil
	}
	row, err := auditRows.Whole(store.DocOf(*r))
	if err != nil {
		v.report(err)
		return nil
	}
	if said, ok := row.ends(); ok {
		v.said = said
	}
	for _, id := range row.Erased {
		v.erased[id] = row.ID
	}
	kept, err := detailsOf(v.tx, row)
	if damaged(auditDetails.Name(), err) != 0 {
		v.fault("the values of what row %s changed cannot be read", row.ID)
		v.kept = append(v.kept, row.ID)
		return nil
	}
	if err != nil {
		return err
	}
	if kept != nil {
		v.kept = append(v.kept, row.ID)
	}
	for _, c := range row.Changed {
		switch d := kept.of(c.Object); {
		case c.Digest == "":
		case d == nil:
			v.changed = append(v.changed, detailsOfRow{row.ID, c.Object})
		case d.digest() != c.Digest:
			v.fault("what row %s says of %s %s has other values than it was written with", row.ID, c.Kind, c.Object)
		}
	}
	return nil
}

// match compares the segment that was seen last with the anchor.
func (v *sealVerifier) match() {
	if v.anchor.Segment == 0 || v.anchor.Segment != v.known.Segment {
		return
	}
	v.state.Anchored = true
	if v.anchor != v.known {
		v.fault("segment %d is another one than the anchor says: it or what was sealed before it was made anew", v.anchor.Segment)
	}
}

// tail checks what the seal says of the end, and takes in the rows that are not sealed.
func (v *sealVerifier) tail() error {
	s := v.seal
	switch {
	case s.Number == 0 && v.number > 0:
		v.fault("the seal, which names the newest segment, is gone; there are segments up to %d", v.number)
		s.Last = v.last
	case s.Number > v.number:
		v.gap = true
		v.fault("the tail was cut: the newest segment is %d and not %d, and the rows after it up to %s were sealed", v.number, s.Number, s.Last)
	case s.Number < v.number:
		v.fault("segments %d to %d were added: the seal names %d as the newest", s.Number+1, v.number, s.Number)
	case s.Hash != v.before:
		v.fault("segment %d, the newest, is another one than the seal says", s.Number)
	}
	if a := v.anchor; a.Segment > v.number {
		v.state.Anchored = true
		v.fault("the tail was cut: the anchor is of segment %d, and the newest is %d", a.Segment, v.number)
	} else if a.Segment > s.Ended && !v.state.Anchored {
		v.state.Anchored = true
		v.fault("segment %d, which the anchor is of, is gone", a.Segment)
	}
	v.state.Newest = Anchor{v.number, v.before}
	for {
		r, err := v.next(1<<63 - 1)
		if err != nil || r == nil {
			return err
		}
		switch {
		case r.ID > s.Last:
			if v.state.Unsealed++; v.state.Unsealed == 1 {
				v.state.Since = r.ID.Time()
			}
		case v.gap:
			v.fault("row %s is of a segment that is gone", r.ID)
		default:
			v.fault("row %s was added: no segment has it", r.ID)
		}
	}
}

// ended checks that the segments which are not there any more are those that a row tells of.
func (v *sealVerifier) ended() {
	s := v.seal
	switch {
	case s.Ended == 0:
	case v.said.Segment < s.Ended:
		v.fault("segments up to %d are gone, and no row says that they ended", s.Ended)
	case v.said.Segment == s.Ended && v.said.Hash != s.EndedHash:
		v.fault("segment %d, the last that ended, was another one than the seal says", s.Ended)
	}
}

// details checks that values which are missing are of who was erased or what was deleted
// later, and that none are kept without a row.
func (v *sealVerifier) details() error {
	for _, d := range v.changed {
		if v.erased[d.object] < d.row {
			v.fault("the values that row %s has of %s are gone, and no row says that it was erased or deleted", d.row, d.object)
		}
	}
	return eachPast(v.tx, auditDetails.Name(), func(kept *store.Record) error {
		if _, ok := slices.BinarySearch(v.kept, kept.ID); !ok {
			v.fault("values are kept of row %s, which is not there or has none", kept.ID)
		}
		return nil
	})
}
