package main

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
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

// TestServersCountWrongLogins of a site's customers together, as those of operators.
func TestServersCountWrongLogins(t *testing.T) {
	suite.Long(t, "waits as those who guess")
	_, s := demoServers(t, "rator_logins", nil, nil)
	call := func(p *serverProcess, login string) time.Duration {
		begun := time.Now()
		rator(t, "", "call", "SOAP_GET_WEB_USER_PROFILE", "LOGIN="+login, "PASSWORD=wrong", "--operator", "demo", "--password", "demo", "--endpoint", p.endpoint)
		return time.Since(begun)
	}
	for pause := time.Second; ; pause *= 2 { // a machine may be slow; and 20 are free of a source
		login := "aase after " + pause.String()
		for range 3 {
			call(s[0], login)
		}
		time.Sleep(pause)
		took := call(s[1], login)
		if took >= 2*time.Second {
			return
		}
		if pause > 8*time.Second {
			t.Fatalf("the fourth waits %s", took)
		}
	}
}

// TestServersHaveTheSameHookpoints, or are not ready: those of the first count, until one is
// told to load them again.
func TestServersHaveTheSameHookpoints(t *testing.T) {
	site := t.TempDir()
	if o := rator(t, "", "hookpoints", "export", site, "SOAP_GET_PRODUCT_CONFIGS"); o.code != exitOK {
		t.Fatalf("%+v", o)
	}
	changes := func(text string) {
		t.Helper()
		file := filepath.Join(site, "SOAP_GET_PRODUCT_CONFIGS", "workflow.star")
		script, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		servertest.Write(t, filepath.Dir(file), filepath.Base(file), string(script)+"\n# "+text+"\n")
	}
	changes("ours")
	at, s := demoServers(t, "rator_hookpoints", []string{"--name", "one"}, []string{"--name", "two", "--hookpoints", site})
	ready := func(p *serverProcess, want string) {
		t.Helper()
		until(t, want, func() bool {
			status, body := p.get(t, "/readyz")
			return strings.Contains(body, want) && (status == http.StatusOK) == (want == "ready")
		})
	}
	ready(s[0], "ready")
	ready(s[1], "(SOAP_GET_PRODUCT_CONFIGS is not the same)")
	listed := func() (rows []serverRow) {
		t.Helper()
		o := ratorOutside(t, "", "servers", "--json", "--store", at)
		if err := json.Unmarshal([]byte(o.out), &rows); err != nil {
			t.Fatalf("%v: %+v", err, o)
		}
		return rows
	}
	until(t, "both are listed", func() bool {
		rows := listed()
		return len(rows) == 2 && rows[0].Name == "one" && rows[0].Counts && rows[0].Ready && rows[1].Name == "two" && !rows[1].Counts && !rows[1].Ready && rows[1].Address == s[1].endpoint
	})
	if err := s[1].Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	ready(s[1], "ready")
	ready(s[0], "which two loaded at")
	s[0].waitFor(t, "the server is not ready beside the others of its database")
	s[1].stop(t)
	ready(s[0], "ready") // it is alone
	if rows := listed(); len(rows) != 1 || rows[0].Name != "one" {
		t.Errorf("%+v", rows)
	}
	if o := ratorOutside(t, "", "servers", "--store", at); !strings.HasPrefix(o.out, "NAME") || !strings.Contains(o.out, s[0].endpoint) {
		t.Errorf("%+v", o)
	}
}
