package bolt_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"rator/store"
	"rator/store/bolt"
	"rator/store/storetest"
)

// BenchmarkLoad is transactions that load many records with three index entries each, in
// no order of their ids, as a load of customers does.
func BenchmarkLoad(b *testing.B) {
	for _, many := range []int{10, 1_000, 10_000} {
		b.Run(fmt.Sprint(many), func(b *testing.B) {
			db, err := bolt.Open(filepath.Join(b.TempDir(), "bench.db"), bolt.Options{Unsynced: true})
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { _ = db.Close() })
			random := rand.New(rand.NewPCG(1, 2))
			base, loaded := store.FirstIDAt(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)), 0
			b.ResetTimer()
			for b.Loop() {
				err := db.Update(context.Background(), func(tx store.Tx) error {
					for _, n := range random.Perm(many) {
						x := &storetest.Thing{Base: store.Base{ID: base + store.ID(loaded+n)}, Name: fmt.Sprint(random.Int64()), Number: fmt.Sprint(random.Int64()), Group: fmt.Sprint(n % 100)}
						if err := storetest.Things.Load(tx, x); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					b.Fatal(err)
				}
				loaded += many
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(loaded), "µs/record")
		})
	}
}
