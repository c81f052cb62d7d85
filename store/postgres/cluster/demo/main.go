// Command demo runs a demo of rator on a PostgreSQL server of its own, which lies in a folder
// and ends with it. The folder stays for the next time.
package main

import (
	"context"
	"errors"
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
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: demo FOLDER RATOR")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

// run serves a demo by a program, from a cluster in a folder, until it is told to end.
func run(dir, rator string) error {
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
	at := c.DSN("postgres")
	fmt.Printf("PostgreSQL runs in %s, and ends with this; to remove all of it: rm -r %[1]s\n", dir)
	fmt.Printf("commands beside it: export RATOR_STORE='%s' RATOR_TMF_PIN_KEY=%s RATOR_CALL_LOG=%s\n", at, filepath.Join(dir, "pin-key"), filepath.Join(dir, "calls"))
	serve := exec.Command(rator, "serve", "--demo", "--store", at, "--tmf-pin-key", filepath.Join(dir, "pin-key"), "--call-log", filepath.Join(dir, "calls"))
	serve.Stdout, serve.Stderr = os.Stdout, os.Stderr
	serve.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM} // it is told by us to end
	runtime.LockOSThread()                                                              // whose end would be the program's
	if err = serve.Start(); err == nil {
		ended := make(chan error, 1)
		go func() { ended <- serve.Wait() }()
		select {
		case err = <-ended:
		case <-ctx.Done():
			err = errors.Join(serve.Process.Signal(syscall.SIGTERM), <-ended)
		}
	}
	return errors.Join(err, c.Stop())
}
