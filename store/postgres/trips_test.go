package postgres

import (
	"context"
	"errors"
	"testing"
	"time"

	"rator/store"
	"rator/store/storetest"
)

// TestTrips: how often a transaction goes to the database and back.
func TestTrips(t *testing.T) {
	var done Done
	now := time.Now() // ids of another second are another trip
	db := openTest(t, t.TempDir(), Options{Observe: func(d Done) { done = d }, Now: func() time.Time { return now }})
	defer db.Close()
	db.endListening()
	ctx := context.Background()
	thing := func(name string) *storetest.Thing { return &storetest.Thing{Name: name, Number: name, Group: "g"} }
	insert := func(tx store.Tx, name string) error { return storetest.Things.Insert(tx, thing(name)) }
	if err := db.Update(ctx, func(tx store.Tx) error { return insert(tx, "first") }); err != nil { // takes ids
		t.Fatal(err)
	}
	if err := db.Update(ctx, func(tx store.Tx) error { return storetest.Steadies.Insert(tx, &storetest.Steady{Name: "steady"}) }); err != nil {
		t.Fatal(err)
	}
	steady := func(tx store.Tx) error { _, err := storetest.Steadies.By(tx, "name", "steady"); return err }
	first := func(tx store.Tx) (x *storetest.Thing, err error) { return storetest.Things.By(tx, "name", "first") }
	asks := []store.Ask{{Kind: storetest.Things.Name(), Index: "group", Value: "g", Limit: 9}, {Kind: storetest.Things.Name(), Index: "name", Value: "first", Limit: 1}}
	for _, c := range []struct {
		what              string
		update            bool
		fn                func(tx store.Tx) error
		trips, statements int
	}{
		{"an insert", true, func(tx store.Tx) error { return insert(tx, "a") }, 1, 2},
		{"two, and events", true, func(tx store.Tx) error {
			for _, name := range []string{"b", "c"} {
				if err := insert(tx, name); err != nil {
					return err
				}
				if err := tx.Emit(store.Event{Topic: "t", Body: []byte(`{}`)}); err != nil {
					return err
				}
			}
			return nil
		}, 1, 2},
		{"a change of what was read", true, func(tx store.Tx) error {
			x, err := first(tx)
			if err != nil {
				return err
			}
			return storetest.Things.Put(tx, x)
		}, 2, 3},
		{"what was told ahead", false, func(tx store.Tx) error {
			kind := storetest.Things.Name()
			err := tx.Ahead(store.Ahead{Asks: asks, Counts: []string{kind}, Pages: []store.Page{{Kind: kind, Limit: 2}, {Kind: kind, Index: "group", Prefix: "g", Limit: 2}}})
			if err != nil {
				return err
			}
			_, many := tx.FindMany(asks)
			_, found := first(tx)
			_, scanned := tx.Scan(kind, 0, 2)
			_, _, ranged := tx.Range(kind, "group", "g", nil, 2)
			n, counted := tx.Count(kind)
			if n != 4 {
				t.Errorf("%d things", n)
			}
			return errors.Join(many, found, scanned, ranged, counted)
		}, 1, 6},
		{"questions that are alike", false, func(tx store.Tx) error {
			found, err := tx.FindMany([]store.Ask{asks[0], asks[1], {Kind: asks[1].Kind, Index: "name", Value: "b", Limit: 1}, {Kind: asks[0].Kind, Index: "group", Value: "g", Newest: true, Limit: 2}, {Kind: asks[0].Kind, Index: "group", Value: "h", Newest: true, Limit: 2}})
			if err == nil && (len(found[0]) != 4 || len(found[1]) != 1 || len(found[2]) != 1 || found[1][0].ID == found[2][0].ID || len(found[3]) != 2 || found[3][0].ID < found[3][1].ID || len(found[4]) != 0) {
				t.Errorf("found %v", found)
			}
			return err
		}, 1, 4},
		{"many questions at once", true, func(tx store.Tx) error { _, err := tx.FindMany(asks); return err }, 1, 2},
		{"stable kinds, first", true, steady, 2, 4},
		{"stable kinds", true, steady, 1, 2},
		{"a view of many", false, func(tx store.Tx) error { _, err := tx.FindMany(asks); return err }, 1, 3},
		{"a view of what is stable", false, steady, 1, 2},
		{"nothing", true, func(store.Tx) error { return nil }, 0, 0},
	} {
		run := db.View
		if c.update {
			run = db.Update
		}
		if err := run(ctx, c.fn); err != nil {
			t.Fatal(c.what, err)
		}
		if done.Trips != c.trips || done.Statements != c.statements || done.Retries != 0 {
			t.Errorf("%s: %d trips, %d statements, %d retries; want %d trips, %d statements", c.what, done.Trips, done.Statements, done.Retries, c.trips, c.statements)
		}
	}
}
