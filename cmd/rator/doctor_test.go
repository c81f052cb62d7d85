package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/server/servertest"
)

// healthy is a store in a folder that only its owner sees.
func healthy(t *testing.T) (store string) {
	t.Helper()
	store = servertest.StoreFile(t)
	if err := os.Chmod(filepath.Dir(store), 0o700); err != nil {
		t.Fatal(err)
	}
	return store
}

// found is what rator doctor finds, ok aside, as "state check"; what a machine's disk has
// is left out.
func found(t *testing.T, o outcome) (all []string) {
	t.Helper()
	var said struct {
		State    string
		Findings []struct{ Check, State, What, Mend string }
	}
	if err := json.Unmarshal([]byte(o.out), &said); err != nil {
		t.Fatalf("%v: %+v", err, o)
	}
	all = []string{}
	for _, f := range said.Findings {
		if f.State != "ok" && f.Check != "disk" {
			all = append(all, f.State+" "+f.Check)
		}
	}
	return all
}

// usually are settings of a doctor that say nothing of the machine.
var usually = []string{"--time-zone", "UTC", "--call-log", "off"}

func consult(t *testing.T, args ...string) outcome {
	t.Helper()
	return rator(t, "", append(append([]string{"doctor"}, args...), usually...)...)
}

// TestDoctorAtRest: a store that no server has, with settings of a file, and each exit code.
func TestDoctorAtRest(t *testing.T) {
	store := healthy(t)
	settings := ofFile(t, "store = \""+store+"\"\n[serve]\nlisten = \"0.0.0.0:8080\"\nusername-token = \"lenient\"\n[doctor]\nlisten = \"127.0.0.1:1\"\n")
	open := ofFile(t, "store = \""+store+"\"\n[serve]\nlisten = \"0.0.0.0:8080\"\nhookpoints = \"/nowhere/at/all\"\n")
	for _, c := range []struct {
		name string
		args []string
		code int
		want []string
	}{
		{"well", []string{"--store", store}, exitOK, []string{}},
		{"warnings", []string{"--config", settings}, 1, []string{"warning weak setting"}},
		{"mistakes", []string{"--config", open}, 2, []string{"mistake settings", "mistake plain HTTP"}},
		{"no backups", []string{"--store", store, "--backups", t.TempDir()}, 2, []string{"mistake backups"}},
		{"no store", []string{"--store", filepath.Join(t.TempDir(), "none.db")}, exitUnreachable, []string{"mistake store"}},
	} {
		o := consult(t, append(c.args, "--json")...)
		if diff := cmp.Diff(c.want, found(t, o)); diff != "" || o.code != c.code {
			t.Errorf("%s: exit code %d, want %d, %s\n%s", c.name, o.code, c.code, diff, o.out)
		}
	}
	if o := consult(t, "--store", store, "--listen", "127.0.0.1"); o.code != 2 || !strings.Contains(o.out, "mistake  settings") {
		t.Errorf("%+v", o)
	}
	if o := consult(t, "--store", store, "--lissen", "x"); o.code != exitUsage {
		t.Errorf("%+v", o)
	}
}

// TestDoctorSaysALineEach: each line says how grave, the check, what is, and how to mend it.
func TestDoctorSaysALineEach(t *testing.T) {
	o := consult(t, "--store", healthy(t), "--listen", "0.0.0.0:8080")
	lines := strings.Split(strings.TrimSpace(o.out), "\n")
	for _, line := range lines[:len(lines)-1] {
		state, rest, _ := strings.Cut(line, " ")
		if mends := strings.Contains(rest, " -> "); mends != (state != "ok") {
			t.Errorf("%s", line)
		}
	}
	if last := lines[len(lines)-1]; !strings.Contains(last, " mistakes, ") || !strings.Contains(o.out, "mistake  plain HTTP ") {
		t.Errorf("%s", o.out)
	}
}

// TestDoctorOfServer: a server that has the store says what the store says.
func TestDoctorOfServer(t *testing.T) {
	p := startServer(t, "--demo", "--call-log", "off")
	o := consult(t, "--store", p.store, "--listen", "127.0.0.1:0", "--json")
	findings := found(t, o)
	if !strings.Contains(o.out, p.store+": a server has it") || !strings.Contains(o.out, "takes changes, and is rator") {
		t.Errorf("%s", o.out)
	}
	served := []string{}
	for _, f := range findings {
		// The test and the server are two builds; their folder is as the machine makes folders, and so is its zone.
		if f != "warning server" && !strings.HasSuffix(f, "files") && f != "warning zone" {
			served = append(served, f)
		}
	}
	if diff := cmp.Diff([]string{"warning demo operator"}, served); diff != "" || o.code == exitOK {
		t.Errorf("exit code %d, %s\n%s", o.code, diff, o.out)
	}
}
