package access

import (
	"context"
	"errors"
	"fmt"
	"time"

	"rator/store"
)

// What the row has that says which segments end. It is sealed itself, so that segments
// which no such row tells of were cut off by somebody else.
const (
	retentionWho   = "audit"
	retentionFace  = "scheduler"
	retentionNamed = "audit retention"
)

// retentionSlack is how much older than its age a row must be before the next ones are
// ended, so that there is a row a day about it and not more.
const retentionSlack = 24 * time.Hour

// EndRows ends whole segments of which every row is older than age, and says how many rows
// went. A row tells it first; then the segments go, the oldest first, one at a time. What
// a run leaves undone the next one goes on with.
func EndRows(ctx context.Context, st store.Store, age time.Duration) (rows int, err error) {
	var end Anchor
	var row *AuditRow
	err = st.View(ctx, func(tx store.Tx) (err error) {
		end, row, err = endOf(tx, age)
		return err
	})
	if err == nil && row != nil {
		err = st.Update(ctx, func(tx store.Tx) error { return Record(tx, *row) })
	}
	for err == nil && end.Segment > 0 {
		n, more := 0, false
		err = st.Update(ctx, func(tx store.Tx) (err error) {
			n, more, err = endOldest(tx, end.Segment)
			return err
		})
		if err != nil {
			break
		}
		if rows += n; !more {
			break
		}
	}
	return rows, err
}

// endOf finds the newest segment that is to end, none where it is the zero one, and the
// row that is to tell it; nil = that was told.
func endOf(tx store.Tx, age time.Duration) (Anchor, *AuditRow, error) {
	s, err := sealOf(tx)
	if err != nil {
		return Anchor{}, nil, err
	}
	said, err := announced(tx)
	if err != nil || said.Segment > s.Ended {
		return said, nil, err // that was begun
	}
	before, due := store.FirstIDAt(tx.Now().Add(-age)), store.FirstIDAt(tx.Now().Add(-age-retentionSlack))
	var end Anchor
	var last store.ID
	for oldest, err := range segments.Scan(tx) {
		if err != nil {
			return Anchor{}, nil, err
		}
		rows, err := oldest.rows()
		if err != nil || oldest.Number == s.Number {
			break // one that cannot be read is for verify to tell of; the newest stays
		}
		newest := rows[len(rows)-1].id
		if newest >= before || end.Segment == 0 && newest >= due {
			break
		}
		end, last = Anchor{oldest.Number, oldest.Hash}, newest
	}
	if end.Segment == 0 {
		return end, nil, nil
	}
	return end, &AuditRow{
		Who: retentionWho, Face: retentionFace, Hookpoint: retentionNamed, Outcome: OutcomeOK,
		Notes: []string{fmt.Sprintf("rows up to %s end: they are older than %.0f days", last, age.Hours()/24), end.String()},
	}, nil
}

// announced is the segment up to which the newest row of its kind says that they end.
func announced(tx store.Tx) (a Anchor, err error) {
	for row, err := range RowsOfOperator(tx, retentionWho) {
		if err != nil {
			return a, err
		}
		if said, ok := row.ends(); ok {
			a = said
		}
	}
	return a, nil
}

// ends is the segment up to which a row says that they end.
func (r *AuditRow) ends() (Anchor, bool) {
	if r.Who != retentionWho || r.Face != retentionFace || r.Hookpoint != retentionNamed || len(r.Notes) != 2 {
		return Anchor{}, false
	}
	a, err := ParseAnchor(r.Notes[1])
	return a, err == nil
}

// endOldest ends the oldest segment, if it is one up to end; more says that another may
// follow.
func endOldest(tx store.Tx, end int64) (rows int, more bool, err error) {
	s, err := sealOf(tx)
	if err != nil {
		return 0, false, err
	}
	for oldest, err := range segments.Scan(tx) {
		if err != nil {
			return 0, false, err
		}
		if oldest.Number > end {
			return 0, false, nil
		}
		of, err := oldest.rows()
		if err != nil {
			return 0, false, fmt.Errorf("audit segment %d: %w; rator verify tells more", oldest.Number, err)
		}
		for _, r := range of {
			if err := errors.Join(drop(tx, auditRows.Name(), r.id), drop(tx, auditDetails.Name(), r.id)); err != nil {
				return 0, false, err
			}
		}
		s.Ended, s.EndedHash, s.EndedLast = oldest.Number, oldest.Hash, of[len(of)-1].id
		s.EndedRows += int64(len(of))
		return len(of), oldest.Number < end, errors.Join(segments.Delete(tx, oldest), seals.Keep(tx, s))
	}
	return 0, false, nil
}

// EndedError says that rows are asked for which retention ended.
type EndedError struct {
	Rows int64    // how many have ended since there is an audit
	Last store.ID // the last of them: every row after it is there
}

func (e *EndedError) Error() string {
	return fmt.Sprintf("since: rows up to %s have ended, %d in all; what is kept follows %s", e.Last, e.Rows, e.Last)
}

// CheckKept fails with *EndedError when a row ended that came after the one with the id.
func CheckKept(tx store.Tx, after store.ID) error {
	s, err := sealOf(tx)
	if err != nil {
		return err
	}
	if after < s.EndedLast {
		return &EndedError{s.EndedRows, s.EndedLast}
	}
	return nil
}

// drop deletes a record that may be gone.
func drop(tx store.Tx, kind string, id store.ID) error {
	r, err := tx.Get(kind, id)
	if errors.Is(err, store.ErrAbsent) {
		return nil
	}
	if err != nil {
		return err
	}
	return tx.Delete(kind, id, r.Version)
}
