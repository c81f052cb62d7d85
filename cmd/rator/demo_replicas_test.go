package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"rator/dist/balancer/balancertest"
	"rator/server/servertest"
	"rator/store/postgres/cluster"
	"rator/suite"
)

// TestDemoOfReplicas: make run-replicas has two servers and a balancer, through which a customer
// signs up; it ends when it is told to.
func TestDemoOfReplicas(t *testing.T) {
	if _, err := cluster.Programs(); err != nil {
		suite.Missing(t, err.Error())
	}
	balancertest.Need(t, "nginx")
	binary, err := buildRator()
	if err != nil {
		t.Fatal(err)
	}
	demo := filepath.Join(t.TempDir(), "demo")
	if out, err := exec.Command("go", "build", "-o", demo, "rator/store/postgres/cluster/demo").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	dir, err := os.MkdirTemp("", "rator-pg") // short, as a socket's path must be
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	host := fmt.Sprintf("127.%d.%d.%d", 1+rand.IntN(254), rand.IntN(256), 1+rand.IntN(254))
	cmd := exec.Command(demo, "-replicas", "-host", host, dir, binary)
	p := &serverProcess{Cmd: cmd, exited: make(chan struct{})}
	var said servertest.LockedBuffer
	cmd.Stdout, cmd.Stderr = &p.log, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { _ = cmd.Wait(); close(p.exited) }()
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // does nothing when it ended
		<-p.exited
		if t.Failed() {
			t.Logf("it printed:\n%s%s", p.log.String(), said.String())
		}
	})
	p.waitFor(t, "Ctrl-C ends all of it")
	for _, want := range []string{"server 1 is at http://" + host + ":8081", "server 2 is at http://" + host + ":8082", "nginx is before both at http://" + host + ":8080"} {
		if !strings.Contains(p.log.String(), want) {
			t.Errorf("it does not say %q", want)
		}
	}
	o := rator(t, "", "call", "SOAP_SEARCH_CUSTOMERS", "CUSTOMER_NUMBER=100001", "--operator", "demo", "--password", "demo", "--endpoint", "http://"+host+":8080/workflow-soap/InvokerService")
	if o.code != exitOK || !strings.Contains(o.out, "100001") {
		t.Errorf("the customer is not found: %+v", o)
	}
	p.stop(t)
}
