package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rator/server/servertest"
	"rator/suite"
)

// demoServers starts servers of one database, a demo's.
func demoServers(t *testing.T, schema string, args ...[]string) (at string, started []*serverProcess) {
	t.Helper()
	at, dir := newAddress(t, schema), t.TempDir()
	for _, more := range args {
		calls, err := os.MkdirTemp(dir, "calls")
		if err != nil {
			t.Fatal(err)
		}
		started = append(started, startServer(t, append([]string{"--demo", "--store", at, "--tmf-pin-key", filepath.Join(dir, "pin-key"), "--call-log", calls}, more...)...))
	}
	return at, started
}

// until waits for a condition.
func until(t *testing.T, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !so(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within %s", what, patience)
		}
	}
}

// TestServersShare: what is known to one of two servers of a database the other goes by.
func TestServersShare(t *testing.T) {
	at, s := demoServers(t, "rator_share", nil, nil)
	one, two := s[0], s[1]
	now := time.Now()
	if got := postToken(t, one.endpoint, "demo", "demo", "first", now); got != "0" {
		t.Errorf("a token: %s", got)
	}
	if got := postToken(t, two.endpoint, "demo", "demo", "first", now); !strings.Contains(got, "FailedAuthentication") {
		t.Errorf("a token that the other server has seen: %s", got)
	}
	command := func(stdin string, args ...string) string {
		t.Helper()
		o := ratorOutside(t, stdin, append(args, "--store", at)...)
		if o.code != exitOK {
			t.Fatalf("rator %s: %+v", strings.Join(args, " "), o)
		}
		return o.out
	}
	call := func(p *serverProcess, password string) outcome {
		return rator(t, "", "call", "SOAP_GET_PRODUCT_CONFIGS", "--operator", "bob", "--password", password, "--endpoint", p.endpoint)
	}
	command("a password of bob's\n", "operator", "add", "bob", "--brand", "DEMO", "--right", "SOAP_*")
	both := func(what string, so func(outcome) bool) {
		t.Helper()
		for _, p := range s {
			until(t, what, func() bool { return so(call(p, "a password of bob's")) })
		}
	}
	both("bob is let in", func(o outcome) bool { return o.code == exitOK })
	catalogue, err := os.ReadFile("../../catalogue/demo.toml")
	if err != nil {
		t.Fatal(err)
	}
	file := servertest.Write(t, t.TempDir(), "catalogue.toml", strings.Replace(string(catalogue), "Post-paid line", "New Post", 1))
	command("", "catalogue", "import", file)
	both("a new product", func(o outcome) bool { return strings.Contains(o.out, "New Post") })
	command("", "operator", "disable", "bob")
	both("bob is refused", func(o outcome) bool {
		return o.code != exitOK && strings.Contains(o.out+o.err, "operator or password is wrong")
	})
}

// TestServersCountWrongTries together: the fifth waits as such on a server that has not seen
// the four before.
func TestServersCountWrongTries(t *testing.T) {
	suite.Long(t, "waits as those who guess")
	_, s := demoServers(t, "rator_tries", nil, nil)
	call := func(p *serverProcess, password string) time.Duration {
		begun := time.Now()
		rator(t, "", "call", "SOAP_GET_PRODUCT_CONFIGS", "--operator", "demo", "--password", password, "--endpoint", p.endpoint)
		return time.Since(begun)
	}
	for pause := time.Second; ; pause *= 2 { // a machine may be slow
		for range 4 {
			call(s[0], "wrong")
		}
		time.Sleep(pause)
		took := call(s[1], "wrong")
		if took >= 1600*time.Millisecond {
			return
		}
		if pause > 16*time.Second {
			t.Fatalf("the fifth waits %s", took)
		}
		for _, p := range s {
			call(p, "demo")
		}
	}
}
