package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// binary is a rator to measure, with a store prepared by itself.
type binary struct {
	name    string // base or this
	version string // what it was built of
	file    string
	dir     string // its own
	served  int    // how many servers there were
}

// firstBase is the commit that is compared with unless another is named.
const firstBase = "5f5fc56"

// thisBinary builds the checkout in the working directory, or takes a file.
func thisBinary(ctx context.Context, dir, file string) (*binary, error) {
	b := &binary{name: "this", dir: filepath.Join(dir, "this"), file: file, version: file}
	if file != "" {
		return b, os.MkdirAll(b.dir, 0o700)
	}
	b.file = filepath.Join(b.dir, "rator")
	b.version = "this checkout"
	if version, err := output(ctx, "git", "describe", "--always", "--dirty"); err == nil {
		b.version = version
	}
	_, err := output(ctx, "go", "build", "-o", b.file, "./cmd/rator")
	return b, err
}

// baseBinary builds a commit in a working tree of its own, which it removes, or
// takes a file. It gives nil, and says why, when there is nothing to compare with.
func baseBinary(ctx context.Context, dir, base string) (b *binary, why string, err error) {
	b = &binary{name: "base", dir: filepath.Join(dir, "base")}
	if err := os.MkdirAll(b.dir, 0o700); err != nil {
		return nil, "", err
	}
	switch info, err := os.Stat(base); {
	case base == "none":
		return nil, "without a base: none is wanted", nil
	case err == nil && info.Mode().IsRegular():
		b.file, b.version = base, base
		return b, "", nil
	}
	commit := base
	if commit == "" {
		commit = firstBase
	}
	b.version, err = output(ctx, "git", "rev-parse", "--short", "--verify", "--quiet", commit+"^{commit}")
	if err != nil && base == "" {
		return nil, "without a base: this repository has no commit " + firstBase + "; BASE=COMMIT names another", nil
	}
	if err != nil {
		return nil, "", fmt.Errorf("BASE=%s is no commit of this repository, and no file", base)
	}
	tree := filepath.Join(b.dir, "tree")
	if _, err := output(ctx, "git", "worktree", "add", "--detach", tree, commit); err != nil {
		return nil, "", err
	}
	b.file = filepath.Join(b.dir, "rator")
	_, err = output(ctx, "go", "-C", tree, "build", "-o", b.file, "./cmd/rator")
	_, removed := output(context.WithoutCancel(ctx), "git", "worktree", "remove", "--force", tree)
	return b, "", errors.Join(err, removed)
}

// output runs a command and gives what it printed, without white space around it.
func output(ctx context.Context, name string, args ...string) (string, error) {
	var failed strings.Builder
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stderr = &failed
	out, err := cmd.Output()
	if err != nil {
		err = fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args, " "), err, failed.String())
	}
	return strings.TrimSpace(string(out)), err
}
