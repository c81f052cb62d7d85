package postgres

import (
	"context"
	"errors"
	"sync"
	"testing"

	"rator/failure"
	"rator/store"
	"rator/store/postgres/cluster"
	"rator/store/storetest"
	"rator/suite"
)

// TestSwitchOver: when the primary is killed while callers write, and its synchronous standby
// promoted, nothing that was acknowledged is lost or done twice, and callers hear of the rest
// that they may come again; the store goes on with who takes writes now.
func TestSwitchOver(t *testing.T) {
	for range suite.Rounds(t, 1, 4) {
		p := newPair(t, "synchronous_standby_names=*")
		db := openAt(t, p.both(), Options{Connections: 8, Read: p.standby.DSN("postgres")})
		const callers, before, after = 6, 40, 40
		due := make(chan struct{})
		begin := sync.OnceFunc(func() { close(due) })
		var l ledger
		l.acknowledged = func(n int) {
			if n == before {
				begin()
			}
		}
		l.open(t, db)
		switched := make(chan struct{})
		go func() {
			defer close(switched)
			<-due
			if err := errors.Join(p.primary.Kill(), p.standby.Promote()); err != nil {
				t.Error(err)
			}
		}()
		l.calls(t, db, callers, (before+after)/callers)
		begin() // where fewer were acknowledged
		<-switched
		until(t, "it is ready", func() bool { return db.Ready() == nil })
		l.check(t, db)
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestCommitOfThePrimaryAlone: a commit that waits for the standby and whose backend is ended
// is on the primary alone. It is not acknowledged before a standby has it: so it is not lost
// with the primary.
func TestCommitOfThePrimaryAlone(t *testing.T) {
	p := newPair(t, "synchronous_standby_names=*")
	db := openAt(t, p.both(), Options{})
	defer db.Close()
	insertThing(t, db, "first") // takes ids
	if err := p.standby.Kill(); err != nil {
		t.Fatal(err)
	}
	until(t, "the standby takes nothing more", func() bool { return on(t, p.primary, "select count(*)::text from pg_stat_replication") == "0" })
	ended := make(chan error, 1)
	go func() {
		ended <- db.Update(context.Background(), func(tx store.Tx) error {
			return storetest.Things.Insert(tx, &storetest.Thing{Name: "alone"})
		})
	}()
	const waiting = "select coalesce(min(pid),0)::text from pg_stat_activity where application_name='rator' and wait_event='SyncRep'"
	first := ""
	until(t, "a commit waits for the standby", func() bool { first = on(t, p.primary, waiting); return first != "0" })
	on(t, p.primary, "select pg_terminate_backend("+first+")::text")
	until(t, "the question what became of it waits for the standby", func() bool {
		now := on(t, p.primary, waiting)
		return now != "0" && now != first || len(ended) > 0
	})
	if len(ended) > 0 {
		t.Fatalf("it was acknowledged while no standby had it: %v", <-ended)
	}
	if err := p.primary.Kill(); err != nil {
		t.Fatal(err)
	}
	standby, err := cluster.Start(p.dirs[1], cluster.Options{Settings: ofPair})
	if err != nil {
		t.Fatal(err)
	}
	p.standby = standby
	if err := p.standby.Promote(); err != nil {
		t.Fatal(err)
	}
	err = <-ended
	until(t, "it is ready", func() bool { return db.Ready() == nil })
	found := 0
	if err := db.View(context.Background(), func(tx store.Tx) (err error) {
		found, err = named(tx, "alone")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	switch {
	case err == nil && found != 1, err != nil && failure.CodeOf(err) == failure.TryAgain && found != 0:
		t.Errorf("%d are there of what was answered with %v", found, err)
	case err != nil && failure.CodeOf(err) != failure.TryAgain && !errors.Is(err, store.ErrOutcomeUnknown):
		t.Error(err)
	}
	t.Logf("it was answered with %v", err)
}
