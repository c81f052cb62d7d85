package main

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rator/server/servertest"
	"rator/store/postgres/clustertest"
)

// newAddress is a new schema on the tests' server, as an address with a password.
func newAddress(t *testing.T, schema string) string {
	t.Helper()
	u, err := url.Parse(clustertest.Shared(t).DSN("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword(u.User.Username(), "sesame")
	return u.String() + "&search_path=" + schema
}

// TestDatabase: a store in a database is served, and looked after by the commands, beside the
// server and without one. Nobody is shown the password.
func TestDatabase(t *testing.T) {
	at, dir := newAddress(t, "rator_commands"), t.TempDir()
	key, calls := filepath.Join(dir, "pin-key"), filepath.Join(dir, "calls")
	settings := []string{"--demo", "--store", at, "--tmf-pin-key", key, "--call-log", calls, "--name", "the first"}
	p := startServer(t, settings...)
	for _, name := range []string{"rator_database_ready 1", `rator_database_trips_total{sort="update"}`, `rator_database_statements_total{sort="view"}`,
		`rator_database_transactions_total{outcome="ok",sort="update"}`, "rator_database_connections_most 16", "rator_database_connection_waits_total"} {
		until(t, name, func() bool { return strings.Contains(p.page(t, "/metrics"), name) })
	}
	until(t, "it is ready", func() bool { return p.page(t, "/readyz") == "ready\n" })
	elsewhere := filepath.Join(dir, "other-key")
	servertest.Write(t, dir, "other-key", strings.Repeat("ab", 32)+"\n")
	type command struct {
		args string // STORE is the flag of the database
		code int
		says string
		in   string
	}
	play := func(commands []command) {
		t.Helper()
		for _, c := range commands {
			line := strings.NewReplacer("STORE", "--store "+at, "KEY", key, "OTHER", elsewhere, "CALLS", calls, "DIR", dir).Replace(c.args)
			o := ratorOutside(t, c.in, strings.Fields(line)...)
			if o.code != c.code || !strings.Contains(o.out+o.err, c.says) {
				t.Errorf("rator %s: exit %d, want %d and %q\n%s%s", c.args, o.code, c.code, c.says, o.out, o.err)
			}
			if strings.Contains(o.out+o.err, "sesame") {
				t.Errorf("rator %s shows the password:\n%s%s", c.args, o.out, o.err)
			}
		}
	}
	always := []command{
		{"verify STORE", 0, "0 faults", ""},
		{"operator list STORE", 0, "demo", ""},
		{"catalogue export - STORE", 0, `key = "DEMO"`, ""},
		{"export STORE", 0, `"customer_number":"100001"`, ""},
		{"billing run --as-of 2026-01-01 --tmf-pin-key KEY STORE", 0, "1 accounts", ""},
		{"run-due --tmf-pin-key KEY STORE", 0, "0 done", ""},
		{"run-due STORE", 2, "--tmf-pin-key", ""},
		{"run-due --tmf-pin-key OTHER STORE", 3, "is not the one that store", ""},
		{"events tail --limit 1 STORE", 0, "subscription.created", ""},
		{"webhook list STORE", 0, "TOPICS", ""},
		{"hub list STORE", 0, "CALLBACK", ""},
		{"audit --hookpoint SOAP_SIGNUP_CUSTOMER STORE", 0, "OK", ""},
		{"history --customer 100001 STORE --call-log CALLS", 0, "100001", ""},
		{"log STORE", 2, "--call-log", ""},
		{"log --call-log CALLS STORE", 0, "SOAP_SIGNUP_CUSTOMER", ""},
		{"log --call-log CALLS --json STORE", 0, `"server":"the first"`, ""},
		{"clock STORE", 1, "has no test clock", ""},
		{"config STORE", 0, ":***@", ""},
		{"compact STORE DIR/compact.db", 2, "VACUUM", ""},
		{"serve STORE", 2, "--tmf-pin-key", ""},
		{"serve STORE --tmf-pin-key KEY", 2, "--call-log", ""},
		{"serve STORE --tmf-pin-key KEY --call-log off --demo --past", 2, "--past", ""},
	}
	play(always)
	play([]command{
		{"operator add bob --right SOAP_* STORE", 0, "", "a password of bob's\n"},
		{"doctor --demo --tmf-pin-key KEY --call-log CALLS STORE", 1, "a server has it", ""},
		{"log purge --call-log CALLS --object 1 STORE", 3, "stop the server that writes it", ""},
	})
	// The server hears of who came, within a second.
	for end := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		o := rator(t, "", "call", "SOAP_SEARCH_CUSTOMERS", "CUSTOMER_NUMBER=100001", "--operator", "bob", "--password", "a password of bob's", "--endpoint", p.endpoint)
		if o.code == exitOK {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("bob is not let in: %+v", o)
		}
	}
	p.stop(t)
	if said := p.log.String(); strings.Contains(said, "sesame") {
		t.Errorf("the server shows the password:\n%s", said)
	}
	play(always)
	if err := os.Rename(key, key+"-away"); err != nil {
		t.Fatal(err)
	}
	play([]command{
		{"doctor --demo --tmf-pin-key KEY-away --call-log CALLS STORE", 1, "no server has it", ""},
		{"serve --listen 127.0.0.1:0 --tmf-pin-key KEY --call-log off STORE --demo", 3, "bring its file here", ""},
		{"serve --listen 127.0.0.1:0 --tmf-pin-key OTHER --call-log off STORE --demo", 3, "give --tmf-pin-key the file of that server", ""},
	})
	if _, err := os.Stat(key); err == nil {
		t.Error("a key was made")
	}
}
