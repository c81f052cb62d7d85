package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"rator/store"
	"rator/store/postgres/cluster"
	"rator/store/storetest"
	"rator/suite"
)

// pair is a server and its standby.
type pair struct {
	*testing.T
	dirs             [2]string
	primary, standby *cluster.Cluster
}

var ofPair = []string{"shared_buffers=32MB", "wal_keep_size=256MB"}

func newPair(t *testing.T, settings ...string) *pair {
	t.Helper()
	if _, err := cluster.Programs(); err != nil {
		suite.Missing(t, err.Error())
	}
	p := &pair{T: t}
	for i := range p.dirs {
		dir, err := os.MkdirTemp("", "rator-pg")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.RemoveAll(dir) }) // what is left of it does no harm
		p.dirs[i] = dir
	}
	var err error
	if p.primary, err = cluster.Start(p.dirs[0], cluster.Options{Settings: append(settings, ofPair...)}); err != nil {
		t.Fatal(err)
	}
	p.startStandby()
	t.Cleanup(func() {
		if err := errors.Join(p.standby.Stop(), p.primary.Stop()); err != nil {
			t.Error(err)
		}
	})
	return p
}

func (p *pair) startStandby() {
	p.Helper()
	var err error
	if p.standby, err = cluster.StartStandby(p.dirs[1], p.primary, cluster.Options{Settings: ofPair}); err != nil {
		p.Fatal(err)
	}
}

// both is the address of who of the two takes writes.
func (p *pair) both() string { return p.primary.DSN("postgres", p.standby) }

// on runs a statement on a server.
func on(t *testing.T, c *cluster.Cluster, sql string) (first string) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, c.DSN("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	rows, err := conn.Query(ctx, sql)
	if err == nil {
		var all []string
		if all, err = pgx.CollectRows(rows, pgx.RowTo[string]); len(all) > 0 {
			first = all[0]
		}
	}
	if err != nil {
		t.Fatal(sql, err)
	}
	return first
}

