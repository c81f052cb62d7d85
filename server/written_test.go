package server_test

import (
	"fmt"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"

	"rator/server"
	"rator/server/servertest"
	"rator/store/bolt"
	"rator/wire"
	"rator/workflow"
	"rator/workflow/value"
)

// What a sign-up of one whole customer writes, in a commit of its own.
const (
	signUpRows    = 19
	signUpBuckets = 11
)

// TestSignUpWrites counts what the commit of a sign-up puts into the file: the rows and the
// buckets that they lie in are what a commit's time comes from.
func TestSignUpWrites(t *testing.T) {
	var (
		mu      sync.Mutex
		commits []bolt.Commit
	)
	st, err := bolt.Open(filepath.Join(t.TempDir(), "rator.db"), bolt.Options{Unsynced: true, Observe: func(c bolt.Commit) {
		mu.Lock()
		defer mu.Unlock()
		commits = append(commits, c)
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	servertest.PrepareReal(t, st)
	s, err := server.New(server.Config{Store: st, Metrics: server.NewMetrics(), Log: slog.New(slog.DiscardHandler), Layers: []workflow.Layer{server.Shipped()}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	web := httptest.NewServer(s.Handler)
	defer web.Close()
	const signUps = 5
	for n := range signUps {
		values := value.Tree{
			value.OfString("ACCOUNT_TYPE", "0"), value.OfString("PRODUCT_CODE", "POST_PAID"),
			value.Of("USER", value.OfString("FIRST_NAME", "Åse"), value.OfString("LAST_NAME", "Øre"), value.OfString("CITY", "Odense"),
				value.OfString("ZIP", "5000"), value.OfString("EMAIL", "aase@example.com"), value.OfString("USERNAME", fmt.Sprint("aase", n))),
		}
		if r := servertest.CallAt(t, web.URL+wire.Path, "SOAP_SIGNUP_CUSTOMER", "", values...); r.ErrorCode != 0 {
			t.Fatal(r.ErrorCode, r.ErrorMessage)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	found := 0 // the first also makes what counts the brand's customers
	for _, c := range commits {
		if c.Rows == signUpRows && c.Buckets == signUpBuckets {
			found++
		}
	}
	if found != signUps-1 {
		t.Errorf("%d of %d sign-ups wrote %d rows in %d buckets; the commits were %+v", found, signUps, signUpRows, signUpBuckets, commits)
	}
}
