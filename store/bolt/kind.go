package bolt

import (
	"fmt"

	"rator/store"
)

// kind is where the records of a store.Kind lie.
type kind struct {
	name    string
	bucket  string
	sum     bucketSum // of bucket
	entries string    // bucket of its indexes
	counter string    // how many records there are
	indexes map[string]index
	keys    func(doc []byte) ([]store.Key, error)
	fill    func(tx store.Tx, doc []byte) ([]byte, error) // nil = nothing to complete
	stable  bool
}

// index says which entries of the kind's bucket of indexes are of one index: those that
// begin with its place.
type index struct {
	place  byte
	unique bool
}

func newKind(info store.Info) *kind {
	k := &kind{
		name:    info.Name,
		bucket:  "kind/" + info.Name,
		sum:     bucketSumOf("kind/" + info.Name),
		entries: "index/" + info.Name,
		counter: "count/" + info.Name,
		indexes: map[string]index{},
		keys:    info.Keys,
		fill:    info.Fill,
		stable:  info.Stable,
	}
	for place, key := range info.Indexes {
		k.indexes[key.Index] = index{place: byte(place), unique: key.Unique}
	}
	return k
}

// index finds an index by name; a wrong name is a mistake in the program.
func (k *kind) index(name string) (index, error) {
	ix, ok := k.indexes[name]
	if !ok {
		return index{}, fmt.Errorf("store: kind %s has no index %s", k.name, name)
	}
	return ix, nil
}

// check says what keeps keys from being a record's: an index that is not there
// or is named twice, or a value that cannot be one.
func (k *kind) check(keys []store.Key) error {
	for n, key := range keys {
		if _, err := k.index(key.Index); err != nil {
			return err
		}
		for _, other := range keys[:n] {
			if other.Index == key.Index {
				return fmt.Errorf("store: kind %s: two keys for index %s", k.name, key.Index)
			}
		}
		if err := key.Check(k.name); err != nil {
			return err
		}
	}
	return nil
}
