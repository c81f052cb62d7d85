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
	// env runs the server in its own process, as systemd does.
	p, err := spawnUnder(t, "", exec.Command("env", "NOTIFY_SOCKET="+address, "WATCHDOG_USEC=300000"), "--demo")
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	hear := func() {
		t.Helper()
		if err := socket.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		packet := make([]byte, 1024)
		n, err := socket.Read(packet)
		if err != nil {
			t.Fatalf("after %q: %v", told, err)
		}
		told = append(told, strings.TrimSpace(string(packet[:n])))
	}
	for len(told) < 4 {
		hear()
	}
	p.stop(t)
	for !slices.Contains(told, "STOPPING=1") {
		hear()
	}
	if n := slices.Index(told, "READY=1"); n < 0 || n > 1 {
		t.Errorf("told was %q, not when it answers", told)
	}
	for _, s := range told {
		if !slices.Contains([]string{"READY=1", "WATCHDOG=1", "STOPPING=1"}, s) {
			t.Errorf("told was %q", s)
		}
	}
}
