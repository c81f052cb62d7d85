package bolt

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"rator/store"
)

// entry is a record's place in an index.
type entry struct{ index, value string }

// encode makes the row of r: version, document, and its keys, so that indexes
// can be kept and verified without knowing types.
func (k *kind) encode(r store.Record) []byte {
	const lengths = 4 // of a key's index and value, which are short
	size := len(r.Doc) + 16
	for _, key := range r.Keys {
		size += len(key.Index) + len(key.Value) + lengths
	}
	row := newRow(size)
	row = binary.AppendUvarint(row, uint64(r.Version))
	row = appendText(row, r.Doc)
	for _, key := range r.Keys {
		if key.Value != "" {
			row = appendText(row, key.Index)
			row = appendText(row, key.Value)
		}
	}
	return seal(k.sum, idKey(r.ID), row)
}

// decode reads a record, without its keys; its document is a copy.
func (k *kind) decode(key, row []byte) (store.Record, error) {
	r, _, err := k.open(key, row)
	r.Doc = bytes.Clone(r.Doc)
	return r, err
}

// decodeEntries reads a record with its places; its document is a part of the row.
func (k *kind) decodeEntries(key, row []byte) (store.Record, []entry, error) {
	r, rest, err := k.open(key, row)
	if err != nil {
		return r, nil, err
	}
	var entries []entry
	for len(rest.rest) > 0 {
		index := string(rest.text())
		entries = append(entries, entry{index: index, value: string(rest.text())})
	}
	if err := rest.end(); err != nil {
		return r, nil, k.bad(key, err)
	}
	return r, entries, nil
}

// decodeAt reads a record, without its keys, and says whether it has that place.
func (k *kind) decodeAt(key, row []byte, index string, value []byte) (r store.Record, there bool, err error) {
	r, rest, err := k.open(key, row)
	if err != nil {
		return r, false, err
	}
	for len(rest.rest) > 0 {
		name, text := rest.text(), rest.text()
		there = there || string(name) == index && bytes.Equal(text, value)
	}
	if err := rest.end(); err != nil {
		return r, false, k.bad(key, err)
	}
	r.Doc = bytes.Clone(r.Doc)
	return r, there, nil
}

// open reads a record; its document is a part of the row.
func (k *kind) open(key, row []byte) (store.Record, payload, error) {
	body, err := unseal(k.sum, key, row)
	if err != nil {
		return store.Record{}, payload{}, k.bad(key, err)
	}
	p := payload{rest: body}
	version, doc := p.number(), p.text()
	if p.bad || len(key) != 8 {
		return store.Record{}, payload{}, k.bad(key, p.end())
	}
	return store.Record{ID: idOf(key), Version: int64(version), Doc: doc}, p, nil
}

// bad is what is said of a damaged record.
func (k *kind) bad(key []byte, reason error) error {
	if len(key) != 8 {
		reason = fmt.Errorf("a key of %d bytes is no id", len(key))
	}
	return &store.BadRecordError{Kind: k.name, ID: idOf(key), Reason: reason.Error()}
}

// idOf is the id at the end of a key of a record or of an index; 0 for a key
// that is too short.
func idOf(key []byte) store.ID {
	if len(key) < 8 {
		return 0
	}
	return store.ID(binary.BigEndian.Uint64(key[len(key)-8:]))
}

// entry is the key of a record's entry; the NUL, which no value has, puts "a" before
// "ab".
func (ix index) entry(value string, id store.ID) []byte {
	return ix.appendEntry(make([]byte, 0, len(value)+10), value, id)
}

func (ix index) appendEntry(to []byte, value string, id store.ID) []byte {
	to = append(append(append(to, ix.place), value...), 0)
	return binary.BigEndian.AppendUint64(to, uint64(id))
}

// from is where entries with what follows an index's place begin.
func (ix index) from(rest string) []byte {
	return append(append(make([]byte, 0, len(rest)+1), ix.place), rest...)
}

// splitEntry gives the value and the record's key from an entry's, of which they
// are parts.
func splitEntry(key []byte) (value, id []byte, err error) {
	end := len(key) - 9
	if end < 2 || key[end] != 0 {
		return nil, nil, fmt.Errorf("damaged entry %x", key)
	}
	return key[1:end], key[end+1:], nil
}

// present is the value of every index entry.
var present = []byte{1}
