package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"rator/server"
	"rator/server/servertest"
	"rator/suite"
)

// TestSocketOfLongPaths: a server is reached by every path of its store, however long
// that is.
func TestSocketOfLongPaths(t *testing.T) {
	for name, file := range map[string]string{
		"folder": filepath.Join(strings.Repeat("d", 120), strings.Repeat("e", 120), "rator.db"),
		"name":   strings.Repeat("n", 200) + ".db",
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			store := filepath.Join(dir, file)
			if err := os.MkdirAll(filepath.Dir(store), 0o700); err != nil {
				t.Fatal(err)
			}
			p := startServer(t, "--demo", "--store", store)
			links := t.TempDir()
			for link, to := range map[string]string{"file.db": store, "folder": filepath.Dir(store)} {
				if err := os.Symlink(to, filepath.Join(links, link)); err != nil {
					t.Fatal(err)
				}
			}
			t.Chdir(dir)
			for _, path := range []string{store, file, filepath.Join(links, "file.db"), filepath.Join(links, "folder", filepath.Base(file))} {
				if o := rator(t, "", "operator", "list", "--store", path); o.code != exitOK || !strings.Contains(o.out, "demo") {
					t.Errorf("%s: %+v", path, o)
				}
				if o := rator(t, "a long password\n", "operator", "passwd", "demo", "--store", path); o.code != exitOK {
					t.Errorf("%s: %+v", path, o)
				}
			}
			socket := server.SocketOf(store)
			if stat, err := os.Stat(socket); err != nil || stat.Mode().Perm() != 0o600 || filepath.Dir(socket) != filepath.Dir(store) {
				t.Errorf("%s: %v %v", socket, stat, err)
			}
			p.stop(t)
			if _, err := os.Stat(socket); !os.IsNotExist(err) {
				t.Errorf("the socket is left: %v", err)
			}
		})
	}
}

// TestSocketNames differ where the names of stores do.
func TestSocketNames(t *testing.T) {
	long := strings.Repeat("n", 150)
	names := map[string]bool{}
	for _, file := range []string{"rator.db", "dir/rator.db", long + "1", long + "2", "dir/" + long + "1"} {
		names[server.SocketOf(file)] = true
	}
	if len(names) != 5 || !names["rator.db.sock"] || !names["dir/rator.db.sock"] {
		t.Errorf("%v", names)
	}
}

// TestSocketOfAnother: what is typed for a command goes to nobody who has no business
// with the store.
func TestSocketOfAnother(t *testing.T) {
	if os.Geteuid() != 0 {
		suite.Missing(t, "not root, who can give a file away")
	}
	store := servertest.StoreFile(t)
	l, err := server.ListenOnSocket(t.Context(), server.SocketOf(store))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for _, c := range []struct {
		store, socket int
		served        bool
	}{{0, 0, true}, {1234, 1234, true}, {1234, 0, true}, {0, 1234, false}, {1234, 4321, false}} {
		for path, owner := range map[string]int{store: c.store, server.SocketOf(store): c.socket} {
			if err := os.Chown(path, owner, -1); err != nil {
				t.Fatal(err)
			}
		}
		served, err := server.IsServed(t.Context(), store)
		if served != c.served || (err == nil) != c.served {
			t.Errorf("%+v: %v %v", c, served, err)
		}
	}
	o := rator(t, "a long password\n", "operator", "passwd", "demo", "--store", store)
	if o.code != exitUnreachable || !strings.Contains(o.err, "belongs to user 4321") {
		t.Errorf("%+v", o)
	}
	if stat, err := os.Stat(store); err != nil || stat.Sys().(*syscall.Stat_t).Uid != 1234 {
		t.Errorf("%v %v", stat, err)
	}
}
