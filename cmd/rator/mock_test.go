package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"rator/server/servertest"
)

const mockRequest = `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><n:executeMethod xmlns:n="http://soap.CDRator.com/"><arg0><hookpointKey>SOAP_X</hookpointKey></arg0></n:executeMethod></S:Body></S:Envelope>`

// recording is a folder with one exchange, whose answer is <recorded/>.
func recording(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	servertest.Write(t, dir, "01-x.request.xml", mockRequest)
	servertest.Write(t, dir, "01-x.response.xml", "<recorded/>")
	return dir
}

// startMock runs rator mock --json until stop is called, which gives what it said
// when it stopped.
func startMock(t *testing.T, args ...string) (address string, stop func() (code int, summary string)) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out, in := io.Pipe()
	var code int
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		code = run(&terminal{ctx: ctx, out: in, err: io.Discard, in: strings.NewReader(""), getenv: func(string) string { return "" }},
			&commands{}, append([]string{"mock", "--json", "--listen", "127.0.0.1:0"}, args...))
		in.Close()
	}()
	lines := bufio.NewReader(out)
	line, err := lines.ReadString('\n')
	var said struct{ Listening string }
	if err == nil {
		err = json.Unmarshal([]byte(line), &said)
	}
	if err != nil {
		t.Fatalf("%q: %v", line, err)
	}
	return said.Listening, func() (int, string) {
		cancel()
		rest, err := io.ReadAll(lines)
		if err != nil {
			t.Error(err)
		}
		<-ended
		return code, string(rest)
	}
}

func asked(t *testing.T, url, body string) string {
	t.Helper()
	response, err := http.Post(url, "text/xml", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(response.StatusCode, " ", string(got))
}

func TestMock(t *testing.T) {
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.WriteHeader(http.StatusAccepted)
		fmt.Fprintf(w, "%s %s %d", r.URL, r.Host, len(body))
	}))
	defer upstream.Close()
	host := strings.TrimPrefix(upstream.URL, "http://")
	unknown := strings.Replace(mockRequest, "SOAP_X", "SOAP_Y", 1)

	address, stop := startMock(t, recording(t), "--delay", "p50=1ms")
	if got := asked(t, address+"/anywhere", mockRequest); got != "200 <recorded/>" {
		t.Error(got)
	}
	if got := asked(t, address, unknown); !strings.HasPrefix(got, "500 ") || !strings.Contains(got, "nothing is recorded for SOAP_Y (did you mean SOAP_X?)") {
		t.Error(got)
	}
	if code, said := stop(); code != exitOK || said != `{"recorded":1,"answered":1,"unknown":1,"forwarded":0,"failed":0,"unused":0}`+"\n" {
		t.Errorf("%d %s", code, said)
	}

	for _, c := range []struct{ forward, path, want string }{
		{"", "/there?q=1", "/there?q=1"}, {"/endpoint", "/?q=1", "/endpoint?q=1"}, {"/endpoint", "/there", "/there"},
	} {
		address, stop := startMock(t, recording(t), "--forward", upstream.URL+c.forward)
		if got := asked(t, address+c.path, unknown); got != fmt.Sprintf("202 %s %s %d", c.want, host, len(unknown)) {
			t.Error(got)
		}
		if code, said := stop(); code != exitOK || !strings.Contains(said, `"forwarded":1,"failed":0,"unused":1`) {
			t.Errorf("%d %s", code, said)
		}
	}

	// What was forwarded and recorded is known to the next mock.
	more := filepath.Join(t.TempDir(), "new")
	address, stop = startMock(t, recording(t), "--forward", upstream.URL, "--record", more)
	first := asked(t, address+"/there", unknown)
	if code, said := stop(); code != exitOK || !strings.Contains(said, `"record":{"exchanges":1,"scenarios":1,"passed":0,"notRecorded":0,"failed":0}`) {
		t.Errorf("%d %s", code, said)
	}
	address, stop = startMock(t, recording(t), more)
	if got := asked(t, address, unknown); got != first {
		t.Errorf("the mock says %s, the server said %s", got, first)
	}
	if got := asked(t, address, mockRequest); got != "200 <recorded/>" {
		t.Error(got)
	}
	stop()

	address, stop = startMock(t, recording(t), "--fail", "100%:429", "--forward", "http://127.0.0.1:1")
	if got := asked(t, address, mockRequest); !strings.HasPrefix(got, "429 ") {
		t.Error(got)
	}
	stop()
	address, stop = startMock(t, recording(t), "--forward", "http://127.0.0.1:1")
	if got := asked(t, address, unknown); !strings.HasPrefix(got, "502 http://127.0.0.1:1 does not answer") {
		t.Error(got)
	}
	stop()
}

