package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rator/suite"
)

// TestMigrateIsKilled: a store goes to a database and back, each in two runs, of which the
// first is killed in the middle; until the second is done there is no store.
func TestMigrateIsKilled(t *testing.T) {
	suite.Long(t, "moves a store to a database and back")
	binary, err := buildRator()
	if err != nil {
		t.Fatal(err)
	}
	at, dir := newAddress(t, "rator_migrate"), t.TempDir()
	file, back := filepath.Join(dir, "rator.db"), filepath.Join(dir, "back.db")
	p := startServer(t, "--demo", "--store", file)
	p.stop(t)
	var lines strings.Builder
	for n := range 1500 {
		fmt.Fprintf(&lines, `{"format":"rator-customer/1","account":{"id":"20261001000000%04d","brand":"DEMO","customer_number":"%d","account_type":"0"},"users":[{"username":"load%d","first_name":"Bo","last_name":"Ek","city":"Odense","zip":"5000","email":"load%d@example.com","personal_id":"%08d"}],"billing_groups":[{"type":"POST_PAID","billing_cycle":"MONTHLY","created":"2026-10-01T00:00:00Z"}]}`+"\n", n, 20000000+n, n, n, n)
	}
	wants := func(code int, says string, args ...string) {
		t.Helper()
		var command *exec.Cmd // a process of its own, as tests have kinds which are none of the store's state
		var out []byte
		var err error
		until(t, "nobody has it any more, of those who were killed", func() bool {
			command = exec.Command(binary, args...)
			out, err = command.CombinedOutput()
			return !strings.Contains(string(out), "another process")
		})
		if is := command.ProcessState.ExitCode(); is != code || !strings.Contains(string(out), says) {
			t.Fatalf("rator %q: %v, exit %d, want %d and %q\n%.2000s", args, err, is, code, says, out)
		}
	}
	customers := filepath.Join(dir, "customers.ndjson")
	if err := os.WriteFile(customers, []byte(lines.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	wants(0, "are loaded", "load", "--store", file, customers)

	// killed runs a command until begun says so, and kills it; it says whether that came in time.
	killed := func(begun func() bool, args ...string) bool {
		t.Helper()
		command := exec.Command(binary, args...)
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- command.Wait() }()
		for {
			select {
			case err := <-ended:
				if err != nil {
					t.Fatalf("rator %q: %v", args, err)
				}
				return false
			case <-time.After(5 * time.Millisecond):
			}
			if begun() {
				_ = command.Process.Kill() // or it has ended
				return <-ended != nil
			}
		}
	}
	there := at
	for n := 0; ; n++ {
		there = fmt.Sprintf("%s_%d", at, n)
		begun := func() bool { return strings.Contains(rator(t, "", "schema", there).err, "was filling it") }
		if killed(begun, "migrate", "--from", file, "--to", there) {
			break
		}
	}
	wants(3, "run that again", "verify", "--store", there)
	wants(3, "run that again", "serve", "--listen", "127.0.0.1:0", "--store", there, "--tmf-pin-key", filepath.Join(dir, "pin-key"), "--call-log", "off")
	wants(0, "part of it is there", "migrate", "--from", file, "--to", there)
	wants(0, "0 faults", "verify", "--store", there)
	wants(1, "there is a store already", "migrate", "--from", file, "--to", there)
	for {
		begun := func() bool {
			info, err := os.Stat(back + ".filling")
			return err == nil && info.Size() > 1<<16
		}
		if killed(begun, "migrate", "--from", there, "--to", back) {
			break
		}
		if err := os.Remove(back); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(back); err == nil {
		t.Error("half a store has the name of a whole one")
	}
	wants(0, "records of", "migrate", "--from", there, "--to", back)
	wants(0, "0 faults", "verify", "--store", back)
	backup := filepath.Join(dir, "backup.db")
	wants(0, "bytes", "backup", "--store", there, backup)
	wants(0, "0 faults", "verify", "--store", backup)
	wants(2, "is not replaced", "restore", "--replace", "--store", there+"_restored", backup)
	wants(0, "all read again", "restore", "--store", there+"_restored", backup)
}

// TestSchemaIsPrinted: whole, without an address.
func TestSchemaIsPrinted(t *testing.T) {
	o := rator(t, "", "schema")
	for _, want := range []string{`create table "rator"."k_account"`, `create table "rator"."event"`} {
		if !strings.Contains(o.out, want) {
			t.Errorf("no %s in\n%s", want, o.out)
		}
	}
	if o := rator(t, "", "schema", "rator.db"); o.code != exitUsage {
		t.Errorf("a file has a schema: exit %d", o.code)
	}
}
