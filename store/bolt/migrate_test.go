package bolt

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/store"
)

// pets is a kind whose document is "NAME OWNER" and whose indexes change over the
// versions of a program.
func pets(indexes ...store.Key) store.Info {
	return store.Info{Name: "pet", Indexes: indexes, Keys: func(doc []byte) ([]store.Key, error) {
		name, owner, ok := strings.Cut(string(doc), " ")
		if !ok {
			return nil, errors.New("no pet")
		}
		keys := make([]store.Key, len(indexes))
		for i, key := range indexes {
			key.Value = map[string]string{"name": name, "owner": owner}[key.Index]
			keys[i] = key
		}
		return keys, nil
	}}
}

func TestMigrate(t *testing.T) {
	var (
		name        = store.Key{Index: "name"}
		uniqueName  = store.Key{Index: "name", Unique: true}
		owner       = store.Key{Index: "owner"}
		uniqueOwner = store.Key{Index: "owner", Unique: true}
		other       = store.Info{Name: "other"}
	)
	path := filepath.Join(t.TempDir(), "rator.db")
	open := func(t *testing.T, o Options, infos ...store.Info) (*DB, error) {
		t.Helper()
		db, err := open(path, o, infos)
		if err == nil {
			t.Cleanup(func() {
				if _, err := db.Verify(context.Background(), func(fault error) { t.Error(fault) }); err != nil {
					t.Error(err)
				}
				if err := db.Close(); err != nil {
					t.Error(err)
				}
			})
		}
		return db, err
	}
	find := func(t *testing.T, db *DB, index, value string) (docs []string) {
		t.Helper()
		err := db.View(context.Background(), func(tx store.Tx) error {
			rs, err := tx.Find("pet", index, value, 0, 1000)
			for _, r := range rs {
				docs = append(docs, string(r.Doc))
				if r.Version != 1 {
					t.Errorf("%s has version %d", r.Doc, r.Version)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return docs
	}
	steps := []struct {
		name string
		run  func(t *testing.T)
	}{
		{"made", func(t *testing.T) {
			db, err := open(t, Options{}, pets(name))
			if err != nil {
				t.Fatal(err)
			}
			err = db.Update(context.Background(), func(tx store.Tx) error {
				docs := []string{"rex ann", "tom ann", "kim bob"}
				for range 600 { // more than are read at a time
					docs = append(docs, "stray nobody")
				}
				for _, doc := range docs {
					id, err := tx.NextID()
					if err != nil {
						return err
					}
					keys, err := db.kinds["pet"].keys([]byte(doc))
					if err != nil {
						return err
					}
					if err := tx.Insert("pet", store.Record{ID: id, Doc: []byte(doc), Keys: keys}); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}},
		{"for reading an old index is refused", func(t *testing.T) {
			if _, err := open(t, Options{ReadOnly: true}, pets(name, owner)); !errors.Is(err, ErrOlder) {
				t.Errorf("error is %v", err)
			}
		}},
		{"for reading a new kind is empty", func(t *testing.T) {
			db, err := open(t, Options{ReadOnly: true}, pets(name), other)
			if err != nil {
				t.Fatal(err)
			}
			err = db.View(context.Background(), func(tx store.Tx) error {
				rs, err := tx.Scan("other", 0, 9)
				n, countErr := tx.Count("other")
				if len(rs) != 0 || n != 0 {
					t.Errorf("%d are there, %d counted", len(rs), n)
				}
				_, absent := tx.Get("other", 1)
				if !errors.Is(absent, store.ErrAbsent) {
					t.Errorf("error is %v", absent)
				}
				return errors.Join(err, countErr)
			})
			if err != nil {
				t.Fatal(err)
			}
		}},
		{"an index more", func(t *testing.T) {
			db, err := open(t, Options{}, pets(name, owner), other)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{"rex ann", "tom ann"}, find(t, db, "owner", "ann")); diff != "" {
				t.Error(diff)
			}
			if n := len(find(t, db, "owner", "nobody")); n != 600 {
				t.Errorf("%d strays, want 600", n)
			}
		}},
		{"a unique index that is not", func(t *testing.T) {
			_, err := open(t, Options{}, pets(name, uniqueOwner))
			var taken *store.TakenError
			if !errors.As(err, &taken) || taken.Index != "owner" || !strings.Contains(err.Error(), "kind pet: record ") {
				t.Errorf("error is %v", err)
			}
		}},
		{"after a refusal all is as before", func(t *testing.T) {
			db, err := open(t, Options{ReadOnly: true}, pets(name, owner), other)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{"kim bob"}, find(t, db, "owner", "bob")); diff != "" {
				t.Error(diff)
			}
		}},
		{"an index less", func(t *testing.T) {
			db, err := open(t, Options{}, pets(owner), other)
			if err != nil {
				t.Fatal(err)
			}
			err = db.Update(context.Background(), func(tx store.Tx) error {
				rs, err := tx.Find("pet", "owner", "nobody", 0, 1000)
				if err != nil {
					return err
				}
				for _, r := range rs {
					if err := tx.Delete("pet", r.ID, r.Version); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}},
		{"a unique index that is", func(t *testing.T) {
			db, err := open(t, Options{}, pets(uniqueName, owner), other)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{"tom ann"}, find(t, db, "name", "tom")); diff != "" {
				t.Error(diff)
			}
		}},
		{"a program that lacks the kind", func(t *testing.T) {
			if _, err := open(t, Options{}, other); err != nil {
				t.Fatal(err)
			}
		}},
		{"and has it again", func(t *testing.T) {
			db, err := open(t, Options{ReadOnly: true}, pets(uniqueName, owner))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{"rex ann"}, find(t, db, "name", "rex")); diff != "" {
				t.Error(diff)
			}
		}},
	}
	for _, step := range steps {
		t.Run(step.name, step.run)
	}
}
