package suite_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"rator/suite"
)

// skips are the ways past this package by which a test leaves something out.
var skips = regexp.MustCompile(`\bt\.Skip(f|Now)?\(|testing\.Short\(|Getenv\("CI"\)`)

// lines looks at every line of every test but those of this package.
func lines(t *testing.T, look func(file string, at int, line string)) {
	t.Helper()
	read := 0
	err := filepath.WalkDir("..", func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.Name() == "node_modules" || file == filepath.Join("..", "suite") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(file, "_test.go") {
			return nil
		}
		src, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		read++
		for at, line := range strings.Split(string(src), "\n") {
			look(file, at+1, line)
		}
		return nil
	})
	if err != nil || read < 100 {
		t.Fatalf("%d files read: %v", read, err)
	}
}

// TestOnlySuiteSkips: what a run leaves out is named at its end, and is nothing in a
// whole one.
func TestOnlySuiteSkips(t *testing.T) {
	lines(t, func(file string, at int, line string) {
		if found := skips.FindString(line); found != "" {
			t.Errorf("%s:%d: %s: say it with suite.Long, Rounds, Foreign or Missing", file, at, found)
		}
	})
}

// TestStoresDoNotWait: a test whose store nobody will miss does not wait for the disk at
// each commit. The store's own tests do, and benchmarks.
func TestStoresDoNotWait(t *testing.T) {
	opens := 0
	lines(t, func(file string, at int, line string) {
		if !strings.Contains(line, " bolt.Open(") || strings.HasPrefix(file, filepath.Join("..", "store")) || strings.Contains(line, "b.TempDir()") {
			return
		}
		opens++
		if !strings.Contains(line, "Unsynced: true") && !strings.Contains(line, "ReadOnly: true") {
			t.Errorf("%s:%d: say Unsynced", file, at)
		}
	})
	if opens < 20 {
		t.Errorf("%d stores were found", opens)
	}
}

// ended is a test that notes how it was ended.
type ended struct {
	testing.TB
	how, what string
}

func (e *ended) Skip(said ...any)                  { e.how, e.what = "skipped", fmt.Sprint(said...); runtime.Goexit() }
func (e *ended) Fatal(said ...any)                 { e.how, e.what = "failed", fmt.Sprint(said...); runtime.Goexit() }
func (e *ended) Fatalf(format string, said ...any) { e.Fatal(fmt.Sprintf(format, said...)) }

// end is how a test ends that does this.
func end(t *testing.T, does func(testing.TB)) (how, what string) {
	t.Helper()
	e := &ended{TB: t, how: "goes on"}
	done := make(chan struct{})
	go func() { defer close(done); does(e) }()
	<-done
	return e.how, e.what
}

// TestRuns: what a person's run leaves out, it names; a whole one leaves out nothing.
func TestRuns(t *testing.T) {
	for _, c := range []struct {
		name          string
		does          func(testing.TB)
		person, whole string
		says          string
	}{
		{"long", func(t testing.TB) { suite.Long(t, "a soak") }, "skipped", "goes on", "a soak"},
		{"foreign", func(t testing.TB) { suite.Foreign(t, "PHP") }, "skipped", "goes on", "PHP"},
		{"foreign that is there", func(t testing.TB) { suite.Foreign(t, "PHP", "true") }, "skipped", "goes on", "PHP"},
		{"foreign that is not", func(t testing.TB) { suite.Foreign(t, "PHP", "false") }, "skipped", "failed", "PHP"},
		{"missing", func(t testing.TB) { suite.Missing(t, "not root") }, "skipped", "failed", "not root"},
	} {
		for CI, want := range map[string]string{"": c.person, "true": c.whole} {
			t.Setenv("CI", CI)
			how, what := end(t, c.does)
			if how != want || how != "goes on" && !strings.Contains(what, c.says) {
				t.Errorf("%s with CI=%s: %s %s; want %s", c.name, CI, how, what, want)
			}
		}
	}
	t.Setenv("CI", "true")
	if n := suite.Rounds(t, 3, 15); n != 15 {
		t.Errorf("a whole run has %d rounds", n)
	}
}
