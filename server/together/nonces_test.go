package together

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rator/access"
	"rator/failure"
	"rator/store"
	"rator/store/postgres"
	"rator/store/postgres/cluster"
	"rator/suite"
)

// TestNonceIsUsedOnce of all servers, however many are asked at the same time.
func TestNonceIsUsedOnce(t *testing.T) {
	place := t.TempDir()
	var guards []*access.Guard
	for range 3 {
		g, err := access.NewGuard(access.GuardConfig{Now: time.Now, Key: make([]byte, 32), Verify: func(string, string) (bool, error) { return true, nil }, Nonces: NewNonces(openOne(t, place)).Use})
		if err != nil {
			t.Fatal(err)
		}
		guards = append(guards, g)
	}
	operator := &access.Operator{Base: store.Base{ID: 1}, Name: "shop", StrictTokens: true}
	for n := range 20 {
		token := access.Security{Nonce: base64.StdEncoding.EncodeToString(fmt.Append(nil, n)), Created: time.Now().UTC().Format(time.RFC3339)}
		var taken atomic.Int64
		var all sync.WaitGroup
		for _, g := range guards {
			all.Go(func() {
				switch err := g.CheckSecurity(operator, token, ""); {
				case err == nil:
					taken.Add(1)
				case failure.CodeOf(err) != access.UsedToken:
					t.Error(err)
				}
			})
		}
		if all.Wait(); taken.Load() != 1 {
			t.Errorf("a token was taken %d times", taken.Load())
		}
	}
	// What is done once may come again with its token, to another server.
	token := access.Security{Nonce: base64.StdEncoding.EncodeToString([]byte("again")), Created: time.Now().UTC().Format(time.RFC3339)}
	for _, c := range []struct {
		guard int
		asked string
		want  *failure.Code
	}{{0, "r-1", nil}, {1, "r-1", nil}, {2, "r-2", access.UsedToken}, {2, "", access.UsedToken}} {
		if err := guards[c.guard].CheckSecurity(operator, token, c.asked); failure.CodeOf(err) != c.want && (c.want != nil || err != nil) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

// deaf are nonces of a database that is away.
func deaf(store.ID, [sha256.Size]byte, [sha256.Size]byte, time.Time) (b [sha256.Size]byte, used bool, err error) {
	return b, false, errors.New("away")
}

// TestNoncesWithoutADatabase: who cannot be asked for lets nobody in.
func TestNoncesWithoutADatabase(t *testing.T) {
	g, err := access.NewGuard(access.GuardConfig{Now: time.Now, Key: make([]byte, 32), Verify: func(string, string) (bool, error) { return true, nil }, Nonces: deaf})
	if err != nil {
		t.Fatal(err)
	}
	err = g.CheckSecurity(&access.Operator{StrictTokens: true}, access.Security{Nonce: "YWJj", Created: time.Now().UTC().Format(time.RFC3339)}, "")
	if failure.CodeOf(err) != failure.TryAgain {
		t.Errorf("%v", err)
	}
}

// TestOldNoncesGo with those that come.
func TestOldNoncesGo(t *testing.T) {
	db := openOne(t, t.TempDir())
	n := NewNonces(db)
	use := func(nonce string, until time.Time) {
		t.Helper()
		if _, used, err := n.Use(1, sha256.Sum256([]byte(nonce)), [sha256.Size]byte{}, until); used || err != nil {
			t.Fatal(used, err)
		}
	}
	for i := range noncesDroppedBy - 1 {
		use(fmt.Sprint("old", i), time.Now().Add(-time.Hour))
	}
	use("new", time.Now().Add(time.Hour))
	var rows int
	err := db.Beside(context.Background(), postgres.Ask{SQL: "select count(*) from " + db.Table("nonce"), Row: func(scan func(...any) error) error { return scan(&rows) }})
	if err != nil || rows != 1 {
		t.Errorf("%d rows, %v", rows, err)
	}
}

// TestNonceOutlivesACrash of the database as soon as something is committed after it: a call
// that was answered as done has its nonce on the disk with it. One that changed nothing has it
// there a moment later.
func TestNonceOutlivesACrash(t *testing.T) {
	if _, err := cluster.Programs(); err != nil {
		suite.Missing(t, err.Error())
	}
	dir, err := os.MkdirTemp("", "rator-pg")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) }) // what is left of it does no harm
	start := func() *cluster.Cluster {
		t.Helper()
		c, err := cluster.Start(dir, cluster.Options{Unsynced: true, Settings: []string{"wal_writer_delay=10s"}}) // it does not write by itself
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	open := func(c *cluster.Cluster) *postgres.DB {
		t.Helper()
		db, err := postgres.Open(t.Context(), c.DSN("postgres"), postgres.Options{As: postgres.Server})
		if err != nil {
			t.Fatal(err)
		}
		return db
	}
	used := func(db *postgres.DB) bool {
		t.Helper()
		_, used, err := NewNonces(db).Use(1, sha256.Sum256([]byte("a nonce")), [sha256.Size]byte{}, time.Now().Add(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		return used
	}
	c := start()
	db := open(c)
	var delay int // of ms; the server writes by itself within three times that
	err = db.Beside(t.Context(), postgres.Ask{SQL: "select boot_val::int from pg_settings where name='wal_writer_delay'", Row: func(scan func(...any) error) error { return scan(&delay) }})
	if err != nil || 3*delay != 600 {
		t.Errorf("3 times %d ms, and docs/operate.md says 0.6 s: %v", delay, err)
	}
	if used(db) {
		t.Error("it was used before")
	}
	if err := db.Update(t.Context(), func(tx store.Tx) error { return tx.AtLeast("changed", 1) }); err != nil {
		t.Fatal(err)
	}
	if err := c.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = db.Close() // it has lost its connections
	c = start()
	again := open(c)
	if !used(again) {
		t.Error("the crash took the nonce of a call whose change is there")
	}
	if err := errors.Join(again.Close(), c.Stop()); err != nil {
		t.Error(err)
	}
}
