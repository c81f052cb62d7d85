package bolt

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/store"
	"rator/store/storetest"
)

// compacted is a compact copy of a file.
func compacted(t *testing.T, ctx context.Context, from string, told func(int64)) (string, error) {
	t.Helper()
	to := filepath.Join(t.TempDir(), "compact.db")
	if err := os.WriteFile(to, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	size, err := Compact(ctx, from, to, told)
	if stat, statErr := os.Stat(to); err == nil && (statErr != nil || stat.Size() != size) {
		t.Errorf("the file has %d bytes, %d were said", stat.Size(), size)
	}
	return to, err
}

func TestCompact(t *testing.T) {
	db := openTest(t, Options{})
	for n := range 30 {
		err := db.Update(context.Background(), func(tx store.Tx) error {
			for i := range 40 {
				x := &storetest.Thing{Name: fmt.Sprint("name ", n, " ", i), Group: fmt.Sprint("group ", i%3), Note: strings.Repeat("note ", 3000)}
				if err := errors.Join(storetest.Things.Insert(tx, x), tx.Add("things", 1), tx.Emit(store.Event{Topic: "kept", Account: 7, Body: []byte(`{}`)})); err != nil {
					return err
				}
				if i%4 > 0 {
					if err := storetest.Things.Delete(tx, x); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for n := range 20 {
		err := db.Update(context.Background(), func(tx store.Tx) error {
			_, err := tx.DropEvents(int64(n*40), 40)
			for i := 0; i < 40; i += 4 {
				x, findErr := storetest.Things.By(tx, "name", fmt.Sprint("name ", n, " ", i))
				if err = errors.Join(err, findErr); err == nil {
					err = storetest.Things.Delete(tx, x)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	want, err := everything(db)
	if err != nil {
		t.Fatal(err)
	}
	from := restore(t, backup(t, db))
	before, err := os.Stat(from)
	if err != nil {
		t.Fatal(err)
	}
	var told int64
	to, err := compacted(t, context.Background(), from, func(n int64) { told = n })
	if err != nil || told == 0 {
		t.Fatalf("told of %d bytes: %v", told, err)
	}
	if after, err := os.Stat(to); err != nil || after.Size() > before.Size()*2/3 {
		t.Errorf("%d bytes of %d: %v", after.Size(), before.Size(), err)
	}
	copied := openAt(t, to, Options{})
	got, err := everything(copied)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("something else is read: %v", err)
	}
	err = copied.View(context.Background(), func(tx store.Tx) error {
		n, err := tx.Sum("things")
		if n != 1200 {
			t.Errorf("%d were added", n)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	mustKeep(t, copied, "and it goes on")
}

// Whatever keeps a compact copy from being made, or from being right, is told.
func TestCompactRefuses(t *testing.T) {
	db := openTest(t, Options{})
	mustKeep(t, db, "a")
	whole := backup(t, db)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := compacted(t, ctx, restore(t, whole), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
	if _, err := compacted(t, context.Background(), restore(t, whole[:len(whole)-5000]), nil); err == nil || !strings.Contains(err.Error(), "cut off") {
		t.Errorf("error is %v", err)
	}
	for _, format := range []string{"format-1", "format-2"} {
		data, err := os.ReadFile(filepath.Join(oldFiles, format+".db"))
		if err != nil {
			t.Fatal(err)
		}
		to, err := compacted(t, context.Background(), restore(t, data), nil)
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(filepath.Join(oldFiles, format+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), describe(t, openAt(t, to, Options{}))); diff != "" {
			t.Errorf("%s: %s", format, diff)
		}
	}
}