func TestMockExitCodes(t *testing.T) {
	good := recording(t)
	broken := t.TempDir()
	servertest.Write(t, broken, "01-x.request.xml", "<a>\n<b></a>")
	servertest.Write(t, broken, "01-x.response.xml", "<a/>")
	alone := t.TempDir()
	servertest.Write(t, alone, "01-x.request.xml", "<a/>")
	for _, c := range []struct {
		args string
		code int
		says string
	}{
		{"", exitUsage, "DIR"},
		{good + " --listen here", exitUsage, "--listen: address here: missing port in address"},
		{good + " --delay soon", exitUsage, "--delay: \"soon\" is no quantile"},
		{good + " --fail 2", exitUsage, "--fail: \"2\": a share is such as 2%"},
		{good + " --forward test.example", exitUsage, "--forward: test.example: an address is such as http://"},
		{good + " --forward http://me:secret@test.example", exitUsage, "--forward: leave out user and password"},
		{good + " --record x", exitUsage, "--record takes what is forwarded; say with --forward where to"},
		{good + " --record /dev/null/x --forward http://test.example", exitUnreachable, "/dev/null"},
		{good + " --hookpoints " + good + "/none", exitUnreachable, "no such file"},
		{good + "/none", exitUnreachable, "no such file"},
		{good + " --listen 192.0.2.1:1", exitUnreachable, "192.0.2.1:1"},
		{t.TempDir(), exitUsage, "there is no scenario in it"},
		{broken, exitUsage, filepath.Join(broken, "01-x.request.xml") + ":2:4: <b> is closed by </a>"},
		{alone, exitUsage, "01-x.request.xml: has no response"},
	} {
		o := rator(t, "", append([]string{"mock"}, strings.Fields(c.args)...)...)
		if o.code != c.code || !strings.Contains(o.err, c.says) {
			t.Errorf("mock %s: exit code %d\nstdout: %s\nstderr: %s\nwant %s", c.args, o.code, o.out, o.err, c.says)
		}
	}
}

// TestMockFinishesWhatWasBegun stops a mock while an answer is under way.
func TestMockFinishesWhatWasBegun(t *testing.T) {
	begun, release := make(chan struct{}), make(chan struct{})
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(begun)
		<-release
		fmt.Fprint(w, "late")
	}))
	defer upstream.Close()
	address, stop := startMock(t, recording(t), "--forward", upstream.URL)
	got := make(chan string, 1)
	go func() {
		response, err := http.Post(address, "text/xml", strings.NewReader("<unknown/>"))
		if err != nil {
			got <- err.Error()
			return
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		got <- fmt.Sprint(string(body), err)
	}()
	<-begun
	stopped := make(chan int, 1)
	go func() {
		code, _ := stop()
		stopped <- code
	}()
	// New connections are refused once it stops.
	for {
		conn, err := net.Dial("tcp", strings.TrimPrefix(address, "http://"))
		if err != nil {
			break
		}
		conn.Close()
	}
	close(release)
	if body, code := <-got, <-stopped; body != "late<nil>" || code != exitOK {
		t.Errorf("%q, exit code %d", body, code)
	}
}
