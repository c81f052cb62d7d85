package resource

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"time"

	"rator/store"
	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
	"rator/tmf/problem"
	"rator/tmf/query"
)

// mapping is what one resource is to the business, in the terms of all its
// dialects together: the documents of project, create and change are neutral ones,
// which show and take turn into those of a dialect and back.
type mapping[T any] interface {
	// find gives the entities with these ids of the call's brand, in their order, nil
	// for one that there is none of. How often it asks does not depend on how many.
	find(u *Work, ids []string) ([]*entity[T], error)
	// page gives all that may be wanted, in the list's order, after the position
	// after (nil: the start), at most limit, and the position to go on from: nil
	// when nothing follows. skip all are left out first, without being made; it is
	// 0 unless all are wanted.
	page(u *Work, of wanted, after []byte, skip, limit int) (all []*entity[T], next []byte, err error)
	// bounded reports whether an index, or without a filter the page, may bound what a
	// list looks at. page fails with ErrUnbounded where that turns out wrong, in a Work
	// that must be bounded.
	bounded(d *dialect.Dialect, f *query.Filter) bool
	// count is how many match, when that is known without reading them.
	count(u *Work, f *query.Filter) (n int, known bool, err error)
	// create makes a entity that means what doc says.
	create(u *Work, doc jsondoc.Value) (*entity[T], error)
	// change makes the entity mean what after says and before did not: both as
	// clients see it. It gives the entity as it is then.
	change(u *Work, t *entity[T], before, after jsondoc.Value) (*entity[T], error)
	// remove makes find not find the entity any more.
	remove(u *Work, t *entity[T]) error
	// show is a neutral document in a dialect; take is the neutral one that a
	// dialect's doc means. before is the neutral document that shown was made of,
	// both zero for a new entity: what doc has as shown has it stays as before has
	// it, and so does what the dialect does not show. Date-times without a zone are of
	// that one.
	show(d *dialect.Dialect, zone *time.Location, neutral jsondoc.Value) jsondoc.Value
	take(d *dialect.Dialect, zone *time.Location, before, shown, doc jsondoc.Value) (jsondoc.Value, error)
	// resource is the name that clients know it by.
	resource() string
	// optional are the attributes of overlay.compose.
	optional() []string
}

// wanted is which all a list wants, and what of them.
type wanted struct {
	filter *query.Filter
	// whole says that the all must be; else one that is certain to match may be
	// without its document.
	whole bool
}

// counted reports whether nothing but the ids is wanted.
func (w wanted) counted() bool { return !w.whole && w.filter.Empty() }

// entity is an object of the business as a resource; T is what its mapping read of it.
type entity[T any] struct {
	id         string        // in addresses
	object     store.ID      // what its overlay lies over
	account    store.ID      // of its customer, or none
	projection jsondoc.Value // neutral
	parts      []store.Base  // whose versions make up its version
	modified   time.Time     // of the last change, where the business knows it
	computed   []string      // attributes of which only the projection counts, whatever was written
	fallbacks  []string      // attributes for which the projection stands in until a client writes them
	read       T             // what the mapping read
	overlay    *overlay      // nil: not read yet
	taken      bool          // it matches; there is nothing but its id
}

// collection is a Collection over a mapping.
type collection[T any] struct {
	business *Business
	mapping  mapping[T]
}

// item makes the neutral document and the dialect's item of a entity.
func (c *collection[T]) item(u *Work, t *entity[T]) (neutral jsondoc.Value, i Item, err error) {
	if t.overlay == nil {
		if t.overlay, err = OverlayOf(u.Tx, u.Call.Resource.Name, t.object); err != nil {
			return jsondoc.Value{}, Item{}, err
		}
	}
	if neutral, err = t.document(c.mapping.optional()...); err != nil {
		return jsondoc.Value{}, Item{}, err
	}
	i = Item{ID: t.id, Version: t.version(), Modified: t.modified, Document: c.mapping.show(u.Call.Dialect, u.Brand.Zone(), neutral)}
	if pin, found := neutral.Get(pinMember); found && u.Call.Resource.Name == "customerAccount" {
		i.PIN = pin.Text()
	}
	if i.Modified.Before(t.overlay.Changed) {
		i.Modified = t.overlay.Changed
	}
	return neutral, i, nil
}

// document is the neutral document of a entity whose overlay was read.
func (t *entity[T]) document(optional ...string) (jsondoc.Value, error) {
	doc, err := t.overlay.compose(t.projection, optional...)
	if err != nil {
		return jsondoc.Value{}, err
	}
	for _, name := range t.computed {
		if v, found := t.projection.Get(name); found {
			doc = doc.With(name, v)
		}
	}
	if len(t.fallbacks) == 0 || t.overlay.Written == "" {
		return doc, nil
	}
	all, err := t.overlay.documents()
	if err != nil {
		return jsondoc.Value{}, err
	}
	for _, name := range t.fallbacks {
		if v, found := all.written.Get(name); found {
			doc = doc.With(name, v)
		}
	}
	return doc, nil
}

