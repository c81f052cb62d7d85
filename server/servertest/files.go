package servertest

import (
	"io"
	"os"
	"path/filepath"
	"testing"
)

// Write writes a file below a folder, with the folders that it lies in, and gives its path.
func Write(t testing.TB, dir, name, content string) string {
	t.Helper()
	file := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

// Read reads a file.
func Read(t testing.TB, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// WithCatalogue are settings of a server, as scenario.toml has them, that has what the
// scenarios need. More may follow.
func WithCatalogue() string {
	return "[server]\ncatalogue = [\"" + filepath.Join(Scenarios, "catalogue.toml") + "\"]\n"
}

// Copied is a copy of a store file that nobody has open.
func Copied(t testing.TB, file string) string {
	t.Helper()
	in, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	to := filepath.Join(t.TempDir(), filepath.Base(file))
	out, err := os.OpenFile(to, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600) // as a store is
	if err == nil {
		_, err = io.Copy(out, in)
	}
	if err == nil {
		err = out.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return to
}
