package together

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rator/access"
	"rator/failure"
	"rator/store"
	"rator/store/postgres"
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
