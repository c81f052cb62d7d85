package tmf

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"rator/access"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

// position is how far the events are published.
type position struct {
	store.Base
	Cursor int64
}

var positions = store.Define("tmf_position", nil, func(p *position) *store.Base { return &p.Base })

// publisher makes notifications of events, each once, in their order. An event is
// published to hubs that were registered before it: their id is older.
type publisher struct {
	hubs   *Hubs
	begun  bool
	cursor int64 // of the newest event that was looked at
	kept   int64 // the same as the store has it
}

const (
	published   = 200  // events at a time
	movedUnkept = 1000 // events that a start may look at again
)

// publish looks at the next events. more says that there may be others.
func (p *publisher) publish(ctx context.Context) (more bool, err error) {
	var (
		events []store.Event
		all    []*Hub
		erased int64
	)
	err = p.hubs.config.Store.View(ctx, func(tx store.Tx) (err error) {
		if !p.begun {
			for kept, err := range positions.Scan(tx) {
				if err != nil {
					return err
				}
				p.cursor, p.kept = kept.Cursor, kept.Cursor
			}
			p.begun = true
		}
		if erased, err = customer.Erasures(tx); err != nil {
			return err
		}
		if events, err = tx.EventsAfter(p.cursor, published); err != nil || len(events) == 0 {
			return err
		}
		all, err = HubList(tx)
		return err
	})
	if err != nil || len(events) == 0 {
		return false, err
	}
	b := batch{hubs: p.hubs, events: events, erased: erased, operators: map[string]*access.Operator{}, items: map[string]readItem{}, zones: map[string]*time.Location{}}
	for i, e := range events {
		if err := b.event(ctx, i, e, all); err != nil {
			return false, err
		}
	}
	last := events[len(events)-1].Cursor
	if len(b.notifications) > 0 || last-p.kept >= movedUnkept {
		switch err := p.keep(ctx, &b, last); {
		case errors.Is(err, errErasedSince):
			return true, nil // read anew
		case err != nil:
			return false, err
		}
		p.kept = last
	}
	p.cursor = last
	return len(events) == published, nil
}

// errErasedSince says that somebody was erased after what is told was read.
var errErasedSince = errors.New("tmf: somebody was erased meanwhile")

// keep writes the notifications and how far it is with them, in one transaction. It
// fails with errErasedSince.
func (p *publisher) keep(ctx context.Context, b *batch, last int64) error {
	return p.hubs.config.Store.Update(ctx, func(tx store.Tx) error {
		if erased, err := customer.Erasures(tx); err != nil || erased != b.erased {
			return cmp.Or(err, errErasedSince)
		}
		at := &position{}
		for kept, err := range positions.Scan(tx) {
			if err != nil {
				return err
			}
			at = kept
		}
		if at.Cursor > p.cursor {
			return fmt.Errorf("tmf: events to %d are published already, and not from %d on", at.Cursor, p.cursor)
		}
		at.Cursor = last
		if err := keepEither(tx, positions, at, at.ID); err != nil {
			return err
		}
		for _, n := range b.notifications {
			n.Base = store.Base{} // the unit may run again
			if err := outbox.Insert(tx, &n); err != nil {
				return err
			}
		}
		return nil
	})
}

func keepEither[T any](tx store.Tx, k *store.Kind[T], x *T, id store.ID) error {
	if id == 0 {
		return k.Insert(tx, x)
	}
	return k.Put(tx, x)
}

// batch is some events on their way to the hubs.
type batch struct {
	hubs          *Hubs
	events        []store.Event
	erased        int64 // persons, when it was begun
	notifications []notification
	operators     map[string]*access.Operator
	items         map[string]readItem
	zones         map[string]*time.Location // by brand
}

// zone is that of a brand.
func (b *batch) zone(ctx context.Context, key string) (*time.Location, error) {
	if zone := b.zones[key]; zone != nil {
		return zone, nil
	}
	err := b.hubs.config.Store.View(ctx, func(tx store.Tx) error {
		brand, err := catalogue.BrandByKey(tx, key)
		if err == nil {
			b.zones[key] = brand.Zone()
		}
		return err
	})
	return b.zones[key], err
}

// readItem is what a collection gave.
type readItem struct {
	item  Item
	found bool
}

func (b *batch) event(ctx context.Context, index int, e store.Event, all []*Hub) error {
	c, err := b.change(ctx, e)
	var broken *brokenEvent
	if err != nil && !errors.As(err, &broken) {
		return err
	}
	if err != nil {
		b.hubs.config.Log.Error("event left out of notifications", "cause", err)
		return nil // it will not get better
	}
	if c == nil {
		return nil
	}
	for _, hub := range all {
		if e.ID <= hub.ID || hub.Brand != c.brand {
			continue
		}
		for _, r := range hub.resources() {
			if r.Name != c.resource {
				continue
			}
			if err := b.tell(ctx, index, e, c, hub, r); err != nil {
				return err
			}
		}
	}
	return nil
}

