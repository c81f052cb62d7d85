package bolt_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"rator/store"
	"rator/store/bolt"
	"rator/store/storetest"
)

// six inserts, which is what a sign-up comes to.
const puts = 6

// callers runs do b.N times, by so many goroutines, and reports how many a second.
func callers(b *testing.B, n int, do func(i int64) error) {
	var (
		next   atomic.Int64
		failed atomic.Pointer[error]
	)
	done := make(chan struct{})
	b.ResetTimer()
	for range n {
		go func() {
			for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
				if err := do(i); err != nil {
					failed.Store(&err)
				}
			}
			done <- struct{}{}
		}()
	}
	for range n {
		<-done
	}
	b.StopTimer()
	if err := failed.Load(); err != nil {
		b.Fatal(*err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "tx/s")
}

// BenchmarkUpdate is durable transactions of six puts: records without an index,
// records with an entry in one unique index each, and bbolt's own Update.
func BenchmarkUpdate(b *testing.B) {
	doc := make([]byte, 200)
	for i := range doc {
		doc[i] = 'x'
	}
	for _, n := range []int{1, 8, 32, 64} {
		b.Run(fmt.Sprintf("ours/%d", n), func(b *testing.B) {
			db := openBench(b)
			callers(b, n, func(int64) error {
				return db.Update(context.Background(), func(tx store.Tx) error {
					for range puts {
						id, err := tx.NextID()
						if err != nil {
							return err
						}
						if err := tx.Insert(storetest.Others.Name(), store.Record{ID: id, Doc: doc}); err != nil {
							return err
						}
					}
					return nil
				})
			})
		})
		b.Run(fmt.Sprintf("ours-typed/%d", n), func(b *testing.B) {
			db := openBench(b)
			callers(b, n, func(i int64) error {
				return db.Update(context.Background(), func(tx store.Tx) error {
					for n := range puts {
						if err := storetest.Things.Insert(tx, &storetest.Thing{Name: fmt.Sprint(i, "-", n), Note: string(doc)}); err != nil {
							return err
						}
					}
					return nil
				})
			})
		})
		b.Run(fmt.Sprintf("bbolt/%d", n), func(b *testing.B) {
			db, err := bbolt.Open(filepath.Join(b.TempDir(), "bench.db"), 0o600, &bbolt.Options{NoFreelistSync: true, FreelistType: bbolt.FreelistMapType, InitialMmapSize: 1 << 30})
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { _ = db.Close() })
			err = db.Update(func(tx *bbolt.Tx) error {
				_, err := tx.CreateBucket([]byte("kind"))
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
			var clock store.IDClock
			callers(b, n, func(int64) error {
				return db.Update(func(tx *bbolt.Tx) error {
					for range puts {
						if err := tx.Bucket([]byte("kind")).Put([]byte(clock.Next(time.Now()).String()), doc); err != nil {
							return err
						}
					}
					return nil
				})
			})
		})
	}
}

// BenchmarkGet is Views that read one typed thing by its id.
func BenchmarkGet(b *testing.B) {
	db := openBench(b)
	var ids []store.ID
	err := db.Update(context.Background(), func(tx store.Tx) error {
		for n := range 10_000 {
			x := &storetest.Thing{Name: fmt.Sprint(n), Note: "a note as long as such things are"}
			if err := storetest.Things.Insert(tx, x); err != nil {
				return err
			}
			ids = append(ids, x.ID)
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	read := map[string]func(tx store.Tx, id store.ID) error{
		"record": func(tx store.Tx, id store.ID) error {
			_, err := tx.Get(storetest.Things.Name(), id)
			return err
		},
		"typed": func(tx store.Tx, id store.ID) error {
			_, err := storetest.Things.Get(tx, id)
			return err
		},
	}
	read["twenty at once"] = func(tx store.Tx, id store.ID) error {
		asks := make([]store.Ask, 20)
		for i := range asks {
			asks[i] = store.Ask{Kind: storetest.Things.Name(), Index: "name", Value: fmt.Sprint(int(id)%1000 + i), Limit: 1}
		}
		_, err := tx.FindMany(asks)
		return err
	}
	for name, get := range read {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				err := db.View(context.Background(), func(tx store.Tx) error { return get(tx, ids[i%len(ids)]) })
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "reads/s")
		})
	}
}

// BenchmarkOpen is opening a file of 100,000 records: one that was closed, and one whose
// process was killed, which is walked through.
func BenchmarkOpen(b *testing.B) {
	path := filepath.Join(b.TempDir(), "bench.db")
	db, err := bolt.Open(path, bolt.Options{})
	if err != nil {
		b.Fatal(err)
	}
	for n := range 100 {
		err := db.Update(b.Context(), func(tx store.Tx) error {
			for i := range 1000 {
				if err := storetest.Things.Insert(tx, &storetest.Thing{Name: fmt.Sprint(i, "-", n), Note: strings.Repeat("x", 1000)}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	killed := path + ".killed"
	f, err := os.Create(killed)
	if err == nil {
		_, err = db.Backup(b.Context(), f)
	}
	if err := errors.Join(err, f.Close(), db.Close()); err != nil {
		b.Fatal(err)
	}
	for name, path := range map[string]string{"closed": path, "killed": killed} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				db, err := bolt.Open(path, bolt.Options{Unsynced: name == "killed"})
				if err != nil {
					b.Fatal(err)
				}
				if err := db.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func openBench(b *testing.B) *bolt.DB {
	b.Helper()
	db, err := bolt.Open(filepath.Join(b.TempDir(), "bench.db"), bolt.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		storetest.Check(b, db)
		if err := db.Close(); err != nil {
			b.Error(err)
		}
	})
	return db
}

// BenchmarkNext is a number of a sequence, in a closure over a file with 100 counters.
func BenchmarkNext(b *testing.B) {
	db := openBench(b)
	err := db.Update(b.Context(), func(tx store.Tx) error {
		for i := range 100 {
			if _, err := tx.Next(fmt.Sprint("sequence of brand ", i)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	err = db.Update(b.Context(), func(tx store.Tx) error {
		for b.Loop() {
			if _, err := tx.Next("sequence of brand 50"); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}
