package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rator/replay/load"
	"rator/server/servertest"
)

const echoRequest = `<echo><n>${unique}</n></echo>`

// benched is a folder with one scenario, and a server that it is sent to.
func benched(t *testing.T, serve http.HandlerFunc) (url, dir string) {
	t.Helper()
	server := httptest.NewServer(serve)
	t.Cleanup(server.Close)
	dir = t.TempDir()
	servertest.Write(t, dir, "01-echo.request.xml", echoRequest)
	servertest.Write(t, dir, "01-echo.response.xml", "<echo/>")
	return server.URL, dir
}

// TestBench: both loops measure, as a table and as JSON.
func TestBench(t *testing.T) {
	var calls atomic.Int64
	url, dir := benched(t, func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		w.Write([]byte("<echo/>"))
	})
	for _, flags := range [][]string{{"--callers", "2"}, {"--rate", "50"}} {
		o := rator(t, "", append([]string{"bench", url, dir, "--for", "2s", "--warm-up", "0s", "--json"}, flags...)...)
		var r benchJSON
		if err := json.Unmarshal([]byte(o.out), &r); err != nil || o.code != exitOK {
			t.Fatalf("%v %+v", err, o)
		}
		if r.Calls == 0 || r.Errors != 0 || r.Latency["p50"] <= 0 || r.Latency["max"] < r.Latency["p50"] || r.PerSecond <= 0 || r.Seconds < 2 {
			t.Errorf("%+v", r)
		}
		if flags[0] == "--rate" && r.Calls != 100 {
			t.Errorf("%d calls were due, 100 are", r.Calls)
		}
		if len(r.Operations) != 1 || r.Operations[0].Name != "echo" || r.Operations[0].Calls != r.Calls || len(r.Outcomes) != 1 || r.Outcomes[0].Name != "OK" {
			t.Errorf("%+v", r)
		}
		if got := calls.Swap(0); got != int64(r.Calls)+1 { // the first is not counted
			t.Errorf("%d calls came, %d are counted", got, r.Calls)
		}
	}
	o := rator(t, "", "bench", url, dir, "--for", "1s", "--warm-up", "0s", "--rate", "20")
	for _, want := range []string{"calls      20\n", "20 asked for", "sent late", "p99.9", "\necho  20     0", "\nOK      20     0"} {
		if !strings.Contains(o.out, want) || o.code != exitOK {
			t.Errorf("no %q in %+v", want, o)
		}
	}
}

// TestBenchFails: errors are an exit code, and what cannot be done is told with what to
// mend.
func TestBenchFails(t *testing.T) {
	url, dir := benched(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	o := rator(t, "", "bench", url, dir, "--for", "1s", "--warm-up", "0s", "--rate", "20")
	if o.code != exitFailed || !strings.Contains(o.out, "\nHTTP 502  20     20") || !strings.Contains(o.out, "errors     20\n") {
		t.Errorf("%+v", o)
	}
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	empty := t.TempDir()
	for _, c := range []struct {
		code int
		want string
		args []string
	}{
		{exitUnreachable, "no answer from " + gone.URL, []string{gone.URL, dir}},
		{exitUnreachable, "is the server started", []string{gone.URL, dir, "--rate", "5"}},
		{exitUsage, "there is no scenario in it", []string{url, empty}},
		{exitUsage, "none", []string{url, filepath.Join(empty, "none")}},
		{exitUsage, "is no endpoint", []string{"127.0.0.1:8080", dir}},
		{exitUsage, "--rate -1 is no number", []string{url, dir, "--rate=-1"}},
		{exitUsage, "at least one must call", []string{url, dir, "--callers=-1"}},
		{exitUsage, "--for and --timeout are times", []string{url, dir, "--for", "0s"}},
		{exitUsage, "is not NAME=VALUE", []string{url, dir, "--set", "x"}},
	} {
		if o := rator(t, "", append([]string{"bench"}, c.args...)...); o.code != c.code || !strings.Contains(o.err, c.want) {
			t.Errorf("%q: %+v", c.args, o)
		}
	}
}

// TestBenchInterrupted: Ctrl-C shows what was measured until then.
func TestBenchInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var calls atomic.Int64
	url, dir := benched(t, func(w http.ResponseWriter, r *http.Request) {
		if calls.Add(1) == 20 {
			cancel()
		}
		w.Write([]byte("<echo/>"))
	})
	var out, err bytes.Buffer
	term := &terminal{ctx: ctx, out: &out, err: &err, in: strings.NewReader("")}
	code := run(term, &commands{}, []string{"bench", url, dir, "--for", "10h", "--warm-up", "0s", "--callers", "1"})
	if code != exitFailed || !strings.Contains(err.String(), "interrupted") || !strings.Contains(out.String(), "\necho  18") && !strings.Contains(out.String(), "\necho  19") {
		t.Errorf("%d\n%s\n%s", code, out.String(), err.String())
	}
}

// TestSoFar: what is told while a load goes on.
func TestSoFar(t *testing.T) {
	for want, p := range map[string]*load.Progress{
		"waiting for the first answer":                  nil,
		"warming up, 32s left":                          {Warming: true, Left: 31_700 * time.Millisecond, Calls: 9},
		"1235/s, p50 1.5 p99 12 ms, 3 errors, 10s left": {Left: 10 * time.Second, Rate: 1234.6, Median: 1500 * time.Microsecond, Slowly: 12 * time.Millisecond, Errors: 3},
		"waiting for the last answers":                  {Calls: 100, Rate: 10},
	} {
		if got := strings.Join(soFar(p), ", "); got != want {
			t.Errorf("it tells %q, want %q", got, want)
		}
	}
}
