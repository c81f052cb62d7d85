package main

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestBusyPortLeavesNothing: a command that finds its address taken says so, by whom
// where that can be seen, and how to go on; it has made nothing.
func TestBusyPortLeavesNothing(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	busy := taken.Addr().String()
	suite, err := filepath.Abs(filepath.Join(scenarios, "SOAP_GET_PRODUCT_CONFIGS"))
	if err != nil {
		t.Fatal(err)
	}
	t.Run("the address in the environment", func(t *testing.T) {
		t.Setenv("RATOR_LISTEN", busy)
		t.Chdir(t.TempDir())
		if o := rator(t, "", "serve", "--demo", "--store", "demo.db"); o.code != exitUnreachable || !strings.Contains(o.err, "--listen: "+busy) {
			t.Errorf("%+v", o)
		}
	})
	for _, c := range []struct{ args, flag string }{
		{"serve --store rator.db --listen " + busy, "--listen"},
		{"serve --demo --store demo.db --listen " + busy, "--listen"},
		{"serve --demo --listen " + busy, "--listen"},
		{"serve --store rator.db --call-log calls --tmf-pin-key key --listen " + busy, "--listen"},
		{"serve --store rator.db --listen 127.0.0.1:0 --metrics-listen " + busy, "--metrics-listen"},
		{"record --to http://127.0.0.1:1 --dir recorded --listen " + busy, "--listen"},
		{"mock " + suite + " --forward http://127.0.0.1:1 --record new --listen " + busy, "--listen"},
	} {
		t.Run(c.args, func(t *testing.T) {
			here, temporary := t.TempDir(), t.TempDir()
			t.Chdir(here)
			t.Setenv("TMPDIR", temporary) // where a demo's store may be
			o := rator(t, "", strings.Fields(c.args)...)
			if o.code != exitUnreachable || !strings.Contains(o.err, c.flag+": "+busy+": address already in use") || !strings.Contains(o.err, "name another address with "+c.flag) {
				t.Errorf("%+v", o)
			}
			if _, err := os.Stat("/proc/net/tcp"); err == nil && !strings.Contains(o.err, fmt.Sprintf(" by process %d (", os.Getpid())) {
				t.Errorf("it does not say by whom: %s", o.err)
			}
			for _, dir := range []string{here, temporary} {
				if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
					t.Errorf("left in %s: %v %v", dir, left, err)
				}
			}
		})
	}
}