// TestStandbyIsRefused: a standby is no place for a store, and both addresses lead to the
// primary.
func TestStandbyIsRefused(t *testing.T) {
	p := newPair(t)
	ctx := context.Background()
	if _, err := Open(ctx, p.standby.DSN("postgres"), Options{}); err == nil || !strings.Contains(err.Error(), errStandby.Error()) {
		t.Errorf("a standby: %v", err)
	}
	db := openAt(t, p.standby.DSN("postgres", p.primary), Options{})
	if err := errors.Join(db.Update(ctx, emit), db.Close()); err != nil {
		t.Error(err)
	}
	for lag, want := range map[time.Duration]string{leastLag - 1: "say at least 500ms", leastLag: ""} {
		db, err := Open(ctx, p.both(), Options{Read: p.standby.DSN("postgres"), ReadLag: lag})
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("a lag of %s: %v", lag, err)
		}
		if err == nil {
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

// lagging has Views run that may be behind, and sees where they do.
type lagging struct {
	*testing.T
	*DB
	mu   sync.Mutex
	done []Done  // of Views
	told []error // of the standby
}

func newLagging(p *pair, o Options) *lagging {
	p.Helper()
	r := &lagging{T: p.T}
	o.Read = p.standby.DSN("postgres")
	o.Observe = func(d Done) {
		r.mu.Lock()
		defer r.mu.Unlock()
		if !d.Update {
			r.done = append(r.done, d)
		}
	}
	o.Standby = func(err error) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.told = append(r.told, err)
	}
	r.DB = openAt(p.T, p.both(), o)
	return r
}

// view says where a View ran, and whether it saw a thing.
func (r *lagging) view(name string) (where string, sees bool) {
	r.Helper()
	r.reads(store.Behind(context.Background()), func(tx store.Tx) error {
		found, err := named(tx, name)
		sees = found == 1
		return err
	})
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.done[len(r.done)-1].Read, sees
}

// named is how many things have a name.
func named(tx store.Tx, name string) (int, error) {
	found, err := tx.Find(storetest.Things.Name(), "name", name, 0, 10)
	return len(found), err
}

func (r *lagging) reads(ctx context.Context, fn func(store.Tx) error) {
	r.Helper()
	if err := r.View(ctx, fn); err != nil {
		r.Fatal(err)
	}
}

// follows waits until Views run on the standby.
func (r *lagging) follows() {
	r.Helper()
	until(r.T, "a View runs on the standby", func() bool {
		where, _ := r.view("")
		return where == onStandby
	})
}

func insertThing(t *testing.T, db *DB, name string) {
	t.Helper()
	if err := db.Update(context.Background(), func(tx store.Tx) error {
		return errors.Join(storetest.Things.Insert(tx, &storetest.Thing{Name: name}), emit(tx))
	}); err != nil {
		t.Fatal(err)
	}
}

// TestViewsOnStandby: Views that may be behind run on the standby while that follows, and
// never see what is older than they may, or lacks what the process wrote.
func TestViewsOnStandby(t *testing.T) {
	p := newPair(t)
	const lag = time.Second
	r := newLagging(p, Options{ReadLag: lag})
	defer r.Close()
	other := openAt(t, p.both(), Options{})
	defer other.Close()
	insertThing(t, r.DB, "first")
	r.follows()
	if _, sees := r.view("first"); !sees {
		t.Error("the first is not seen")
	}
	r.reads(context.Background(), func(tx store.Tx) error { _, err := named(tx, "first"); return err })
	if where := r.done[len(r.done)-1].Read; where != "" {
		t.Errorf("a View that may not be behind ran on the %s", where)
	}
	events := 0
	r.reads(store.Behind(context.Background()), func(tx store.Tx) error {
		_, err := named(tx, "first")
		if err != nil {
			return err
		}
		found, err := tx.EventsAfter(0, 10)
		events = len(found)
		return err
	})
	if events != 1 {
		t.Errorf("%d events", events)
	}
	if where := r.done[len(r.done)-1].Read; where != onPrimary {
		t.Errorf("events were read on the %s", where)
	}

	on(t, p.standby, "select pg_wal_replay_pause()::text")
	until(t, "replay is paused", func() bool { return on(t, p.standby, "select pg_get_wal_replay_pause_state()") == "paused" })
	insertThing(t, r.DB, "own")
	if where, sees := r.view("own"); !sees || where != onPrimary {
		t.Errorf("on the %s it does not see what the process wrote", where)
	}
	insertThing(t, other, "other's")
	acknowledged := time.Now()
	for {
		begun := time.Now()
		where, sees := r.view("other's")
		if must := begun.Sub(acknowledged) > lag; must {
			if !sees || where != onPrimary {
				t.Errorf("on the %s it does not see what was written %s ago", where, begun.Sub(acknowledged))
			}
			break
		}
	}
	on(t, p.standby, "select pg_wal_replay_resume()::text")
	r.follows()
	if _, sees := r.view("other's"); !sees {
		t.Error("it does not see what was written meanwhile")
	}
}

// TestStandbyIsAway: a View whose standby fails it, or is not there, runs on the primary, and
// on the standby again once that is back.
func TestStandbyIsAway(t *testing.T) {
	p := newPair(t)
	r := newLagging(p, Options{})
	defer r.Close()
	insertThing(t, r.DB, "first")
	r.follows()

	runs := 0
	until(t, "a View that was ended runs again", func() bool {
		runs = 0
		r.reads(store.Behind(context.Background()), func(tx store.Tx) error {
			runs++
			if _, err := named(tx, "none"); err != nil {
				return err
			}
			if runs == 1 { // as what is in the way of what is replayed
				on(t, p.standby, "select pg_terminate_backend(pid)::text from pg_stat_activity where application_name='rator' and xact_start is not null")
			}
			found, err := named(tx, "first")
			if err == nil && found != 1 {
				t.Errorf("%d things are found", found)
			}
			return err
		})
		return runs == 2
	})
	if where := r.done[len(r.done)-1].Read; where != onPrimary {
		t.Errorf("a View that was ended runs again on the %s", where)
	}
	r.follows()

	if err := p.standby.Kill(); err != nil {
		t.Fatal(err)
	}
	tells := func(away bool) func() bool { // it may have told before of a slow machine
		return func() bool {
			r.mu.Lock()
			defer r.mu.Unlock()
			return len(r.told) > 0 && (r.told[len(r.told)-1] != nil) == away
		}
	}
	until(t, "Views run on the primary", func() bool { // one of its processes may be there yet
		where, sees := r.view("first")
		return where == onPrimary && sees
	})
	until(t, "it is told that the standby is away", tells(true))
	p.startStandby()
	until(t, "it is told that the standby is there", tells(false))
	r.follows()
	until(t, "the store is ready", func() bool { return r.Ready() == nil })
}

// TestOwnWritesOnStandby: whoever was told that his is written sees it, however many write.
func TestOwnWritesOnStandby(t *testing.T) {
	p := newPair(t, "synchronous_standby_names=*", "synchronous_commit=remote_apply")
	r := newLagging(p, Options{ReadLag: time.Minute})
	defer r.Close()
	insertThing(t, r.DB, "first")
	r.follows()
	r.done = nil
	var all sync.WaitGroup
	for caller := range 6 {
		all.Go(func() {
			for n := range 15 {
				name := fmt.Sprint(caller, "-", n)
				insertThing(t, r.DB, name)
				if where, sees := r.view(name); !sees {
					t.Errorf("%s is not seen, perhaps on the %s", name, where)
				}
			}
		})
	}
	all.Wait()
	where := map[string]int{}
	for _, d := range r.done {
		where[d.Read]++
	}
	if t.Logf("views: %v", where); where[onStandby] == 0 {
		t.Errorf("no View ran on the standby, which has it all")
	}
}

// TestNeeds: a state must have what the process was told of, and something that is not older
// than it may be.
func TestNeeds(t *testing.T) {
	zero := time.Now()
	at := func(n int) time.Time { return zero.Add(time.Duration(n) * time.Millisecond) }
	own := func(witness int64, sent, done int) mark {
		return mark{witness: witness, sent: at(sent), done: at(done)}
	}
	pulse := func(witness int64, sent, done int) mark {
		return mark{witness: witness, sent: at(sent), done: at(done), pulse: true}
	}
	for _, c := range []struct {
		what  string
		marks []mark // by when they were acknowledged
		at    int
		want  []int64
	}{
		{"nothing is known", nil, 0, nil},
		{"nothing is new enough", []mark{own(1, 0, 10), pulse(2, 50, 60)}, 1100, nil},
		{"the oldest that will do", []mark{pulse(1, 0, 10), pulse(2, 250, 260), pulse(3, 500, 510)}, 1100, []int64{2}},
		{"and all own since", []mark{pulse(1, 0, 10), own(2, 90, 100), pulse(3, 500, 510), own(4, 95, 520)}, 1200, []int64{3, 4}},
		{"the last own, and all that came beside it", []mark{pulse(1, 0, 10), own(2, 20, 30), own(3, 25, 40), own(5, 50, 90), own(4, 60, 80), pulse(6, 100, 110)}, 120, []int64{4, 5}},
		{"an own that took long", []mark{pulse(1, 900, 910), own(2, 0, 920)}, 1500, []int64{1, 2}},
	} {
		s := &standby{lag: time.Second, marks: c.marks}
		if got := s.needsAt(at(c.at)); fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: %v, want %v", c.what, got, c.want)
		}
	}
	away := &standby{lag: time.Second, marks: []mark{pulse(1, 0, 10)}, away: errBehind}
	if got := away.needsAt(at(20)); got != nil {
		t.Errorf("of a standby that is away: %v", got)
	}
}
