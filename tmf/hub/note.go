package hub

import (
	"context"
	"log/slog"
	"slices"

	"rator/catalogue"
	"rator/customer"
	"rator/store"
	"rator/tmf/jsondoc"
	"rator/tmf/resource"
)

// NoteChanges gives st as a store whose changes are noted for hubs: whoever makes
// them, in the same transaction, by comparing the documents that listeners may see
// before and after. Without hubs it costs a change one look whether there are any.
// What is written past it is not told.
//
// What cannot be compared is logged, and never a change's own failure. nil log
// means slog.Default.
func NoteChanges(st store.Store, log *slog.Logger) store.Store {
	if log == nil {
		log = slog.Default()
	}
	return &noting{st, log}
}

type noting struct {
	store.Store
	log *slog.Logger
}

func (n *noting) Update(ctx context.Context, fn func(store.Tx) error) error {
	return n.Store.Update(ctx, func(tx store.Tx) error {
		noted := &notingTx{Tx: tx}
		if err := fn(noted); err != nil || len(noted.notes) == 0 {
			return err
		}
		return noted.note(n.log)
	})
}

// notingTx remembers what the transaction's own events are about, and of what was
// written what they do not say.
type notingTx struct {
	store.Tx
	notes []note
	parts customer.Parts // of customers: those of which something was written
	means []store.ID     // recharge tickets and overlays that were written
}

// note is of a customer (object = account), of what is a customer's, or of what only this
// face has (resource).
type note struct {
	object, account store.ID
	resource        string
}

func (t *notingTx) Insert(kind string, r store.Record) error {
	t.wrote(kind, r.ID)
	return t.Tx.Insert(kind, r)
}

func (t *notingTx) Put(kind string, r store.Record) error {
	t.wrote(kind, r.ID)
	return t.Tx.Put(kind, r)
}

func (t *notingTx) Delete(kind string, id store.ID, version int64) error {
	t.wrote(kind, id)
	return t.Tx.Delete(kind, id, version)
}

// wrote takes in a record. What is undone later does no harm: it is the same before
// and after.
func (t *notingTx) wrote(kind string, id store.ID) {
	part := customer.PartOfKind(kind)
	t.parts |= part
	switch {
	case part == customer.RechargeTicketsPart || kind == resource.Overlays.Name():
		t.means = append(t.means, id)
	case kind == resource.WaitingAccounts.Name():
		t.take(note{object: id, resource: "customerAccount"})
	case kind == resource.MadeMeans.Name():
		t.take(note{object: id, resource: "paymentMean"})
	}
}

// Finally hears what is changed: of a customer, or of a billing group of one.
func (t *notingTx) Finally(object, account store.ID, emit func(store.Tx) error) error {
	if err := t.Tx.Finally(object, account, emit); err != nil || object == 0 {
		return err
	}
	t.take(note{object: object, account: account})
	return nil
}

// take notes a change once.
func (t *notingTx) take(n note) {
	if !slices.Contains(t.notes, n) {
		t.notes = append(t.notes, n)
	}
}

// Savepoint forgets what was undone.
func (t *notingTx) Savepoint(fn func() error) error {
	notes, done := len(t.notes), false
	defer func() {
		if !done {
			t.notes = t.notes[:notes]
		}
	}()
	err := t.Tx.Savepoint(fn)
	done = err == nil
	return err
}

// note writes down for hubs what the transaction changed.
func (t *notingTx) note(log *slog.Logger) error {
	all, err := List(t.Tx)
	if err != nil {
		log.Error("changes not noted for hubs", "cause", err)
		return nil
	}
	for len(all) > 0 {
		brand := all[0].Brand
		ofBrand := func(h *Hub) bool { return h.Brand == brand }
		var mine []*Hub
		for _, h := range all {
			if ofBrand(h) {
				mine = append(mine, h)
			}
		}
		all = slices.DeleteFunc(all, ofBrand)
		changes, err := t.changes(brand, viewsOf(mine))
		if err != nil {
			log.Error("changes not noted for hubs", "brand", brand, "cause", err)
		}
		for _, c := range changes {
			for _, h := range mine {
				c.Hubs = append(c.Hubs, h.ID)
			}
			if err := KeptChanges.Insert(t.Tx, c); err != nil {
				return err
			}
		}
	}
	return nil
}

// changes compares what there is to see of a brand's resources with what there was, and
// gives what is not the same with its documents.
func (t *notingTx) changes(brandKey string, views []view) ([]*KeptChange, error) {
	brand, err := catalogue.BrandByKey(t.Tx, brandKey)
	if err != nil {
		return nil, err
	}
	s, err := t.subjects(brand)
	if err != nil {
		return nil, err
	}
	before, after, err := look(t.Tx.Before(), t.Tx, brand, views, s)
	if err != nil {
		return nil, err
	}
	all := differences(before, after)
	shown, err := shownOfEnded(t.Tx)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		c.At = t.Now().UTC()
		if c.What == store.Deleted {
			c.Shown, err = before.documents(c, shown)
		} else {
			c.Shown, err = after.documents(c, unchanged)
		}
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

func unchanged(doc jsondoc.Value) jsondoc.Value { return doc }

// shownOfEnded is what is kept of the document of a resource that ends in a
// transaction: what ends because somebody is erased was the person's.
func shownOfEnded(tx store.Tx) (func(jsondoc.Value) jsondoc.Value, error) {
	before, err := customer.Erasures(tx.Before())
	if err != nil {
		return nil, err
	}
	now, err := customer.Erasures(tx)
	if now > before {
		return bare, err
	}
	return unchanged, err
}
