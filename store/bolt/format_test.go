package bolt

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/store"
	"rator/store/storetest"
)

var update = flag.Bool("update", false, "write the store file of the current format anew")

// oldFiles holds one store file for each format there has been.
const oldFiles = "../../testdata/store"

// TestOldFormats reads a file of every format there has been: each holds what
// fill wrote at its time.
func TestOldFormats(t *testing.T) {
	if *update {
		writeFormat(t, filepath.Join(oldFiles, "format-3.db"))
	}
	files, err := filepath.Glob(filepath.Join(oldFiles, "format-*.db"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files in %s: %v", oldFiles, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			db := openAt(t, restore(t, data), Options{Now: func() time.Time { return noon.Add(time.Hour) }})
			storetest.Check(t, db)
			want, err := os.ReadFile(strings.TrimSuffix(file, ".db") + ".txt")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), describe(t, db)); diff != "" {
				t.Error(diff)
			}
			mustKeep(t, db, "and it goes on")
		})
	}
}

// fill writes something of every sort.
func fill(tx store.Tx) error {
	for n := range 40 {
		x := &storetest.Thing{Name: fmt.Sprintf("name %02d", n), Group: fmt.Sprint("group ", n%3), Note: "Åse & <Øre> €"}
		if n%5 == 0 {
			x.Number = fmt.Sprint(n)
		}
		if err := storetest.Things.Insert(tx, x); err != nil {
			return err
		}
		if n%4 == 0 {
			if err := storetest.Things.Put(tx, x); err != nil {
				return err
			}
		}
		if n%10 == 9 {
			if err := errors.Join(storetest.Things.Delete(tx, x), tx.Emit(store.Event{Topic: "deleted", Brand: "B", Account: x.ID, About: []store.ID{x.ID, 1}, Body: []byte(`{"name":"` + x.Name + `"}`)})); err != nil {
				return err
			}
		}
	}
	for range 3 {
		if _, err := tx.Next("sequence"); err != nil {
			return err
		}
		if err := tx.Add("sum", 7); err != nil {
			return err
		}
	}
	return storetest.Others.Insert(tx, &storetest.Thing{Note: strings.Repeat("long ", 2000)})
}

func writeFormat(t *testing.T, path string) {
	t.Helper()
	db := openTest(t, Options{})
	if err := db.Update(context.Background(), fill); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(
		os.MkdirAll(filepath.Dir(path), 0o755),
		os.WriteFile(path, backup(t, db), 0o644),
		os.WriteFile(strings.TrimSuffix(path, ".db")+".txt", []byte(describe(t, db)), 0o644)); err != nil {
		t.Fatal(err)
	}
}

// describe is what a store of fill's has, for people to read.
func describe(t *testing.T, db *DB) string {
	t.Helper()
	var b strings.Builder
	undo := errors.New("undo")
	err := db.Update(context.Background(), func(tx store.Tx) error {
		b.Reset()
		for x, err := range storetest.Things.Scan(tx) {
			if err != nil {
				return err
			}
			fmt.Fprintf(&b, "thing %s version %d: %q %q %q %q\n", x.ID, x.Version, x.Name, x.Number, x.Group, x.Note)
		}
		for x, err := range storetest.Others.Scan(tx) {
			if err != nil {
				return err
			}
			fmt.Fprintf(&b, "other %s version %d: %d bytes\n", x.ID, x.Version, len(x.Note))
		}
		for _, index := range []string{"name", "number", "group"} {
			for after := []byte(nil); ; {
				things, next, err := storetest.Things.Page(tx, index, "", after, 10)
				if err != nil {
					return err
				}
				for _, x := range things {
					fmt.Fprintf(&b, "%s: %s\n", index, x.ID)
				}
				if after = next; next == nil {
					break
				}
			}
		}
		events, err := tx.EventsAfter(0, 100)
		if err != nil {
			return err
		}
		for _, e := range events {
			fmt.Fprintf(&b, "event %d %s %s: %s %s\n", e.Cursor, e.ID, e.At.Format(time.RFC3339), e.Topic, e.Body)
			if e.Brand != "" {
				fmt.Fprintf(&b, "  of %s, %s, about %v\n", e.Brand, e.Account, e.About)
			}
		}
		things, countErr := storetest.Things.Count(tx)
		next, nextErr := tx.Next("sequence")
		fmt.Fprintf(&b, "%d things, next of sequence: %d\n", things, next)
		if err := errors.Join(countErr, nextErr); err != nil {
			return err
		}
		return undo
	})
	if !errors.Is(err, undo) {
		t.Fatal(err)
	}
	err = db.View(context.Background(), func(tx store.Tx) error {
		n, err := tx.Sum("sum") // 0 in formats that had none
		if n != 0 {
			fmt.Fprintf(&b, "sum: %d\n", n)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}
