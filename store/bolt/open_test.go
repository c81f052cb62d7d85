package bolt

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.etcd.io/bbolt"

	"rator/store"
	"rator/store/storetest"
)

func TestOpenRefuses(t *testing.T) {
	// makes gives a bbolt file with what fn puts in.
	makes := func(fn func(tx *bbolt.Tx) error) func(*testing.T, string) {
		return func(t *testing.T, path string) {
			file, err := bbolt.Open(path, 0o600, nil)
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(file.Update(fn), file.Close()); err != nil {
				t.Fatal(err)
			}
		}
	}
	// changes gives a store that fn has changed behind its back.
	changes := func(fn func(tx *bbolt.Tx) error) func(*testing.T, string) {
		return func(t *testing.T, path string) {
			if err := openAt(t, path, Options{}).Close(); err != nil {
				t.Fatal(err)
			}
			makes(fn)(t, path)
		}
	}
	put := func(bucket, key, value string) func(*bbolt.Tx) error {
		return func(tx *bbolt.Tx) error { return tx.Bucket([]byte(bucket)).Put([]byte(key), []byte(value)) }
	}
	tests := []struct {
		name     string
		make     func(t *testing.T, path string)
		readOnly bool
		want     string
	}{
		{"no bbolt file", func(t *testing.T, path string) {
			if err := os.WriteFile(path, make([]byte, 20_000), 0o600); err != nil {
				t.Fatal(err)
			}
		}, false, "it is no store"},
		{"somebody else's bbolt file", makes(func(tx *bbolt.Tx) error {
			_, err := tx.CreateBucket([]byte("widgets"))
			return err
		}), false, "no store of rator's"},
		{"a bbolt file of nobody's", makes(func(*bbolt.Tx) error { return nil }), false, "no store of rator's"},
		{"an empty file", func(t *testing.T, path string) {
			if err := os.WriteFile(path, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}, false, "it is empty, so it is no store"},
		{"an empty file, for reading", func(t *testing.T, path string) {
			if err := os.WriteFile(path, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}, true, "it is empty, so it is no store"},
		{"a format of the future", changes(put(metaBucket, "format", "rator store 4")), false, `its format is "rator store 4"`},
		{"a damaged list of kinds", changes(put(metaBucket, "kinds", "rubbish")), false, "list of kinds is damaged"},
		{"a damaged newest id", changes(put(counterBucket, "all", "rubbish")), false, "newest id is damaged"},
		{"a lost bucket", changes(func(tx *bbolt.Tx) error { return tx.DeleteBucket([]byte(eventBucket)) }), false, "lost its bucket event"},
		{"another process has it", func(t *testing.T, path string) { openAt(t, path, Options{}) }, false, "another process has the file open"},
		{"another process has it, for reading", func(t *testing.T, path string) { openAt(t, path, Options{}) }, true, "another process has the file open"},
		{"nothing there to read", func(*testing.T, string) {}, true, "no such file"},
		{"a directory that is not there", func(t *testing.T, path string) {
			if err := os.Remove(filepath.Dir(path)); err != nil {
				t.Fatal(err)
			}
		}, false, "no such file"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "dir", "rator.db")
			if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			test.make(t, path)
			before, _ := os.ReadFile(path)
			db, err := Open(path, Options{ReadOnly: test.readOnly})
			if err == nil {
				t.Fatal(errors.Join(errors.New("it was opened"), db.Close()))
			}
			if !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), path) {
				t.Errorf("error is %q, want %q and the path in it", err, test.want)
			}
			if after, _ := os.ReadFile(path); string(after) != string(before) {
				t.Error("the file was changed")
			}
			if files, _ := os.ReadDir(filepath.Dir(path)); len(files) > 1 || len(files) == 1 && files[0].Name() != "rator.db" {
				t.Errorf("left behind: %v", files)
			}
		})
	}
}

func TestOpenMakesAFileForTheOwnerOnly(t *testing.T) {
	db := openTest(t, Options{})
	stat, err := os.Stat(db.path)
	if err != nil || stat.Mode().Perm() != 0o600 {
		t.Errorf("mode is %v: %v", stat.Mode(), err)
	}
}

func TestOpenForReading(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rator.db")
	db := openAt(t, path, Options{})
	mustKeep(t, db, "a")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	first, second := openAt(t, path, Options{ReadOnly: true}), openAt(t, path, Options{ReadOnly: true})
	for _, db := range []*DB{first, second} {
		if diff := cmp.Diff([]string{"a"}, kept(t, db)); diff != "" {
			t.Error(diff)
		}
		if err := db.Update(context.Background(), keep("b")); !errors.Is(err, store.ErrReadOnly) || !errors.Is(db.Ready(), store.ErrReadOnly) {
			t.Errorf("error is %v, ready %v", err, db.Ready())
		}
		storetest.Check(t, db)
	}
	if err := errors.Join(first.Close(), second.Close()); err != nil {
		t.Fatal(err)
	}
	after, err := os.ReadFile(path)
	if err != nil || string(after) != string(before) {
		t.Errorf("the file was changed: %v", err)
	}
}

// TestNewStoreHasItsNameWhole: what a machine that stops in between leaves is no
// file of that name, and two who make one at the same time have one between them.
func TestNewStoreHasItsNameWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rator.db")
	if _, err := open(path, Options{}, []store.Info{pets(), pets()}); err == nil { // the second has no place
		t.Fatal("it was made")
	}
	if files, _ := os.ReadDir(filepath.Dir(path)); len(files) != 0 {
		t.Errorf("left behind: %v", files)
	}
	db := openAt(t, path, Options{})
	mustKeep(t, db, "first")
	if err := create(path, Options{}, store.Infos()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"first"}, kept(t, db)); diff != "" {
		t.Error(diff)
	}
}

// TestHold keeps stores from being opened, and lets readers share.
func TestHold(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rator.db")
	if err := openAt(t, path, Options{}).Close(); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		shared, readOnly, opens bool
	}{{false, false, false}, {false, true, false}, {true, false, false}, {true, true, true}} {
		held, err := Hold(path, test.shared)
		if err != nil {
			t.Fatal(err)
		}
		db, err := Open(path, Options{ReadOnly: test.readOnly})
		if (err == nil) != test.opens || err != nil && !errors.Is(err, errHeld) {
			t.Errorf("%+v: %v", test, err)
		}
		if err == nil {
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		}
		if err := held.Close(); err != nil {
			t.Error(err)
		}
	}
	openAt(t, path, Options{})
	if _, err := Hold(path, true); !errors.Is(err, errHeld) {
		t.Errorf("an open store is held: %v", err)
	}
}

// TestReplacedWhileWaiting: who waited for a file that was replaced meanwhile does
// not go on with the one that nobody will see again.
func TestReplacedWhileWaiting(t *testing.T) {
	dir := t.TempDir()
	path, other := filepath.Join(dir, "rator.db"), filepath.Join(dir, "other.db")
	for _, p := range []string{path, other} {
		if err := openAt(t, p, Options{}).Close(); err != nil {
			t.Fatal(err)
		}
	}
	before, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := stillAt(path, before); err != nil {
		t.Error(err)
	}
	if err := Place(other, path, false); !errors.Is(err, os.ErrExist) {
		t.Errorf("it was replaced unasked: %v", err)
	}
	if err := Place(other, path, true); err != nil {
		t.Fatal(err)
	}
	if err := stillAt(path, before); err == nil {
		t.Error("the replaced file counts")
	}
}
