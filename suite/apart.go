package suite

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// Apart runs a test that the race detector makes many times slower and finds nothing in:
// a whole run under the detector runs it in a process without, in which it fails or
// passes, and done says that nothing is left to do here. The test is one of the package
// in whose folder it runs.
func Apart(t testing.TB) (done bool) {
	t.Helper()
	if !whole() || !raced {
		return false
	}
	program, err := plain()
	if err != nil {
		t.Fatal(err)
	}
	said, err := exec.CommandContext(t.Context(), program, "-test.v", "-test.timeout=60m", "-test.run", only(t.Name())).CombinedOutput()
	if err != nil || !strings.Contains(string(said), "--- PASS: "+t.Name()+" (") {
		t.Fatalf("without the race detector: %v\n%s", err, gist(string(said)))
	}
	t.Logf("without the race detector:\n%s", said)
	return true
}

// gist is what go test -v said without the tests that passed and said nothing: of thousands,
// who reads a report sees the one that failed.
func gist(said string) string {
	var kept []string
	lines := strings.Split(said, "\n")
	for n, line := range lines {
		switch {
		case strings.HasPrefix(strings.TrimSpace(line), "--- PASS: "):
			continue
		case strings.HasPrefix(line, "=== ") && n+1 < len(lines) && strings.HasPrefix(lines[n+1], "=== "):
			continue
		}
		kept = append(kept, line)
	}
	return strings.Join(kept, "\n")
}

// Again runs all tests of the package but the one that calls it once more, in a process
// without the race detector, with flags of theirs: as many as a person waits for.
func Again(t *testing.T, flags ...string) {
	t.Helper()
	program, err := plain()
	if err != nil {
		t.Fatal(err)
	}
	args := append([]string{"-test.timeout=60m", "-test.skip", only(t.Name())}, flags...)
	again := exec.CommandContext(t.Context(), program, args...)
	again.Env = append(os.Environ(), "CI=")
	if said, err := again.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(flags, " "), err, said)
	}
}

// plain is the program of this package's tests without the race detector. It lies beside
// the one that runs, and goes with what go test built.
var plain = sync.OnceValues(func() (program string, err error) {
	if program, err = os.Executable(); err != nil {
		return "", err
	}
	program += ".plain"
	// The flag holds against one that the environment has go take.
	if said, err := exec.Command("go", "test", "-race=false", "-vet=off", "-c", "-o", program, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go test -c: %w\n%s", err, said)
	}
	return program, nil
})

// only is the pattern of go test for one test, or one subtest.
func only(name string) string {
	parts := strings.Split(name, "/")
	for n, part := range parts {
		parts[n] = "^" + regexp.QuoteMeta(part) + "$"
	}
	return strings.Join(parts, "/")
}

// Size is Rounds for what only its number proves, as what stays in order, small or fast:
// a whole run under the race detector does all of them apart, and few where the detector
// sees them.
func Size(t *testing.T, few, all int) int {
	t.Helper()
	if Apart(t) {
		return few
	}
	return Rounds(t, few, all)
}
