package hub

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"rator/event/delivery"
	"rator/store"
	"rator/store/bolt"
)

// looked counts looks at a store, which in a database are trips.
type looked struct {
	store.Store
	views int
}

func (l *looked) View(ctx context.Context, fn func(store.Tx) error) error {
	l.views++
	return l.Store.View(ctx, fn)
}

// TestDueWithoutHubs: a server that has nobody to tell does not look at the store to find out.
func TestDueWithoutHubs(t *testing.T) {
	st, err := bolt.Open(filepath.Join(t.TempDir(), "store.db"), bolt.Options{Unsynced: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	l := &looked{Store: st}
	hubs, err := New(Config{Store: l})
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		is    string
		state delivery.State // of one more hub; "" = none
		views int
	}{{"no hub", "", 0}, {"a suspended one", delivery.Suspended, 0}, {"an active one", delivery.Active, 1}} {
		if step.state != "" {
			n := &Hub{Callback: "http://127.0.0.1/", Standing: delivery.Standing{State: step.state}}
			if err := st.Update(t.Context(), func(tx store.Tx) error { return registered(tx, n) }); err != nil {
				t.Fatal(err)
			}
		}
		due, err := listeners{hubs}.Due(t.Context(), time.Now(), func(store.ID) bool { return false })
		if err != nil || len(due) != 0 {
			t.Errorf("%s: %v is due, %v", step.is, due, err)
		}
		if l.views != step.views {
			t.Errorf("%s: the store was looked at %d times, not %d", step.is, l.views, step.views)
		}
	}
}

// registered keeps a hub as it is.
func registered(tx store.Tx, h *Hub) error { return hubs.Insert(tx, h) }
