package storetest

import (
	"context"
	"testing"

	"rator/store"
)

// Census counts what s holds: the records of every kind under the kind's name,
// and the entries of each of its indexes under kind/index. What left no trace
// left the census as it was.
func Census(t testing.TB, s store.Store) map[string]int64 {
	t.Helper()
	census := map[string]int64{}
	err := s.View(context.Background(), func(tx store.Tx) error {
		for _, kind := range store.Infos() {
			n, err := tx.Count(kind.Name)
			if err != nil {
				return err
			}
			census[kind.Name] = n
			for _, index := range kind.Indexes {
				if census[kind.Name+"/"+index.Index], err = entries(tx, kind.Name, index.Index); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return census
}

func entries(tx store.Tx, kind, index string) (total int64, err error) {
	const page = 1000
	for after := []byte(nil); ; {
		records, next, err := tx.Range(kind, index, "", after, page)
		total += int64(len(records))
		if err != nil || next == nil {
			return total, err
		}
		after = next
	}
}
