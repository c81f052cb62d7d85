package hub

import (
	"cmp"
	"context"
	"errors"

	"rator/access"
	"rator/catalogue"
	"rator/customer"
	"rator/store"
	"rator/tmf/dialect"
	"rator/tmf/problem"
	"rator/tmf/resource"
)

// publisher makes notifications of changes, in their order, and forgets the changes. A
// change is published to hubs that were registered before it: its transaction saw them.
type publisher struct {
	hubs    *Hubs
	adopted bool // what a version before left in the stream of events (adopt.go)
}

// What is published at a time, in one transaction that others wait for.
const (
	publishedChanges = 200
	publishedBytes   = 4 << 20 // of documents, give or take the last change
	publishedAtOnce  = 500     // notifications, give or take those of the last change
)

// publish makes the notifications of the next changes. more says that there may be others.
func (p *publisher) publish(ctx context.Context) (more bool, err error) {
	if !p.adopted {
		if err := p.adopt(ctx); err != nil {
			return false, err
		}
		p.adopted = true
	}
	var b *batch
	err = p.hubs.config.Store.View(ctx, func(tx store.Tx) (err error) {
		b = &batch{hubs: p.hubs, tx: tx, operators: map[string]*access.Operator{}, queries: map[store.ID]*hubQuery{}}
		if err := b.read(); err != nil || len(b.changes) == 0 {
			return err
		}
		return b.publish()
	})
	if err != nil || len(b.changes) == 0 {
		return false, err
	}
	b.tx = nil
	err = p.hubs.config.Store.Update(ctx, b.keep)
	if errors.Is(err, errErasedSince) {
		return true, nil // read anew
	}
	return b.more, err
}

// errErasedSince says that somebody was erased after what is told was read.
var errErasedSince = errors.New("tmf: somebody was erased meanwhile")

// batch is some changes on their way to the hubs.
type batch struct {
	hubs    *Hubs
	tx      store.Tx // of the look that they were read in
	erased  int64    // persons then
	changes []*KeptChange
	more    bool

	notifications []notification
	rows          []access.AuditRow
	unread        map[store.ID]string // hubs whose query cannot be read, and why
	operators     map[string]*access.Operator
	queries       map[store.ID]*hubQuery
}

// read takes in the oldest changes.
func (b *batch) read() (err error) {
	if b.erased, err = customer.Erasures(b.tx); err != nil {
		return err
	}
	bytes := 0
	for c, err := range KeptChanges.Scan(b.tx) {
		if err != nil {
			return err
		}
		if len(b.changes) == publishedChanges || bytes > publishedBytes {
			b.more = true
			return nil
		}
		b.changes = append(b.changes, c)
		bytes += c.size()
	}
	return nil
}

// publish makes the notifications.
func (b *batch) publish() error {
	all, err := List(b.tx)
	if err != nil {
		return err
	}
	for i, c := range b.changes {
		if len(b.notifications) >= publishedAtOnce {
			b.changes, b.more = b.changes[:i], true
			break
		}
		for _, hub := range all {
			if !c.isFor(hub) || hub.Brand != c.Brand {
				continue
			}
			for _, r := range hub.Resources() {
				if r.Name != c.Resource {
					continue
				}
				if err := b.tell(c, hub, r); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// tell makes the notification of a change for a hub, if the hub is to have one: a
// change that changed nothing of the document in its dialect is not told.
func (b *batch) tell(c *KeptChange, hub *Hub, r *dialect.Resource) error {
	d := hub.dialect()
	name := c.named(d, r)
	if name == "" {
		return nil
	}
	if may, err := b.may(hub, r); err != nil || !may {
		return err
	}
	item, found, err := c.Item(d, (&resource.Call{Dialect: d, Home: hub.home()}).Origin())
	var damaged *store.BadRecordError
	if errors.As(err, &damaged) {
		b.hubs.config.Log.Error("change left out of notifications", "cause", err)
		return nil // it will not get better
	}
	if err != nil || !found {
		return err
	}
	q, err := b.query(hub)
	if q == nil || err != nil {
		return err
	}
	show := resource.Presenter{Shape: r.Shape, Origin: hub.Origin, Base: hub.BasePath, Name: r.Name}
	paths := c.Fields[d.Name]
	if c.Erased {
		paths = nil
	}
	doc := notificationBody(d, c.ID.String(), name, c.At, r, show.Show(item), paths)
	if !q.wants(doc) {
		return nil
	}
	b.notifications = append(b.notifications, notification{
		Hub: hub.ID, EventID: c.ID.String(), Type: name, Thing: c.Thing, Account: c.Account, Erased: c.Erased, Body: q.trim(doc).Append(nil),
	})
	b.rows = append(b.rows, access.AuditRow{
		Who: hub.Operator, Face: dialect.Face, Hookpoint: hub.right(r), Brand: c.Brand, Account: c.Account, Objects: objectsOf(c), Outcome: access.OutcomeOK, Notes: []string{d.Name},
	})
	return nil
}

func objectsOf(c *KeptChange) []store.ID {
	if c.Object == 0 {
		return nil
	}
	return []store.ID{c.Object}
}

// query reads a hub's query; nil for one that this version does not read any more, whose
// hub is suspended.
func (b *batch) query(hub *Hub) (*hubQuery, error) {
	if q, known := b.queries[hub.ID]; known {
		return q, nil
	}
	brand, err := catalogue.BrandByKey(b.tx, hub.Brand)
	if err != nil {
		return nil, err
	}
	q, err := parseHubQuery(hub.Query, hub.dialect(), hub.Resources(), brand.Zone())
	if p := problem.Of(err); p != nil {
		if b.unread == nil {
			b.unread = map[store.ID]string{}
		}
		b.unread[hub.ID], q, err = p.Message, nil, nil
	}
	b.queries[hub.ID] = q
	return q, err
}

// may reports whether a hub's operator may be told of a resource: as one who reads it.
func (b *batch) may(hub *Hub, r *dialect.Resource) (bool, error) {
	o, known := b.operators[hub.Operator]
	if !known {
		var err error
		if o, err = b.hubs.operator(b.tx, hub.Operator); err != nil {
			return false, err
		}
		b.operators[hub.Operator] = o
	}
	return hub.mayTell(o, r), nil
}

// keep writes the notifications, whom they show to, and forgets the changes, in one
// transaction. It fails with errErasedSince.
func (b *batch) keep(tx store.Tx) error {
	if erased, err := customer.Erasures(tx); err != nil || erased != b.erased {
		return cmp.Or(err, errErasedSince)
	}
	for _, c := range b.changes {
		if err := KeptChanges.Delete(tx, c); err != nil {
			return err
		}
	}
	for _, n := range b.notifications {
		if err := outbox.Insert(tx, &n); err != nil {
			return err
		}
	}
	for _, row := range b.rows {
		if err := access.Record(tx, row); err != nil {
			return err
		}
	}
	for id, why := range b.unread {
		hub, err := hubs.Get(tx, id)
		if gone(err) {
			continue
		}
		if err != nil {
			return err
		}
		hub.Suspend(why, tx.Now())
		if err := hubs.Put(tx, hub); err != nil {
			return err
		}
	}
	return nil
}
