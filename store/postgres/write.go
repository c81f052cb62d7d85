package postgres

import (
	"bytes"
	"fmt"
	"slices"
	"time"

	"rator/store"
)

// kindToWrite finds a kind to write to.
func (t *tx) kindToWrite(name string) (*kind, error) {
	if err := t.write(); err != nil {
		return nil, err
	}
	t.state++
	k, err := t.kind(name)
	if err == nil && k.stable && !slices.Contains(t.wrote, name) {
		t.wrote = append(t.wrote, name)
	}
	return k, err
}

func (t *tx) Insert(kind string, r store.Record) error {
	k, err := t.kindToWrite(kind)
	if err != nil {
		return err
	}
	if r.ID <= 0 {
		return t.fail(fmt.Errorf("store: insert of a %s without an id", kind))
	}
	r.Version = 1
	return t.insert(k, r)
}

func (t *tx) Load(kind string, r store.Record) error {
	k, err := t.kindToWrite(kind)
	if err != nil {
		return err
	}
	if r.ID <= 0 || r.Version < 1 {
		return t.fail(fmt.Errorf("store: load of a %s without an id or a version", kind))
	}
	if err := t.insert(k, r); err != nil {
		return err
	}
	t.loaded = max(t.loaded, r.ID)
	return t.passed(r.ID)
}

// values are those of a record that is to be written, when it may be.
func (t *tx) values(k *kind, r store.Record) ([]string, error) {
	values, err := k.values(r.Keys)
	if err == nil {
		err = t.checkText(k.name, r.Doc)
	}
	return values, t.fail(err)
}

// checkText says what keeps a document or body from being kept. A transaction that was given
// U+0000, of a store that an older version wrote and that was brought here, may write it.
func (t *tx) checkText(of string, doc []byte) error {
	err := store.CheckText(of, doc)
	if err == nil || t.base.nul {
		return nil
	}
	for _, at := range t.base.copied {
		if at.copies != nil && at.copies.HoldNUL() {
			return nil
		}
	}
	return err
}

// insert keeps a record that the kind does not have.
func (t *tx) insert(k *kind, r store.Record) error {
	values, err := t.values(k, r)
	if err != nil {
		return err
	}
	var w wanted
	t.want(&w, k, r.ID)
	asked := t.unique(&w, k, values, nil)
	if err := t.base.read(w); err != nil {
		return err
	}
	if t.row(k, r.ID) != nil {
		return &store.TakenError{Index: "id", Value: r.ID.String()}
	}
	return t.keep(k, r, values, asked)
}

// unique has it be read who has the values of unique indexes that a record is to get. The
// first try of an Update saves the trip: most are free, and its end finds out.
func (t *tx) unique(w *wanted, k *kind, values, old []string) (places []int) {
	for place, value := range values {
		if !k.indexes[place].unique || value == "" || old != nil && old[place] == value {
			continue
		}
		places = append(places, place)
		q := question{k: k, sort: find, place: place, value: value}
		if t.base.assumes && t.base.found[q] == nil && !t.isFresh(q) {
			t.base.found[q], t.base.assumed = &found{limit: 1}, true
		}
		t.asking(w, q, 1)
	}
	return places
}

// keep writes a record when nobody else has its values, which were asked for.
func (t *tx) keep(k *kind, r store.Record, values []string, asked []int) error {
	for _, place := range asked {
		if t.taken(k, place, values[place], r.ID) {
			name := k.indexes[place].name
			at := slices.IndexFunc(r.Keys, func(key store.Key) bool { return key.Index == name })
			return &store.TakenError{Index: name, Value: r.Keys[at].Value}
		}
	}
	c, written := t.own.of(k).get(r.ID)
	if !written {
		c.before = t.base.known[recordID{k, r.ID}]
	}
	c.row = &row{id: r.ID, version: r.Version, doc: bytes.Clone(r.Doc), values: values}
	t.own.set(k, r.ID, c)
	return nil
}

// taken says whether another record than id has a value.
func (t *tx) taken(k *kind, place int, value string, id store.ID) bool {
	w := t.own.of(k)
	if w.holder(place, value, id) != 0 {
		return true
	}
	f := t.base.found[question{k: k, sort: find, place: place, value: value}]
	if f == nil {
		return false
	}
	return slices.ContainsFunc(f.rows, func(r *row) bool {
		_, written := w.get(r.id)
		return !written && r.id != id
	})
}

func (t *tx) Put(kind string, r store.Record) error {
	k, old, err := t.current(kind, r.ID, r.Version)
	if err != nil {
		return err
	}
	values, err := t.values(k, r)
	if err != nil {
		return err
	}
	var w wanted
	asked := t.unique(&w, k, values, old.values)
	if err := t.base.read(w); err != nil {
		return err
	}
	r.Version++
	return t.keep(k, r, values, asked)
}

func (t *tx) Delete(kind string, id store.ID, version int64) error {
	k, old, err := t.current(kind, id, version)
	if err != nil {
		return err
	}
	t.forget(k, old)
	return nil
}

// forget drops a record that is there.
func (t *tx) forget(k *kind, r *row) {
	c, written := t.own.of(k).get(r.id)
	if !written {
		c.before = r
	}
	c.row = nil
	t.own.set(k, r.id, c)
}

// current finds a record that is to be changed.
func (t *tx) current(kind string, id store.ID, version int64) (*kind, *row, error) {
	k, err := t.kindToWrite(kind)
	if err != nil {
		return nil, nil, err
	}
	var w wanted
	t.want(&w, k, id)
	if err := t.base.read(w); err != nil {
		return nil, nil, err
	}
	r := t.row(k, id)
	switch {
	case r == nil:
		return nil, nil, store.ErrAbsent
	case r.version != version:
		return nil, nil, store.ErrStale
	}
	return k, r, nil
}

func (t *tx) DropBefore(kind string, before time.Time, limit int) (int, error) {
	k, err := t.kindToWrite(kind)
	if err != nil {
		return 0, err
	}
	rows, err := t.answer(question{k: k, sort: scan}, limit)
	if err != nil {
		return 0, err
	}
	end := store.FirstIDAt(before)
	n := 0
	for _, r := range rows {
		if r.id >= end {
			break
		}
		t.forget(k, r)
		n++
	}
	return n, nil
}
