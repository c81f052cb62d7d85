package main

import (
	"net"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestSystemdIsTold: a unit of Type=notify with a watchdog hears that the server answers,
// then again and again that it is well, and at last that it ends.
func TestSystemdIsTold(t *testing.T) {
	address := filepath.Join(t.TempDir(), "notify")
	socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: address, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	heard := make(chan string, 10_000) // the server waits for a socket that nobody reads
	go func() {
		packet := make([]byte, 1024)
		for {
			n, err := socket.Read(packet)
			if err != nil {
				close(heard)
				return
			}
			heard <- strings.TrimSpace(string(packet[:n]))
		}
	}()
	// env runs the server in its own process, as systemd does.
	p, err := spawnUnder(t, "", exec.Command("env", "NOTIFY_SOCKET="+address, "WATCHDOG_USEC=300000"), "--demo")
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	hear := func() {
		t.Helper()
		select {
		case s := <-heard:
			told = append(told, s)
		case <-time.After(patience):
			t.Fatalf("nothing is told after %q", told)
		}
	}
	for len(told) < 4 {
		hear()
	}
	p.stop(t)
	for !slices.Contains(told, "STOPPING=1") {
		hear()
	}
	if told[0] != "READY=1" || !slices.Contains(told, "WATCHDOG=1") {
		t.Errorf("told was %q", told)
	}
	for _, s := range told {
		if !slices.Contains([]string{"READY=1", "WATCHDOG=1", "STOPPING=1"}, s) {
			t.Errorf("told was %q", s)
		}
	}
}
