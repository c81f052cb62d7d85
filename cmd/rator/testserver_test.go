package main

import (
	"context"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"rator/replay/fixture"
	"rator/soap"
	"rator/store/bolt"
)

// testNow is the time at which the clock of a test server stands until it is set.
var testNow = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// testServer is a scratch server that listens.
type testServer struct {
	*scratch
	endpoint string
	client   *soap.Client
	// described checks every answer of the TM Forum face; nil: none.
	described *descriptions
	seen      int64 // position of the last event that contentsOf counted
}

// testTarget prepares the scratch servers of all tests, each kind once.
var testTarget = sync.OnceValue(func() *scratchTarget {
	dir, _, err := scratchDir()
	if err != nil {
		panic(err)
	}
	return newScratchTarget(dir)
})

// newTestServer starts a server with the settings of testdata/soap: the demo
// catalogue and its own, the shipped hookpoints and those of the tests, and the
// operators demo (all rights) and limited. The store is verified when the test ends.
func newTestServer(t testing.TB) *testServer { return newServerOf(t, scenarios) }

// newServerOf starts a server with the settings of a folder of scenarios.
func newServerOf(t testing.TB, dir string) *testServer {
	t.Helper()
	config, err := fixture.Settings(dir)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := testTarget().plan(t.Context(), config.Server)
	if err != nil {
		t.Fatal(err)
	}
	server, err := plan.start(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return listening(t, server)
}

// newServerOver is newTestServer over a store that stays: a fresh one, or one that
// was filled before.
func newServerOver(t testing.TB, file string, fresh bool) *testServer {
	t.Helper()
	config, err := fixture.Settings(scenarios)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := testTarget().plan(t.Context(), config.Server)
	if err != nil {
		t.Fatal(err)
	}
	if fresh {
		if err := plan.copyTo(file); err != nil {
			t.Fatal(err)
		}
	}
	server, err := plan.startOver(file)
	if err != nil {
		t.Fatal(err)
	}
	return listening(t, server)
}

// listening has a scratch server listen until the test ends, and then verifies its
// store.
func listening(t testing.TB, server *scratch) *testServer {
	t.Helper()
	web := httptest.NewServer(server.Handler)
	t.Cleanup(func() {
		web.Close()
		if err := server.end(context.Background()); err != nil {
			t.Error(err)
		}
	})
	s := &testServer{scratch: server, endpoint: web.URL + soap.Path}
	s.client = &soap.Client{URL: s.endpoint}
	return s
}

func openStore(t testing.TB, file string) *bolt.DB {
	t.Helper()
	st, err := bolt.Open(file, bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return st
}
