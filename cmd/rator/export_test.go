package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rator/server"
	"rator/server/servertest"
)

// exportOf runs rator export inside a server, as a command line that was forwarded is.
func exportOf(t *testing.T, s *server.Server, args ...string) outcome {
	t.Helper()
	var out, said bytes.Buffer
	code := run(&terminal{ctx: t.Context(), out: &out, err: &said, live: s.Store, calls: s.Calls, file: "none.db"}, &forwarded{}, append([]string{"export"}, args...))
	return outcome{code, out.String(), said.String()}
}

func TestExportOfOneCustomer(t *testing.T) {
	s, endpoint, _ := servertest.Logged(t)
	servertest.CallAt(t, endpoint, "SOAP_SIGNUP_CUSTOMER", "", servertest.SignUpValues("eva")...)
	o := exportOf(t, s, "--customer", "100001", "--pretty")
	var line struct {
		Format  string
		Users   []map[string]any
		History []struct{ Kind, What string }
	}
	if err := json.Unmarshal([]byte(o.out), &line); o.code != exitOK || err != nil || line.Format == "" || len(line.Users) != 1 || !strings.Contains(o.out, "\n  \"users\"") {
		t.Fatalf("%d %v %s %s", o.code, err, o.out, o.err)
	}
	kinds := map[string]bool{}
	for _, e := range line.History {
		kinds[e.Kind+" "+e.What] = true
	}
	for _, want := range []string{"event customer.created", "audit SOAP_SIGNUP_CUSTOMER", "call SOAP_SIGNUP_CUSTOMER", "audit export"} {
		if !kinds[want] {
			t.Errorf("history has no %s: %v", want, kinds)
		}
	}
	if line.Users[0]["password_hash"] != nil {
		t.Error("a password hash that nobody asked for")
	}
	says(t, exportOf(t, s, "--customer", "100001", "--no-calls", "--password-hashes"), exitOK, `"password_hash":"\$argon2id`)
	says(t, exportOf(t, s, "--customer", "4711"), exitFailed, "4711")
	says(t, exportOf(t, s, "--pretty"), exitUsage, "--customer or --account")
	says(t, exportOf(t, s, "--customer", "100001", "--since", "1d"), exitUsage, "--since")
	says(t, exportOf(t, s, "--brand", "NONE", "--inside"), exitFailed, "NONE")
	says(t, exportOf(t, s, "--since", "2100-01-01T00:00:00Z", "--inside"), exitOK, `^1\n$`)
}

// TestExportToAFile: lines of all brands, packed as the name says, in a file that comes
// whole, is its owner's, and is not replaced.
func TestExportToAFile(t *testing.T) {
	file := servertest.GroupsFile(t, 450)
	to := filepath.Join(t.TempDir(), "all.ndjson.gz")
	export := func(args ...string) outcome {
		t.Helper()
		var out, said bytes.Buffer
		code := run(&terminal{ctx: t.Context(), out: &out, err: &said, in: strings.NewReader(""), getenv: func(string) string { return "" }}, &commands{}, append([]string{"export", "--store", file}, args...))
		return outcome{code, out.String(), said.String()}
	}
	says(t, export("--out", to), exitOK, `all\.ndjson\.gz: \d+ customers`)
	says(t, export("--out", to), exitUsage, "exists")
	packed, err := os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(to); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	d, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	all, err := io.ReadAll(d)
	if err != nil {
		t.Fatal(err)
	}
	if o := export(); o.out != string(all) {
		t.Errorf("standard output has %d bytes, the file %d", len(o.out), len(all))
	}
	last := ""
	for line := range bytes.Lines(all) {
		var c struct{ Account struct{ ID string } }
		if err := json.Unmarshal(line, &c); err != nil || c.Account.ID <= last {
			t.Fatalf("%v, %s after %s", err, c.Account.ID, last)
		}
		last = c.Account.ID
	}
	if n := bytes.Count(all, []byte("\n")); n < 2*200 {
		t.Errorf("%d customers are no several pages", n)
	}
}
