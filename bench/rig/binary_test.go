package rig

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"rator/suite"
)

// TestBase: what is compared with is a commit, a file or nothing, and said.
func TestBase(t *testing.T) {
	t.Chdir(t.TempDir()) // no repository
	t.Setenv("GIT_CEILING_DIRECTORIES", "/")
	file := filepath.Join(t.TempDir(), "rator")
	if err := os.WriteFile(file, nil, 0o700); err != nil {
		t.Fatal(err)
	}
	if b, why, err := Base(t.Context(), t.TempDir(), file); err != nil || b == nil || b.File != file || why != "" {
		t.Errorf("a file: %+v %q %v", b, why, err)
	}
	if b, why, err := Base(t.Context(), t.TempDir(), "none"); err != nil || b != nil || why == "" {
		t.Errorf("none: %+v %q %v", b, why, err)
	}
	if b, why, err := Base(t.Context(), t.TempDir(), ""); err != nil || b != nil || !strings.Contains(why, FirstBase) {
		t.Errorf("nothing said: %+v %q %v", b, why, err)
	}
	if _, _, err := Base(t.Context(), t.TempDir(), "abcdef0"); err == nil || !strings.Contains(err.Error(), "BASE=abcdef0") {
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
	if _, _, err := Base(t.Context(), dir, "HEAD"); err == nil {
		t.Error("an empty commit was built")
	}
	trees, err := Output(t.Context(), "git", "worktree", "list")
	if err != nil || strings.Contains(trees, "\n") {
		t.Errorf("%v, working trees:\n%s", err, trees)
	}
	if _, err := os.Stat(filepath.Join(dir, "base", "tree")); err == nil {
		t.Error("the tree is still there")
	}
}

// TestBaseIsThere: what is built for a folder below the working directory lies there, though
// it is built in another.
func TestBaseIsThere(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.MkdirAll(filepath.Join("cmd", "rator"), 0o700); err != nil {
		t.Fatal(err)
	}
	for file, content := range map[string]string{"go.mod": "module rator\n", "cmd/rator/main.go": "package main\n\nfunc main() {}\n"} {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{{"init", "-q"}, {"add", "."}, {"-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "-m", "all"}} {
		if out, err := exec.Command("git", args...).CombinedOutput(); err != nil {
			suite.Missing(t, "git "+strings.Join(args, " ")+": "+string(out))
		}
	}
	b, _, err := Base(t.Context(), "made", "HEAD")
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(b.File).CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%s", b.File, err, out)
	}
}
