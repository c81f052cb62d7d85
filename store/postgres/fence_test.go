package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"rator/store"
	"rator/store/storetest"
	"rator/suite"
)

// underWay begins a transaction that has a number, does something, and gives what undoes it.
func underWay(t *testing.T, dsn string, does ...string) (end func()) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	for _, sql := range append([]string{"begin", "select pg_current_xact_id()"}, does...) {
		if _, err := conn.Exec(ctx, sql); err != nil {
			t.Fatal(err)
		}
	}
	return sync.OnceFunc(func() { _ = conn.Close(ctx) })
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

// TestFenceIsTold: who holds up events for long is told of, once, whoever it is; how long, one
// may ask at any time.
func TestFenceIsTold(t *testing.T) {
	ours := elsewhere(t, "fence_told")
	var told []Fence
	db := openAt(t, ours, Options{Fenced: func(f Fence) { told = append(told, f) }})
	defer db.Close()
	db.endListening() // the test says when it looks
	look := func() { t.Helper(); db.lookAtFence(t.Context()) }
	none := func() {
		t.Helper()
		until(t, "nobody holds up the events", func() bool { look(); return db.FenceAge() == 0 && db.fence.held.number == "" })
	}
	none()
	for n, who := range []string{ours + "&application_name=long%20report", strings.Replace(ours, "fence_told@", "rator@", 1)} {
		told = nil
		end := underWay(t, who) // of the other one nobody tells us when it began
		defer end()
		look()
		first := db.fence.held
		if first.number == "" || len(told) > 0 {
			t.Errorf("at first: %v, %v", first, told)
		}
		db.fence.held.Since = time.Now().Add(-2 * fenceLong)
		look()
		look()
		if age := db.FenceAge(); len(told) != 1 || told[0].Process != first.Process || age < 2*fenceLong {
			t.Fatalf("after long: %v, for %s", told, age)
		}
		if want := []string{"long report (process ", "somebody (process "}[n]; !strings.HasPrefix(told[0].String(), want) || time.Since(told[0].Since) < 2*fenceLong {
			t.Errorf("%s, want %s", told[0], want)
		}
		end()
		none()
	}
	if f := (Fence{Who: "the prepared transaction x", Since: time.Unix(0, 0)}).String(); f != "the prepared transaction x (prepared 1970-01-01T00:00:00Z)" {
		t.Error(f)
	}
	now := time.Now()
	if db.fence.asked = now; db.fence.due(now.Add(fenceEach-1)) || !db.fence.due(now.Add(fenceEach)) || db.fence.due(now.Add(fenceEach)) {
		t.Error("it looks at other times")
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

// TestFenceOfTwoServers: servers of a store that read in turn from one cursor hear each event
// once, and those of each writer in the order of its commits, whichever server it writes by,
// though one in 20 is tried twice, and others write events meanwhile that the database undoes.
// make soak has 30,000 events.
func TestFenceOfTwoServers(t *testing.T) {
	ctx := t.Context()
	const writers, parts = 16, 5 // an Update tells of 3 on average
	each := min(625, suite.Soak(t, 20, 60))
	place := elsewhere(t, "follow_both")
	dbs := [2]*DB{openAt(t, place, Options{Connections: 8}), openAt(t, place, Options{Connections: 8})}
	defer dbs[0].Close()
	defer dbs[1].Close()
	for w := range writers {
		if err := dbs[0].Update(ctx, func(tx store.Tx) error {
			return storetest.Things.Insert(tx, &storetest.Thing{Name: fmt.Sprint(w)})
		}); err != nil {
			t.Fatal(err)
		}
	}
	meet := func(tx store.Tx, w int, change bool) error { // who reads what another changes
		x, err := storetest.Things.By(tx, "name", fmt.Sprint(w))
		if err == nil && change {
			err = storetest.Things.Put(tx, x)
		}
		return err
	}
	var writing, beside sync.WaitGroup
	var again, undone atomic.Int64
	for w := range writers {
		writing.Go(func() {
			for i := range each {
				tries := 0
				if err := dbs[(w+i)%2].Update(ctx, func(tx store.Tx) (err error) {
					if tries++; (w+i)%20 == 19 {
						err = meet(tx, w, false)
						if err == nil && tries == 1 {
							err = dbs[(w+i+1)%2].Update(ctx, func(tx store.Tx) error { return meet(tx, w, true) })
						}
					}
					for part := range 1 + i%parts {
						err = errors.Join(err, tx.Emit(store.Event{Topic: "t", Body: fmt.Appendf(nil, `"%d %d %d"`, w, i, part)}))
					}
					return err
				}); err != nil {
					t.Error(err)
				}
				again.Add(int64(tries - 1))
			}
		})
	}
	written := make(chan struct{})
	event := "insert into " + dbs[0].schema.table("event") + ` values (pg_current_xact_id(),1,1,now(),'t','',0,'','"0 0 0"',0)`
	beside.Go(func() { // others hold the fence for a moment, and what they write is undone
		for {
			end := underWay(t, place, event)
			undone.Add(1)
			select {
			case <-written:
				end()
				return
			case <-time.After(5 * time.Millisecond):
				end()
			}
		}
	})
	go func() { writing.Wait(); close(written) }()

	heard, cursor, last, turns := 0, int64(0), map[int]int{}, 0
	follow := func() {
		turns++
		if err := dbs[turns%2].View(ctx, func(tx store.Tx) error {
			events, err := tx.EventsAfter(cursor, 100)
			for _, e := range events {
				var w, i, part int
				if _, err := fmt.Sscanf(string(e.Body), `"%d %d %d"`, &w, &i, &part); err != nil {
					return err
				}
				if this := i*parts + part + 1; e.Cursor <= cursor || this <= last[w] {
					t.Errorf("event %d of writer %d, which is %d, comes after %d, which is %d", e.Cursor, w, this, cursor, last[w])
				} else {
					cursor, last[w] = e.Cursor, this
				}
				heard++
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
	beside.Wait()
	if err := dbs[0].WaitForEvents(ctx, time.Minute); err != nil {
		t.Error(err)
	}
	for at := int64(-1); at != cursor; {
		at = cursor
		follow()
	}
	all := 0
	for i := range each {
		all += writers * (1 + i%parts)
	}
	if heard != all {
		t.Errorf("of %d events %d were heard", all, heard)
	}
	if again.Load() == 0 {
		t.Error("nothing was tried twice")
	}
	t.Logf("%d events heard in %d turns; %d transactions were tried again, %d undone", heard, turns, again.Load(), undone.Load())
}
