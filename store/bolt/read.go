package bolt

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strings"

	"rator/store"
)

func (t *tx) Get(kind string, id store.ID) (r store.Record, err error) {
	defer t.note(&err)
	k, err := t.kind(kind)
	if err != nil {
		return store.Record{}, err
	}
	key := idKey(id)
	row := t.rows.get(k.bucket, key)
	if row == nil {
		return store.Record{}, store.ErrAbsent
	}
	r, err = k.decode(key, row)
	t.saw(r.Doc)
	return r, err
}

func (t *tx) Count(kind string) (n int64, err error) {
	defer t.note(&err)
	k, err := t.kind(kind)
	if err != nil {
		return 0, err
	}
	return t.rows.sum(k.counter)
}

func (t *tx) Scan(kind string, after store.ID, limit int) (found []store.Record, err error) {
	defer t.note(&err)
	k, err := t.kind(kind)
	if err != nil {
		return nil, err
	}
	for c := t.rows.seek(k.bucket, idKey(after+1)); len(found) < limit; {
		key, row := c.next()
		if key == nil {
			break
		}
		r, err := k.decode(key, row)
		if err != nil {
			return nil, err
		}
		t.saw(r.Doc)
		found = append(found, r)
	}
	return found, nil
}

func (t *tx) Find(kind, index, value string, after store.ID, limit int) (found []store.Record, err error) {
	defer t.note(&err)
	k, ix, err := t.index(kind, index)
	if err != nil || hasNUL(value) {
		return nil, err
	}
	t.from = ix.appendEntry(t.from[:0], value, after+1)
	found, _, err = t.find(k, index, t.from[:len(value)+2], t.from, limit)
	return found, err
}

// FindMany and GetMany are loops: nothing is far away.

func (t *tx) FindMany(asks []store.Ask) ([][]store.Record, error) {
	found := make([][]store.Record, len(asks))
	for i, a := range asks {
		var err error
		if found[i], err = t.answer(a); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func (t *tx) answer(a store.Ask) ([]store.Record, error) {
	switch {
	case a.Index == "":
		r, err := t.Get(a.Kind, a.ID)
		if errors.Is(err, store.ErrAbsent) {
			return nil, nil
		}
		return []store.Record{r}, err
	case a.Newest:
		return t.findNewest(a)
	}
	return t.Find(a.Kind, a.Index, a.Value, 0, a.Limit)
}

// findNewest answers an Ask of Newest.
func (t *tx) findNewest(a store.Ask) (found []store.Record, err error) {
	defer t.note(&err)
	k, ix, err := t.index(a.Kind, a.Index)
	if err != nil || hasNUL(a.Value) {
		return nil, err
	}
	before := a.Before
	if before == 0 {
		before = math.MaxInt64 // no id is as high
	}
	end := ix.entry(a.Value, before)
	prefix := end[:len(a.Value)+2]
	for c := t.rows.seekBack(k.entries, end); len(found) < a.Limit; {
		key, _ := c.next()
		if !bytes.HasPrefix(key, prefix) {
			break
		}
		r, err := t.follow(k, a.Index, key)
		if err != nil {
			return nil, err
		}
		found = append(found, r)
	}
	return found, nil
}

func (t *tx) GetMany(kind string, ids []store.ID) ([]store.Record, error) {
	found := make([]store.Record, len(ids))
	for i, id := range ids {
		var err error
		if found[i], err = t.Get(kind, id); err != nil && !errors.Is(err, store.ErrAbsent) {
			return nil, err
		}
	}
	return found, nil
}

// Ahead has nothing to do: what is asked is here.
func (t *tx) Ahead(store.Ahead) error { return nil }

func (t *tx) Range(kind, index, prefix string, after []byte, limit int) (found []store.Record, next []byte, err error) {
	defer t.note(&err)
	k, ix, err := t.index(kind, index)
	if err != nil || hasNUL(prefix) {
		return nil, nil, err
	}
	begin := ix.from(prefix)
	from := begin
	if string(after) > prefix {
		from = ix.from(string(after) + "\x00")
	}
	return t.find(k, index, begin, from, limit)
}

// Claim gives the first of the range: no other transaction is under way.
func (t *tx) Claim(kind, index, prefix string, limit int) ([]store.Record, error) {
	if err := t.write(); err != nil {
		return nil, err
	}
	found, _, err := t.Range(kind, index, prefix, nil, limit)
	return found, err
}

// index finds a kind and an index of it to read.
func (t *tx) index(of, name string) (*kind, index, error) {
	k, err := t.kind(of)
	if err != nil {
		return nil, index{}, err
	}
	ix, err := k.index(name)
	return k, ix, err
}

// find gives at most limit records whose entry in an index begins with prefix and is
// not below from, and the last one's entry, without the index's place, if another
// follows.
func (t *tx) find(k *kind, index string, prefix, from []byte, limit int) ([]store.Record, []byte, error) {
	if limit < 1 {
		return nil, nil, nil
	}
	var (
		found []store.Record
		last  []byte
	)
	for c := t.rows.seek(k.entries, from); ; {
		key, _ := c.next()
		if !bytes.HasPrefix(key, prefix) {
			return found, nil, nil
		}
		if len(found) == limit {
			return found, bytes.Clone(last[1:]), nil
		}
		r, err := t.follow(k, index, key)
		if err != nil {
			return nil, nil, err
		}
		found, last = append(found, r), key
	}
}

// follow reads the record of an index entry. Entries have no checksum: that the
// record says the same makes up for it, so that a damaged entry never gives, say,
// another one's user.
func (t *tx) follow(k *kind, index string, key []byte) (store.Record, error) {
	value, id, err := splitEntry(key)
	if err != nil {
		return store.Record{}, fmt.Errorf("store: kind %s: index %s: %w", k.name, index, err)
	}
	row := t.rows.get(k.bucket, id)
	if row == nil {
		return store.Record{}, k.bad(id, fmt.Errorf("index %s has it, but there is no such record", index))
	}
	r, there, err := k.decodeAt(id, row, index, value)
	if err == nil && !there {
		err = k.bad(id, fmt.Errorf("index %s has it under a value that is not its own", index))
	}
	t.saw(r.Doc)
	return r, err
}

// hasNUL: no key has one, so nothing is found; taken literally it would match
// what follows a value in its index.
func hasNUL(s string) bool { return strings.IndexByte(s, 0) >= 0 }
