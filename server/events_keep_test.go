package server_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"rator/server"
	"rator/server/servertest"
	"rator/store"
)

// TestOldEventsGo: what is older than --event-age goes, in small steps, while calls are
// answered; what they tell meanwhile stays.
func TestOldEventsGo(t *testing.T) {
	ts := servertest.New(t)
	ts.Server.EventAge = 24 * time.Hour
	const old = 1000
	if err := ts.Store.Update(t.Context(), func(tx store.Tx) error {
		for range old {
			if err := tx.Emit(store.Event{Topic: "test.old", Brand: server.DemoBrand, Body: []byte(`{}`)}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	ts.Server.KeepEventsOnce(t.Context())
	span := func() (oldest, newest int64) {
		if err := ts.Store.View(t.Context(), func(tx store.Tx) (err error) {
			span, err := tx.EventSpan()
			oldest, newest = span.Kept+1, span.Newest
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return oldest, newest
	}
	if oldest, newest := span(); oldest != 1 || newest != old {
		t.Fatalf("nothing is old, and there are %d to %d", oldest, newest)
	}
	ts.Pass(25 * time.Hour)
	var sweep sync.WaitGroup
	sweep.Go(func() { ts.Server.KeepEventsOnce(t.Context()) })
	for n := range 20 {
		ts.Call(t, "SOAP_SIGNUP_CUSTOMER", servertest.SignUpValues(fmt.Sprint("user", n))...)
	}
	sweep.Wait()
	oldest, newest := span()
	if oldest != old+1 || newest < old+20 {
		t.Errorf("%d to %d stay", oldest, newest)
	}
	w := ts.Page(t, "/metrics")
	for _, line := range []string{"rator_events_dropped_total 1000\n", "rator_events_followers 0\n"} {
		if !strings.Contains(w, line) {
			t.Errorf("metrics lack %q", line)
		}
	}
}

// TestEventsOfOlderVersions get whose they are.
func TestEventsOfOlderVersions(t *testing.T) {
	ts := servertest.New(t)
	account := ts.Call(t, "SOAP_SIGNUP_CUSTOMER", server.DemoCustomer()[:4]...)
	var owned store.Event
	last := func() (e store.Event) {
		if err := ts.Store.View(t.Context(), func(tx store.Tx) error {
			span, err := tx.EventSpan()
			if err != nil {
				return err
			}
			events, err := tx.EventsAfter(span.Newest-1, 1)
			e = events[0]
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return e
	}
	owned = last()
	if owned.Brand != server.DemoBrand || owned.Account == 0 {
		t.Fatalf("%+v of %v", owned, account)
	}
	if err := ts.Store.Update(t.Context(), func(tx store.Tx) error {
		return tx.Emit(store.Event{Topic: owned.Topic, Body: owned.Body})
	}); err != nil {
		t.Fatal(err)
	}
	ts.Server.KeepEventsOnce(t.Context())
	if e := last(); e.Brand != owned.Brand || e.Account != owned.Account || len(e.About) == 0 || e.About[0] != owned.About[0] || string(e.Body) != string(owned.Body) {
		t.Errorf("%+v, as %+v", e, owned)
	}
}
