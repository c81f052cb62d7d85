package main

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/wire"
)

// TestTokensOfARunningServer: what the command line does to a token counts for the
// server's next call.
func TestTokensOfARunningServer(t *testing.T) {
	p := startServer(t, "--demo")
	command := func(args ...string) string {
		t.Helper()
		o := rator(t, "a long password\n", append(args, "--store", p.store)...)
		if o.code != exitOK {
			t.Fatalf("%v: %+v", args, o)
		}
		return o.out
	}
	ask := func(token string, want int) http.Header {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), "GET", strings.TrimSuffix(p.endpoint, wire.Path)+"/customerManagement/customer", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+token)
		a, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Body.Close()
		if body, _ := io.ReadAll(a.Body); a.StatusCode != want {
			t.Errorf("got %d, want %d: %s", a.StatusCode, want, body)
		}
		return a.Header
	}
	command("operator", "add", "crm", "--brand", "DEMO", "--right", "TMF_GET_*")
	made := regexp.MustCompile(`^token (\d{18}) of crm, until it is revoked; it is shown this once:\n(rator_\S+)\n$`).FindStringSubmatch(command("operator", "token", "add", "crm"))
	if made == nil {
		t.Fatal("no token is printed")
	}
	id, token := made[1], made[2]
	ask(token, http.StatusOK)
	command("operator", "revoke", "crm", "TMF_GET_*")
	ask(token, http.StatusForbidden)
	command("operator", "grant", "crm", "TMF_*")
	ask(token, http.StatusOK)
	command("operator", "disable", "crm")
	ask(token, http.StatusUnauthorized)
	command("operator", "enable", "crm")
	ask(token, http.StatusOK)
	command("operator", "token", "revoke", id)
	offered := ask(token, http.StatusUnauthorized).Values("WWW-Authenticate")
	if len(offered) != 2 || !strings.HasPrefix(offered[0], "Basic ") || !strings.Contains(offered[1], `Bearer realm="rator", error="invalid_token"`) {
		t.Errorf("offered: %q", offered)
	}
}

func TestExpiry(t *testing.T) {
	now := time.Date(2026, 2, 27, 10, 0, 0, 0, time.UTC)
	for text, want := range map[string]string{
		"": "0001-01-01T00:00:00Z", "12h": "2026-02-27T22:00:00Z", "90m": "2026-02-27T11:30:00Z", "2d": "2026-03-01T10:00:00Z",
		"2026-02-28": "2026-03-01T00:00:00Z", "0d": "", "-2d": "", "0h": "", "-5h": "", "soon": "", "2026-02-30": "", "5": "", "d": "", "99999d": "",
	} {
		got, err := expiry(text, now)
		if want == "" {
			if err == nil || !strings.Contains(err.Error(), "--expires") {
				t.Errorf("%q: %v, %v", text, got, err)
			}
			continue
		}
		if diff := cmp.Diff(want, got.Format(time.RFC3339)); diff != "" || err != nil {
			t.Errorf("%q: %v %s", text, err, diff)
		}
	}
}
