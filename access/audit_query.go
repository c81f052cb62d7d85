package access

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"rator/store"
)

// AuditQuery says which rows are asked for; what is zero is not looked at.
type AuditQuery struct {
	Since, Until time.Time // Until itself is not included
	Operator     string    // who
	Face         string
	Hookpoint    string
	Outcome      string   // OutcomeOK, the name of a failure.Code, or OutcomeRefused
	Brands       []string // keys; nil = all and none
	Account      store.ID
	Object       store.ID // that was read or changed, be it the first or not
	Before       store.ID // rows before the one with the id; 0 = all
}

// OutcomeRefused asks for every outcome but OutcomeOK.
const OutcomeRefused = "refused"

// Begin is the id after which the first row of a query can be.
func (q *AuditQuery) Begin() store.ID {
	if q.Since.IsZero() {
		return 0
	}
	return store.FirstIDAt(q.Since) - 1
}

// AuditPage is what one look at the audit finds.
type AuditPage struct {
	Rows []*AuditRow
	Last store.ID // up to which every row was looked at: where to go on
	End  bool     // nothing that is asked for follows yet
}

// After looks at so many rows after the one with the id, oldest first. Of an account or
// of an operator it looks at no others than theirs.
func (q *AuditQuery) After(tx store.Tx, after store.ID, looks int) (p AuditPage, err error) {
	records, err := q.records(tx, max(after, q.Begin()), looks)
	if err != nil {
		return p, err
	}
	p.Last, p.End = max(after, q.Begin()), len(records) < looks
	until := store.ID(1<<63 - 1)
	if !q.Until.IsZero() {
		until = store.FirstIDAt(q.Until)
	}
	if q.Before != 0 {
		until = min(until, q.Before)
	}
	object := []byte(q.Object.String())
	for _, r := range records {
		if r.ID >= until {
			p.End = true
			break
		}
		p.Last = r.ID
		if q.Object != 0 && !bytes.Contains(r.Doc, object) {
			continue
		}
		row, err := auditRows.Whole(store.DocOf(r))
		if err != nil {
			return p, err
		}
		if q.fits(row) {
			p.Rows = append(p.Rows, row)
		}
	}
	return p, nil
}

func (q *AuditQuery) records(tx store.Tx, after store.ID, limit int) ([]store.Record, error) {
	switch kind := auditRows.Name(); {
	case q.Account != 0:
		return tx.Find(kind, byAbout, q.Account.String(), after, limit)
	case q.Operator != "":
		return tx.Find(kind, byOperator, tame(q.Operator), after, limit)
	default:
		return tx.Scan(kind, after, limit)
	}
}

func (q *AuditQuery) fits(r *AuditRow) bool {
	switch {
	case q.Operator != "" && r.Who != tame(q.Operator),
		q.Face != "" && r.Face != q.Face,
		q.Hookpoint != "" && r.Hookpoint != q.Hookpoint,
		q.Outcome == OutcomeRefused && r.Outcome == OutcomeOK,
		q.Outcome != "" && q.Outcome != OutcomeRefused && r.Outcome != q.Outcome,
		q.Object != 0 && !r.has(q.Object):
		return false
	case q.Brands == nil:
		return true
	}
	for _, key := range q.Brands {
		if key == r.Brand {
			return true
		}
	}
	return false
}

// has reports whether a row is about a thing.
func (r *AuditRow) has(id store.ID) bool {
	for _, object := range r.Objects {
		if object == id {
			return true
		}
	}
	for _, c := range r.Changed {
		if c.Object == id {
			return true
		}
	}
	return r.Account == id
}

// News reports whether a row follows that may be one of those asked for.
func (q *AuditQuery) News(tx store.Tx, after store.ID) (bool, error) {
	records, err := q.records(tx, after, 1)
	return len(records) > 0, err
}

// NewestRow is the id of the newest row; 0 = there is none. It looks from the rows on that
// are not sealed.
func NewestRow(tx store.Tx) (store.ID, error) {
	s, err := sealOf(tx)
	newest := s.Last
	for full := err == nil; full; {
		var page []store.Record
		if page, err = tx.Scan(auditRows.Name(), newest, sealStep); err != nil {
			break
		}
		if full = len(page) == sealStep; len(page) > 0 {
			newest = page[len(page)-1].ID
		}
	}
	return newest, err
}

// String tells what is asked for, for the row about who read it.
func (q *AuditQuery) String() string {
	var asked []string
	add := func(name, value string) {
		if value != "" {
			asked = append(asked, name+" "+value)
		}
	}
	if !q.Since.IsZero() {
		add("since", q.Since.UTC().Format(time.RFC3339))
	}
	if !q.Until.IsZero() {
		add("until", q.Until.UTC().Format(time.RFC3339))
	}
	add("operator", tame(q.Operator))
	add("face", tame(q.Face))
	add("hookpoint", tame(q.Hookpoint))
	add("outcome", tame(q.Outcome))
	if q.Brands != nil {
		add("brands", strings.Join(q.Brands, " "))
	}
	add("account", q.Account.String())
	add("object", q.Object.String())
	if asked == nil {
		return "all"
	}
	return strings.Join(asked, ", ")
}

// Check fails with a *failure.Error or another one that says what cannot be asked for.
func (q *AuditQuery) Check() error {
	if !q.Since.IsZero() && !q.Until.IsZero() && !q.Since.Before(q.Until) {
		return fmt.Errorf("since %s is not before until %s", q.Since.UTC().Format(time.RFC3339), q.Until.UTC().Format(time.RFC3339))
	}
	if q.Operator != tame(q.Operator) {
		return errors.New("operator: no operator can have that name")
	}
	return nil
}

// ReadingNamed is the Hookpoint of rows about who read the audit.
const ReadingNamed = "audit read"

// NoteReading writes the row about who reads the audit, and what they ask for; it gives
// the row's id.
func NoteReading(tx store.Tx, by Administrator, asked string) (store.ID, error) {
	row := AuditRow{Who: by.Who, From: by.From, Face: by.Face, Hookpoint: ReadingNamed, Outcome: OutcomeOK, Notes: []string{asked}}
	err := record(tx, &row)
	return row.ID, err
}
