package main

import (
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A store of a version that had one number in two spellings opens, and verify names
// both holders.
func TestVerifyNamesSharedNumbers(t *testing.T) {
	packed, err := os.Open(root + "/testdata/store/numbers-1.db.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	z, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "numbers.db")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	shared := regexp.MustCompile(`(?m)^phone number 17195550002 of service \d{18}, spelled 17195550002, is of service \d{18} too, spelled 7195550002: `)
	for range 2 {
		o := rator(t, "", "verify", "--store", file)
		if o.code != exitFailed || !shared.MatchString(o.out) || !strings.Contains(o.out, "records, 5 faults\n") {
			t.Errorf("%+v", o)
		}
	}
}
