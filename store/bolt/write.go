package bolt

import (
	"bytes"
	"fmt"
	"slices"
	"time"

	"rator/store"
)

func (t *tx) Insert(kind string, r store.Record) (err error) {
	defer t.note(&err)
	k, err := t.kindToWrite(kind)
	if err != nil {
		return err
	}
	if r.ID <= 0 {
		return fmt.Errorf("store: insert of a %s without an id", kind)
	}
	r.Version = 1
	return t.addRecord(k, r)
}

func (t *tx) Load(kind string, r store.Record) (err error) {
	defer t.note(&err)
	k, err := t.kindToWrite(kind)
	if err != nil {
		return err
	}
	if r.ID <= 0 || r.Version < 1 {
		return fmt.Errorf("store: load of a %s without an id or a version", kind)
	}
	if err := t.addRecord(k, r); err != nil {
		return err
	}
	t.newest = max(t.newest, r.ID)
	return t.clock.Resume(r.ID)
}

// addRecord keeps a record that the kind does not have.
func (t *tx) addRecord(k *kind, r store.Record) error {
	if t.rows.get(k.bucket, idKey(r.ID)) != nil {
		return &store.TakenError{Index: "id", Value: r.ID.String()}
	}
	if err := t.keep(k, r, nil); err != nil {
		return err
	}
	return t.rows.add(k.counter, 1)
}

func (t *tx) Put(kind string, r store.Record) (err error) {
	defer t.note(&err)
	k, old, err := t.current(kind, r.ID, r.Version)
	if err != nil {
		return err
	}
	r.Version++
	return t.keep(k, r, old)
}

func (t *tx) Delete(kind string, id store.ID, version int64) (err error) {
	defer t.note(&err)
	k, old, err := t.current(kind, id, version)
	if err != nil {
		return err
	}
	return t.forget(k, id, old)
}

func (t *tx) DropBefore(kind string, before time.Time, limit int) (n int, err error) {
	defer t.note(&err)
	k, err := t.kindToWrite(kind)
	if err != nil {
		return 0, err
	}
	end := idKey(store.FirstIDAt(before))
	var keys [][]byte
	for c := t.rows.seek(k.bucket, nil); len(keys) < limit; {
		key, _ := c.next()
		if key == nil || bytes.Compare(key, end) >= 0 {
			break
		}
		keys = append(keys, bytes.Clone(key))
	}
	for n, key := range keys {
		_, entries, err := k.decodeEntries(key, t.rows.get(k.bucket, key))
		if err != nil {
			return n, err
		}
		if err := t.forget(k, idOf(key), entries); err != nil {
			return n, err
		}
	}
	return len(keys), nil
}

// current finds a record that is to be changed, and its places in the indexes.
func (t *tx) current(name string, id store.ID, version int64) (*kind, []entry, error) {
	k, err := t.kindToWrite(name)
	if err != nil {
		return nil, nil, err
	}
	row := t.rows.get(k.bucket, idKey(id))
	if row == nil {
		return nil, nil, store.ErrAbsent
	}
	r, entries, err := k.decodeEntries(idKey(id), row)
	if err == nil && r.Version != version {
		err = store.ErrStale
	}
	t.saw(r.Doc)
	return k, entries, err
}

// keep writes r and moves it from its old places to those of its keys; it writes
// nothing when one of them cannot be had.
func (t *tx) keep(k *kind, r store.Record, old []entry) error {
	if err := k.check(r.Keys); err != nil {
		return err
	}
	if err := t.checkText(k.name, r.Doc); err != nil {
		return err
	}
	places := make([]entry, 0, len(r.Keys))
	for _, key := range r.Keys {
		if key.Value == "" {
			continue
		}
		if k.indexes[key.Index].unique && t.taken(k, key, r.ID) {
			return &store.TakenError{Index: key.Index, Value: key.Value}
		}
		places = append(places, entry{key.Index, key.Value})
	}
	for _, e := range places {
		if !slices.Contains(old, e) {
			if err := t.rows.put(k.entries, k.indexes[e.index].entry(e.value, r.ID), present); err != nil {
				return err
			}
		}
	}
	for _, e := range old {
		if !slices.Contains(places, e) {
			if err := t.rows.drop(k.entries, k.indexes[e.index].entry(e.value, r.ID)); err != nil {
				return err
			}
		}
	}
	return t.rows.put(k.bucket, idKey(r.ID), k.encode(r))
}

// taken says whether another record than id has the key.
func (t *tx) taken(k *kind, key store.Key, id store.ID) bool {
	prefix := k.indexes[key.Index].from(key.Value + "\x00")
	for c := t.rows.seek(k.entries, prefix); ; {
		found, _ := c.next()
		if !bytes.HasPrefix(found, prefix) {
			return false
		}
		if idOf(found) != id {
			return true
		}
	}
}

// forget drops a record and its places.
func (t *tx) forget(k *kind, id store.ID, entries []entry) error {
	for _, e := range entries {
		if err := t.rows.drop(k.entries, k.indexes[e.index].entry(e.value, id)); err != nil {
			return err
		}
	}
	if err := t.rows.drop(k.bucket, idKey(id)); err != nil {
		return err
	}
	return t.rows.add(k.counter, -1)
}
