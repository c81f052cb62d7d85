package store

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"time"

	"rator/failure"
)

// Base is what every kept thing has; embed it.
type Base struct {
	ID      ID    `json:"-"`
	Version int64 `json:"-"`
}

// Kind is one sort of kept thing: its name, its indexes, and the codes callers
// are told. Declare it in a package variable next to the type.
type Kind[T any] struct {
	name    string
	base    func(*T) *Base
	missing *failure.Code
	indexes []Index[T]
	stamp   func(Tx, *T)
	watch   func(Tx, *T, Change) error
	fill    func(Tx, *T) error
	plan    func() reads  // how its documents are read
	writer  func() writes // and written
	stable  bool
	deep    cloner // of a stable one; nil = a flat copy is one's own
}

// Change is what is done to a kept thing.
type Change uint8

// The changes.
const (
	Created Change = iota
	Updated
	Deleted
)

// String is the change as events say it.
func (c Change) String() string { return [...]string{"created", "updated", "deleted"}[c] }

// Index finds things by a value of theirs (see Key for what it may be); "" is no
// place in it. The value must follow from what is kept in JSON, so neither from
// the id nor the version. An index whose Value changes its meaning needs a new
// name: drivers notice a changed list of indexes and build them anew.
type Index[T any] struct {
	Name  string
	Value func(*T) string
	Taken *failure.Code // set = unique, and this is what a second one is told
	// Told is what of a second one is taken, for its caller: what he sent himself,
	// nothing of who has it. nil = nothing.
	Told func(*T) string
	// Append says that no writer goes by what is missing from the index: an Update that
	// asks it is not run anew for a record that another adds meanwhile, or takes from it.
	// What it was given of it is checked as anywhere. A View, which sees one state, has all
	// of it. So engines need no lock on a value that all records have. A unique one is
	// never that.
	Append bool
	// Common says that many things share a value, and that Updates seldom ask for one: so
	// those who add things with a value do not wait for each other, in an engine that has
	// locks, but for who asks, who locks the whole kind. It changes no answer. A unique one
	// is never that, nor one that says Append.
	Common bool
}

// Info is a Kind as drivers see it, to make buckets or tables from.
type Info struct {
	Name    string
	Indexes []Key // Value unset; Append and Common set here only
	// Keys gives a kept document's keys, so that a driver can build an index that
	// is younger than the records.
	Keys func(doc []byte) ([]Key, error)
	// Fill gives the document that Keys is to be asked about, of one that may be
	// older than an index; nil = it as it is. A driver that builds the indexes of a
	// kind anew calls it for each record, in id order, in the transaction that
	// builds them, with the records before in their places.
	Fill func(tx Tx, doc []byte) ([]byte, error)
	// Stable says that the driver is to give Copies of the kind.
	Stable bool
}

var infos []Info

// Infos lists every Kind in order of declaration.
func Infos() []Info { return infos }

// Define declares a Kind. missing is told when an id is unknown. It panics on a
// duplicate name, of kinds or of a kind's indexes.
func Define[T any](name string, missing *failure.Code, base func(*T) *Base, indexes ...Index[T]) *Kind[T] {
	k := &Kind[T]{name: name, base: base, missing: missing, indexes: indexes}
	k.plan = sync.OnceValue(func() reads { return planOf(reflect.TypeFor[T](), nil) })
	k.writer = sync.OnceValue(func() writes { return writerOf(reflect.TypeFor[T](), nil) })
	info := Info{Name: name, Keys: k.keysOf}
	for n, i := range indexes {
		if i.Append && i.Taken != nil {
			panic("store: kind " + name + ": index " + i.Name + " is unique, and asked for what is missing")
		}
		if i.Common && (i.Append || i.Taken != nil) {
			panic("store: kind " + name + ": index " + i.Name + " is common, and unique or asked for nothing that is missing")
		}
		info.Indexes = append(info.Indexes, Key{Index: i.Name, Unique: i.Taken != nil, Append: i.Append, Common: i.Common})
		for _, other := range indexes[:n] {
			if other.Name == i.Name {
				panic("store: kind " + name + " has two indexes " + i.Name)
			}
		}
	}
	for _, other := range infos {
		if other.Name == name {
			panic("store: kind " + name + " defined twice")
		}
	}
	infos = append(infos, info)
	return k
}

