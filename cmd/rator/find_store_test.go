package main

import (
	"os"
	"strings"
	"testing"

	"rator/server/servertest"
)

// TestFoundStore: commands that are told no store take rator.db, and demo.db where only
// that is there; where both are, none, and neither changes.
func TestFoundStore(t *testing.T) {
	real, err := os.ReadFile(servertest.StoreFile(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		files  string
		code   int
		says   string
		opened string
	}{
		{"", exitUnreachable, "store rator.db: no such file or directory (rator serve --store rator.db makes one)", ""},
		{"rator.db", exitOK, "", "rator.db"},
		{"demo.db", exitOK, "rator: store demo.db, for there is no rator.db here\n", "demo.db"},
		{"rator.db demo.db", exitUsage, "both here; say with --store or RATOR_STORE which is meant", ""},
	} {
		t.Run(c.files, func(t *testing.T) {
			t.Chdir(t.TempDir())
			for name := range strings.FieldsSeq(c.files) {
				servertest.Write(t, ".", name, string(real))
			}
			o := rator(t, "", "operator", "disable", "demo")
			if o.code != c.code || !strings.Contains(o.err, c.says) || c.says == "" && o.err != "" {
				t.Errorf("%+v", o)
			}
			for name := range strings.FieldsSeq(c.files) {
				if changed := servertest.Read(t, name) != string(real); changed != (name == c.opened) {
					t.Errorf("%s is changed: %t", name, changed)
				}
			}
			for _, word := range []string{"log", "verify"} { // the same rule for what reads
				if o := rator(t, "", word); c.code == exitUsage && (o.code != exitUsage || !strings.Contains(o.err, c.says)) {
					t.Errorf("%s: %+v", word, o)
				}
			}
			if c.files == "rator.db demo.db" {
				if o := rator(t, "", "verify", "--store", "demo.db"); o.code != exitOK || o.err != "" {
					t.Errorf("named: %+v", o)
				}
				t.Setenv("RATOR_STORE", "demo.db")
				if o := rator(t, "", "verify"); o.code != exitOK || o.err != "" {
					t.Errorf("named by RATOR_STORE: %+v", o)
				}
			}
		})
	}
	t.Run("restore makes a store and finds none", func(t *testing.T) {
		t.Chdir(t.TempDir())
		servertest.Write(t, ".", "demo.db", string(real))
		servertest.Write(t, ".", "backup", string(real))
		if o := rator(t, "", "restore", "--replace", "backup"); o.code != exitOK || !strings.HasPrefix(o.out, "rator.db: ") {
			t.Errorf("%+v", o)
		}
	})
}
