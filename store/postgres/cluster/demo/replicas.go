package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"rator/dist/balancer"
)

// replicas serves a demo by two servers, and nginx or haproxy before them where one is there,
// and does a sign-up.
func (d *demo) replicas(ctx context.Context, host string) error {
	before, servers := host+":8080", [2]string{host + ":8081", host + ":8082"}
	for n, at := range servers {
		serve := d.serve("--listen", at, "--call-log", filepath.Join(d.dir, fmt.Sprint("calls-", n+1)))
		said, err := os.OpenFile(filepath.Join(d.dir, fmt.Sprint("server-", n+1)), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		defer said.Close()
		serve.Stdout, serve.Stderr = said, said
		if err := d.start(serve); err != nil {
			return err
		}
		if err := d.ready(ctx, "http://"+at+"/readyz"); err != nil {
			return fmt.Errorf("the server at %s: %w; see %s", at, err, said.Name())
		}
		fmt.Printf("server %d is at http://%s, and says what it does in %s\n", n+1, at, said.Name())
	}
	url := "http://" + servers[0]
	if program := installed(); program == "" {
		fmt.Println("no balancer is here: apt install haproxy (or nginx-light), and start this again")
	} else {
		cmd, err := balancer.Command(program, d.dir, before, servers)
		if err != nil {
			return err
		}
		cmd.Stderr = os.Stderr
		if err := d.start(cmd); err != nil {
			return err
		}
		url = "http://" + before
		if err := d.ready(ctx, url+"/customerManagement/customer"); err != nil {
			return fmt.Errorf("%s: %w", program, err)
		}
		fmt.Printf("%s is before both at %s\n", program, url)
	}
	call := exec.CommandContext(ctx, d.rator, "call", "SOAP_SIGNUP_CUSTOMER", "ACCOUNT_TYPE=0", "PRODUCT_CODE=POST_PAID", "USER.FIRST_NAME=Bo", "USER.LAST_NAME=Ek", "USER.CITY=Malmö",
		"USER.ZIP=21119", "USER.EMAIL=bo@example.com", "USER.USERNAME="+fmt.Sprint("bo", time.Now().UnixNano()), "--operator", "demo", "--password", "demo", "--endpoint", url+"/workflow-soap/InvokerService")
	call.Stdout, call.Stderr = os.Stdout, os.Stderr
	if err := call.Run(); err != nil {
		return fmt.Errorf("the sign-up: %w", err)
	}
	fmt.Println("Ctrl-C ends all of it")
	return d.wait(ctx)
}

// installed is a balancer that is there; "" = none.
func installed() string {
	for _, program := range balancer.Programs {
		if _, err := exec.LookPath(program); err == nil {
			return program
		}
	}
	return ""
}

// ready waits until a server answers, be it that it does not know who asks.
func (d *demo) ready(ctx context.Context, url string) error {
	for end := time.Now().Add(5 * time.Minute); ; time.Sleep(50 * time.Millisecond) {
		r, err := http.Get(url)
		if err == nil {
			if r.Body.Close(); r.StatusCode < 500 {
				return nil
			}
			err = errors.New(r.Status)
		}
		select {
		case ended := <-d.ended:
			d.running--
			return errors.Join(errors.New("it ended"), ended)
		case <-ctx.Done():
			return ctx.Err()
		default:
		}
		if time.Now().After(end) {
			return err
		}
	}
}

// wait waits until it is told to end, or a program ends.
func (d *demo) wait(ctx context.Context) error {
	select {
	case err := <-d.ended:
		d.running--
		return errors.Join(errors.New("a program ended"), err)
	case <-ctx.Done():
		return nil
	}
}

// start starts a program, which ends with this one. The caller is the main thread, whose end
// would be the program's.
func (d *demo) start(cmd *exec.Cmd) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM} // it is told by us to end
	if err := cmd.Start(); err != nil {
		return err
	}
	d.running++
	d.programs = append(d.programs, cmd)
	go func() { d.ended <- cmd.Wait() }()
	return nil
}

// stop ends the programs, the last first.
func (d *demo) stop() {
	for n := len(d.programs) - 1; n >= 0; n-- {
		_ = d.programs[n].Process.Signal(syscall.SIGTERM) // one that has ended is not there
	}
	for ; d.running > 0; d.running-- {
		<-d.ended // how is in what it said
	}
}
