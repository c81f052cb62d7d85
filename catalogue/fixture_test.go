package catalogue_test

import (
	"context"
	"path/filepath"
	"testing"

	"rator/catalogue"
	"rator/failure"
	"rator/store"
	"rator/store/bolt"
)

// open gives an empty store, which must verify at the end of the test.
func open(t *testing.T) store.Store {
	t.Helper()
	s, err := bolt.Open(filepath.Join(t.TempDir(), "test.db"), bolt.Options{Unsynced: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := s.Verify(context.Background(), func(err error) { t.Error(err) }); err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// openDemo gives a store with the demo catalogue.
func openDemo(t *testing.T) store.Store {
	t.Helper()
	s := open(t)
	importFile(t, s, string(catalogue.Demo()))
	return s
}

func load(t *testing.T, src string) *catalogue.File {
	t.Helper()
	f, mistakes := catalogue.Load("test.toml", []byte(src))
	for _, m := range mistakes {
		t.Error(m)
	}
	if len(mistakes) > 0 {
		t.FailNow()
	}
	return f
}

func importFile(t *testing.T, s store.Store, src string) catalogue.Changes {
	t.Helper()
	var changes catalogue.Changes
	f := load(t, src)
	update(t, s, func(tx store.Tx) (err error) {
		changes, err = catalogue.Import(tx, f)
		return err
	})
	return changes
}

func update(t *testing.T, s store.Store, fn func(store.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func view(t *testing.T, s store.Store, fn func(store.Tx) error) {
	t.Helper()
	if err := s.View(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func brand(t *testing.T, tx store.Tx, key string) *catalogue.Brand {
	t.Helper()
	b, err := catalogue.BrandByKey(tx, key)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func wantCode(t *testing.T, what string, err error, want *failure.Code) {
	t.Helper()
	if failure.CodeOf(err) != want {
		t.Errorf("%s: error %v, want %s", what, err, want.Name)
	}
}
