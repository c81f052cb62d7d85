// Package balancertest runs balancers for tests; only tests import it.
package balancertest

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net"
	"strings"
	"testing"
	"time"

	"rator/dist/balancer"
	"rator/suite"
)

// Need leaves out a test that needs a program: nginx or haproxy.
func Need(t testing.TB, program string) {
	t.Helper()
	suite.Foreign(t, program, program, "-v")
}

// Start runs a balancer at a free address until the test ends, and says where.
func Start(t testing.TB, program string, servers [2]string) (url string) {
	t.Helper()
	for {
		if at, up := try(t, program, servers); up {
			return "http://" + at
		}
	}
}

// try starts it, and says whether it listens: the address may have been taken meanwhile.
func try(t testing.TB, program string, servers [2]string) (at string, up bool) {
	t.Helper()
	// At an address that nobody else is given: one who got the port meanwhile would be taken for it.
	free, err := net.Listen("tcp", fmt.Sprintf("127.%d.%d.%d:0", 1+rand.IntN(254), rand.IntN(256), 1+rand.IntN(254)))
	if err != nil {
		t.Fatal(err)
	}
	at = free.Addr().String()
	free.Close()
	cmd, err := balancer.Command(program, t.TempDir(), at, servers)
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	t.Cleanup(func() { _ = cmd.Process.Kill(); <-ended })
	for {
		if conn, err := net.Dial("tcp", at); err == nil {
			conn.Close()
			return at, true
		}
		select {
		case <-ended:
			if !strings.Contains(strings.ToLower(said.String()), "in use") {
				t.Fatalf("%s ended:\n%s", cmd, &said)
			}
			return "", false
		case <-time.After(20 * time.Millisecond):
		}
	}
}
