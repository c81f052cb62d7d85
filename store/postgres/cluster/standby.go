package cluster

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// StartStandby runs a standby of a server: a copy of its data, made in dir where there are
// none, which follows it. Started again, it goes on with what it has. The server waits for it
// before it acknowledges a commit when its synchronous_standby_names is *.
func StartStandby(dir string, primary *Cluster, o Options) (*Cluster, error) {
	o.primary = primary
	return Start(dir, o)
}

// Promote has a standby be a primary, and waits until it takes writes.
func (c *Cluster) Promote() error {
	if err := c.promote(); err != nil {
		return fmt.Errorf("the standby in %s is not promoted: %w", c.dir, err)
	}
	return nil
}

func (c *Cluster) promote() error {
	programs, err := Programs()
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(c.data(), "promote"), nil, 0o666); err != nil {
		return err
	}
	if err := syscall.Kill(c.server.pid, syscall.SIGUSR1); err != nil { // has it look for that file
		return err
	}
	for end := time.Now().Add(startWait); ; time.Sleep(10 * time.Millisecond) {
		look := exec.Command(filepath.Join(programs, "pg_controldata"), "--pgdata="+c.data())
		look.Env = append(os.Environ(), "LC_ALL=C")
		said, err := look.Output()
		switch {
		case err != nil:
			return err
		case strings.Contains(string(said), "in production"):
			return nil
		case time.Now().After(end):
			return fmt.Errorf("it takes no writes after %s; see %s", startWait, c.log())
		}
	}
}
