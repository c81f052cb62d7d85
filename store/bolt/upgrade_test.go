package bolt

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.etcd.io/bbolt"

	"rator/store"
	"rator/store/storetest"
)

// TestUpgradeIsKilled opens files of older formats that were left after each number of
// steps: what is read is what it was, and nothing of the older format stays.
func TestUpgradeIsKilled(t *testing.T) {
	for _, name := range []string{"format-1", "format-2"} {
		data, err := os.ReadFile(filepath.Join(oldFiles, name+".db"))
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(filepath.Join(oldFiles, name+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		for steps, whole := 0, false; !whole; steps++ {
			path := restore(t, data)
			whole = upgradeSteps(t, path, steps)
			if whole && steps < 4 { // counters, and three indexes
				t.Errorf("%s: whole after %d steps", name, steps)
			}
			reading, err := Open(path, Options{ReadOnly: true})
			if errors.Is(err, ErrOlder) == whole {
				t.Errorf("%s after %d steps: for reading: %v", name, steps, err)
			}
			if err == nil {
				if err := reading.Close(); err != nil {
					t.Fatal(err)
				}
			}
			db := openAt(t, path, Options{})
			storetest.Check(t, db)
			if diff := cmp.Diff(string(want), describe(t, db)); diff != "" {
				t.Errorf("%s after %d steps: %s", name, steps, diff)
			}
			mustKeep(t, db, "and it goes on")
			if left := oldBuckets(t, db); len(left) > 0 {
				t.Errorf("%s after %d steps: left over: %v", name, steps, left)
			}
		}
	}
}

// upgradeSteps makes some steps of the upgrade of a file, and says whether it is whole.
func upgradeSteps(t *testing.T, path string, steps int) (whole bool) {
	t.Helper()
	d, err := openBolt(path, Options{InitialMmapSize: 1}, store.Infos())
	if err != nil {
		t.Fatal(err)
	}
	err = d.file.View(func(tx *bbolt.Tx) (err error) {
		d.layout, err = readLayout(tx)
		return err
	})
	for done := false; err == nil && !done && steps > 0; steps-- {
		done, err = d.upgrade()
	}
	if err == nil {
		err = d.file.View(func(tx *bbolt.Tx) error {
			l, err := readLayout(tx)
			whole = err == nil && l.format == fileFormat && !slices.ContainsFunc(l.kinds, func(k kindLayout) bool { return k.Joined < len(k.Indexes) })
			return err
		})
	}
	if err := errors.Join(err, d.file.Close()); err != nil {
		t.Fatal(err)
	}
	return whole
}

// oldBuckets are those of the older formats.
func oldBuckets(t *testing.T, db *DB) (found []string) {
	t.Helper()
	err := db.file.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, _ *bbolt.Bucket) error {
			if strings.Count(string(name), "/") > 1 {
				found = append(found, string(name))
			}
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