// followed is a document that was written, with what it left as it was shown and
// the business changed with the rest as it is now: another owner has another name.
// had is the projection from before the change.
func (t *entity[T]) followed(had, before, after jsondoc.Value, optional []string) (jsondoc.Value, error) {
	now, err := t.document(optional...)
	if err != nil {
		return jsondoc.Value{}, err
	}
	members := make([]jsondoc.Member, 0, len(after.Members()))
	for _, m := range after.Members() {
		shown, projected := before.Member(m.Name), had.Member(m.Name)
		if shown != nil && projected != nil && shown.Identical(m.Value) {
			if p := t.projection.Member(m.Name); p == nil || !p.Equal(*projected) {
				v, found := now.Get(m.Name)
				if !found {
					continue
				}
				m.Value = v
			}
		}
		members = append(members, m)
	}
	return jsondoc.ObjectOf(members...), nil
}

var tagText = base32.StdEncoding.WithPadding(base32.NoPadding)

// version is of everything that the document is made of, so that a change from
// any side moves it.
func (t *entity[T]) version() string {
	b := make([]byte, 0, 16*(len(t.parts)+1))
	for _, p := range append(t.parts[:len(t.parts):len(t.parts)], t.overlay.Base) {
		b = binary.BigEndian.AppendUint64(b, uint64(p.ID))
		b = binary.BigEndian.AppendUint64(b, uint64(p.Version))
	}
	sum := sha256.Sum256(b)
	return tagText.EncodeToString(sum[:15])
}

// findOne gives the entity with that id, or fails with UnknownResource.
func findOne[T any](u *Work, m mapping[T], id string) (*entity[T], error) {
	all, err := m.find(u, []string{id})
	if err != nil {
		return nil, err
	}
	if all[0] == nil {
		return nil, problem.UnknownResource.With("there is no %s %.80q", m.resource(), id)
	}
	return all[0], nil
}

func (c *collection[T]) Get(u *Work, id string) (Item, error) {
	t, err := findOne(u, c.mapping, id)
	if err != nil {
		return Item{}, err
	}
	u.Touch(t.object)
	_, item, err := c.item(u, t)
	return item, err
}

func (c *collection[T]) Create(u *Work, doc jsondoc.Value) (Item, error) {
	neutral, err := c.mapping.take(u.Call.Dialect, u.Brand.Zone(), jsondoc.Value{}, jsondoc.Value{}, concealed(c.business.Cards, doc))
	if err != nil {
		return Item{}, err
	}
	t, err := c.mapping.create(u, neutral)
	if err != nil {
		return Item{}, err
	}
	return c.written(u, t, neutral)
}

// written puts what was written over a entity that was made or changed.
func (c *collection[T]) written(u *Work, t *entity[T], doc jsondoc.Value) (Item, error) {
	u.about(t.id, t.object, t.account)
	if err := refuseErased(u, t.account); err != nil {
		return Item{}, err
	}
	if t.overlay == nil {
		var err error
		if t.overlay, err = OverlayOf(u.Tx, u.Call.Resource.Name, t.object); err != nil {
			return Item{}, err
		}
	}
	t.overlay.Account = t.account
	t.overlay.split(ownReferences(doc, t.projection), t.projection)
	if err := t.overlay.keep(u.Tx); err != nil {
		return Item{}, err
	}
	_, i, err := c.item(u, t)
	return i, err
}

func (c *collection[T]) Replace(u *Work, id string, change func(Item) (jsondoc.Value, error)) (Item, error) {
	t, err := findOne(u, c.mapping, id)
	if err != nil {
		return Item{}, err
	}
	u.about(t.id, t.object, t.account)
	before, i, err := c.item(u, t)
	if err != nil {
		return Item{}, err
	}
	doc, err := change(i)
	if err != nil {
		return Item{}, err
	}
	after, err := c.mapping.take(u.Call.Dialect, u.Brand.Zone(), before, i.Document, concealed(c.business.Cards, doc))
	if err != nil {
		return Item{}, err
	}
	over, had := t.overlay, t.projection
	if t, err = c.mapping.change(u, t, before, after); err != nil {
		return Item{}, err
	}
	t.overlay = over
	if after, err = t.followed(had, before, after, c.mapping.optional()); err != nil {
		return Item{}, err
	}
	return c.written(u, t, after)
}

func (c *collection[T]) Delete(u *Work, id string, check func(Item) error) (Item, error) {
	t, err := findOne(u, c.mapping, id)
	if err != nil {
		return Item{}, err
	}
	u.about(t.id, t.object, t.account)
	_, i, err := c.item(u, t)
	if err != nil {
		return Item{}, err
	}
	if err := check(i); err != nil {
		return Item{}, err
	}
	return i, c.mapping.remove(u, t)
}
