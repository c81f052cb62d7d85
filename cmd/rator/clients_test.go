package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// clients has one folder per client program; its README.md says what they do.
const clients = "../../testdata/clients"

// missingTool is the exit code of a client's run script when something it needs
// is not installed; its last line on stderr says what and how to get it.
const missingTool = 77

func TestClients(t *testing.T) {
	scripts, err := filepath.Glob(filepath.Join(clients, "*", "run"))
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no client programs in %s: %v", clients, err)
	}
	want := readExpectations(t, scripts)
	endpoint := startDemo(t)
	for _, script := range scripts {
		client := clientOf(script)
		t.Run(client, func(t *testing.T) {
			t.Parallel()
			// Reading the folder makes a cached result depend on its files.
			if _, err := os.ReadDir(filepath.Dir(script)); err != nil {
				t.Fatal(err)
			}
			username := client + "-client"
			want.judge(t, client, username, runClient(t, script, endpoint, username))
		})
	}
}

func clientOf(script string) string { return filepath.Base(filepath.Dir(script)) }

// startDemo builds and starts `rator serve --demo` with the hookpoint SIGNUP, and
// returns the endpoint that the server names in what it prints.
func startDemo(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	binary := filepath.Join(dir, "rator")
	if out, err := exec.Command("go", "build", "-o", binary, "rator/cmd/rator").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	server := exec.CommandContext(t.Context(), binary, "serve", "--demo", "--listen", "127.0.0.1:0",
		"--store", filepath.Join(dir, "demo.db"), "--hookpoints", filepath.Join(clients, "hookpoints"), "--json-log=false")
	// The test's context ends just before its cleanups run.
	server.Cancel = func() error { return server.Process.Signal(os.Interrupt) }
	server.WaitDelay = 20 * time.Second
	output, write := io.Pipe()
	server.Stdout, server.Stderr = write, write
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}

	var log bytes.Buffer
	found, drained := make(chan string, 1), make(chan struct{})
	go func() {
		defer close(drained)
		address := regexp.MustCompile(`http://127\.0\.0\.1:\d+/workflow-soap/InvokerService`)
		for s := bufio.NewScanner(io.TeeReader(output, &log)); s.Scan(); {
			if at := address.FindString(s.Text()); at != "" {
				select {
				case found <- at:
				default:
				}
			}
		}
		io.Copy(&log, output) // after a line that is too long to scan
	}()
	exited := make(chan error, 1)
	go func() {
		exited <- server.Wait()
		write.Close()
	}()
	stopped := false
	t.Cleanup(func() {
		if !stopped {
			<-exited
		}
		<-drained
		if !server.ProcessState.Success() {
			t.Errorf("the server ended with %v", server.ProcessState)
		}
		if t.Failed() {
			t.Logf("what the server printed:\n%s", log.String())
		}
	})
	select {
	case at := <-found:
		return at
	case err := <-exited:
		stopped = true
		t.Fatalf("the server ended before it named its address: %v", err)
	case <-time.After(time.Minute):
		t.Fatal("the server named no address within a minute")
	}
	return ""
}

// runClient runs a client program and returns its lines, name to "type value".
func runClient(t *testing.T, script, endpoint, username string) map[string]string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", script, endpoint, username)
	cmd.WaitDelay = time.Second
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && exit.ExitCode() == missingTool {
		said := strings.Split(strings.TrimSpace(stderr.String()), "\n")
		if os.Getenv("CI") == "true" {
			t.Fatal(said[len(said)-1])
		}
		t.Skip(said[len(said)-1])
	}
	if err != nil {
		t.Errorf("%s: %v\n%s", script, err, stderr.String())
	}
	lines := map[string]string{}
	for line := range strings.Lines(stdout.String()) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if _, twice := lines[name]; twice {
			t.Errorf("%s is printed twice", name)
		}
		lines[name] = value
	}
	return lines
}
