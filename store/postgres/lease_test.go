package postgres

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// until waits until something is so.
func until(t *testing.T, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !so(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not so after a minute: %s", what)
		}
	}
}

// TestLease: one has the lease, another is told who; whose connection is lost is not ready
// until it has it again.
func TestLease(t *testing.T) {
	here, ctx := dsn(t, t.TempDir()), context.Background()
	one := openAt(t, here, Options{Lease: "serve", Name: "the first"})
	if err := one.Ready(); err != nil {
		t.Error(err)
	}
	other := openAt(t, here, Options{}) // who wants no lease is let in
	if err := other.Close(); err != nil {
		t.Error(err)
	}
	held := &HeldError{}
	if db, err := Open(ctx, here, Options{Lease: "serve"}); !errors.As(err, &held) || held.Who != "the first" || held.Since.IsZero() {
		t.Fatalf("a second one: %v, %v", db, err)
	}
	if who, err := HolderOf(ctx, here, "serve"); err != nil || who == nil || who.Who != "the first" {
		t.Errorf("%v, %v", who, err)
	}
	// Its connection is lost, and somebody else has the lock.
	thief, err := takeLeaseAfter(t, here, one)
	if err != nil {
		t.Fatal(err)
	}
	until(t, "another one has the lease", func() bool {
		err := one.Ready()
		return err != nil && strings.Contains(err.Error(), "another server serves it: a thief")
	})
	thief.close()
	until(t, "the lease is taken again", func() bool { return one.Ready() == nil })
	if err := one.Close(); err != nil {
		t.Fatal(err)
	}
	if who, err := HolderOf(ctx, here, "serve"); err != nil || who != nil {
		t.Errorf("after Close: %v, %v", who, err)
	}
}

// takeLeaseAfter ends the connection of a store's lease, and takes the lease before it is
// taken again.
func takeLeaseAfter(t *testing.T, dsn string, db *DB) (thief *lease, err error) {
	t.Helper()
	config := db.lease.config.Copy()
	config.RuntimeParams["application_name"] = "a thief"
	for range 100 {
		run(t, dsn, "select pg_terminate_backend(l.pid) from pg_locks l where l.locktype='advisory' and l.granted and l.objsubid=1 and l.objid::bigint="+
			"("+strconv.FormatInt(db.lease.number, 10)+"::bigint&4294967295)")
		if thief, err = takeLease(context.Background(), config, db.schema.name, "serve"); err == nil {
			return thief, nil
		}
	}
	return nil, err
}

// TestRoom: a transaction that finds no room makes the store not ready, until there is some.
func TestRoom(t *testing.T) {
	db := openAt(t, dsn(t, t.TempDir()), Options{})
	defer db.Close()
	db.endListening()
	db.room.note(told(&pgconn.PgError{Code: codeFull}))
	if err := db.Ready(); err == nil || !strings.Contains(err.Error(), "until its disk has room again") {
		t.Error(err)
	}
	db.room.note(errors.New("something else"))
	if db.Ready() == nil {
		t.Error("what says nothing of the disk counts")
	}
	db.hear(context.Background())
	if db.Ready() == nil {
		t.Error("room was looked for at once")
	}
	db.room.tried = time.Now().Add(-roomEach)
	db.hear(context.Background())
	if err := db.Ready(); err != nil {
		t.Error(err)
	}
}
