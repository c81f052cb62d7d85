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

// TestServing: servers have a store together, who owns it has it alone, and another is told
// who has it; whose connection is lost is not ready until it is what it was.
func TestServing(t *testing.T) {
	here, ctx := dsn(t, t.TempDir()), context.Background()
	one := openAt(t, here, Options{As: Owner, Name: "the first"})
	until(t, "it is ready", func() bool { return one.Ready() == nil })
	other := openAt(t, here, Options{}) // a guest is let in
	if err := other.Close(); err != nil {
		t.Error(err)
	}
	for _, as := range []Standing{Server, Owner} {
		held := &ServedError{}
		if db, err := Open(ctx, here, Options{As: as}); !errors.As(err, &held) || held.Who != "the first" || held.Since.IsZero() {
			t.Fatalf("a second one: %v, %v", db, err)
		}
	}
	if who, err := ServerOf(ctx, here); err != nil || who == nil || who.Who != "the first" {
		t.Errorf("%v, %v", who, err)
	}
	// Its connection is lost, and somebody else has the lock.
	thief, err := takeServingAfter(t, here, one)
	if err != nil {
		t.Fatal(err)
	}
	until(t, "another one has the lock", func() bool {
		err := one.Ready()
		return err != nil && strings.Contains(err.Error(), "another process has it: a thief")
	})
	thief.close()
	until(t, "the lock is taken again", func() bool { return one.Ready() == nil })
	if err := one.Close(); err != nil {
		t.Fatal(err)
	}
	until(t, "nobody has it", func() bool { who, err := ServerOf(ctx, here); return err == nil && who == nil })
	server, second := openAt(t, here, Options{As: Server, Name: "a server"}), openAt(t, here, Options{As: Server})
	if _, err := Open(ctx, here, Options{As: Owner}); !errors.As(err, new(*ServedError)) {
		t.Errorf("who wants it alone beside two servers: %v", err)
	}
	if who, err := ServerOf(ctx, here); err != nil || who == nil || who.Who != "a server" {
		t.Errorf("of two servers: %v, %v", who, err)
	}
	if err := errors.Join(server.Close(), second.Close()); err != nil {
		t.Error(err)
	}
}

// takeServingAfter ends the connection of a store's lock, and takes the lock before it is
// taken again.
func takeServingAfter(t *testing.T, dsn string, db *DB) (thief *serving, err error) {
	t.Helper()
	config := db.serving.config.Copy()
	config.RuntimeParams["application_name"] = "a thief"
	for range 100 {
		run(t, dsn, "select pg_terminate_backend(l.pid) from pg_locks l where l.locktype='advisory' and l.granted and l.objsubid=1 and l.objid::bigint="+
			"("+strconv.FormatInt(db.serving.number, 10)+"::bigint&4294967295)")
		if thief, err = takeServing(context.Background(), config, db.schema.name, Owner); err == nil {
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
	hear(t, db)
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
	until(t, "there is room", func() bool {
		db.room.tried = time.Now().Add(-roomEach)
		db.hear(context.Background())
		return db.Ready() == nil
	})
}