// tell makes the notification of an event for a hub, if the hub is to have one: a
// change that changed nothing of the document in its dialect is not told.
func (b *batch) tell(ctx context.Context, index int, e store.Event, c *resourceChange, hub *Hub, r *Resource) error {
	d := hub.dialect()
	name := c.named(d, r)
	if name == "" {
		return nil
	}
	item, found, err := b.document(ctx, index, e, c, hub, d, r)
	if err != nil || !found {
		return err
	}
	zone, err := b.zone(ctx, hub.Brand)
	if err != nil {
		return err
	}
	q, err := parseHubQuery(hub.Query, d, hub.resources(), zone)
	if err != nil {
		return fmt.Errorf("query of hub %s: %w", hub.ID, err)
	}
	show := presenter{shape: r.Shape, origin: hub.Origin, base: hub.BasePath, name: r.Name}
	doc := notificationBody(d, e.ID.String(), name, e.At, r, show.show(item), c.fields[d.Name])
	if !q.wants(doc) {
		return nil
	}
	b.notifications = append(b.notifications, notification{Hub: hub.ID, EventID: e.ID.String(), Type: name, Thing: c.id, Account: c.account, Body: q.trim(doc).Append(nil)})
	return nil
}

// document reads what the hub's operator may see of the resource.
func (b *batch) document(ctx context.Context, index int, e store.Event, c *resourceChange, hub *Hub, d *Dialect, r *Resource) (Item, bool, error) {
	o, err := b.operator(ctx, hub.Operator)
	right := RightOf("GET", hub.BasePath+"/"+r.Name)
	if err != nil || o == nil || !o.Enabled || !o.May(right) || !o.HasBrand(hub.Brand) {
		return Item{}, false, err
	}
	key := store.Compose(d.Name, r.Name, c.id, hub.Operator, hub.Brand)
	if c.what == store.Deleted {
		item, found := c.last(hub, d, e)
		return item, found, nil
	}
	if read, known := b.items[key]; known {
		return read.item, read.found, nil
	}
	collection := b.hubs.collections[r]
	if collection == nil {
		return Item{}, false, nil
	}
	read := readItem{}
	read.item, err = b.read(ctx, collection, &Call{Dialect: d, Resource: r, Home: hub.Origin + hub.BasePath}, hub, right, c.id)
	switch {
	case err == nil:
		read.found = true
	case gone(err):
		read.item, read.found, err = b.last(ctx, index, c, hub, d)
	case failure.KindOf(err) == failure.Denied:
		err = nil
	}
	if err != nil {
		return Item{}, false, fmt.Errorf("%s %s for hub %s: %w", r.Name, c.id, hub.ID, err)
	}
	b.items[key] = read
	return read.item, read.found, nil
}

// read reads a resource for a hub's operator, who has an audit row of it as of every
// read.
func (b *batch) read(ctx context.Context, of Collection, call *Call, hub *Hub, right, id string) (item Item, err error) {
	c := &b.hubs.config
	row := access.AuditRow{At: c.Now().UTC(), Who: hub.Operator, Face: face, Hookpoint: right, Notes: []string{call.Dialect.Name}}
	err = c.Store.View(ctx, func(tx store.Tx) error {
		brand, err := catalogue.BrandByKey(tx, hub.Brand)
		if err != nil {
			return err
		}
		u := &Work{Call: call, tx: tx, brand: brand}
		item, err = of.Get(u, id)
		row.Objects = u.objects
		return err
	})
	if row.Outcome, row.Duration = outcomeOf(err), c.Now().Sub(row.At); c.Behind != nil {
		if behind := c.Behind.Write(row); err == nil {
			err = behind
		}
	}
	return item, err
}

func (b *batch) operator(ctx context.Context, name string) (o *access.Operator, err error) {
	if o, known := b.operators[name]; known {
		return o, nil
	}
	err = b.hubs.config.Store.View(ctx, func(tx store.Tx) (err error) {
		o, err = access.OperatorByName(tx, name)
		if failure.CodeOf(err) == access.UnknownOperator || err == nil && o.Demo && !b.hubs.config.Demo {
			o, err = nil, nil
		}
		return err
	})
	if err == nil {
		b.operators[name] = o
	}
	return o, err
}

// change reads an event with what the store has beside it.
func (b *batch) change(ctx context.Context, e store.Event) (c *resourceChange, err error) {
	if e.Topic != resourceChanged && e.Topic != resourceDeleted {
		return nil, nil
	}
	err = b.hubs.config.Store.View(ctx, func(tx store.Tx) (err error) {
		c, err = changeOf(tx, e)
		return err
	})
	return c, err
}

// last is a deleted resource as it was, if it was of the hub's brand.
func (c *resourceChange) last(hub *Hub, d *Dialect, e store.Event) (Item, bool) {
	doc, found := c.documents[d.Name]
	return Item{ID: c.id, Modified: e.At, Document: doc}, found && c.brand == hub.Brand
}

// farthest is how many events are looked through for the end of a resource.
const farthest = 5000

// last finds what a resource was that was deleted after the event at hand.
func (b *batch) last(ctx context.Context, index int, c *resourceChange, hub *Hub, d *Dialect) (Item, bool, error) {
	events := b.events[index:]
	for seen := 0; len(events) > 0 && seen < farthest; seen += len(events) {
		for _, e := range events {
			if e.Topic != resourceDeleted {
				continue
			}
			end, err := b.change(ctx, e)
			var broken *brokenEvent
			if err != nil && !errors.As(err, &broken) {
				return Item{}, false, err
			}
			if err != nil || end.resource != c.resource || end.id != c.id {
				continue
			}
			item, found := end.last(hub, d, e)
			return item, found, nil
		}
		err := b.hubs.config.Store.View(ctx, func(tx store.Tx) (err error) {
			events, err = tx.EventsAfter(events[len(events)-1].Cursor, published)
			return err
		})
		if err != nil {
			return Item{}, false, err
		}
	}
	return Item{}, false, nil
}
