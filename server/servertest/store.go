package servertest

import (
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"rator/access"
	"rator/password"
	"rator/server"
	"rator/store"
	"rator/store/bolt"
)

// OpenStore opens the store in a file, or makes one.
func OpenStore(t testing.TB, file string) *bolt.DB {
	t.Helper()
	st, err := bolt.Open(file, bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return st
}

// StoreFile is a store with the demo catalogue and an operator of its own.
func StoreFile(t testing.TB) string {
	t.Helper()
	return prepared(t, "rator.db", func(file string) {
		st := OpenStore(t, file)
		PrepareReal(t, st)
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

// preparedFiles are the stores that a room's tests have copies of, by name. They lie in
// dir.
var preparedFiles = struct {
	sync.Mutex
	made map[string]bool
}{made: map[string]bool{}}

// prepared is a copy of the store of a name, which the first who asks makes.
func prepared(t testing.TB, name string, make func(file string)) string {
	t.Helper()
	preparedFiles.Lock()
	defer preparedFiles.Unlock()
	file := filepath.Join(dir(), name)
	if !preparedFiles.made[name] {
		if err := os.RemoveAll(file); err != nil { // of one who failed
			t.Fatal(err)
		}
		make(file)
		preparedFiles.made[name] = true
	}
	return Copied(t, file)
}

// PrepareReal brings in the demo's catalogue, and an operator of its name and password
// that is a real one: servers need no --demo to let it in.
func PrepareReal(t testing.TB, st store.Store) {
	t.Helper()
	if err := server.PrepareDemo(t.Context(), st); err != nil {
		t.Fatal(err)
	}
	hash, err := password.Hash(server.DemoPassword)
	if err == nil {
		err = st.Update(t.Context(), func(tx store.Tx) error { return access.Passwd(tx, access.CommandLine, server.DemoOperator, hash) })
	}
	if err != nil {
		t.Fatal(err)
	}
}

// UnpackStore unpacks a store, and gives its file.
func UnpackStore(t testing.TB, packed string) (file string) {
	t.Helper()
	f, err := os.Open(packed)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(t.TempDir(), "rator.db")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
