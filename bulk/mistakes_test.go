package bulk

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/catalogue"
	"rator/store"
	"rator/store/bolt"
)

var update = flag.Bool("update", false, "write what is said of the lines of testdata")

// demo is a store with the demo catalogue, on 1 June 2026 at noon.
func demo(t testing.TB) store.Store {
	t.Helper()
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	s, err := bolt.Open(filepath.Join(t.TempDir(), "test.db"), bolt.Options{Unsynced: true, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	file, mistakes := catalogue.Load("demo.toml", catalogue.Demo())
	for _, m := range mistakes {
		t.Fatal(m)
	}
	if err := s.Update(context.Background(), func(tx store.Tx) error {
		_, err := catalogue.Import(tx, file)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return s
}

// completed is Fill and Number in a brand of the store.
func completed(t testing.TB, s store.Store, brand string, c *Customer) (mistakes []Mistake) {
	t.Helper()
	if err := s.Update(context.Background(), func(tx store.Tx) error {
		b, err := catalogue.BrandByKey(tx, brand)
		if err == nil {
			mistakes = c.Fill(tx, b)
		}
		if len(mistakes) == 0 && err == nil {
			mistakes = c.Number(tx, b)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return mistakes
}

// said is what is said of a line: by Read, else by Fill or Number.
func said(t testing.TB, s store.Store, line string) []string {
	c, mistakes := (Reader{}).Read([]byte(line))
	if len(mistakes) == 0 {
		mistakes = completed(t, s, "DEMO", c)
	}
	var all []string
	for _, m := range mistakes {
		all = append(all, m.String())
	}
	return all
}

// TestMistakes holds what is said of lines with mistakes against testdata/mistakes.txt, where
// each kind has its name after #, the line, and what is said after >. A \x00 in
// it stands for a byte.
func TestMistakes(t *testing.T) {
	t.Parallel()
	path := filepath.Join("testdata", "mistakes.txt")
	kept, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s := demo(t)
	var made strings.Builder
	kinds := 0
	for text := range strings.Lines(string(kept)) {
		text = strings.TrimSuffix(text, "\n")
		if strings.HasPrefix(text, "> ") {
			continue
		}
		made.WriteString(text + "\n")
		if text == "" || strings.HasPrefix(text, "# ") {
			continue
		}
		all := said(t, s, strings.NewReplacer(`\xff`, "\xff", `\x01`, "\x01").Replace(text))
		if len(all) == 0 {
			t.Errorf("nothing is said of %s", text)
		}
		kinds++
		for _, one := range all {
			made.WriteString("> " + one + "\n")
		}
	}
	if kinds < 25 {
		t.Errorf("there are %d kinds of mistakes", kinds)
	}
	if *update {
		if err := os.WriteFile(path, []byte(made.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(kept), made.String()); diff != "" && !*update {
		t.Errorf("what is said differs (-kept +said; -update writes it):\n%s", diff)
	}
}
