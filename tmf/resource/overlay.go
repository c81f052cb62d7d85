package resource

import (
	"fmt"
	"slices"
	"time"

	"rator/customer"
	"rator/failure"
	"rator/store"
	"rator/tmf/jsondoc"
)

// overlay is what clients wrote of one object and the business does not have, or
// has in other words (tmf-customer.md 8.7): unknown attributes at any depth,
// literals, and texts that mean nothing here. It never hides a newer change of
// the business: beside what was written it keeps what the business had then, and
// where the business has something else now, that counts.
type overlay struct {
	store.Base
	Resource string   // name of the resource
	Object   store.ID // what it lies over; the overlay's own id when the business has no such object
	Account  store.ID // of the object's customer, or none
	Changed  time.Time
	Names    []string // of the attributes that were written, in order
	Written  string   // object: those that the business does not have the same to the letter
	Had      string   // object: what the business had for these, and for what was left out
	Data     string   // of the mapping's own

	now *parsed // what Written and Had are, where split made them; nil: they are to be read
}

// parsed are the documents of an overlay.
type parsed struct{ written, had jsondoc.Value }

// documents reads what was written and what the business had.
func (o *overlay) documents() (parsed, error) {
	if o.now != nil {
		return *o.now, nil
	}
	written, err := jsondoc.ReadKept(o.Written)
	if err != nil {
		return parsed{}, fmt.Errorf("overlay %s: %w", o.ID, err)
	}
	had, err := jsondoc.ReadKept(o.Had)
	if err != nil {
		return parsed{}, fmt.Errorf("overlay %s: %w", o.ID, err)
	}
	return parsed{written, had}, nil
}

const (
	byObject  = "object"
	ByAccount = "account"
)

var Overlays = store.Define("tmf_overlay", nil, func(o *overlay) *store.Base { return &o.Base },
	store.Index[overlay]{Name: byObject, Taken: failure.TryAgain, Value: func(o *overlay) string { return overlayKey(o.Resource, o.Object) }},
	store.Index[overlay]{Name: ByAccount, Value: func(o *overlay) string { return o.Account.String() }},
	toldIndex(byToldEmail, "customer", toldEmails), toldIndex(byToldParty, "customer", toldParties),
	store.Index[overlay]{Name: byNamed, Value: namedKey},
	toldIndex(byToldStatus, "customer", toldStatuses), toldIndex(byToldType, "customerAccount", toldTypes)).
	Watch(noteOverlay)

// noteOverlay is what overlays are watched by: what was written over an object is a
// change of it, noted once with what the business itself notes.
func noteOverlay(tx store.Tx, o *overlay, _ store.Change) error {
	switch {
	case o.Account == 0:
		return nil // hub.NoteChanges sees it
	case o.Resource == "customerAccount":
		return customer.NoteBillingGroup(tx, o.Object, o.Account)
	}
	return customer.NoteCustomer(tx, o.Account, store.Updated)
}

func overlayKey(resource string, object store.ID) string {
	return store.Compose(resource, object.String())
}

// OverlayOf finds what lies over an object: an overlay that is not kept yet when
// nothing was written.
func OverlayOf(tx store.Tx, resource string, object store.ID) (*overlay, error) {
	for o, err := range Overlays.All(tx, byObject, overlayKey(resource, object)) {
		return o, err
	}
	return &overlay{Resource: resource, Object: object}, nil
}

// askOverlay has a batch ask what lies over an object, as OverlayOf finds it.
func askOverlay(b *store.Batch, resource string, object store.ID, into **overlay) {
	Overlays.AskNewest(b, byObject, overlayKey(resource, object), into)
	b.Then(func() error {
		if *into == nil {
			*into = &overlay{Resource: resource, Object: object}
		}
		return nil
	})
}

// readOverlays reads what lies over all of these of which it is not known, at once.
func readOverlays[T any](u *Work, of []*entity[T]) error {
	var b store.Batch
	for _, t := range of {
		if t.overlay == nil && !t.taken {
			askOverlay(&b, u.Call.Resource.Name, t.object, &t.overlay)
		}
	}
	return b.Answer(u.Tx)
}

// keep writes an overlay down.
func (o *overlay) keep(tx store.Tx) error {
	o.Changed = tx.Now()
	return Overlays.Keep(tx, o)
}

// split takes in a document that was written when the business has projection
// for it.
func (o *overlay) split(doc, projection jsondoc.Value) {
	var written, had []jsondoc.Member
	o.Names = make([]string, 0, len(doc.Members()))
	for _, m := range doc.Members() {
		o.Names = append(o.Names, m.Name)
		p, has := projection.Get(m.Name)
		if has && p.Identical(m.Value) {
			continue
		}
		written = append(written, m)
		if has {
			had = append(had, jsondoc.MemberOf(m.Name, p))
		}
	}
	for _, p := range projection.Members() {
		if !doc.Has(p.Name) {
			had = append(had, p)
		}
	}
	o.now = &parsed{jsondoc.ObjectOf(written...), jsondoc.ObjectOf(had...)}
	o.Written, o.Had = textOf(written), textOf(had)
}

func textOf(members []jsondoc.Member) string {
	if len(members) == 0 {
		return ""
	}
	return jsondoc.ObjectOf(members...).String()
}

// compose is the document that clients see: what the business has, under what was
// written. What the business has and nobody wrote is there, too, but for the
// attributes in optional and elements of their arrays: those were left out on
// purpose, and come back when the business changes them.
func (o *overlay) compose(projection jsondoc.Value, optional ...string) (jsondoc.Value, error) {
	if o.ID == 0 {
		return projection, nil
	}
	all, err := o.documents()
	if err != nil {
		return jsondoc.Value{}, err
	}
	members := make([]jsondoc.Member, 0, len(projection.Members())+len(o.Names))
	for _, name := range o.Names {
		was := threeWayMerge{all.had.Member(name), projection.Member(name), all.written.Member(name), slices.Contains(optional, name)}
		v := was.now
		if was.written != nil {
			v = was.merge()
		}
		if v != nil {
			members = append(members, jsondoc.MemberOf(name, *v))
		}
	}
	for _, m := range projection.Members() {
		if slices.Contains(o.Names, m.Name) {
			continue
		}
		if was := all.had.Member(m.Name); slices.Contains(optional, m.Name) && was != nil && was.Equal(m.Value) {
			continue
		}
		members = append(members, m)
	}
	return jsondoc.ObjectOf(members...), nil
}
