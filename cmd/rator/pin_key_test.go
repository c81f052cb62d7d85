package main

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rator/server"
	"rator/server/servertest"
	"rator/wire"
)

// TestPINsOfAServer: the key is made once, for its owner only; with it a PIN is
// answered after a restart, masked where that is asked for; a backup tells none.
func TestPINsOfAServer(t *testing.T) {
	store := servertest.StoreFile(t)
	p := startServer(t, "--store", store)
	ask := func(method, path, body string) string {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, strings.TrimSuffix(p.endpoint, wire.Path)+"/customerManagement/customerAccount"+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.SetBasicAuth(server.DemoOperator, server.DemoPassword)
		r.Header.Set("Content-Type", "application/json")
		a, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Body.Close()
		b, err := io.ReadAll(a.Body)
		if err != nil || a.StatusCode > 299 {
			t.Fatalf("%d %s %v", a.StatusCode, b, err)
		}
		return string(b)
	}
	if made := ask("POST", "", `{"name":"a","accountType":"t","pin":"pin-9753"}`); !strings.Contains(made, `"pin":"pin-9753"`) {
		t.Error(made)
	}
	copied := filepath.Join(t.TempDir(), "copy.db")
	if o := rator(t, "", "backup", "--store", store, copied); o.code != exitOK {
		t.Fatalf("%+v", o)
	}
	p.stop(t)
	for _, file := range []string{store, copied} {
		if b, err := os.ReadFile(file); err != nil || strings.Contains(string(b), "pin-9753") {
			t.Errorf("%s has the PIN, or %v", file, err)
		}
	}
	key, err := os.ReadFile(server.KeyFileOf(store))
	info, statErr := os.Stat(server.KeyFileOf(store))
	if err != nil || statErr != nil || info.Mode().Perm() != 0o600 || len(key) != 65 {
		t.Errorf("the key: %d bytes, %v %v", len(key), err, statErr)
	}
	for flag, want := range map[string]string{"echo": `"pin":"pin-9753"`, "mask": `"pin":"****"`} {
		p = startServer(t, "--store", store, "--tmf-pin", flag)
		if list := ask("GET", "", ""); !strings.Contains(list, want) {
			t.Errorf("%s: %s", flag, list)
		}
		p.stop(t)
	}
	if again, err := os.ReadFile(server.KeyFileOf(store)); err != nil || string(again) != string(key) {
		t.Errorf("the key changed, or %v", err)
	}
	broken := servertest.Write(t, t.TempDir(), "key", "not a key")
	if o := rator(t, "", "serve", "--store", store, "--tmf-pin-key", broken); o.code != exitUnreachable || !strings.Contains(o.err, broken+" does not hold 64 hexadecimal digits") {
		t.Errorf("%+v", o)
	}
}
