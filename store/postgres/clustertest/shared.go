// Package clustertest is the PostgreSQL server that the tests of a package share: started for
// the first that asks, gone with the process, whatever ends that. Only tests import it.
package clustertest

import (
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"

	"rator/store/postgres/cluster"
	"rator/suite"
)

// settings are for many small databases that nobody will miss.
var settings = []string{
	"autovacuum=off", "jit=off", "shared_buffers=64MB", "max_connections=300", "checkpoint_timeout=1h",
	"wal_level=minimal", "max_wal_senders=0", // what copies a database writes no log of it
}

// Shared is the server of this process. Without PostgreSQL's server programs the test is left
// out, or fails in a whole run.
func Shared(t testing.TB) *cluster.Cluster {
	t.Helper()
	if _, err := cluster.Programs(); err != nil {
		suite.Missing(t, err.Error())
	}
	c, err := Start()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Start is Shared for what is no test yet. The server is the same.
var Start = sync.OnceValues(func() (*cluster.Cluster, error) {
	dir, err := os.MkdirTemp("", "rator-pg") // short, as a socket's path must be
	if err != nil {
		return nil, err
	}
	if err := removeAfterwards(dir); err != nil {
		return nil, err
	}
	return cluster.Start(dir, cluster.Options{Unsynced: true, Settings: settings})
})

// after waits until its input ends, and removes a folder, in which a server may be ending.
const after = `read -r _
for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	rm -rf "$1" 2>/dev/null
	test -e "$1" || exit 0
	sleep 1
done`

// removeAfterwards has a folder go when this process has ended, be it by a panic or a signal:
// the system closes a pipe then, at whose other end somebody waits.
func removeAfterwards(dir string) error {
	var ends [2]int // the second is open as long as this process is
	if err := syscall.Pipe2(ends[:], syscall.O_CLOEXEC); err != nil {
		return err
	}
	read := os.NewFile(uintptr(ends[0]), "until we have ended")
	defer read.Close()
	remover := exec.Command("sh", "-c", after, "sh", dir)
	remover.Stdin, remover.Dir = read, "/"
	remover.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is not for it
	return remover.Start()
}
