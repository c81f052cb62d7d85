package bulk

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// FuzzRead has any line be read: what is read without a mistake is written and read the
// same.
func FuzzRead(f *testing.F) {
	kept, err := os.ReadFile(filepath.Join("testdata", "mistakes.txt"))
	if err != nil {
		f.Fatal(err)
	}
	for line := range strings.Lines(string(kept)) {
		if strings.HasPrefix(line, "{") {
			f.Add(line)
		}
	}
	f.Add(string(Append(nil, filled(1), Options{PasswordHashes: true})))
	f.Fuzz(func(t *testing.T, line string) {
		c, mistakes := Reader{}.Read([]byte(line))
		for _, m := range mistakes {
			if m.Text == "" || strings.ContainsRune(m.String(), 0) {
				t.Errorf("%q", m)
			}
		}
		if len(mistakes) > 0 || len(c.names.all) > 0 {
			return // stand-ins are no ids to be written
		}
		written := Append(nil, c, Options{PasswordHashes: true})
		again, mistakes := (Reader{}).Read(written)
		if len(mistakes) > 0 {
			t.Fatalf("%v\nof %s", mistakes, written)
		}
		if diff := cmp.Diff(c, again, same, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("(-was +is)\n%s", diff)
		}
	})
}
