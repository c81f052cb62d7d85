// Package rig is what programs that measure share: it builds a rator, prepares stores
// for it and starts it as a server, asks as many callers do, and counts what a process
// takes of the processors. What is measured, and what the figures are held against, is
// the programs' own.
package rig

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Binary is a rator to measure, with a store prepared by itself.
type Binary struct {
	Name    string // base or this
	Version string // what it was built of
	File    string
	Dir     string // its own
	served  int    // how many servers there were
}

// FirstBase is the commit that is compared with unless another is named.
const FirstBase = "5f5fc56"

// This builds the checkout in the working directory, or takes a file.
func This(ctx context.Context, dir, file string) (*Binary, error) {
	b := &Binary{Name: "this", Dir: filepath.Join(dir, "this"), File: file, Version: file}
	if file != "" {
		return b, os.MkdirAll(b.Dir, 0o700)
	}
	b.File = filepath.Join(b.Dir, "rator")
	b.Version = "this checkout"
	if version, err := Output(ctx, "git", "describe", "--always", "--dirty"); err == nil {
		b.Version = version
	}
	_, err := Output(ctx, "go", "build", "-o", b.File, "./cmd/rator")
	return b, err
}

// Base builds a commit in a working tree of its own, which it removes, or
// takes a file. It gives nil, and says why, when there is nothing to compare with.
func Base(ctx context.Context, dir, base string) (b *Binary, why string, err error) {
	b = &Binary{Name: "base", Dir: filepath.Join(dir, "base")}
	if err := os.MkdirAll(b.Dir, 0o700); err != nil {
		return nil, "", err
	}
	switch info, err := os.Stat(base); {
	case base == "none":
		return nil, "without a base: none is wanted", nil
	case err == nil && info.Mode().IsRegular():
		b.File, b.Version = base, base
		return b, "", nil
	}
	commit := base
	if commit == "" {
		commit = FirstBase
	}
	b.Version, err = Output(ctx, "git", "rev-parse", "--short", "--verify", "--quiet", commit+"^{commit}")
	if err != nil && base == "" {
		return nil, "without a base: this repository has no commit " + FirstBase + "; BASE=COMMIT names another", nil
	}
	if err != nil {
		return nil, "", fmt.Errorf("BASE=%s is no commit of this repository, and no file", base)
	}
	b.File, err = filepath.Abs(filepath.Join(b.Dir, "rator")) // it is built in another folder
	if err != nil {
		return nil, "", err
	}
	tree := filepath.Join(b.Dir, "tree")
	if _, err := Output(ctx, "git", "worktree", "add", "--detach", tree, commit); err != nil {
		return nil, "", err
	}
	_, err = Output(ctx, "go", "-C", tree, "build", "-o", b.File, "./cmd/rator")
	_, removed := Output(context.WithoutCancel(ctx), "git", "worktree", "remove", "--force", tree)
	return b, "", errors.Join(err, removed)
}

// Output runs a command and gives what it printed, without white space around it.
func Output(ctx context.Context, name string, args ...string) (string, error) {
	var failed strings.Builder
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stderr = &failed
	out, err := cmd.Output()
	if err != nil {
		err = fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args, " "), err, failed.String())
	}
	return strings.TrimSpace(string(out)), err
}
