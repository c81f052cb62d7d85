package main

import (
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"rator/history"
	"rator/server/servertest"
)

// TestHistoryDocs plays the commands of docs/history.md and of docs/calls.md, and
// holds what is said of columns and JSON against the code.
func TestHistoryDocs(t *testing.T) {
	text := servertest.Read(t, filepath.Join(root, "docs", "history.md"))
	s, _ := blockedLine(t)
	commands := regexp.MustCompile(`(?m)^(?:bin/)?rator history ([^#\n]*)`).FindAllStringSubmatch(text+servertest.Read(t, filepath.Join(root, "docs", "calls.md")), -1)
	if len(commands) < 4 {
		t.Fatalf("commands: %v", commands)
	}
	for _, c := range commands {
		says(t, historyOf(t, s.Server.Server, strings.Fields(c[1])...), exitOK, `100001`)
	}
	shown := historyOf(t, s.Server.Server, "--customer", "100001").out
	for _, head := range regexp.MustCompile(`(?m)^(SUBSCRIPTION|TIME) .*$`).FindAllString(text, -1) {
		if spaced := strings.Join(strings.Fields(head), " +"); !regexp.MustCompile(`(?m)^` + spaced + `$`).MatchString(shown) {
			t.Errorf("the columns are not %s:\n%s", head, shown)
		}
	}
	_, asJSON, _ := strings.Cut(text, "## As JSON")
	for _, x := range []any{historyJSON{}, standingJSON{}, lineJSON{}, blockJSON{}, history.EntryJSON{}, history.ChangeJSON{}, history.KeyValueJSON{}} {
		for f := range reflect.TypeOf(x).Fields() {
			if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); !strings.Contains(asJSON, "`"+name+"`") {
				t.Errorf("docs/history.md does not name %s of %T", name, x)
			}
		}
	}
}
