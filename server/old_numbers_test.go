package server_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"rator/server"
	"rator/server/servertest"
)

// A store of a version that had one number in two spellings opens, and its verification
// names both holders.
func TestVerifyNamesSharedNumbers(t *testing.T) {
	file := servertest.UnpackStore(t, filepath.Join(servertest.Root, "testdata", "store", "numbers-1.db.gz"))
	shared := regexp.MustCompile(`(?m)^phone number 17195550002 of service \d{18}, spelled 17195550002, is of service \d{18} too, spelled 7195550002: `)
	for range 2 {
		st := servertest.OpenStore(t, file)
		var faults []string
		_, err := server.Verify(t.Context(), st, func(fault error) { faults = append(faults, fault.Error()) })
		if err != nil || len(faults) != 5 || !shared.MatchString(strings.Join(faults, "\n")) {
			t.Errorf("%v: %q", err, faults)
		}
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
