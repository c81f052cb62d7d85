package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"rator/store/postgres/clustertest"
	"rator/suite"
)

// root is the project's root, seen from this package.
const root = "../.."

// clients has one folder per client program; its README.md says what they do.
const clients = "../../testdata/clients"

// missingTool is the exit code of a client's run script when something it needs
// is not installed; its last line on stderr says what and how to get it.
const missingTool = 77

func TestClients(t *testing.T) {
	suite.Foreign(t, "the clients of testdata/clients")
	scripts, err := filepath.Glob(filepath.Join(clients, "*", "run"))
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no client programs in %s: %v", clients, err)
	}
	want := readExpectations(t, scripts)
	// Each client talks to a server on each engine, which must answer it alike.
	serve := []string{"--demo", "--time-zone", "UTC", "--hookpoints", filepath.Join(clients, "hookpoints")}
	endpoints := []string{
		startServer(t, serve...).endpoint,
		startServer(t, append(serve, "--store", clustertest.Shared(t).DSN("postgres")+"&search_path=clients", "--tmf-pin-key", filepath.Join(t.TempDir(), "pin-key"), "--call-log", "off")...).endpoint,
	}
	for _, script := range scripts {
		client := clientOf(script)
		t.Run(client, func(t *testing.T) {
			t.Parallel()
			// Reading the folder makes a cached result depend on its files.
			if _, err := os.ReadDir(filepath.Dir(script)); err != nil {
				t.Fatal(err)
			}
			username := client + "-client"
			for n, engine := range []string{"bolt", "postgres"} {
				t.Run(engine, func(t *testing.T) { want.judge(t, client, username, runClient(t, script, endpoints[n], username)) })
			}
		})
	}
}

func clientOf(script string) string { return filepath.Base(filepath.Dir(script)) }

// runClient runs a client program and returns its lines, name to "type value".
func runClient(t *testing.T, script, endpoint, username string) map[string]string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", script, endpoint, username)
	cmd.WaitDelay = patience
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && exit.ExitCode() == missingTool {
		said := strings.Split(strings.TrimSpace(stderr.String()), "\n")
		suite.Missing(t, said[len(said)-1])
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
