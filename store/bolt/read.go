package bolt

import (
	"bytes"
	"fmt"
	"strings"

	"rator/store"
)

func (t *tx) Get(kind string, id store.ID) (store.Record, error) {
	k, err := t.kind(kind)
	if err != nil {
		return store.Record{}, err
	}
	key := idKey(id)
	row := t.rows.get(k.bucket, key)
	if row == nil {
		return store.Record{}, store.ErrAbsent
	}
	return k.decode(key, row)
}

func (t *tx) Count(kind string) (int64, error) {
	k, err := t.kind(kind)
	if err != nil {
		return 0, err
	}
	return t.counter(k.counter)
}

func (t *tx) Scan(kind string, after store.ID, limit int) ([]store.Record, error) {
	k, err := t.kind(kind)
	if err != nil {
		return nil, err
	}
	var found []store.Record
	for c := t.rows.seek(k.bucket, idKey(after+1)); len(found) < limit; {
		key, row := c.next()
		if key == nil {
			break
		}
		r, err := k.decode(key, row)
		if err != nil {
			return nil, err
		}
		found = append(found, r)
	}
	return found, nil
}

func (t *tx) Find(kind, index, value string, after store.ID, limit int) ([]store.Record, error) {
	if hasNUL(value) {
		limit = 0
	}
	found, _, err := t.find(kind, index, value+"\x00", entryKey(value, after+1), limit)
	return found, err
}

func (t *tx) Range(kind, index, prefix string, after []byte, limit int) ([]store.Record, []byte, error) {
	from := []byte(prefix)
	if bytes.Compare(after, from) > 0 {
		from = append(bytes.Clone(after), 0)
	}
	if hasNUL(prefix) {
		limit = 0
	}
	return t.find(kind, index, prefix, from, limit)
}

// find gives at most limit records whose index entry begins with prefix and is
// not below from, and the last one's entry if another follows.
func (t *tx) find(kind, index, prefix string, from []byte, limit int) ([]store.Record, []byte, error) {
	k, err := t.kind(kind)
	if err != nil {
		return nil, nil, err
	}
	ix, err := k.index(index)
	if err != nil || limit < 1 {
		return nil, nil, err
	}
	var (
		found []store.Record
		last  []byte
	)
	for c := t.rows.seek(ix.bucket, from); ; {
		key, _ := c.next()
		if key == nil || len(key) < len(prefix) || string(key[:len(prefix)]) != prefix {
			return found, nil, nil
		}
		if len(found) == limit {
			return found, bytes.Clone(last), nil
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
	return r, err
}

// hasNUL: no key has one, so nothing is found; taken literally it would match
// what follows a value in its index.
func hasNUL(s string) bool { return strings.IndexByte(s, 0) >= 0 }
