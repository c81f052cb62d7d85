package history

import (
	"iter"
	"time"

	"rator/access"
	"rator/calllog"
	"rator/customer"
	"rator/event"
	"rator/store"
)

const eventsAtOnce = 200

// AddEvents gathers the events of a customer that are still kept, without what is secret
// in them.
func (t *Timeline) AddEvents(tx store.Tx, account store.ID) error {
	from := event.FromStart()
	if !t.query.Since.IsZero() {
		from = event.FromTime(t.query.Since)
	}
	cursor, err := from.Cursor(tx)
	if err != nil {
		return err
	}
	for {
		page, err := tx.EventsOf(account, cursor, eventsAtOnce)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, e := range page {
			masked := event.Mask(e)
			t.add(Entry{At: e.At, Kind: Event, Event: &masked})
		}
		cursor = page[len(page)-1].Cursor
	}
}

// AddRows gathers the rows of the audit that are about a customer or what is the
// customer's, with what they say changed.
func (t *Timeline) AddRows(tx store.Tx, w *customer.Whole) error {
	for row, err := range rowsSince(tx, w.Objects(), t.query.Since) {
		if err != nil {
			return err
		}
		t.add(Entry{At: row.At, Kind: Audit, Who: row.Who, Face: row.Face, Row: row})
	}
	t.sort()
	for i := t.first(); i < len(t.entries); i++ {
		e := &t.entries[i]
		if e.Kind != Audit || len(e.Row.Changed) == 0 {
			continue
		}
		var err error
		if e.Changes, err = access.ChangesOf(tx, e.Row); err != nil {
			return err
		}
	}
	return nil
}

// rowsSince gives the rows about objects, those of one after those of another. Rows have
// their customer's account; those of versions that did not keep it, their first object.
func rowsSince(tx store.Tx, objects []store.ID, since time.Time) iter.Seq2[*access.AuditRow, error] {
	after := store.ID(0)
	if !since.IsZero() {
		after = store.FirstIDAt(since) - 1 // a row is kept at its time or later
	}
	return func(yield func(*access.AuditRow, error) bool) {
		for _, id := range objects {
			for row, err := range access.RowsOfObject(tx, id, after) {
				if !yield(row, err) || err != nil {
					return
				}
			}
		}
	}
}

// AddCalls gathers the calls of a call log that were about a customer, as far as the log
// still has them.
func (t *Timeline) AddCalls(r *calllog.Reader, account store.ID) error {
	left := t.query.Limit // the log gives the newest first
	wanted := calllog.Query{Account: account.String(), Since: t.query.Since, Before: t.query.Before}
	if len(t.query.Objects) > 0 {
		wanted.Object = t.query.Objects[0].String()
	}
	for k, err := range r.Calls(&wanted) {
		if err != nil {
			return err
		}
		call := k.Call
		t.add(Entry{At: call.At, Kind: Call, Who: call.Operator, Face: call.Face, Call: &call})
		if left--; left == 0 {
			break
		}
	}
	return nil
}
