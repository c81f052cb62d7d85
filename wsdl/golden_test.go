package wsdl_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write what is made now to testdata/wsdl")

const (
	golden  = "../testdata/wsdl"
	address = "http://bss.example.com:8080/workflow-soap/InvokerService"
)

// compare fails when made is not what the file in testdata/wsdl holds.
func compare(t *testing.T, file string, made []byte) {
	t.Helper()
	path := filepath.Join(golden, file)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, made, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(kept), string(made)); diff != "" {
		t.Errorf("%s (-kept +made; -update writes it):\n%s", file, diff)
	}
}
