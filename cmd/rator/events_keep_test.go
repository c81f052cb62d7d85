package main

import (
	"bufio"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"rator/access"
	"rator/event"
	"rator/server"
	"rator/server/servertest"
	"rator/store"
)

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
	req, err := http.NewRequest(http.MethodGet, "http://"+servertest.HostOf(p.endpoint)+"/events?follow=true", nil)
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
