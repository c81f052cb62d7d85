// Package cluster runs a PostgreSQL server of our own in a folder, for tests and for
// demos: nobody reaches it but over a socket in that folder. It knows nothing of what is
// kept there.
package cluster

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Cluster is a server that runs. Its folder has the data in "data", the socket, and what
// the server said in "log".
type Cluster struct {
	dir    string
	server *process
}

// Options are how a server runs; the zero Options are fine.
type Options struct {
	// Unsynced has the server not wait for the disk: faster, and broken after a crash of
	// the machine. It is for what nobody will miss.
	Unsynced bool
	// Settings are more settings of postgresql.conf, name=value each.
	Settings []string

	primary *Cluster // of which it is a standby, when it is made
}

// Programs is the folder of PostgreSQL's server programs, of the newest version that
// is installed.
func Programs() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if err != nil {
		return "", err
	}
	version := func(path string) float64 { // .../15/bin/postgres
		v, _ := strconv.ParseFloat(filepath.Base(filepath.Dir(filepath.Dir(path))), 64) // 0 for what is none
		return v
	}
	slices.SortFunc(found, func(a, b string) int { return cmp.Compare(version(a), version(b)) })
	if len(found) > 0 {
		return filepath.Dir(found[len(found)-1]), nil
	}
	path, err := exec.LookPath("postgres")
	if err != nil {
		return "", errors.New("no server programs of PostgreSQL here: apt install postgresql")
	}
	return filepath.Dir(path), nil
}

// Start runs a server on the data in dir, which it makes where there are none; dir's path
// is short, as the socket's must be. The server ends with this process, whatever ends that.
// As root it runs as the user postgres, or nobody, to whom dir is given.
func Start(dir string, o Options) (*Cluster, error) {
	c, err := start(dir, o)
	if err != nil {
		return nil, fmt.Errorf("PostgreSQL in %s: %w", dir, err)
	}
	return c, nil
}

func start(dir string, o Options) (*Cluster, error) {
	programs, err := Programs()
	if err != nil {
		return nil, err
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return nil, err
	}
	owner, err := owner()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	if owner != nil {
		if err := os.Chown(dir, int(owner.Uid), int(owner.Gid)); err != nil {
			return nil, err
		}
	}
	c := &Cluster{dir: dir}
	if _, err := os.Stat(c.data()); errors.Is(err, os.ErrNotExist) {
		made := []string{"initdb", "--pgdata=" + c.data(), "--username=" + superuser, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"}
		if o.primary != nil {
			made = []string{"pg_basebackup", "--pgdata=" + c.data(), "--dbname=" + o.primary.DSN("postgres"), "--checkpoint=fast", "--write-recovery-conf", "--no-sync"}
		}
		cmd := exec.Command(filepath.Join(programs, made[0]), made[1:]...)
		cmd.Dir, cmd.SysProcAttr = dir, &syscall.SysProcAttr{Credential: owner}
		if said, err := cmd.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("%s: %w: %s", made[0], err, said)
		}
	}
	args := []string{"-D", c.data(), "-c", "listen_addresses=", "-c", "unix_socket_directories=" + dir, "-c", "unix_socket_permissions=0700"}
	if o.Unsynced {
		o.Settings = append([]string{"fsync=off", "full_page_writes=off"}, o.Settings...)
	}
	for _, setting := range o.Settings {
		args = append(args, "-c", setting)
	}
	for end := time.Now().Add(startWait); ; time.Sleep(20 * time.Millisecond) {
		cmd := exec.Command(filepath.Join(programs, "postgres"), args...)
		cmd.Dir, cmd.SysProcAttr = dir, &syscall.SysProcAttr{Credential: owner, Pdeathsig: syscall.SIGQUIT, Setpgid: true} // Ctrl-C is not for it
		before, _ := os.ReadFile(c.log())                                                                                  // what there is of it
		if c.server, err = run(cmd, c.log()); err != nil {
			return nil, err
		}
		err := c.ready()
		if err == nil {
			return c, nil
		}
		// Backends that are ending write there too, and much.
		said, _ := os.ReadFile(c.log())
		if err = errors.Join(err, c.Kill()); !bytes.Contains(said[min(len(before), len(said)):], []byte(stillInUse)) || time.Now().After(end) {
			return nil, err
		}
	}
}

// stillInUse is what the server says while backends of one that was killed are ending.
const stillInUse = "pre-existing shared memory block"

const superuser = "rator"

// owner is who the server runs as; nil = who we are. PostgreSQL refuses root.
func owner() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	var missing error
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			missing = errors.Join(missing, err)
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			return nil, err
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		if err != nil {
			return nil, err
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, fmt.Errorf("root runs no server of PostgreSQL, and there is nobody else: %w", missing)
}

func (c *Cluster) data() string { return filepath.Join(c.dir, "data") }
func (c *Cluster) log() string  { return filepath.Join(c.dir, "log") }

// startWait is how long a server may take to be ready; after a crash it reads its log.
const startWait = 5 * time.Minute

// ready waits until the server takes connections, which it says in a file of its own, in
// the line that pg_ctl looks at.
func (c *Cluster) ready() error {
	for end := time.Now().Add(startWait); ; time.Sleep(10 * time.Millisecond) {
		said, err := os.ReadFile(filepath.Join(c.data(), "postmaster.pid"))
		lines := strings.Split(string(said), "\n")
		if err == nil && len(lines) > 7 && lines[0] == strconv.Itoa(c.server.pid) && strings.HasPrefix(lines[7], "ready") {
			return nil
		}
		select {
		case <-c.server.ended:
			log, _ := os.ReadFile(c.log()) // what there is of it
			return fmt.Errorf("the server ended: %s", log[max(0, len(log)-2000):])
		default:
		}
		if time.Now().After(end) {
			return fmt.Errorf("it is not ready after %s; see %s", startWait, c.log())
		}
	}
}

// DSN is where a database of the server is reached, by who may do everything; with others,
// of that one among them that takes writes.
func (c *Cluster) DSN(database string, others ...*Cluster) string {
	query := url.Values{"host": {c.dir}}
	if others != nil {
		query.Set("target_session_attrs", "read-write")
	}
	for _, other := range others {
		query.Set("host", query.Get("host")+","+other.dir)
	}
	u := url.URL{Scheme: "postgres", User: url.User(superuser), Path: "/" + database, RawQuery: query.Encode()}
	return u.String()
}

// Stop ends the server, and every connection to it, in good order.
func (c *Cluster) Stop() error { return c.server.end(syscall.SIGINT) }

// Kill ends the server as a crash does; its backends end by themselves soon after.
func (c *Cluster) Kill() error { return c.server.end(syscall.SIGKILL) }
