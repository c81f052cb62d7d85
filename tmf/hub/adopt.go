package hub

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"rator/catalogue"
	"rator/failure"
	"rator/store"
	"rator/tmf/jsondoc"
	"rator/tmf/resource"
)

// A version before told of changes by events of two topics in the stream, without the
// documents of what was created or changed, and read them when it made notifications. What
// it had not come to is adopted: made a change of today's, once, before any other is
// published. Events stay where they are.

// The topics. Their bodies have RESOURCE, ID, BRAND, and ACCOUNT, where it is of a customer.
// That of resourceChanged has also WHAT, the text of a store.Change; with an update also
// FIELDS, the names of the attributes that changed in each dialect. That of resourceDeleted
// has ENDED: the id of the record of kind ended that has the last document in each dialect.
const (
	resourceChanged = "tmf.changed"
	resourceDeleted = "tmf.deleted"
)

// position is how far events are adopted.
type position struct {
	store.Base
	Cursor  int64
	Adopted bool `json:",omitempty"` // all are
}

var positions = store.Define("tmf_position", nil, func(p *position) *store.Base { return &p.Base })

// adoptedEvents is how many events are looked at in a transaction.
const adoptedEvents = 200

// adopt makes changes of what a version before left.
func (p *publisher) adopt(ctx context.Context) error {
	a := &adoption{hubs: p.hubs}
	done := false
	err := p.hubs.config.Store.View(ctx, func(tx store.Tx) error {
		at, err := positionIn(tx)
		if err != nil || at.Adopted {
			done = at != nil && at.Adopted
			return err
		}
		return a.foresee(tx, at.Cursor)
	})
	for err == nil && !done {
		err = p.hubs.config.Store.Update(ctx, func(tx store.Tx) (err error) {
			done, err = a.step(tx)
			return err
		})
	}
	return err
}

func positionIn(tx store.Tx) (*position, error) {
	for at, err := range positions.Scan(tx) {
		return at, err
	}
	return &position{}, nil
}

// adoption is of what a version before left.
type adoption struct {
	hubs *Hubs
	ends map[resourceKey]string // ENDED of what was deleted after the position
}

// foresee finds what was deleted after a cursor.
func (a *adoption) foresee(tx store.Tx, cursor int64) error {
	a.ends = map[resourceKey]string{}
	for {
		events, err := tx.EventsAfter(cursor, adoptedEvents)
		if err != nil || len(events) == 0 {
			return err
		}
		for _, e := range events {
			cursor = e.Cursor
			if e.Topic != resourceDeleted {
				continue
			}
			if told, err := readTold(e); err == nil {
				a.ends[resourceKey{told.Resource, told.ID}] = told.Ended
			}
		}
	}
}

// step adopts some events; done says that there are no others.
func (a *adoption) step(tx store.Tx) (done bool, err error) {
	at, err := positionIn(tx)
	if err != nil || at.Adopted {
		return err == nil, err
	}
	events, err := tx.EventsAfter(at.Cursor, adoptedEvents)
	if err != nil {
		return false, err
	}
	all, err := List(tx)
	if err != nil {
		return false, err
	}
	for _, e := range events {
		if at.Cursor = e.Cursor; e.Topic != resourceChanged && e.Topic != resourceDeleted {
			continue
		}
		told, err := readTold(e)
		if err != nil {
			a.hubs.config.Log.Error("event left out of notifications", "cause", err)
			continue // it will not get better
		}
		if err := a.adopt(tx, e, told, all); err != nil {
			return false, err
		}
	}
	at.Adopted = len(events) < adoptedEvents
	return at.Adopted, positions.Keep(tx, at)
}

// toldEvent is the body of an event of a version before.
type toldEvent struct {
	Resource string              `json:"RESOURCE"`
	ID       string              `json:"ID"`
	Brand    string              `json:"BRAND"`
	Account  store.ID            `json:"ACCOUNT"`
	What     string              `json:"WHAT"`
	Fields   map[string][]string `json:"FIELDS"`
	Ended    string              `json:"ENDED"`
}

func readTold(e store.Event) (*toldEvent, error) {
	var t toldEvent
	if err := json.Unmarshal(e.Body, &t); err != nil {
		return nil, fmt.Errorf("event %d: %w", e.Cursor, err)
	}
	return &t, nil
}

// adopt makes a change of an event, which has its id, with the documents as they are now.
func (a *adoption) adopt(tx store.Tx, e store.Event, t *toldEvent, all []*Hub) error {
	c := &KeptChange{At: e.At, Resource: t.Resource, Thing: t.ID, Account: t.Account, Brand: t.Brand, What: store.Updated, Fields: t.Fields}
	switch {
	case e.Topic == resourceDeleted:
		c.What = store.Deleted
	case t.What == store.Created.String():
		c.What = store.Created
	}
	all = slices.DeleteFunc(slices.Clone(all), func(h *Hub) bool { return h.Brand != c.Brand || e.ID <= h.ID })
	if len(all) == 0 {
		return nil
	}
	for _, h := range all {
		c.Hubs = append(c.Hubs, h.ID)
	}
	for _, v := range viewsOf(all) {
		if v.resource.Name != c.Resource || c.named(v.dialect, v.resource) == "" {
			continue
		}
		for _, home := range v.homes {
			s, found, err := a.document(tx, c, &v, home)
			if err != nil {
				return err
			}
			if found {
				c.Shown = append(c.Shown, s)
			}
		}
	}
	return KeptChanges.InsertAs(tx, c, e.ID)
}

// document is what a view has of a resource, or had, when it was deleted since.
func (a *adoption) document(tx store.Tx, c *KeptChange, v *view, home string) (s KeptDocument, found bool, err error) {
	s = KeptDocument{Dialect: v.dialect.Name, Origin: v.call(home).Origin()}
	if of := a.hubs.collections[v.resource]; of != nil && c.What != store.Deleted {
		brand, err := catalogue.BrandByKey(tx, c.Brand)
		if err != nil {
			return s, false, err
		}
		u := &resource.Work{Call: v.call(home), Tx: tx, Brand: brand}
		item, err := of.Get(u, c.Thing)
		switch {
		case err == nil:
			if len(u.Objects) > 0 {
				c.Object = u.Objects[0]
			}
			s.Modified, s.Document = item.Modified, item.Document.Append(nil)
			return s, true, nil
		case failure.KindOf(err) == failure.Denied:
			return s, false, nil
		case !gone(err):
			return s, false, err
		}
	}
	id, err := store.ParseID(a.ends[resourceKey{c.Resource, c.Thing}])
	if err != nil {
		return s, false, nil
	}
	end, err := Endings.Get(tx, id)
	if resource.IsAbsent(err) {
		return s, false, nil // its person was erased
	}
	if err != nil {
		return s, false, err
	}
	documents, err := jsondoc.ReadKept(end.Documents)
	if err != nil {
		return s, false, err
	}
	doc, found := documents.Get(v.dialect.Name)
	s.Modified, s.Document = c.At, doc.Append(nil)
	return s, found, nil
}
