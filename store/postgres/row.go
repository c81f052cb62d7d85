package postgres

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"

	"github.com/jackc/pgx/v5"

	"rator/store"
)

// row is a record with its places in the indexes. It is not changed once it is made.
type row struct {
	id      store.ID
	version int64
	doc     []byte
	values  []string // by the places of the kind's indexes; "" = none
}

// record is the row as it is handed out: the caller's own.
func (r *row) record() store.Record {
	return store.Record{ID: r.id, Version: r.version, Doc: bytes.Clone(r.doc)}
}

func recordsOf(rows []*row) []store.Record {
	var rs []store.Record
	for _, r := range rows {
		rs = append(rs, r.record())
	}
	return rs
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// sum is the row's checksum: CRC-32C over kind, id, version, document, and each value with
// the name of its index, in order of the names: so that a row that somebody changed past us
// is never taken for data, and one is whole before and after an index is added.
func (k *kind) sum(r *row) int32 {
	b := make([]byte, 0, len(k.name)+len(r.doc)+16*len(r.values)+32)
	b = append(append(b, k.name...), 0)
	b = binary.BigEndian.AppendUint64(b, uint64(r.id))
	b = binary.BigEndian.AppendUint64(b, uint64(r.version))
	b = append(b, r.doc...)
	for _, place := range k.byName {
		if value := r.values[place]; value != "" {
			b = append(append(append(append(b, 0), k.indexes[place].name...), 0), value...)
		}
	}
	return int32(crc32.Checksum(b, castagnoli))
}

// scan reads the row that a statement over the kind's columns is at, after what comes before
// them.
func (k *kind) scan(rows pgx.Rows, before ...any) (*row, error) {
	r, sum := &row{values: make([]string, len(k.indexes))}, int32(0)
	texts := make([]*string, len(k.indexes))
	into := append(append(make([]any, 0, len(before)+4+len(texts)), before...), &r.id, &r.version, &sum, &r.doc)
	for i := range texts {
		into = append(into, &texts[i])
	}
	if err := rows.Scan(into...); err != nil {
		return nil, err
	}
	for i, text := range texts {
		if text != nil {
			r.values[i] = *text
		}
	}
	if k.sum(r) != sum {
		return nil, &store.BadRecordError{Kind: k.name, ID: r.id, Reason: "the checksum is wrong"}
	}
	return r, nil
}
