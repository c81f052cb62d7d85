package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"

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
	stale   *failure.Code
	indexes []Index[T]
}

// Index finds things by a value of theirs; "" is no place in it.
type Index[T any] struct {
	Name  string
	Value func(*T) string
	Taken *failure.Code // set = unique, and this is what a second one is told
}

// Info is a Kind as drivers see it, to make buckets or tables from.
type Info struct {
	Name    string
	Indexes []Key // Value unset
}

var infos []Info

// Infos lists every Kind in order of declaration.
func Infos() []Info { return infos }

// changed is what a caller is told whose record was changed meanwhile.
var changed = failure.Declare(100, "CHANGED_MEANWHILE", failure.Conflict, failure.Text{
	"EN": "the object was changed meanwhile", "DK": "objektet er ændret i mellemtiden", "SE": "objektet har ändrats under tiden",
	"NO": "objektet er endret i mellomtiden", "FR": "l'objet a été modifié entre-temps", "DE": "das Objekt wurde inzwischen geändert"})

// Define declares a Kind. missing is told when an id is unknown. It panics on a
// duplicate name.
func Define[T any](name string, missing *failure.Code, base func(*T) *Base, indexes ...Index[T]) *Kind[T] {
	info := Info{Name: name}
	for _, i := range indexes {
		info.Indexes = append(info.Indexes, Key{Index: i.Name, Unique: i.Taken != nil})
	}
	for _, other := range infos {
		if other.Name == name {
			panic("store: kind " + name + " defined twice")
		}
	}
	infos = append(infos, info)
	return &Kind[T]{name: name, base: base, missing: missing, stale: changed, indexes: indexes}
}

// Compose joins parts to one index value so that equal parts give equal values
// and the first parts are a prefix.
func Compose(parts ...string) string { return strings.Join(parts, "\x1f") }

// Name is the kind's name.
func (k *Kind[T]) Name() string { return k.name }

// Insert keeps a new x, giving it its id and version.
func (k *Kind[T]) Insert(tx Tx, x *T) error {
	id, err := tx.NextID()
	if err != nil {
		return err
	}
	r, err := k.record(x, id, 1)
	if err != nil {
		return err
	}
	if err := tx.Insert(k.name, r); err != nil {
		return k.told(err, id.String())
	}
	*k.base(x) = Base{ID: id, Version: 1}
	return nil
}

// Get finds one by its id.
func (k *Kind[T]) Get(tx Tx, id ID) (*T, error) {
	r, err := tx.Get(k.name, id)
	if err != nil {
		return nil, k.told(err, id.String())
	}
	return k.read(r)
}

// Put keeps a changed x; it fails when the stored version is no longer x's.
func (k *Kind[T]) Put(tx Tx, x *T) error {
	b := k.base(x)
	r, err := k.record(x, b.ID, b.Version)
	if err != nil {
		return err
	}
	if err := tx.Put(k.name, r); err != nil {
		return k.told(err, b.ID.String())
	}
	b.Version++
	return nil
}

// Delete forgets x.
func (k *Kind[T]) Delete(tx Tx, x *T) error {
	b := k.base(x)
	return k.told(tx.Delete(k.name, b.ID, b.Version), b.ID.String())
}

// By finds the first with that value in an index.
func (k *Kind[T]) By(tx Tx, index, value string) (*T, error) {
	rs, err := tx.Find(k.name, k.must(index), value, 0, 1)
	if err == nil && len(rs) == 0 {
		err = ErrAbsent
	}
	if err != nil {
		return nil, k.told(err, strings.ReplaceAll(value, "\x1f", "/"))
	}
	return k.read(rs[0])
}

const page = 256

// All gives everything with that value in an index, in id order.
func (k *Kind[T]) All(tx Tx, index, value string) iter.Seq2[*T, error] {
	index = k.must(index)
	return k.pages(func(after ID) ([]Record, error) { return tx.Find(k.name, index, value, after, page) })
}

// Scan gives everything of the kind, in id order.
func (k *Kind[T]) Scan(tx Tx) iter.Seq2[*T, error] {
	return k.pages(func(after ID) ([]Record, error) { return tx.Scan(k.name, after, page) })
}

// Count is how many there are.
func (k *Kind[T]) Count(tx Tx) (int64, error) { return tx.Count(k.name) }

func (k *Kind[T]) pages(next func(after ID) ([]Record, error)) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		for after := ID(0); ; {
			rs, err := next(after)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, r := range rs {
				if x, err := k.read(r); !yield(x, err) || err != nil {
					return
				}
				after = r.ID
			}
			if len(rs) < page {
				return
			}
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

func (k *Kind[T]) record(x *T, id ID, version int64) (Record, error) {
	doc, err := json.Marshal(x)
	if err != nil {
		return Record{}, fmt.Errorf("%s %s: %w", k.name, id, err)
	}
	keys := make([]Key, len(k.indexes))
	for i, ix := range k.indexes {
		keys[i] = Key{Index: ix.Name, Value: ix.Value(x), Unique: ix.Taken != nil}
	}
	return Record{ID: id, Version: version, Doc: doc, Keys: keys}, nil
}

func (k *Kind[T]) read(r Record) (*T, error) {
	x := new(T)
	if err := json.Unmarshal(r.Doc, x); err != nil {
		return nil, &BadRecordError{Kind: k.name, ID: r.ID, Reason: err.Error()}
	}
	*k.base(x) = Base{ID: r.ID, Version: r.Version}
	return x, nil
}

// told turns a driver's answer into the caller's code.
func (k *Kind[T]) told(err error, about string) error {
	var taken *TakenError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrAbsent) && k.missing != nil:
		return k.missing.With("%s", about)
	case errors.Is(err, ErrStale):
		return k.stale.With("%s %s", k.name, about)
	case errors.As(err, &taken):
		for _, i := range k.indexes {
			if i.Name == taken.Index {
				return i.Taken.Error()
			}
		}
	}
	return err
}