// Name is the kind's name.
func (k *Kind[T]) Name() string { return k.name }

// Stamp has f note something on each one before it is inserted or put, such as when
// that was. It belongs to the declaration.
func (k *Kind[T]) Stamp(f func(Tx, *T)) *Kind[T] {
	k.stamp = f
	return k
}

// Watch has f called after every change of one, in its transaction; an error of f
// is the change's. It belongs to the declaration. DropBefore is not seen.
func (k *Kind[T]) Watch(f func(Tx, *T, Change) error) *Kind[T] {
	k.watch = f
	return k
}

// Fill has f complete records that are older than an index, with what its values
// are made of: see Info.Fill. It may be called for a record that is complete. It
// may read what was declared before and the kind itself. It belongs to the
// declaration.
func (k *Kind[T]) Fill(f func(Tx, *T) error) *Kind[T] {
	k.fill = f
	k.info().Fill = k.filled
	return k
}

func (k *Kind[T]) info() *Info {
	return &infos[slices.IndexFunc(infos, func(info Info) bool { return info.Name == k.name })]
}

// filled is what Info.Fill is.
func (k *Kind[T]) filled(tx Tx, doc []byte) ([]byte, error) {
	x := new(T)
	if err := decode(k.plan(), doc, x); err != nil {
		return nil, err
	}
	if err := k.fill(tx, x); err != nil {
		return nil, err
	}
	return encode(k.writer(), x)
}

func (k *Kind[T]) seen(tx Tx, x *T, c Change) error {
	if k.watch == nil {
		return nil
	}
	return k.watch(tx, x, c)
}

// Insert keeps a new x, giving it its id and version.
func (k *Kind[T]) Insert(tx Tx, x *T) error {
	id, err := tx.NextID()
	if err != nil {
		return err
	}
	return k.InsertAs(tx, x, id)
}

// InsertAs is Insert with an id that NextID gave before: what was kept as
// something else until now keeps its id. It fails with *TakenError when the kind
// has a record of that id.
func (k *Kind[T]) InsertAs(tx Tx, x *T, id ID) error {
	r, err := k.record(tx, x, id, 1)
	if err != nil {
		return err
	}
	if err := tx.Insert(k.name, r); err != nil {
		return k.told(err, id.String(), x)
	}
	*k.base(x) = Base{ID: id, Version: 1}
	return k.seen(tx, x, Created)
}

// Load keeps x with the id that it has, of another store or of this one before, and the
// version, at least 1. It is not stamped and not watched: it comes with its own dates, and
// nothing happened to it. It fails for an id that no store can have made until now, with
// *TakenError when the kind has a record of that id, and else as Insert.
func (k *Kind[T]) Load(tx Tx, x *T) error {
	b := k.base(x)
	if err := CheckLoaded(b.ID, tx.Now()); err != nil {
		return failure.InvalidRequest.With("id of a %s: %v", k.name, err)
	}
	b.Version = max(b.Version, 1)
	r, err := k.document(x, b.ID, b.Version)
	if err != nil {
		return err
	}
	return k.told(tx.Load(k.name, r), b.ID.String(), x)
}

// Get finds one by its id.
func (k *Kind[T]) Get(tx Tx, id ID) (*T, error) {
	x, err := k.first(tx, question{id: id}, func() (Record, error) { return tx.Get(k.name, id) })
	if err != nil {
		return nil, k.told(err, id.String(), nil)
	}
	return x, nil
}

