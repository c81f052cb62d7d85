package server_test

import (
	"log/slog"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"rator/clock"
	"rator/server"
	"rator/server/servertest"
	"rator/store/postgres/clustertest"
)

// TestMetricsAreDocumented: docs/operate.md has each of our metrics, with its labels,
// and no other.
func TestMetricsAreDocumented(t *testing.T) {
	s, _, _ := servertest.Logged(t)
	// What there is of a database is there once one is served.
	st, err := server.OpenServed(t.Context(), clustertest.Shared(t).DSN("postgres")+"&search_path=metrics", "one", &clock.Clock{}, s.Metrics, server.Standby{Log: slog.New(slog.DiscardHandler)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	described := make(chan *prometheus.Desc, 1000)
	s.Metrics.Registry.Describe(described)
	close(described)
	have := map[string]string{}
	of := regexp.MustCompile(`fqName: "(rator_\w+)".*constLabels: {([^}]*)}, variableLabels: {([^}]*)}`)
	constant := regexp.MustCompile(`(\w+)="[^"]*"`)
	for d := range described {
		if m := of.FindStringSubmatch(d.String()); m != nil {
			have[m[1]] = constant.ReplaceAllString(m[2], "$1") + m[3]
		}
	}
	if len(have) < 20 {
		t.Fatalf("only %v", have)
	}
	text, err := os.ReadFile(servertest.Root + "/docs/operate.md")
	if err != nil {
		t.Fatal(err)
	}
	documented := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(line, "|")
		if len(cells) != 5 || !strings.HasPrefix(cells[1], " `rator_") {
			continue
		}
		labels := strings.ReplaceAll(strings.ReplaceAll(strings.TrimSpace(cells[2]), "`", ""), ", ", ",")
		for _, name := range regexp.MustCompile(`rator_\w+`).FindAllString(cells[1], -1) {
			documented[name] = true
			if got, ok := have[name]; !ok || got != labels {
				t.Errorf("docs/operate.md: %s{%s}; there is %q (%v)", name, labels, got, ok)
			}
		}
	}
	for name, labels := range have {
		if !documented[name] {
			t.Errorf("docs/operate.md lacks %s{%s}", name, labels)
		}
	}
}
