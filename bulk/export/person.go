package export

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"rator/calllog"
	"rator/catalogue"
	"rator/customer"
	"rator/history"
	"rator/store"
	"rator/tmf/resource"
	"rator/workflow/component"
)

// Persons answers what is kept of people (component.Persons).
type Persons struct {
	// Calls opens the call log; nil for none.
	Calls func() (*calllog.Reader, error)
}

// Data is a customer's line, or that of a part of one, without what is secret.
func (p *Persons) Data(tx store.Tx, brand *catalogue.Brand, w *customer.Whole) ([]byte, error) {
	written, err := resource.WrittenOf(tx, w.Account.ID)
	if err != nil {
		return nil, err
	}
	all, err := customer.LoadWhole(tx, brand, w.Account.ID)
	if err != nil {
		return nil, err
	}
	if len(all.Objects()) != len(w.Objects()) {
		written[0].KeepOf(w.Objects()[1:]) // of the account itself only the owner has something
	}
	c, err := complete(tx, w, written[0])
	if err != nil {
		return nil, err
	}
	return new(Query).line(nil, c)
}

// History is what happened to a customer, or to a user of one and what is the user's.
func (p *Persons) History(tx store.Tx, w *customer.Whole, user store.ID, since time.Time) ([]component.PersonEvent, error) {
	asked := history.Query{Since: since}
	if user != 0 {
		asked.Objects = append([]store.ID{user}, w.Objects()[1:]...)
	}
	line := history.NewTimeline(asked)
	if err := line.AddEvents(tx, w.Account.ID); err != nil {
		return nil, err
	}
	if err := line.AddRows(tx, w); err != nil {
		return nil, err
	}
	calls, err := p.Calls()
	if err == nil && calls != nil {
		err = line.AddCalls(calls, w.Account.ID)
	}
	if err != nil {
		return nil, fmt.Errorf("call log: %w", err)
	}
	var told []component.PersonEvent
	for _, e := range line.Entries() {
		doc, err := json.Marshal(e.JSON())
		if err != nil {
			return nil, err
		}
		told = append(told, component.PersonEvent{At: e.At, JSON: doc})
	}
	return told, nil
}

// WithHistory is a line that ends with what happened to its customer, as a member that a
// load leaves aside.
func WithHistory(line []byte, entries []history.Entry) ([]byte, error) {
	told := make([]history.EntryJSON, 0, len(entries))
	for i := range entries {
		told = append(told, entries[i].JSON())
	}
	doc, err := json.Marshal(told)
	if err != nil {
		return nil, err
	}
	return slices.Concat(line[:len(line)-1], []byte(`,"history":`), doc, []byte{'}'}), nil
}
