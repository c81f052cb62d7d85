package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"rator/store"
	"rator/store/storetest"
	"rator/suite"
)

var damageSeed = flag.Uint64("damage.seed", 0, "seed of the bits that are flipped; 0 = a new one")

// span is bytes of a file that mean something.
type span struct {
	from, size int
	what       string
}

// spans finds all bytes of a backup that mean something.
func spans(t *testing.T, path string) (found []span) {
	t.Helper()
	db, err := openFile(path, &bbolt.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	size := db.Info().PageSize
	for which := range 2 {
		found = append(found, span{which * size, pageHeader + metaSize, "header"})
	}
	err = db.View(func(tx *bbolt.Tx) error {
		c := newPageChecker(file, tx)
		var walk func(id uint64)
		walk = func(id uint64) {
			p, err := c.read(id, &pageBuffer{})
			if err != nil {
				t.Fatal(err)
			}
			elements, used, err := p.elements(nil)
			if err != nil {
				t.Fatal(err)
			}
			what := "leaf"
			if p.kind == branchPage {
				what = "branch"
			}
			found = append(found, span{int(id) * size, used, what})
			for _, e := range elements {
				switch {
				case p.kind == branchPage:
					walk(e.child)
				case e.bucket:
					if root := binary.NativeEndian.Uint64(e.value); root != 0 {
						walk(root)
					}
				}
			}
		}
		walk(uint64(tx.Cursor().Bucket().RootPage()))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// everything is all that can be read of a store of things.
func everything(db *DB) (string, error) {
	var b strings.Builder
	err := db.View(context.Background(), func(tx store.Tx) error {
		for _, kind := range []string{storetest.Things.Name(), storetest.Others.Name()} {
			rs, err := tx.Scan(kind, 0, 10_000)
			if err != nil {
				return err
			}
			n, err := tx.Count(kind)
			fmt.Fprint(&b, rs, n, err)
		}
		for _, index := range []string{"name", "group"} {
			rs, _, err := tx.Range(storetest.Things.Name(), index, "", nil, 10_000)
			if err != nil {
				return err
			}
			fmt.Fprint(&b, rs)
		}
		events, err := tx.EventsAfter(0, 10_000)
		fmt.Fprint(&b, events)
		return err
	})
	return b.String(), err
}

// TestDamage flips single bits all over a file. Each must be found, by Open or by
// Verify; only the key of a branch, which is a mere sign-post, may change while it
// still points the right way.
func TestDamage(t *testing.T) {
	db := openTest(t, Options{})
	err := db.Update(context.Background(), func(tx store.Tx) error {
		for n := range 400 {
			x := &storetest.Thing{Name: fmt.Sprint("name ", n), Group: fmt.Sprint("group ", n%7), Note: strings.Repeat("note ", n%40)}
			if n%100 == 0 {
				x.Note = strings.Repeat("a long one ", 1000) // which takes more than a page
			}
			if err := storetest.Things.Insert(tx, x); err != nil {
				return err
			}
			if err := tx.Emit(store.Event{Topic: "kept", Body: []byte(`{}`)}); err != nil {
				return err
			}
		}
		_, err := tx.Next("sequence")
		return errors.Join(err, storetest.Others.Insert(tx, &storetest.Thing{Name: "other"}))
	})
	if err != nil {
		t.Fatal(err)
	}
	original, err := everything(db)
	if err != nil {
		t.Fatal(err)
	}
	whole := backup(t, db)
	spans := spans(t, restore(t, whole))
	seed := *damageSeed
	if seed == 0 {
		seed = rand.Uint64()
	}
	t.Logf("seed %d, %d spans", seed, len(spans))
	rng := rand.New(rand.NewPCG(seed, 0))
	for n := range suite.Soak(t, 100, 400) {
		s := spans[n%len(spans)]
		at, bit := s.from+rng.IntN(s.size), rng.IntN(8)
		damaged := bytes.Clone(whole)
		damaged[at] ^= 1 << bit
		if found := findDamage(t, restore(t, damaged), original); !found && s.what != "branch" {
			t.Errorf("seed %d: bit %d of byte %d, %d in a %s, was not found", seed, bit, at, at-s.from, s.what)
		}
	}
}

// findDamage says whether Open or Verify found anything.
func findDamage(t *testing.T, path, original string) (found bool) {
	t.Helper()
	db, err := Open(path, Options{InitialMmapSize: 1})
	if err != nil {
		return true
	}
	defer db.Close()
	if _, err := db.Verify(context.Background(), func(error) { found = true }); err != nil {
		t.Error(err)
	}
	if got, err := everything(db); !found && (err != nil || got != original) {
		t.Errorf("something else is read than was written: %v", err)
	}
	return found
}

// count adds 1 to a counter behind the store's back.
func count(rows *fileRows, counter string) error { return rows.add(counter, 1) }

// TestVerifyFinds changes rows behind the store's back, with right checksums.
func TestVerifyFinds(t *testing.T) {
	things := storetest.Things.Name()
	k := newKind(store.Info{Name: things, Indexes: []store.Key{{Index: "name", Unique: true}}})
	tests := []struct {
		name   string
		change func(rows *fileRows, id store.ID) error
		want   string
	}{
		{"a record that its index lacks", func(rows *fileRows, id store.ID) error {
			return rows.drop(k.entries, k.indexes["name"].entry("a", id))
		}, "index name lacks it"},
		{"an entry without a record", func(rows *fileRows, id store.ID) error {
			return rows.put(k.entries, k.indexes["name"].entry("z", id+1), present)
		}, "there is no such record"},
		{"an entry of another value", func(rows *fileRows, id store.ID) error {
			return rows.put(k.entries, k.indexes["name"].entry("z", id), present)
		}, "under a value that is not its own"},
		{"an entry that is none", func(rows *fileRows, id store.ID) error {
			return rows.put(k.entries, []byte("rubbish"), present)
		}, "damaged entry"},
		{"a unique value twice", func(rows *fileRows, id store.ID) error {
			twin := store.Record{ID: id + 1, Version: 1, Doc: []byte(`{"Name":"a"}`), Keys: []store.Key{{Index: "name", Value: "a"}}}
			return errors.Join(
				rows.put(k.bucket, idKey(twin.ID), k.encode(twin)),
				rows.put(k.entries, k.indexes["name"].entry("a", twin.ID), present),
				count(rows, k.counter))
		}, "another has the same value in the unique index name"},
		{"a wrong number", func(rows *fileRows, id store.ID) error {
			return count(rows, k.counter)
		}, "is 2, but 1 are there"},
		{"a counter of nothing", func(rows *fileRows, id store.ID) error {
			return count(rows, "rubbish")
		}, "counts nothing"},
		{"a row of counters of nobody", func(rows *fileRows, id store.ID) error {
			return rows.put(counterBucket, []byte("rubbish"), counters{}.row())
		}, "belongs to nothing"},
		{"counters that are damaged", func(rows *fileRows, id store.ID) error {
			row := bytes.Clone(rows.get(counterBucket, allKey))
			row[len(row)-1] ^= 1
			return rows.put(counterBucket, allKey, row)
		}, "the checksum is wrong"},
		{"an entry of an index that is none", func(rows *fileRows, id store.ID) error {
			return rows.put(k.entries, index{place: 9}.entry("a", id), present)
		}, "damaged entry"},
		{"a lost event", func(rows *fileRows, id store.ID) error {
			return rows.drop(eventBucket, cursorKey(1))
		}, "event 2 comes where 1 should"},
		{"a bucket of nobody", func(rows *fileRows, id store.ID) error {
			_, err := rows.tx.CreateBucket([]byte("widgets"))
			return err
		}, "belongs to nothing"},
		{"a record of another place", func(rows *fileRows, id store.ID) error {
			return rows.put(k.bucket, idKey(id), bytes.Clone(rows.get("kind/"+storetest.Others.Name(), idKey(id+1))))
		}, "the checksum is wrong"},
		{"a record of the future", func(rows *fileRows, id store.ID) error {
			row := bytes.Clone(rows.get(k.bucket, idKey(id)))
			row[0] = 2
			return rows.put(k.bucket, idKey(id), row)
		}, "unknown format 2"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			db := openTest(t, Options{})
			x := &storetest.Thing{Name: "a"}
			err := db.Update(context.Background(), func(tx store.Tx) error {
				return errors.Join(storetest.Things.Insert(tx, x), storetest.Others.Insert(tx, &storetest.Thing{}),
					tx.Emit(store.Event{Topic: "one", Body: nil}), tx.Emit(store.Event{Topic: "two", Body: nil}))
			})
			if err != nil {
				t.Fatal(err)
			}
			storetest.Check(t, db)
			err = db.file.Update(func(tx *bbolt.Tx) error { return test.change(newFileRows(tx), x.ID) })
			if err != nil {
				t.Fatal(err)
			}
			var faults []string
			if _, err := db.Verify(context.Background(), func(fault error) { faults = append(faults, fault.Error()) }); err != nil {
				t.Fatal(err)
			}
			if len(faults) != 1 || !strings.Contains(faults[0], test.want) {
				t.Errorf("the faults are %q, want one with %q", faults, test.want)
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// A bad record is an error that names it, and never data.
func TestBadRecordIsNamed(t *testing.T) {
	db := openTest(t, Options{})
	x := &storetest.Thing{Name: "a"}
	if err := db.Update(context.Background(), func(tx store.Tx) error { return storetest.Things.Insert(tx, x) }); err != nil {
		t.Fatal(err)
	}
	err := db.file.Update(func(tx *bbolt.Tx) error {
		b := tx.Bucket([]byte("kind/" + storetest.Things.Name()))
		row := bytes.Clone(b.Get(idKey(x.ID)))
		row[len(row)/2] ^= 1
		return b.Put(idKey(x.ID), row)
	})
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(context.Background(), func(tx store.Tx) error {
		_, byID := storetest.Things.Get(tx, x.ID)
		_, byName := storetest.Things.By(tx, "name", "a")
		_, scan := tx.Scan(storetest.Things.Name(), 0, 9)
		for n, err := range []error{byID, byName, scan, storetest.Things.Put(tx, x), storetest.Things.Delete(tx, x)} {
			var bad *store.BadRecordError
			if !errors.As(err, &bad) || bad.Kind != storetest.Things.Name() || bad.ID != x.ID {
				t.Errorf("question %d: error is %v", n, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// An entry whose value was damaged must not give away another's record.
func TestBadEntryGivesNoRecord(t *testing.T) {
	db := openTest(t, Options{})
	x := &storetest.Thing{Name: "ann"}
	if err := db.Update(context.Background(), func(tx store.Tx) error { return storetest.Things.Insert(tx, x) }); err != nil {
		t.Fatal(err)
	}
	err := db.file.Update(func(tx *bbolt.Tx) error {
		rows, k := newFileRows(tx), db.kinds[storetest.Things.Name()]
		name := k.indexes["name"]
		return errors.Join(rows.drop(k.entries, name.entry("ann", x.ID)), rows.put(k.entries, name.entry("bob", x.ID), present))
	})
	if err != nil {
		t.Fatal(err)
	}
	err = db.View(context.Background(), func(tx store.Tx) error {
		_, err := storetest.Things.By(tx, "name", "bob")
		return err
	})
	var bad *store.BadRecordError
	if !errors.As(err, &bad) || bad.ID != x.ID {
		t.Errorf("error is %v", err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}
