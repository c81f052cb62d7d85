package main

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"rator/server/servertest"
)

// TestClockPageIsPlayed does what docs/test-clock.md says, and holds what is printed against
// what it shows.
func TestClockPageIsPlayed(t *testing.T) {
	m := newMachine(t)
	r := m.reader("docs/test-clock.md")
	r.env = append(r.env, "RATOR_LISTEN=127.0.0.1:0")
	subscription := ""
	r.replaced = func(command string) string {
		return strings.ReplaceAll(command, "SUBSCRIPTION_ID=…", "SUBSCRIPTION_ID="+subscription)
	}
	advance := "rator clock advance 1 year --store year.db"
	r.instead = map[string]func(){
		"rator serve --demo --store year.db --clock 2026-01-15": func() {
			m.served = spawnIn(t, m.dir, "--demo", "--store", "year.db", "--clock", "2026-01-15", "--time-zone", "Europe/Copenhagen")
			r.env = append(r.env, "RATOR_ENDPOINT="+m.served.endpoint)
			shown := regexp.MustCompile(`\bSUBSCRIPTION\n\s+ID\s+(\d{18})`).FindStringSubmatch(m.served.log.String())
			if shown == nil {
				t.Fatalf("the start shows no id of a SUBSCRIPTION:\n%s", m.served.log.String())
			}
			subscription = shown[1]
		},
		advance: func() {
			c := exec.CommandContext(t.Context(), "sh", "-euc", advance)
			c.Dir, c.Env = m.dir, r.env
			out, err := c.CombinedOutput()
			if err != nil {
				t.Fatalf("%s: %v\n%s", advance, err, out)
			}
			printed := string(out)
			for _, f := range servertest.FencesOf(servertest.Read(t, filepath.Join(root, r.page))) {
				if f.Kind != "text" {
					continue
				}
				for line := range strings.Lines(f.Text) { // … stands for more
					for part := range strings.SplitSeq(strings.TrimSpace(line), "…") {
						// A day's clock goes on while the server runs.
						part = regexp.MustCompile(`T00:0\d:\d\d`).ReplaceAllString(part, "")
						if at := strings.Index(regexp.MustCompile(`T00:\d\d:\d\d`).ReplaceAllString(printed, ""), part); at < 0 {
							t.Errorf("the page shows %q, printed is\n%s", part, out)
						}
					}
				}
			}
		},
	}
	r.play()
	m.served.stop(t)
}
