package main

import (
	"encoding/json"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"rator/access"
	"rator/server/servertest"
	"rator/store"
)

// TestAuditCommands: what was done is read, offline, with what changed and by every filter,
// reading is told, and the chain is verified against an anchor.
func TestAuditCommands(t *testing.T) {
	file := servertest.StoreFile(t)
	must := func(args ...string) string {
		t.Helper()
		o := rator(t, "", append(args, "--store", file)...)
		if o.code != exitOK {
			t.Fatalf("%v: %d\n%s%s", args, o.code, o.out, o.err)
		}
		return o.out
	}
	must("operator", "grant", "demo", "AUDIT_READ")
	if out := must("audit", "--hookpoint", "operator grant"); !regexp.MustCompile(`(?m)^\S+Z  local +command +operator grant +- +- +OK  -\n    demo\n    AUDIT_READ\n    operator \d{18} updated\n        RIGHTS \["\*"\] -> \["\*","AUDIT_READ"\]\n$`).MatchString(out) {
		t.Errorf("it says:\n%s", out)
	}
	var row struct {
		ID, Operator, Hookpoint, Outcome string
		Objects                          []string
		Notes                            []string
		Changes                          []struct {
			Kind, Change string
			Values       []struct {
				Key      string
				Old, New json.RawMessage
			}
		}
	}
	line := must("audit", "list", "--json", "--hookpoint", "operator grant")
	if err := json.Unmarshal([]byte(line), &row); err != nil || row.Operator != access.Local || row.Outcome != access.OutcomeOK ||
		len(row.Changes) != 1 || row.Changes[0].Change != "updated" || string(row.Changes[0].Values[0].New) != `["*","AUDIT_READ"]` {
		t.Errorf("%v: %s", err, line)
	}
	object := row.Objects[0]
	for _, args := range [][]string{
		{"--object", object}, {"--operator", "local", "--since", "1h"}, {"--face", "command"}, {"--outcome", "OK"}, {"--until", "2999-01-01"}, {"--limit", "0"}, {"--limit", "2", "--object", object},
	} {
		if out := must(append([]string{"audit"}, args...)...); !strings.Contains(out, "AUDIT_READ") {
			t.Errorf("%q: %s", args, out)
		}
	}
	for _, args := range [][]string{
		{"--object", "202601020304050001"}, {"--operator", "nobody"}, {"--face", "soap"}, {"--outcome", "refused"}, {"--until", "2001-01-01"}, {"--brand", "DEMO"}, {"--hookpoint", "operator"},
	} {
		if o := rator(t, "", append([]string{"audit", "--store", file}, args...)...); o.code != exitFailed || !strings.Contains(o.err, "no such row") {
			t.Errorf("%q: %+v", args, o)
		}
	}
	// Reading is told, with what was asked for; not in the answer itself.
	read := must("audit", "--hookpoint", access.ReadingNamed, "--limit", "1")
	if !strings.Contains(read, "hookpoint operator") || strings.Contains(read, "hookpoint audit read") {
		t.Errorf("it says:\n%s", read)
	}
	if again := must("audit", "--hookpoint", access.ReadingNamed, "--limit", "1"); !strings.Contains(again, "hookpoint audit read") {
		t.Errorf("it says:\n%s", again)
	}

	anchor := strings.TrimSpace(must("audit", "anchor"))
	if out := must("verify", "--anchor", anchor); !regexp.MustCompile(`(?m)^audit: \d+ rows sealed in 1 segments\n\d+ records, 0 faults\n$`).MatchString(out) {
		t.Errorf("it says:\n%s", out)
	}
	must("operator", "revoke", "demo", "AUDIT_READ")
	if out := must("verify"); !regexp.MustCompile(`(?m)^audit: \d+ rows sealed in 1 segments, 1 not yet, the oldest for \d+s\n`).MatchString(out) {
		t.Errorf("it says:\n%s", out)
	}
	if out := must("audit", "anchor", "--json"); !regexp.MustCompile(`^{"segment":2,"hash":"[0-9a-f]{64}"}\n$`).MatchString(out) {
		t.Errorf("it says:\n%s", out)
	}
	changeAudit(t, file, object)
	if o := rator(t, "", "verify", "--store", file); o.code != exitFailed || !regexp.MustCompile(`(?m)^audit: row \d{18} of segment 1 was changed$`).MatchString(o.out) {
		t.Errorf("%+v", o)
	}
	other := anchor[:len(anchor)-1] + map[bool]string{true: "1", false: "0"}[strings.HasSuffix(anchor, "0")]
	if o := rator(t, "", "verify", "--anchor", other, "--store", file); o.code != exitFailed || !strings.Contains(o.out, "segment 1 is another one than the anchor says") {
		t.Errorf("%+v", o)
	}
}

// changeAudit changes an audit row behind the server's back.
func changeAudit(t *testing.T, file, object string) {
	t.Helper()
	st := servertest.OpenStore(t, file)
	defer st.Close()
	err := st.Update(t.Context(), func(tx store.Tx) error {
		rows, err := tx.Find("audit", "about", object, 0, 1)
		if err != nil {
			return err
		}
		rows[0].Doc = []byte(strings.Replace(string(rows[0].Doc), `"Who":"local"`, `"Who":"other"`, 1))
		return tx.Put("audit", rows[0])
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAuditMisuse(t *testing.T) {
	file := servertest.StoreFile(t)
	for want, args := range map[string][]string{
		"neither a duration":       {"--since", "yesterday"},
		"--object":                 {"--object", "12"},
		"--account":                {"--account", "100001"},
		"is not before":            {"--since", "2026-02-01", "--until", "2026-01-01"},
		"--limit":                  {"--limit=-1"},
		"name the customer by one": {"--account", "202601020304050001", "--customer", "100001"},
		"nor the name of an error": {"--outcome", "failed"},
		"no operator can have":     {"--operator", strings.Repeat("x", 200)},
	} {
		if o := rator(t, "", append([]string{"audit", "--store", file}, args...)...); o.code != exitUsage || !strings.Contains(o.err, want) {
			t.Errorf("%q: want %q: %+v", args, want, o)
		}
	}
	if o := rator(t, "", "audit", "--store", file, "--customer", "999999"); o.code != exitFailed || !strings.Contains(o.err, "999999") {
		t.Errorf("%+v", o)
	}
	if o := rator(t, "", "audit", "--store", file, "--follow"); o.code != exitUnreachable || !strings.Contains(o.err, "--follow") {
		t.Errorf("%+v", o)
	}
	for _, anchor := range []string{"x", "1:ff", "0:" + strings.Repeat("0", 64)} {
		if o := rator(t, "", "verify", "--store", file, "--anchor", anchor); o.code != exitUsage || !strings.Contains(o.err, "is no anchor") {
			t.Errorf("%+v", o)
		}
	}
	if o := rator(t, "", "audit", "--store", filepath.Join(t.TempDir(), "none.db")); o.code != exitUnreachable {
		t.Errorf("%+v", o)
	}
}
