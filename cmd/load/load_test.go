package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"rator/suite"
)

func TestMain(m *testing.M) {
	if asked, err := runErrand(os.Args); asked { // as main does, in processes that tests start
		exit(err)
	}
	os.Exit(m.Run())
}

// TestBase: what is compared with is a commit, a file or nothing, and said.
func TestBase(t *testing.T) {
	t.Chdir(t.TempDir()) // no repository
	t.Setenv("GIT_CEILING_DIRECTORIES", "/")
	file := filepath.Join(t.TempDir(), "rator")
	if err := os.WriteFile(file, nil, 0o700); err != nil {
		t.Fatal(err)
	}
	if b, why, err := baseBinary(t.Context(), t.TempDir(), file); err != nil || b == nil || b.file != file || why != "" {
		t.Errorf("a file: %+v %q %v", b, why, err)
	}
	if b, why, err := baseBinary(t.Context(), t.TempDir(), "none"); err != nil || b != nil || why == "" {
		t.Errorf("none: %+v %q %v", b, why, err)
	}
	if b, why, err := baseBinary(t.Context(), t.TempDir(), ""); err != nil || b != nil || !strings.Contains(why, firstBase) {
		t.Errorf("nothing said: %+v %q %v", b, why, err)
	}
	if _, _, err := baseBinary(t.Context(), t.TempDir(), "abcdef0"); err == nil || !strings.Contains(err.Error(), "BASE=abcdef0") {
		t.Errorf("no such commit: %v", err)
	}
}

// TestBaseLeavesNoTree: the working tree of the base goes, and is not known to git
// any more, also where it cannot be built.
func TestBaseLeavesNoTree(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, args := range [][]string{{"init", "-q"}, {"-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "--allow-empty", "-m", "nothing"}} {
		if out, err := exec.Command("git", args...).CombinedOutput(); err != nil {
			suite.Missing(t, "git "+strings.Join(args, " ")+": "+string(out))
		}
	}
	dir := t.TempDir()
	if _, _, err := baseBinary(t.Context(), dir, "HEAD"); err == nil {
		t.Error("an empty commit was built")
	}
	trees, err := output(t.Context(), "git", "worktree", "list")
	if err != nil || strings.Contains(trees, "\n") {
		t.Errorf("%v, working trees:\n%s", err, trees)
	}
	if _, err := os.Stat(filepath.Join(dir, "base", "tree")); err == nil {
		t.Error("the tree is still there")
	}
}

func TestProcessorTime(t *testing.T) {
	if runtime.GOOS != "linux" {
		suite.Missing(t, "/proc of Linux")
	}
	before := cpuOf("self")
	for n, start := 0, time.Now(); cpuOf("self") == before; n++ {
		if n%1000 == 999 && time.Since(start) > time.Minute {
			t.Fatalf("a process that works took %s, and a minute later no more", before)
		}
	}
}

// TestScenariosRun runs those that leave the machine to others, with a server of this
// checkout, and wants every row, whatever it says.
func TestScenariosRun(t *testing.T) {
	suite.Long(t, "what calls cost and what strangers leave, on one server")
	t.Chdir("../..")
	light := []string{"strangers", "cpu"}
	r, err := measured(t.Context(), options{base: "none", only: light, pairs: 1}, t.TempDir())
	if err != nil || len(r.Said) != 1 {
		t.Fatalf("%v, said %q", err, r.Said)
	}
	rows := map[string]int{}
	for _, row := range r.Rows {
		rows[row.Scenario]++
		if row.Load == "" || row.This == nil || row.This.Shown == "" || row.Base != nil {
			t.Errorf("%+v", row)
		}
	}
	for _, name := range light {
		if rows[name] == 0 {
			t.Errorf("no row of %s", name)
		}
	}
}