// Put keeps a changed x; it fails when the stored version is no longer x's.
func (k *Kind[T]) Put(tx Tx, x *T) error {
	b := k.base(x)
	r, err := k.record(tx, x, b.ID, b.Version)
	if err != nil {
		return err
	}
	if err := tx.Put(k.name, r); err != nil {
		return k.told(err, b.ID.String(), x)
	}
	b.Version++
	return k.seen(tx, x, Updated)
}

// Keep is Insert for an x that has no id yet, else Put.
func (k *Kind[T]) Keep(tx Tx, x *T) error {
	if k.base(x).ID == 0 {
		return k.Insert(tx, x)
	}
	return k.Put(tx, x)
}

// Delete forgets x.
func (k *Kind[T]) Delete(tx Tx, x *T) error {
	b := k.base(x)
	if err := tx.Delete(k.name, b.ID, b.Version); err != nil {
		return k.told(err, b.ID.String(), nil)
	}
	return k.seen(tx, x, Deleted)
}

// dropped is how many records one step of DropOld deletes at most, so that calls that
// write do not wait for it.
const dropped = 200

// DropOld deletes those whose id is older than age, a small step at a time, and says how
// many went, also when it fails. The Kind's watch does not see it.
func (k *Kind[T]) DropOld(ctx context.Context, st Store, age time.Duration) (total int, err error) {
	for {
		n := 0
		err := st.Update(ctx, func(tx Tx) (err error) {
			n, err = tx.DropBefore(k.name, tx.Now().Add(-age), dropped)
			return err
		})
		if total += n; err != nil || n < dropped {
			return total, err
		}
	}
}

// must turns a wrong index name, a programmer's mistake, into a panic.
func (k *Kind[T]) must(index string) string {
	for _, i := range k.indexes {
		if i.Name == index {
			return index
		}
	}
	panic("store: kind " + k.name + " has no index " + index)
}

func (k *Kind[T]) record(tx Tx, x *T, id ID, version int64) (Record, error) {
	if k.stamp != nil {
		k.stamp(tx, x)
	}
	return k.document(x, id, version)
}

// document is x as drivers keep it.
func (k *Kind[T]) document(x *T, id ID, version int64) (Record, error) {
	doc, err := encode(k.writer(), x)
	if err != nil {
		return Record{}, fmt.Errorf("%s %s: %w", k.name, id, err)
	}
	return Record{ID: id, Version: version, Doc: doc, Keys: k.keys(x)}, nil
}

func (k *Kind[T]) keys(x *T) []Key {
	keys := make([]Key, len(k.indexes))
	for i, ix := range k.indexes {
		keys[i] = Key{Index: ix.Name, Value: ix.Value(x), Unique: ix.Taken != nil}
	}
	return keys
}

func (k *Kind[T]) keysOf(doc []byte) ([]Key, error) {
	x := new(T)
	if err := decode(k.plan(), doc, x); err != nil {
		return nil, err
	}
	return k.keys(x), nil
}

func (k *Kind[T]) read(r Record) (*T, error) {
	x := new(T)
	if err := decode(k.plan(), r.Doc, x); err != nil {
		return nil, &BadRecordError{Kind: k.name, ID: r.ID, Reason: err.Error()}
	}
	*k.base(x) = Base{ID: r.ID, Version: r.Version}
	return x, nil
}

// told turns a driver's answer into the caller's code; x is what was to be kept.
func (k *Kind[T]) told(err error, about string, x *T) error {
	var (
		taken *TakenError
		key   *KeyError
	)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrAbsent) && k.missing != nil:
		return k.missing.With("%s", about)
	case errors.Is(err, ErrStale):
		return changed.With("%s %s", k.name, about)
	case errors.As(err, &taken):
		for _, i := range k.indexes {
			switch {
			case i.Name != taken.Index:
			case i.Told == nil || x == nil:
				return i.Taken.Error()
			default:
				return i.Taken.With("%s", i.Told(x))
			}
		}
	case errors.As(err, &key):
		return failure.InvalidRequest.With("%s of a %s: %s", key.Index, key.Kind, key.Reason)
	}
	return err
}
