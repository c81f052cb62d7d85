package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"rator/bench/rig"
)

// TestMetricsOfServers: what several servers say is added up, and told apart by labels.
func TestMetricsOfServers(t *testing.T) {
	var servers []*rig.Process
	for n := range 2 {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(w, "# HELP reads Looks.\nreads{place=\"standby\"} %d\nreads{place=\"primary\"} 1e+02\nreads_more 7\nwaits 2.5\n", 10+n)
		}))
		defer s.Close()
		servers = append(servers, &rig.Process{Address: strings.TrimPrefix(s.URL, "http://")})
	}
	m, err := metricsOf(servers)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []struct {
		name, label string
		sum         float64
	}{{"reads", "standby", 21}, {"reads", "", 221}, {"waits", "", 5}, {"rea", "", 0}} {
		if got := m.of(want.name, want.label); got != want.sum {
			t.Errorf("%s of %q: %v, not %v", want.name, want.label, got, want.sum)
		}
	}
}

// TestQuantile: a figure of what was found, and none of nothing.
func TestQuantile(t *testing.T) {
	b := &bench{found: map[string][]float64{"lag": {4, 1, 3, 2}}}
	for q, want := range map[float64]float64{0: 1, 0.5: 3, 0.95: 4, 1: 4} {
		if got := b.quantile("lag", q); got == nil || *got != want {
			t.Errorf("%v: %v, not %v", q, got, want)
		}
	}
	if got := b.median("nothing"); got != nil {
		t.Errorf("of nothing: %v", *got)
	}
}
