package postgres

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rator/store"
	"rator/store/bolt"
	"rator/store/storetest"
	"rator/store/transfer"
)

// fillFrom fills a schema from a store until the context ends.
func fillFrom(ctx context.Context, t *testing.T, from transfer.Source, dsn string) (said []string, err error) {
	t.Helper()
	var to *Fill
	until(t, "nobody fills it any more", func() bool {
		to, err = OpenFill(t.Context(), dsn, Options{})
		return err == nil || !strings.Contains(err.Error(), "another process is filling it")
	})
	if err != nil {
		return nil, err
	}
	_, err = transfer.Copy(ctx, from, to, func(text string) { said = append(said, text) })
	return said, errors.Join(err, to.Close())
}

// TestFill: a schema that is filled from a file is the store that the file is, and one that is
// filled from it too; until then nobody opens it, and a run that ended in the middle is gone
// on with.
func TestFill(t *testing.T) {
	file, err := bolt.Open(filepath.Join(t.TempDir(), "store.db"), bolt.Options{Unsynced: true})
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	storetest.Fill(t, file)
	here, there := dsn(t, t.TempDir()), dsn(t, t.TempDir())
	ended, end := context.WithCancel(t.Context())
	_, err = fillFrom(store.Telling(ended, func(p store.Progress) {
		if p.Of == "events" {
			end()
		}
	}), t, file, here)
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("it was ended: %v", err)
	}
	if _, err := Open(t.Context(), here, Options{}); err == nil || !strings.Contains(err.Error(), "run that again") {
		t.Errorf("half a store opens: %v", err)
	}
	if said, err := fillFrom(t.Context(), t, file, here); err != nil || !slices.Contains(said, "storetest_thing: is whole already") {
		t.Fatalf("it does not go on: %v, %q", err, said)
	}
	if _, err := fillFrom(t.Context(), t, file, here); err == nil || !strings.Contains(err.Error(), "there is a store already") {
		t.Errorf("a store is filled: %v", err)
	}
	db := openAt(t, here, Options{})
	defer db.Close()
	storetest.Check(t, db)
	storetest.Same(t, file, db)
	if _, err := fillFrom(t.Context(), t, db, there); err != nil {
		t.Fatal(err)
	}
	other := openAt(t, there, Options{})
	defer other.Close()
	storetest.Check(t, other)
	storetest.Same(t, db, other)
}

// TestEventsOfElsewhereComeFirst: events have cursors above those that came from a database
// that counted farther, and are given at once.
func TestEventsOfElsewhereComeFirst(t *testing.T) {
	here, there := dsn(t, t.TempDir()), dsn(t, t.TempDir())
	from := filled(t, here)
	defer from.Close()
	far := int64(1) << 32
	run(t, here, "update "+from.schema.table("event")+" set xid=(xid::text::bigint+"+"4294967296"+")::text::xid8")
	if _, err := fillFrom(t.Context(), t, from, there); err != nil {
		t.Fatal(err)
	}
	db := openAt(t, there, Options{})
	defer db.Close()
	again := openAt(t, here, Options{})
	defer again.Close()
	storetest.Same(t, again, db)
	if err := db.Update(t.Context(), func(tx store.Tx) error { return tx.Emit(store.Event{Topic: "new"}) }); err != nil {
		t.Fatal(err)
	}
	err := db.View(t.Context(), func(tx store.Tx) error {
		events, err := tx.EventsAfter(0, 1000)
		if err != nil {
			return err
		}
		for n, e := range events {
			if n > 0 && e.Cursor <= events[n-1].Cursor {
				t.Errorf("cursor %d comes after %d", e.Cursor, events[n-1].Cursor)
			}
		}
		if last := events[len(events)-1]; last.Topic != "new" || last.Cursor < far*perTransaction {
			t.Errorf("the last event is %+v", last)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
