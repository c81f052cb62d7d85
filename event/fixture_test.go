package event_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rator/event"
	"rator/store"
	"rator/store/bolt"
	"rator/store/postgres"
	"rator/store/postgres/clustertest"
)

// The topics of the tests.
var (
	opened = event.Declare("door.opened", "a door was opened", "DOOR_ID",
		event.Key{Name: "DOOR_ID", Type: event.OfID, Desc: "The door."},
		event.Key{Name: "ROOM_ID", Type: event.OfID, Desc: "Where it leads."},
		event.Key{Name: "WHO", Type: event.OfText, Desc: "By whom."})
	_   = event.Declare("door.shut", "a door was shut", "DOOR_ID", event.Key{Name: "DOOR_ID", Type: event.OfID, Desc: "The door."})
	_   = event.Declare("gate.door.opened", "a gate was opened", "DOOR_ID", event.Key{Name: "DOOR_ID", Type: event.OfID, Desc: "The gate."})
	cut = event.Declare("door.key", "a key was cut", "DOOR_ID",
		event.Key{Name: "DOOR_ID", Type: event.OfID, Desc: "The door."},
		event.Key{Name: "CODE", Type: event.OfText, Desc: "Opens it.", Secret: true, Life: time.Minute},
		event.Key{Name: "WHO", Type: event.OfText, Desc: "Of whom."})
)

// begins is when the clock of a house begins.
var begins = time.Date(2026, 5, 2, 10, 11, 12, 0, time.UTC)

// house is a store with a clock that goes on by a second with every transaction.
type house struct {
	store.Store
	t   *testing.T
	now time.Time
}

func open(t *testing.T) *house {
	t.Helper()
	return openAs(t, func(now func() time.Time) (store.Store, error) {
		return bolt.Open(filepath.Join(t.TempDir(), "rator.db"), bolt.Options{Unsynced: true, Now: now})
	})
}

// openDatabase is open in a database.
func openDatabase(t *testing.T) *house {
	t.Helper()
	dsn := clustertest.Shared(t).DSN("postgres") + "&search_path=" + strings.ToLower(t.Name())
	return openAs(t, func(now func() time.Time) (store.Store, error) {
		return postgres.Open(t.Context(), dsn, postgres.Options{Now: now})
	})
}

func openAs(t *testing.T, opened func(now func() time.Time) (store.Store, error)) *house {
	t.Helper()
	h := &house{t: t, now: begins.Add(-time.Second)}
	st, err := opened(func() time.Time { return h.now })
	if err != nil {
		t.Fatal(err)
	}
	h.Store = st
	t.Cleanup(func() {
		if _, err := st.Verify(context.Background(), func(fault error) { t.Error(fault) }); err != nil {
			t.Error(err)
		}
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}

func (h *house) update(fn func(store.Tx) error) {
	h.t.Helper()
	h.now = h.now.Add(time.Second)
	if err := h.Update(h.t.Context(), fn); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) view(fn func(store.Tx) error) {
	h.t.Helper()
	if err := h.View(h.t.Context(), fn); err != nil {
		h.t.Fatal(err)
	}
}

// opens emits n events, each in a transaction, of the brands A, B and none in turn and of
// the accounts 7 and 8.
func (h *house) opens(n int) {
	h.t.Helper()
	for i := range n {
		h.update(func(tx store.Tx) error {
			return opened.Emit(tx, event.Whose{Brand: []string{"A", "B", ""}[i%3], Account: store.ID(7 + i%2)},
				event.ID("DOOR_ID", store.ID(i+1)), event.Text("WHO", fmt.Sprint("p", i+1)))
		})
	}
}
