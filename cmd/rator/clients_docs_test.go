package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/server/servertest"
)

// Every client program has a row in docs/clients.md, and CI installs what it needs.
func TestDocumentedClients(t *testing.T) {
	script, err := os.ReadFile(filepath.Join(root, ".ci", "run"))
	if err != nil {
		t.Fatal(err)
	}
	scripts, err := filepath.Glob(filepath.Join(clients, "*", "run"))
	if err != nil {
		t.Fatal(err)
	}
	there, documented := map[string]bool{}, map[string]bool{}
	for _, script := range scripts {
		there[clientOf(script)] = true
	}
	for _, row := range servertest.DocsTable(t, "clients.md", "client ") {
		documented[strings.Trim(row[1], "`")] = true
		for name := range strings.FieldsSeq(row[2]) {
			if !regexp.MustCompile(`(^|[\s(/])` + regexp.QuoteMeta(name) + `($|[\s);}])`).Match(script) {
				t.Errorf(".ci/run does not install %s for %s", name, row[0])
			}
		}
	}
	if diff := cmp.Diff(there, documented); diff != "" {
		t.Errorf("docs/clients.md (-there +documented):\n%s", diff)
	}
}
