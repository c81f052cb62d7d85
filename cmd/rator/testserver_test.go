package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"rator/access"
	"rator/catalogue"
	"rator/soap"
	"rator/store"
	"rator/store/bolt"
	"rator/tmf"
	"rator/workflow"
)

// testNow is the time at which the clock of a test server stands until it is set.
var testNow = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// testServer is the real server over a store of its own, in this process.
type testServer struct {
	*server
	clock    atomic.Pointer[time.Time]
	endpoint string
	client   *soap.Client
	// described checks every answer of the TM Forum face; nil: none.
	described *descriptions
	seen      int64 // position of the last event that contentsOf counted
}

// newTestServer starts a server with the demo catalogue and that of
// testdata/soap, the shipped hookpoints and those of the tests, and the operators
// demo (all rights) and limited (brand DEMO, SOAP_GET_* and SOAP_AUTHENTICATE_*).
// The store is verified when the test ends.
func newTestServer(t testing.TB) *testServer {
	t.Helper()
	return newSiteServer(t, filepath.Join(clients, "hookpoints"), filepath.Join(scenarios, "hookpoints"))
}

// newSiteServer is newTestServer with the folders of dirs over the shipped ones.
func newSiteServer(t testing.TB, dirs ...string) *testServer {
	t.Helper()
	return newServerOver(t, filepath.Join(t.TempDir(), "test.db"), true, dirs...)
}

// newServerOver is newSiteServer over a store that may have been filled before:
// then it is not seeded.
func newServerOver(t testing.TB, file string, fresh bool, dirs ...string) *testServer {
	t.Helper()
	m := newMetrics()
	ts := &testServer{}
	ts.clock.Store(&testNow)
	now := func() time.Time { return *ts.clock.Load() }
	st, err := bolt.Open(file, bolt.Options{Now: now, Observe: m.committed})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		records, err := verifyAll(context.Background(), st, func(fault error) { t.Errorf("verify: %v", fault) })
		if err != nil || records == 0 {
			t.Errorf("verify: %d records, %v", records, err)
		}
		st.Close()
	})
	if fresh {
		seed(t, st)
	}
	var requests atomic.Int64
	layers := []workflow.Layer{shipped()}
	for _, dir := range dirs {
		layer, err := siteLayer(dir)
		if err != nil {
			t.Fatal(err)
		}
		layers = append(layers, layer)
	}
	local, err := tmf.NewTargets(nil, true)
	if err != nil {
		t.Fatal(err)
	}
	pins, err := tmf.NewPINs(make([]byte, tmf.PINKeyBytes))
	if err != nil {
		t.Fatal(err)
	}
	s, err := newServer(serverConfig{
		pins:  pins,
		hubs:  tmf.HubsConfig{Targets: local, Backoff: func(int) time.Duration { return 0 }}, // its clock stands
		store: st, metrics: m, log: slog.New(slog.NewTextHandler(io.Discard, nil)), layers: layers, now: now, zone: time.UTC,
		newRequestID: func() string { return fmt.Sprintf("request-%d", requests.Add(1)) },
		soap:         soap.Options{NewNumber: func() string { return "incident" }},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.close)
	web := httptest.NewServer(s.handler)
	t.Cleanup(web.Close)
	ts.server, ts.endpoint = s, web.URL+endpointPath
	ts.client = &soap.Client{URL: ts.endpoint}
	return ts
}

func seed(t testing.TB, st store.Store) {
	t.Helper()
	if err := prepareDemo(context.Background(), st); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(scenarios, "catalogue.toml")
	src, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	f, mistakes := catalogue.Load(name, src)
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	hash, err := access.HashPassword("limited")
	if err != nil {
		t.Fatal(err)
	}
	err = st.Update(context.Background(), func(tx store.Tx) error {
		if _, err := catalogue.Import(tx, f); err != nil {
			return err
		}
		_, err := access.Add(tx, local, access.NewOperator{Name: "limited", PasswordHash: hash, Brands: []string{demoBrand}, Rights: []string{"SOAP_GET_*", "SOAP_AUTHENTICATE_*"}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func openStore(t testing.TB, file string) *bolt.DB {
	t.Helper()
	st, err := bolt.Open(file, bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return st
}
