package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"rator/server/servertest"
	"rator/wire"
)

// built is the directory of the binary, "" when no test asked for it.
var built string

// builtBefore names, to tests that run apart, the binary that was built for the others.
const builtBefore = "BUILT_RATOR"

// buildRator builds the binary once for all tests, without the race detector.
var buildRator = sync.OnceValues(func() (file string, err error) {
	if file := os.Getenv(builtBefore); file != "" {
		return file, nil
	}
	if built, err = os.MkdirTemp("", "rator-test-*"); err != nil {
		return "", err
	}
	file = filepath.Join(built, "rator")
	out, err := exec.Command("go", "build", "-o", file, "rator/cmd/rator").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return file, os.Setenv(builtBefore, file)
})

func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == "curl" {
		os.Exit(curlProcess(os.Args, os.Stdin, os.Stdout, os.Stderr))
	}
	code := m.Run()
	os.RemoveAll(built)
	servertest.RemoveDir()
	os.Exit(code)
}

// serverProcess is `rator serve` as a process of its own.
type serverProcess struct {
	*exec.Cmd
	store    string
	endpoint string
	exited   chan struct{}
	log      servertest.LockedBuffer
}

var endpointAddress = regexp.MustCompile(`https?://127\.\d+\.\d+\.\d+:\d+/workflow-soap/InvokerService`)

// spawn starts `rator serve` on a free port and waits until it serves. A store
// that args do not name is a new one.
func spawn(t testing.TB, args ...string) *serverProcess {
	t.Helper()
	return spawnIn(t, "", args...)
}

// spawnIn is spawn in a folder, whose bin/rator the server is; "" is this one.
func spawnIn(t testing.TB, dir string, args ...string) *serverProcess {
	t.Helper()
	p, err := spawnUnder(t, dir, nil, args...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// spawnUnder is spawnIn under another program, which runs the server in its own process;
// nil is none. The error is for a server that did not come to serve.
func spawnUnder(t testing.TB, dir string, under *exec.Cmd, args ...string) (*serverProcess, error) {
	t.Helper()
	binary, err := buildRator()
	if err != nil {
		t.Fatal(err)
	}
	if dir != "" {
		binary = linked(t, binary, dir, "bin/rator")
	}
	p := &serverProcess{exited: make(chan struct{})}
	for i, arg := range args {
		if arg == "--store" {
			p.store = args[i+1]
		}
	}
	if p.store == "" {
		p.store = filepath.Join(t.TempDir(), "rator.db")
		args = append(args, "--store", p.store)
	}
	args = append([]string{"serve", "--listen", "127.0.0.1:0", "--drain", "0s"}, args...)
	if p.Cmd = under; under == nil {
		p.Cmd = exec.Command(binary, args...)
	} else {
		p.Args = append(append(p.Args, binary), args...)
	}
	output, write := io.Pipe()
	p.Dir, p.Stdout, p.Stderr = dir, write, write
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	serving, read := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(read)
		for s := bufio.NewScanner(io.TeeReader(output, &p.log)); s.Scan(); {
			if at := endpointAddress.FindString(s.Text()); at != "" && p.endpoint == "" {
				p.endpoint = at
			}
			if strings.HasPrefix(s.Text(), "rator: serving") {
				close(serving)
			}
		}
		_, _ = io.Copy(&p.log, output) // after a line that is too long to scan
	}()
	go func() {
		_ = p.Wait() // tests look at ProcessState
		write.Close()
		<-read // so that p.log has all that it said
		close(p.exited)
	}()
	t.Cleanup(func() {
		_ = p.Process.Kill() // does nothing when it ended
		<-p.exited
	})
	select {
	case <-serving:
	case <-p.exited:
		return nil, fmt.Errorf("the server ended with %v:\n%s", p.ProcessState, p.log.String())
	case <-time.After(patience):
		return nil, fmt.Errorf("the server neither serves nor ended:\n%s", p.log.String())
	}
	return p, nil
}

// linked makes a link to a program below a folder, and gives its name there.
func linked(t testing.TB, program, dir, name string) string {
	t.Helper()
	file := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(program, file); err != nil && !os.IsExist(err) {
		t.Fatal(err)
	}
	return name
}

// ratorProcess runs a command line as a process of its own, which is faster than
// in this one under the race detector.
func ratorProcess(t testing.TB, args ...string) (out string, err error) {
	t.Helper()
	binary, err := buildRator()
	if err != nil {
		t.Fatal(err)
	}
	b, err := exec.Command(binary, args...).CombinedOutput()
	return string(b), err
}

// ratorOutside is rator as a process of its own: of a store in a database, whose kinds are
// the program's, and this one has some that only tests know.
func ratorOutside(t testing.TB, stdin string, args ...string) outcome {
	t.Helper()
	binary, err := buildRator()
	if err != nil {
		t.Fatal(err)
	}
	var out, said bytes.Buffer
	cmd := exec.Command(binary, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &out, &said
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return outcome{cmd.ProcessState.ExitCode(), out.String(), said.String()}
}

// startServer is spawn for a server that must end well when the test ends.
func startServer(t testing.TB, args ...string) *serverProcess {
	t.Helper()
	p := spawn(t, args...)
	t.Cleanup(func() {
		p.stop(t)
		if t.Failed() {
			t.Logf("what the server printed:\n%s", p.log.String())
		}
	})
	return p
}

// stop asks the server to end and wants it to do so with exit code 0.
func (p *serverProcess) stop(t testing.TB) {
	t.Helper()
	_ = p.Process.Signal(os.Interrupt)
	select {
	case <-p.exited:
	case <-time.After(patience):
		t.Fatalf("the server did not end within %s of SIGINT", patience)
	}
	if !p.ProcessState.Success() {
		t.Errorf("the server ended with %v", p.ProcessState)
	}
}

// waitFor waits until the server has printed text.
func (p *serverProcess) waitFor(t testing.TB, text string) {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if strings.Contains(p.log.String(), text) {
			return
		}
	}
	t.Fatalf("the server did not print %q:\n%s", text, p.log.String())
}

// get is what a page of the server has, and its status.
func (p *serverProcess) get(t testing.TB, path string) (status int, body string) {
	t.Helper()
	return servertest.Get(t, strings.TrimSuffix(p.endpoint, wire.Path)+path)
}

// page is what a page of the server has.
func (p *serverProcess) page(t testing.TB, path string) string {
	t.Helper()
	_, body := p.get(t, path)
	return body
}

// until waits for a condition.
func until(t testing.TB, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !so(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within %s", what, patience)
		}
	}
}
