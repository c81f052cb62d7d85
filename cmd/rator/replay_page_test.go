package main

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"rator/replay/fixture"
	"rator/server/servertest"
)

// TestTestersPage: the commands of docs/test.md can be typed as they stand, its settings
// can be read as they stand, and the first command says that all is equal
// (TestReplayPlaysEveryFixture).
func TestTestersPage(t *testing.T) {
	page := servertest.Read(t, filepath.Join(root, "docs", "test.md"))
	lines := regexp.MustCompile(`(?m)^bin/(rator [^#\n]+)`).FindAllStringSubmatch(page, -1)
	if len(lines) < 10 {
		t.Errorf("%d commands", len(lines))
	}
	for _, line := range lines {
		k, err := kong.New(&commands{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := k.Parse(shellWords(line[1])[1:]); err != nil {
			t.Errorf("%s: %v", line[1], err)
		}
	}
	_, settings, _ := strings.Cut(page, "```toml\n")
	settings, _, _ = strings.Cut(settings, "```")
	c, err := fixture.ParseConfig("docs/test.md", []byte(settings))
	if err != nil || c.Compare != fixture.CompareExact || len(c.Capture) != 1 || len(c.Server.Operators) != 1 || len(c.Expect) != 1 {
		t.Errorf("%+v %v", c, err)
	}
}
