package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"rator/calllog"
	"rator/server/servertest"
)

// unmasked keeps messages as they are.
type unmasked struct{}

func (unmasked) Append(to []byte, _, _, message string) []byte { return append(to, message...) }
func (unmasked) REST(target, _, request, _, answer string) (string, string, string) {
	return target, request, answer
}

// keepCalls has a server keep calls of these seconds in a call log; each is asked for by the
// server's name and the second.
func keepCalls(t *testing.T, dir, name string, seconds ...int) {
	t.Helper()
	l, err := calllog.Open(calllog.Config{Dir: dir, Server: name, Mask: unmasked{}, MaxBytes: calllog.MinBytes, MaxAge: 1e6 * time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for _, s := range seconds {
		call := calllog.Call{At: time.Date(2026, 1, 2, 3, 4, s, 0, time.UTC), Face: calllog.FaceSOAP, Hookpoint: "H", RequestID: fmt.Sprint(name, s), Status: 200}
		l.Keep(&call, fmt.Sprintf("<request>%s%d</request>", name, s), []byte("<answer/>"))
		if err := l.Flush(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestLogOfSeveralServers: the call logs of several servers are one list, by time, which says
// whose each call is.
func TestLogOfSeveralServers(t *testing.T) {
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b, the other")
	keepCalls(t, a, "one", 1, 4, 5)
	keepCalls(t, b, "two", 2, 3, 6)
	store := servertest.StoreFile(t)
	run := func(args ...string) outcome {
		return rator(t, "", append(args, "--store", store)...)
	}
	both := []string{"--call-log", a, "--call-log", b}
	for args, want := range map[string]string{
		"":                             "two6 one5 one4 two3 two2 one1",
		"--limit 3":                    "two6 one5 one4",
		"--server one":                 "one5 one4 one1",
		"--server two --limit 1":       "two6",
		"--since 2026-01-02T03:04:04Z": "two6 one5 one4",
		"--server three":               "",
		"--request-id two2":            "two2",
	} {
		o := run(append(append([]string{"log", "--json"}, both...), strings.Fields(args)...)...)
		var calls []callJSON
		if err := json.Unmarshal([]byte(o.out), &calls); err != nil {
			t.Errorf("%s: %v %+v", args, err, o)
		}
		var got []string
		for _, c := range calls {
			if !strings.HasPrefix(c.RequestID, c.Server) {
				t.Errorf("%s is of %s", c.RequestID, c.Server)
			}
			got = append(got, c.RequestID)
		}
		if got := strings.Join(got, " "); got != want {
			t.Errorf("%s: %s, want %s", args, got, want)
		}
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{both, `(?m)^ID +SERVER +TIME +FACE `},
		{both, `(?m)^1-2 +one +2026-01-02T03:04:04.000Z +soap +H .* one4$`},
		{both, `(?m)^1-2 +two +2026-01-02T03:04:03.000Z `},
		{[]string{"--call-log", a}, `(?m)^ID +TIME +FACE `}, // all are of one
		{append(both, "--server", "two"), `(?m)^ID +TIME +FACE `},
	} {
		if o := run(append([]string{"log"}, c.args...)...); o.code != exitOK || !regexp.MustCompile(c.want).MatchString(o.out) {
			t.Errorf("%q: no %s in %+v", c.args, c.want, o)
		}
	}
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{append([]string{"log", "show", "two3", "--request"}, both...), exitOK, "<request>two3</request>"},
		{append([]string{"log", "show", "one5"}, both...), exitOK, "Server       one\n"},
		{[]string{"log", "show", "1-3", "--call-log", b, "--request"}, exitOK, "<request>two6</request>"},
		{append([]string{"log", "show", "1-3"}, both...), exitFailed, "1-3 is a call of one and one of two: name the call log of one of them alone"},
		{append([]string{"log", "show", "none"}, both...), exitFailed, "neither an id nor a request id"},
		{append([]string{"log", "--server", "three"}, both...), exitFailed, "no such call in " + a + ", " + b},
		{append([]string{"log", "purge", "--before", "0s"}, both...), exitUsage, "one folder at a time"},
		{[]string{"log", "--call-log", a, "--call-log", a + ".none"}, exitUnreachable, "a.none: there is no call log"},
	} {
		if o := run(c.args...); o.code != c.code || !strings.Contains(o.out+o.err, c.want) {
			t.Errorf("%q: no %q in %+v", c.args, c.want, o)
		}
	}
}

// TestLogFollowsSeveralServers: what comes to each log is told, and nothing from before.
func TestLogFollowsSeveralServers(t *testing.T) {
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	keepCalls(t, a, "one", 7, 8, 9)
	keepCalls(t, b, "two", 1, 2, 3)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var out servertest.LockedBuffer
	var ended sync.WaitGroup
	store := servertest.StoreFile(t)
	ended.Go(func() {
		terminal := &terminal{ctx: ctx, out: &out, err: io.Discard}
		if code := run(terminal, &commands{}, []string{"log", "--follow", "--limit", "2", "--call-log", a, "--call-log", b, "--store", store}); code != exitOK {
			t.Errorf("exit code %d", code)
		}
	})
	wait := func(id string) {
		t.Helper()
		until(t, id+" is shown", func() bool { return strings.Contains(out.String(), id+"\n") })
	}
	wait("one9")
	keepCalls(t, b, "two", 10)
	wait("two10")
	keepCalls(t, a, "one", 11)
	wait("one11")
	cancel()
	ended.Wait()
	var got []string
	for line := range strings.Lines(out.String()) {
		cells := strings.Fields(line)
		got = append(got, cells[1]+" "+cells[len(cells)-1])
	}
	if got, want := strings.Join(got, ", "), "one one8, one one9, two two10, one one11"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
