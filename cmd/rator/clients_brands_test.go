package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/server/servertest"
	"rator/suite"
)

// TestClientsBrands has clients use two brands in two countries and time zones, by
// national numbers and dates without a zone. The scenario two-brands does the same, and
// more, byte for byte.
func TestClientsBrands(t *testing.T) {
	suite.Foreign(t, "PHP and Mono")
	want := map[string]string{
		"FJELL.birthday": "1990-05-06T06:00:00Z", "FJORD.birthday": "1990-05-05T22:00:00Z",
		"FJELL.reserved": "7205550007", "FJORD.reserved": "+4799000007",
		"FJELL.found": "Åse", "FJORD.found": "Åse",
		"FJELL.paid": "2026-01-02T19:00:00Z", "FJORD.paid": "2026-01-02T11:00:00Z",
		"FJELL.ends": "2026-01-03T07:00:00Z", "FJORD.ends": "2026-01-02T23:00:00Z",
	}
	for _, client := range []string{"php", "mono"} {
		t.Run(client, func(t *testing.T) {
			t.Parallel()
			endpoint := servertest.Of(t, filepath.Join(scenarios, "two-brands")).Endpoint
			// Reading the folder makes a cached result depend on its files.
			if _, err := os.ReadDir(filepath.Join(clients, client)); err != nil {
				t.Fatal(err)
			}
			got := runClient(t, filepath.Join(clients, client, "brands"), endpoint, "")
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
