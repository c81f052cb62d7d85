// Command demo runs a demo of rator on a PostgreSQL server of its own, which lies in a folder
// and ends with it: one server, or two behind a balancer. The folder stays for the next time.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"

	"rator/store/postgres/cluster"
)

func main() {
	replicas := flag.Bool("replicas", false, "two servers, and nginx or haproxy before them")
	host := flag.String("host", "127.0.0.1", "`ADDRESS` of this machine at which those listen, at the ports 8080 to 8082")
	flag.Parse()
	if flag.NArg() != 2 {
		fmt.Fprintln(os.Stderr, "usage: demo [-replicas] FOLDER RATOR")
		os.Exit(2)
	}
	runtime.LockOSThread() // the programs end with the thread that starts them
	if err := run(flag.Arg(0), flag.Arg(1), *replicas, *host); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

// demo is what runs.
type demo struct {
	dir, rator, store string
	programs          []*exec.Cmd
	running           int
	ended             chan error
}

// run serves a demo by a program, from a cluster in a folder, until it is told to end.
func run(dir, rator string, replicas bool, host string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	c, err := cluster.Start(dir, cluster.Options{})
	if err != nil {
		return err
	}
	d := &demo{dir: dir, rator: rator, store: c.DSN("postgres"), ended: make(chan error)}
	fmt.Printf("PostgreSQL runs in %s, and ends with this; to remove all of it: rm -r %[1]s\n", dir)
	calls := "calls"
	if replicas {
		calls = "calls-1"
	}
	fmt.Printf("commands beside it: export RATOR_STORE='%s' RATOR_TMF_PIN_KEY=%s RATOR_CALL_LOG=%s\n", d.store, d.key(), filepath.Join(dir, calls))
	if replicas {
		err = d.replicas(ctx, host)
	} else {
		serve := d.serve("--call-log", filepath.Join(dir, calls))
		serve.Stdout, serve.Stderr = os.Stdout, os.Stderr
		if err = d.start(serve); err == nil {
			err = d.wait(ctx)
		}
	}
	d.stop()
	return errors.Join(err, c.Stop())
}

func (d *demo) key() string { return filepath.Join(d.dir, "pin-key") }

// serve is a server of the demo.
func (d *demo) serve(args ...string) *exec.Cmd {
	return exec.Command(d.rator, append([]string{"serve", "--demo", "--store", d.store, "--tmf-pin-key", d.key()}, args...)...)
}
