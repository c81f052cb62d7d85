package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"rator/access"
	"rator/event"
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
			oldest, newest, err = tx.EventSpan()
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
		ts.Call(t, "SOAP_SIGNUP_CUSTOMER", signUpValues(fmt.Sprint("user", n))...)
	}
	sweep.Wait()
	oldest, newest := span()
	if oldest != old+1 || newest < old+20 {
		t.Errorf("%d to %d stay", oldest, newest)
	}
	w := pageOf(t, ts, "/metrics")
	for _, line := range []string{"rator_events_dropped_total 1000\n", "rator_events_followers 0\n"} {
		if !strings.Contains(w, line) {
			t.Errorf("metrics lack %q", line)
		}
	}
}

// pageOf reads a page of a server.
func pageOf(t *testing.T, ts *servertest.Server, path string) string {
	t.Helper()
	resp, err := http.Get("http://" + hostOf(ts.Endpoint) + path)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// TestEventsOfOlderVersions get whose they are.
func TestEventsOfOlderVersions(t *testing.T) {
	ts := servertest.New(t)
	account := ts.Call(t, "SOAP_SIGNUP_CUSTOMER", server.DemoCustomer()[:4]...)
	var owned store.Event
	last := func() (e store.Event) {
		if err := ts.Store.View(t.Context(), func(tx store.Tx) error {
			_, newest, err := tx.EventSpan()
			if err != nil {
				return err
			}
			events, err := tx.EventsAfter(newest-1, 1)
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

// TestFollowersEndWithTheServer: a SIGTERM ends who follows after a whole line, at once
// and not when they are given up, and who asks again finds the rest.
func TestFollowersEndWithTheServer(t *testing.T) {
	file := servertest.StoreFile(t)
	st := servertest.OpenStore(t, file)
	if err := st.Update(t.Context(), func(tx store.Tx) error {
		if err := access.Grant(tx, local, server.DemoOperator, access.RightEvents); err != nil {
			return err
		}
		return tx.Emit(store.Event{Topic: "test.old", Brand: server.DemoBrand, Body: []byte(`{}`)})
	}); err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	p := spawn(t, "--store", file)
	req, err := http.NewRequest(http.MethodGet, "http://"+hostOf(p.endpoint)+"/events?follow=true", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth(server.DemoOperator, server.DemoPassword)
	resp, err := http.DefaultClient.Do(req)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%+v, %v", resp, err)
	}
	defer resp.Body.Close()
	lines := bufio.NewReader(resp.Body)
	if line, err := lines.ReadString('\n'); err != nil || !strings.Contains(line, `"type":"test.old"`) {
		t.Fatalf("%q, %v", line, err)
	}
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if rest, err := io.ReadAll(lines); err != nil || len(rest) > 0 {
		t.Errorf("the end is %q, %v", rest, err)
	}
	<-p.exited
	if !p.ProcessState.Success() {
		t.Errorf("the server ends with %v", p.ProcessState)
	}
}

// TestEventAge: no mistake in the flag throws events away.
func TestEventAge(t *testing.T) {
	for value, says := range map[string]string{"1h": "events are kept for a day at least", "0": "events are kept for a day at least", "-3d": "is no duration", "month": "is no duration"} {
		o := rator(t, "", "serve", "--event-age="+value, "--listen", "127.0.0.1:0", "--store", t.TempDir()+"/none.db")
		if o.code != exitUsage || !strings.Contains(o.err, says) {
			t.Errorf("--event-age=%s: %+v, want %s", value, o, says)
		}
	}
	if event.DefaultAge != 30*24*time.Hour {
		t.Errorf("without it %v", event.DefaultAge)
	}
}
