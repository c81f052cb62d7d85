package postgres

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"rator/store"
	"rator/store/bolt"
	"rator/store/storetest"
)

// olderInfos are the kinds as an older program had them: Things without an index of theirs,
// with another, and with one that was not unique.
func olderInfos() []store.Info {
	infos := slices.Clone(store.Infos())
	at := slices.IndexFunc(infos, func(info store.Info) bool { return info.Name == "storetest_thing" })
	now := infos[at].Keys
	infos[at].Indexes = []store.Key{{Index: "older"}, {Index: "number"}, {Index: "name", Unique: true}}
	infos[at].Keys = func(doc []byte) ([]store.Key, error) {
		keys, err := now(doc)
		older := []store.Key{{Index: "older", Value: "value"}}
		for _, key := range keys {
			if key.Index != "group" {
				older = append(older, key)
			}
		}
		return older, err
	}
	return infos
}

// older makes the schema of an older program of a store, and gives a copy of what it holds.
func older(t *testing.T, dsn string) *bolt.DB {
	t.Helper()
	db := filled(t, dsn)
	path := filepath.Join(t.TempDir(), "copy.db")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Backup(t.Context(), f)
	if err = errors.Join(err, f.Close(), db.Close()); err != nil {
		t.Fatal(err)
	}
	d, _, err := open(t.Context(), dsn, Options{}, olderInfos())
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	run(t, dsn, "update "+d.schema.table("meta")+" set value='1' where name='version'", "delete from "+d.schema.table("mark")+" where name='base'")
	for _, step := range d.schema.steps()[1:] { // the first had none of these
		for _, sql := range step {
			for _, sort := range []string{"table", "sequence"} {
				if rest, made := strings.CutPrefix(strings.Replace(sql, "unlogged ", "", 1), "create "+sort+" "); made {
					name, _, _ := strings.Cut(rest, "(")
					run(t, dsn, "drop "+sort+" "+name)
				}
			}
		}
	}
	file, err := bolt.Open(path, bolt.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	})
	return file
}

// TestOlderSchemaIsBroughtUp: the schema of an older program becomes that of this one, by one
// of several that begin at a time, and nothing of the store is otherwise.
func TestOlderSchemaIsBroughtUp(t *testing.T) {
	here := dsn(t, t.TempDir())
	file := older(t, here)
	says, err := Schema(t.Context(), here)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`add column "x_group"`, `drop column "x_older"`, `create unique index "u_storetest_thing_number"`, `drop index`, "-- every record of", "('base',0)"} {
		if !strings.Contains(strings.Join(says, "\n"), want) {
			t.Errorf("the plan lacks %q: %q", want, says)
		}
	}
	var all sync.WaitGroup
	dbs := make([]*DB, 3)
	for n := range dbs {
		all.Go(func() {
			db, err := Open(t.Context(), here, Options{})
			if err != nil {
				t.Error(err)
			}
			dbs[n] = db
		})
	}
	all.Wait()
	for _, db := range dbs {
		if db == nil {
			t.FailNow()
		}
		defer db.Close()
	}
	storetest.Check(t, dbs[0])
	storetest.Same(t, dbs[1], file)
	if says, err := Schema(t.Context(), here); err != nil || says != nil {
		t.Errorf("what is new is not what the program needs: %q, %v", says, err)
	}
}

// TestMigrationThatEndsInTheMiddle leaves the schema as it was, and the next one does it all.
func TestMigrationThatEndsInTheMiddle(t *testing.T) {
	here := dsn(t, t.TempDir())
	file := older(t, here)
	infos := slices.Clone(store.Infos())
	at := slices.IndexFunc(infos, func(info store.Info) bool { return info.Name == "storetest_thing" })
	keys, seen := infos[at].Keys, 0
	ended, end := context.WithCancel(t.Context())
	infos[at].Keys = func(doc []byte) ([]store.Key, error) {
		if seen++; seen == 200 {
			end()
		}
		return keys(doc)
	}
	if d, _, err := open(ended, here, Options{}, infos); err == nil {
		t.Error("it was ended, and is done", d.Close())
	}
	says, err := Schema(t.Context(), here)
	if err != nil || len(says) < 6 {
		t.Errorf("the schema is another: %q, %v", says, err)
	}
	db := openAt(t, here, Options{})
	defer db.Close()
	storetest.Check(t, db)
	storetest.Same(t, db, file)
}

// TestMigrationThatFindsAValueTwice says where, and leaves the schema as it was.
func TestMigrationThatFindsAValueTwice(t *testing.T) {
	here := dsn(t, t.TempDir())
	older(t, here)
	d, _, err := open(t.Context(), here, Options{}, olderInfos())
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for _, name := range []string{"one", "other"} {
		err := d.Update(t.Context(), func(tx store.Tx) error {
			id, err := tx.NextID()
			if err != nil {
				return err
			}
			return tx.Insert("storetest_thing", store.Record{ID: id, Doc: []byte(`{"Name":"` + name + `","Number":"same"}`),
				Keys: []store.Key{{Index: "older", Value: "value"}, {Index: "name", Value: name}, {Index: "number", Value: "same"}}})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Open(t.Context(), here, Options{}); err == nil || !strings.Contains(err.Error(), "twice in the unique index u_storetest_thing_number: Key (x_number)=(same)") {
		t.Errorf("two of a unique index: %v", err)
	}
	storetest.Check(t, d)
}

// TestMigrationWaitsForNoServer: a command of a newer program leaves the store of a server
// of an older one as it is, and an older program that of newer servers.
func TestMigrationWaitsForNoServer(t *testing.T) {
	here := dsn(t, t.TempDir())
	older(t, here)
	d, _, err := open(t.Context(), here, Options{As: Server, Name: "the server"}, olderInfos())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), here, Options{}); err == nil || !strings.Contains(err.Error(), "the server, from") {
		t.Errorf("it is brought up below a server: %v", err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	one, two := openAt(t, here, Options{As: Server, Name: "a newer server"}), openAt(t, here, Options{As: Server})
	if _, _, err := open(t.Context(), here, Options{As: Server}, olderInfos()); err == nil || !strings.Contains(err.Error(), "a newer server, from") {
		t.Errorf("an older one takes its schema from newer servers: %v", err)
	}
	if err := errors.Join(one.Close(), two.Close()); err != nil {
		t.Error(err)
	}
}
