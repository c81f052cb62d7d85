package bolt

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/store"
)

// An index that is younger than the records is of what they are completed with:
// each once, the oldest first, with the older ones in their places and other kinds
// there, in one commit.
func TestMigrateFillsRecords(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rator.db")
	name, owner := store.Key{Index: "name"}, store.Key{Index: "owner", Unique: true}
	const count = 10_500
	db, err := open(path, Options{}, []store.Info{pets(name), {Name: "house"}})
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(context.Background(), func(tx store.Tx) error {
		if err := tx.Insert("house", store.Record{ID: 1, Doc: []byte("of ")}); err != nil {
			return err
		}
		for n := range count {
			doc := []byte(fmt.Sprintf("pet%d -", n))
			keys, err := db.kinds["pet"].keys(doc)
			if err != nil {
				return err
			}
			if err := tx.Insert("pet", store.Record{ID: store.ID(n + 1), Doc: doc, Keys: keys}); err != nil {
				return err
			}
		}
		return nil
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}

	// The owner of a pet is its name's first five letters; who has one already stays
	// without.
	var filled []string
	broken := errors.New("broken")
	var fail bool
	younger := pets(name, owner)
	younger.Fill = func(tx store.Tx, doc []byte) ([]byte, error) {
		filled = append(filled, string(doc))
		pet, _, _ := strings.Cut(string(doc), " ")
		if fail && pet == "pet10000" {
			return nil, broken
		}
		house, err := tx.Get("house", 1)
		if err != nil {
			return nil, err
		}
		owner := string(house.Doc[:2]) + pet[:min(len(pet), 5)]
		same, err := tx.Find("pet", "owner", owner, 0, 1)
		if len(same) > 0 {
			owner = ""
		}
		return []byte(pet + " " + owner), err
	}
	infos := []store.Info{younger, {Name: "house"}}
	fail = true
	if _, err := open(path, Options{}, infos); !errors.Is(err, broken) {
		t.Errorf("error is %v", err)
	}
	if db, err = open(path, Options{ReadOnly: true}, []store.Info{pets(name), {Name: "house"}}); err != nil {
		t.Fatalf("after a failure the file is another: %v", err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}

	fail, filled = false, nil
	var told []string
	db, err = open(path, Options{Migrating: func(kind string, records int64) { told = append(told, fmt.Sprint(kind, records)) }}, infos)
	if err != nil {
		t.Fatal(err)
	}
	if len(filled) != count || filled[0] != "pet0 -" || filled[count-1] != fmt.Sprintf("pet%d -", count-1) {
		t.Errorf("%d filled, from %s to %s", len(filled), filled[0], filled[len(filled)-1])
	}
	if d := cmp.Diff([]string{"pet10240"}, told); d != "" {
		t.Error(d)
	}
	err = db.View(context.Background(), func(tx store.Tx) error {
		for n, want := range map[store.ID]string{1: "pet0 ofpet0", 10: "pet9 ofpet9", 11: "pet10 ofpet10", 100: "pet99 ofpet99", 101: "pet100 ", count: fmt.Sprintf("pet%d ", count-1)} {
			r, err := tx.Get("pet", n)
			if err != nil {
				return err
			}
			if string(r.Doc) != want || r.Version != 1 {
				t.Errorf("record %d is %q of version %d, want %q", n, r.Doc, r.Version, want)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if _, err := db.Verify(context.Background(), func(fault error) { t.Error(fault) }); err != nil {
		t.Error(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	filled = nil
	if db, err = open(path, Options{}, infos); err != nil {
		t.Fatal(err)
	}
	if len(filled) > 0 {
		t.Errorf("%d filled again", len(filled))
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}
