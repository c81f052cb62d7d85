package record_test

import (
	"encoding/base64"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/replay/fixture"
	"rator/replay/record"
)

// While the disk is full clients are served, what was written stays whole, and
// recording goes on when there is room.
func TestAFullDiskStopsNobody(t *testing.T) {
	var full bool
	var mu sync.Mutex
	r := start(t, answering(200, usual, answer), func(o *record.Options) {
		o.Write = func(dir string, number int, name string, x *fixture.Exchange) error {
			mu.Lock()
			defer mu.Unlock()
			if full {
				return &fs.PathError{Op: "write", Path: dir, Err: syscall.ENOSPC}
			}
			return fixture.Write(dir, number, name, x)
		}
	})
	written := func(n int) {
		t.Helper()
		waitFor(t, func() bool { now := r.proxy.Recorder().Totals(); return now.Exchanges+now.NotRecorded == n })
	}
	r.post("<one/>")
	written(1)
	mu.Lock()
	full = true
	mu.Unlock()
	if status, got := r.post("<two/>"); status != 200 || got != answer {
		t.Error(status, got)
	}
	written(2)
	if said := r.saidAll(); !strings.Contains(said, "not recorded: POST /service: ") || !strings.Contains(said, "no space left on device; clients are served all the same") {
		t.Error(said)
	}
	mu.Lock()
	full = false
	mu.Unlock()
	r.post("<three/>")
	if diff := cmp.Diff(record.Totals{Exchanges: 2, Scenarios: 1, NotRecorded: 1, Failed: 1}, r.stop()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"0001-connection/01-one.request.xml", "0001-connection/01-one.response.xml",
		"0001-connection/02-three.request.xml", "0001-connection/02-three.response.xml", "0001-connection/scenario.toml"}, r.files()); diff != "" {
		t.Error(diff)
	}
	if settings := r.file("0001-connection/scenario.toml"); !strings.Contains(settings, "#   after 01: POST /service: ") {
		t.Error(settings)
	}
	if !strings.Contains(r.saidAll(), "recording goes on") {
		t.Error(r.saidAll())
	}
}

// A slow disk slows nobody; what it has no time for is said and counted.
func TestASlowDiskSlowsNobody(t *testing.T) {
	release := make(chan bool)
	r := start(t, answering(200, usual, "<a>"+strings.Repeat("x", 2000)+"</a>"), func(o *record.Options) {
		o.MaxWaiting = 20_000
		o.Write = func(dir string, number int, name string, x *fixture.Exchange) error {
			<-release
			return fixture.Write(dir, number, name, x)
		}
	})
	const asked = 20
	for range asked {
		r.post("<ask/>") // comes back although nothing is written
	}
	waitFor(t, func() bool { return r.proxy.Recorder().Totals().Failed > 0 })
	close(release)
	totals := r.stop()
	if totals.Exchanges+totals.NotRecorded != asked || totals.Exchanges < 2 || totals.Failed != totals.NotRecorded || totals.Failed == 0 {
		t.Errorf("%+v", totals)
	}
	for _, part := range []string{"recording is behind: ", "not recorded: POST /service: too much waited for the disk", "recording has caught up"} {
		if !strings.Contains(r.saidAll(), part) {
			t.Errorf("%q is not said in\n%s", part, r.saidAll())
		}
	}
	if n := strings.Count(r.file("0001-connection/scenario.toml"), "too much waited for the disk"); n != totals.NotRecorded {
		t.Errorf("%d are noted, %d missing", n, totals.NotRecorded)
	}
}

// The system itself refuses to write more: no half file is left. The limit is the whole
// process's, which writes more than recordings when it tests, so it is one of its own.
func TestAFileThatTheSystemCutsOffIsNotLeft(t *testing.T) {
	const limited = "RATOR_TEST_LIMITED"
	if os.Getenv(limited) == "" {
		again := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
		again.Env = append(os.Environ(), limited+"=yes")
		if out, err := again.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return
	}
	signal.Ignore(syscall.SIGXFSZ)
	defer signal.Reset(syscall.SIGXFSZ)
	long := "<a>" + strings.Repeat("x", 4<<20) + "</a>"
	r := start(t, http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		if string(body) == "<long/>" {
			body = []byte(long)
		}
		answering(200, usual, string(body))(w, q)
	}), nil)
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	r.post("<one/>")
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 2 << 20, Max: before.Max}); err != nil {
		t.Fatal(err)
	}
	status, got := r.post("<long/>")
	r.post("<two/>")
	totals := r.stop()
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	if status != 200 || got != long {
		t.Errorf("the client gets %d and %d bytes", status, len(got))
	}
	if diff := cmp.Diff(record.Totals{Exchanges: 2, Scenarios: 1, NotRecorded: 1, Failed: 1}, totals); diff != "" {
		t.Error(diff, r.saidAll())
	}
	if diff := cmp.Diff([]string{"0001-connection/01-one.request.xml", "0001-connection/01-one.response.xml",
		"0001-connection/02-two.request.xml", "0001-connection/02-two.response.xml", "0001-connection/scenario.toml"}, r.files()); diff != "" {
		t.Error(diff)
	}
}

// TestEchoedSecrets: what is a secret in a request is none the less in the answer, where
// no name says so.
func TestEchoedSecrets(t *testing.T) {
	for contentType, c := range map[string]struct{ answer, file, want string }{
		usual:              {"<r><msg>wrong login HushHush77 for bob</msg><a>BasicHush88</a></r>", "xml", "<r><msg>wrong login ${xmlunit.ignore} for bob</msg><a>${xmlunit.ignore}</a></r>"},
		"application/json": {`{"msg":"wrong login HushHush77"}`, "bin", `{"msg":"wrong login ***"}`},
	} {
		r := start(t, answering(http.StatusOK, contentType, c.answer), nil)
		basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("bob:BasicHush88"))
		if _, got := r.post("<login><user>bob</user><password>HushHush77</password></login>", "Authorization", basic); got != c.answer {
			t.Errorf("the client got %s", got)
		}
		r.stop()
		if got := r.file("0001-connection/01-login.response." + c.file); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}
