package postgres

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"rator/store"
	"rator/store/storetest"
	"rator/suite"
)

// ignored is the setting that docs/postgres.md gives.
const ignored = "ignore_startup_parameters = default_transaction_isolation,statement_timeout,lock_timeout,idle_in_transaction_session_timeout,synchronous_commit"

// bouncer runs a PgBouncer with settings of its own before a server, and gives the address of
// that server's database through it.
func (v *victim) bouncer(settings ...string) string {
	v.Helper()
	program, err := exec.LookPath("pgbouncer")
	if err != nil {
		program = "/usr/sbin/pgbouncer" // on no PATH but root's
	}
	if _, err := os.Stat(program); err != nil {
		suite.Missing(v, "no PgBouncer here: apt install pgbouncer")
	}
	dir, err := os.MkdirTemp(v.dir, "b")
	if err != nil {
		v.Fatal(err)
	}
	lines := append([]string{
		"[databases]", "* = host=" + v.dir, "[pgbouncer]", "listen_addr =", "unix_socket_dir = " + dir, "auth_type = trust", "auth_file = " + filepath.Join(dir, "users"),
	}, settings...)
	for name, text := range map[string]string{"ini": strings.Join(lines, "\n") + "\n", "users": `"rator" ""` + "\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			v.Fatal(err)
		}
	}
	// It refuses root, so it runs as who the server runs as.
	of, err := os.Stat(v.dir)
	if err != nil {
		v.Fatal(err)
	}
	is := of.Sys().(*syscall.Stat_t)
	if err := os.Chown(dir, int(is.Uid), int(is.Gid)); err != nil {
		v.Fatal(err)
	}
	log := filepath.Join(v.T.TempDir(), "log")
	said, err := os.Create(log)
	if err != nil {
		v.Fatal(err)
	}
	defer said.Close() // the program has its own
	// The shell ends it with this process, whatever ends that: its input ends then.
	cmd := exec.Command("sh", "-c", `"$1" "$2/ini" & read -r _; kill $!; wait $!`, "sh", program, dir)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, said, said
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is not for it
	if int(is.Uid) != os.Geteuid() {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: is.Uid, Gid: is.Gid}
	}
	in, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		v.Fatal(err)
	}
	v.Cleanup(func() {
		in.Close()
		_ = cmd.Wait() // it was killed
		if v.Failed() {
			text, _ := os.ReadFile(log)
			v.Logf("PgBouncer said:\n%s", text)
		}
	})
	until(v.T, "PgBouncer listens", func() bool {
		c, err := net.Dial("unix", filepath.Join(dir, ".s.PGSQL.6432"))
		if err == nil {
			c.Close()
		}
		return err == nil
	})
	u := url.URL{Scheme: "postgres", User: url.User("rator"), Path: "/postgres", RawQuery: url.Values{"host": {dir}, "port": {"6432"}}.Encode()}
	return u.String()
}

// TestPgBouncer: behind one that pools transactions a store is what it is elsewhere, with fewer
// connections than callers; who serves it is seen, and a lease is one process's.
func TestPgBouncer(t *testing.T) {
	v, ctx := newVictim(t), context.Background()
	at := v.bouncer("pool_mode = transaction", ignored, "default_pool_size = 6") + "&default_query_exec_mode=exec"
	one := openAt(t, at, Options{Connections: 16, As: Server, Name: "the first"})
	defer one.Close()
	two := openAt(t, at, Options{Connections: 16, As: Server, Name: "the second"})
	defer two.Close()
	if who, err := ServerOf(ctx, at); err != nil || who == nil || who.Who != "the first" {
		t.Errorf("%v, %v", who, err)
	}
	_, done, err := one.Hold(ctx, "a job")
	if err != nil {
		t.Fatal(err)
	}
	held := &store.HeldError{}
	if _, _, err := two.Hold(ctx, "a job"); !errors.As(err, &held) {
		t.Errorf("a lease that another has: %v", err)
	}
	done()
	var l ledger
	l.open(t, one)
	l.calls(t, one, 12, 10)
	if len(l.kept) == 0 {
		t.Error("no call was acknowledged")
	}
	l.check(t, two)
	beside := openAt(t, v.cluster.DSN("postgres"), Options{}) // without the PgBouncer
	defer beside.Close()
	l.call(t, beside, "beside", true)
	l.check(t, one)
}

// TestStoreBehindPgBouncer runs the contract of a store behind one that pools transactions.
func TestStoreBehindPgBouncer(t *testing.T) {
	suite.Long(t, "runs the tests of a store behind PgBouncer")
	if suite.Apart(t) {
		return
	}
	v := newVictim(t, "fsync=off", "max_connections=200")
	at := v.bouncer("pool_mode = transaction", ignored, "default_pool_size = 20", "max_client_conn = 1000", "server_round_robin = 1") + "&default_query_exec_mode=exec"
	storetest.Run(t, func(t *testing.T, place string, now func() time.Time) store.Store {
		t.Helper()
		_, schema, _ := strings.Cut(dsn(t, place), "search_path=")
		return openAt(t, at+"&search_path="+schema, Options{Now: now, Connections: 8})
	}, "")
}

// TestPgBouncerSaysWhy: settings with which it cannot be are told at the start.
func TestPgBouncerSaysWhy(t *testing.T) {
	v := newVictim(t)
	for says, settings := range map[string][]string{
		"of PgBouncer set pool_mode = transaction": {"pool_mode = statement", ignored},
		"of PgBouncer set " + ignored:              {"pool_mode = transaction"},
	} {
		db, err := Open(context.Background(), v.bouncer(settings...)+"&default_query_exec_mode=exec", Options{})
		if err == nil {
			err = fmt.Errorf("it was opened, and closed with %w", db.Close())
		}
		if !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v; want %q", settings[0], err, says)
		}
	}
	conn, err := pgx.Connect(context.Background(), v.cluster.DSN("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	var there bool
	if err := conn.QueryRow(context.Background(), "select to_regnamespace('rator') is not null").Scan(&there); err != nil || there {
		t.Errorf("a schema was made: %t, %v", there, err)
	}
}
