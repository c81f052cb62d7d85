package postgres

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"rator/store"
)

// underWay begins a transaction that has a number, and gives what ends it.
func underWay(t *testing.T, dsn string) (end func()) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{"begin", "select pg_current_xact_id()"} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			t.Fatal(err)
		}
	}
	return sync.OnceFunc(func() { _ = conn.Close(ctx) }) // which undoes it
}

// elsewhere is a place in a database of its own, and its owner, who may do nothing more.
func elsewhere(t *testing.T, database string) string {
	t.Helper()
	here := dsn(t, t.TempDir())
	run(t, here, "drop database if exists "+database+" with (force)", "drop role if exists "+database,
		"create role "+database+" login", "create database "+database+" owner "+database)
	return strings.NewReplacer("rator@", database+"@", "/postgres?", "/"+database+"?").Replace(here)
}

// seen is how many events a store tells.
func seen(t *testing.T, db *DB) (n int) {
	t.Helper()
	if err := db.View(context.Background(), func(tx store.Tx) error {
		events, err := tx.EventsAfter(0, 1000)
		n = len(events)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

func emit(tx store.Tx) error { return tx.Emit(store.Event{Topic: "t", Body: []byte(`{}`)}) }

// TestFence: events wait for transactions of their database that began before theirs, and
// for nobody else's.
func TestFence(t *testing.T) {
	ctx := context.Background()
	ours := elsewhere(t, "fence_ours")
	db := openAt(t, ours, Options{})
	defer db.Close()
	defer underWay(t, elsewhere(t, "fence_theirs"))()
	if err := db.Update(ctx, emit); err != nil {
		t.Fatal(err)
	}
	if err := db.WaitForEvents(ctx, 0); err != nil || seen(t, db) != 1 {
		t.Errorf("beside another database %d events are seen: %v", seen(t, db), err)
	}
	end := underWay(t, ours)
	defer end()
	if err := db.Update(ctx, emit); err != nil {
		t.Fatal(err)
	}
	err := db.WaitForEvents(ctx, 0)
	if err == nil || !strings.Contains(err.Error(), "1 events are still behind the fence") || !strings.Contains(err.Error(), "(process ") || seen(t, db) != 1 {
		t.Errorf("behind an older transaction %d events are seen: %v", seen(t, db), err)
	}
	end()
	if err := db.WaitForEvents(ctx, time.Minute); err != nil || seen(t, db) != 2 {
		t.Errorf("after it %d events are seen: %v", seen(t, db), err)
	}
}

// TestFenceLosesNothing: who follows the events of a store hears each once, in order, however
// many write there and in another database meanwhile.
func TestFenceLosesNothing(t *testing.T) {
	ctx := context.Background()
	const writers, each, large = 6, 40, 300 // every other writer's transactions are large, and take their time
	places := []string{elsewhere(t, "follow_ours"), elsewhere(t, "follow_theirs")}
	var dbs []*DB
	for _, place := range places {
		db := openAt(t, place, Options{Connections: 8})
		defer db.Close()
		dbs = append(dbs, db)
	}
	var writing sync.WaitGroup
	for n := range writers * len(dbs) {
		writing.Go(func() {
			for i := range each {
				err := dbs[n%len(dbs)].Update(ctx, func(tx store.Tx) error {
					for part := range 1 + n/len(dbs)%2*(large-1) {
						if err := tx.Emit(store.Event{Topic: "t", Body: fmt.Appendf(nil, `"%d %d %d"`, n, i, part)}); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	written := make(chan struct{})
	go func() { writing.Wait(); close(written) }()
	heard, cursor := map[string]int{}, int64(0)
	follow := func() {
		if err := dbs[0].View(ctx, func(tx store.Tx) error {
			events, err := tx.EventsAfter(cursor, 1000)
			for _, e := range events {
				heard[string(e.Body)]++
				cursor = e.Cursor
			}
			return err
		}); err != nil {
			t.Error(err)
		}
	}
	for over := false; !over; {
		select {
		case <-written:
			over = true
		default:
			follow()
		}
	}
	if err := dbs[0].WaitForEvents(ctx, time.Minute); err != nil {
		t.Error(err)
	}
	for last := int64(-1); last != cursor; {
		last = cursor
		follow()
	}
	if all := writers / 2 * each * (1 + large); len(heard) != all {
		t.Errorf("of %d events %d were heard", all, len(heard))
	}
	for what, times := range heard {
		if times != 1 {
			t.Errorf("%s was heard %d times", what, times)
		}
	}
}
