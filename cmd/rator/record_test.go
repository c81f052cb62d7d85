package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/replay/fixture"
	"rator/replay/record"
	"rator/server/servertest"
	"rator/suite"
	"rator/wire"
)

// recorderRun is `rator record` that runs in this process.
type recorderRun struct {
	t    testing.TB
	dir  string
	url  string
	stop context.CancelFunc
	code chan int
	out  servertest.LockedBuffer
	err  servertest.LockedBuffer
}

var recorderAddress = regexp.MustCompile(`clients use (http://\S+?);`)

// startRecorder starts `rator record` on a free port before a server.
func startRecorder(t testing.TB, to string, args ...string) *recorderRun {
	t.Helper()
	r := &recorderRun{t: t, dir: filepath.Join(t.TempDir(), "recorded"), code: make(chan int, 1)}
	var ctx context.Context
	ctx, r.stop = context.WithCancel(t.Context())
	t.Cleanup(r.stop)
	terminal := &terminal{ctx: ctx, out: &r.out, err: &r.err, in: strings.NewReader(""), getenv: func(string) string { return "" }}
	args = append([]string{"record", "--to", to, "--dir", r.dir, "--listen", "127.0.0.1:0"}, args...)
	go func() { r.code <- run(terminal, &commands{}, args) }()
	for deadline := time.Now().Add(patience); r.url == ""; time.Sleep(time.Millisecond) {
		if m := recorderAddress.FindStringSubmatch(r.err.String()); m != nil {
			r.url = m[1]
		}
		select {
		case code := <-r.code:
			t.Fatalf("exit %d: %s", code, r.err.String())
		default:
		}
		if time.Now().After(deadline) {
			t.Fatal("it does not listen: " + r.err.String())
		}
	}
	return r
}

// end ends the recording as SIGTERM does, and gives its exit code.
func (r *recorderRun) end() int {
	r.t.Helper()
	r.stop()
	select {
	case code := <-r.code:
		return code
	case <-time.After(patience):
		r.t.Fatal("it does not end: " + r.err.String())
	}
	return -1
}

// scenarios are what was recorded, read back.
func (r *recorderRun) scenarios() []*fixture.Scenario {
	r.t.Helper()
	found, err := fixture.Find(fixture.Options{}, r.dir)
	if err != nil {
		r.t.Fatal(err)
	}
	return found
}

// tap notes the POST requests that a server gets, and its answers.
type tap struct {
	next      http.Handler
	mu        sync.Mutex
	exchanges []record.Exchange
}

func (p *tap) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		p.next.ServeHTTP(w, r)
		return
	}
	var x record.Exchange
	x.Request.Body, _ = io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(x.Request.Body))
	answer := httptest.NewRecorder()
	p.next.ServeHTTP(answer, r)
	x.Response.Status, x.Response.Body = answer.Code, answer.Body.Bytes()
	p.mu.Lock()
	p.exchanges = append(p.exchanges, x)
	p.mu.Unlock()
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.Code)
	_, _ = w.Write(x.Response.Body)
}

// recordPHP has the PHP client make its calls through the recorder, split as
// rule says. It gives the recording, and what went to and fro.
func recordPHP(t *testing.T, rule string) (*recorderRun, []record.Exchange) {
	t.Helper()
	suite.Foreign(t, "PHP")
	heard := &tap{next: servertest.New(t).Handler}
	web := httptest.NewServer(heard)
	t.Cleanup(web.Close)
	r := startRecorder(t, web.URL, "--split", rule, "--hookpoints", filepath.Join(clients, "hookpoints"))
	lines := runClient(t, filepath.Join(clients, "php", "run"), r.url+wire.Path, "recorded-php")
	if len(lines) == 0 {
		t.Fatal("the client says nothing")
	}
	if code := r.end(); code != exitOK {
		t.Fatalf("exit %d: %s", code, r.err.String())
	}
	return r, heard.exchanges
}

// TestAPHPClientIsRecorded: what was recorded is what was sent and answered, but
// for the passwords.
func TestAPHPClientIsRecorded(t *testing.T) {
	r, heard := recordPHP(t, "none")
	found := r.scenarios()
	for i := range found { // the WSDL and its schema are recorded too
		found[i].Steps = slices.DeleteFunc(found[i].Steps, func(s fixture.Step) bool { return !strings.HasSuffix(s.Request, ".xml") })
	}
	if len(found) != 1 || len(heard) < 3 || len(found[0].Steps) != len(heard) {
		t.Fatalf("%d scenarios, %d exchanges: %v", len(found), len(heard), found)
	}
	passwords := map[string]string{"PASSWORD": "demo", "PASSWORD_2": "correct horse battery"} // testdata/clients/php/client.php
	faults := 0
	for i := range heard {
		step := &found[0].Steps[i]
		x, err := found[0].Load(step)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(x.Request.Body, []byte(">${PASSWORD}</")) || bytes.Contains(x.Request.Body, []byte("horse")) {
			t.Errorf("%s: a password is there:\n%s", step.Label(), x.Request.Body)
		}
		sent, unknown := fixture.Expand(string(x.Request.Body), func(name string) (string, bool) {
			v, ok := passwords[name]
			return v, ok
		})
		if unknown != nil {
			t.Fatalf("%s wants %s", step.Label(), unknown.Text)
		}
		if diff := cmp.Diff(string(heard[i].Request.Body), sent); diff != "" {
			t.Errorf("%s: the request (-sent +recorded)\n%s", step.Label(), diff)
		}
		answer, unknown := fixture.Expand(string(x.Response.Body), func(string) (string, bool) { return "", false })
		if unknown != nil {
			t.Fatalf("%s: the answer hides something: %s", step.Label(), unknown.Text)
		}
		if diff := cmp.Diff(string(heard[i].Response.Body), answer); diff != "" {
			t.Errorf("%s: the answer (-answered +recorded)\n%s", step.Label(), diff)
		}
		if strings.Contains(answer, ":Fault") {
			faults++
		} else if x.Response.Status != 0 && x.Response.Status != heard[i].Response.Status {
			t.Errorf("%s: status %d", step.Label(), x.Response.Status)
		}
	}
	if faults == 0 {
		t.Error("the client provokes a fault, which is not recorded")
	}
}

// TestNoPlantedSecretIsRecorded calls with secrets in many places, and looks for
// them in all that was written.
func TestNoPlantedSecretIsRecorded(t *testing.T) {
	server := servertest.New(t)
	r := startRecorder(t, strings.TrimSuffix(server.Endpoint, wire.Path))
	planted := []string{"Zebra-1-geheim", "Zebra-2-geheim", "Zebra-3-geheim", "Zebra-4-geheim", "4111111111111111", "WmVicmEtNS1nZWhlaW0="}
	for _, body := range []string{
		`<values xsi:type="n:complexValueDTO"><key>CONTEXT</key><value xsi:type="n:stringValueDTO"><value>` + planted[0] + `</value><key>PASSWORD</key></value></values>`,
		`<values xsi:type="n:stringValueDTO"><key>SSN</key><value>` + planted[1] + `</value></values>`,
		`<values xsi:type="n:stringValueDTO"><key>PUK</key><value>` + planted[2] + `</value>`,
		`<values xsi:type="n:stringValueDTO"><key>NOTE</key><value>` + planted[4] + `</value></values>`,
	} {
		message := `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><S:Header><login token="` + planted[3] + `"/></S:Header><S:Body>` +
			`<n:executeMethod xmlns:n="http://soap.CDRator.com/"><arg0><hookpointKey>SOAP_ACTIVATE_SUBSCRIPTION</hookpointKey>` + body + `</arg0></n:executeMethod></S:Body></S:Envelope>`
		request, err := http.NewRequest(http.MethodPost, r.url+wire.Path, strings.NewReader(message))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "text/xml; charset=utf-8")
		request.Header.Set("Authorization", "Basic "+planted[5])
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
	}
	if code := r.end(); code != exitOK {
		t.Fatalf("exit %d: %s", code, r.err.String())
	}
	files := 0
	err := filepath.WalkDir(r.dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		content, err := os.ReadFile(path)
		for _, secret := range planted {
			if bytes.Contains(content, []byte(secret)) || strings.Contains(path, secret) {
				t.Errorf("%s is in %s", secret, path)
			}
		}
		return err
	})
	if err != nil || files < 12 {
		t.Errorf("%d files, %v", files, err)
	}
	for _, secret := range planted {
		if strings.Contains(r.err.String()+r.out.String(), secret) {
			t.Errorf("%s is on the terminal", secret)
		}
	}
}

// An exchange under way is finished and recorded when the command is to end.
func TestRecordFinishesWhatIsUnderWay(t *testing.T) {
	asked, answer := make(chan bool), make(chan bool)
	up := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		close(asked)
		<-answer
		w.Header().Set("Content-Type", "text/xml")
		_, _ = io.WriteString(w, "<late/>")
	}))
	defer up.Close()
	r := startRecorder(t, up.URL, "--json")
	got := make(chan string, 1)
	go func() {
		response, err := http.Post(r.url, "text/xml", strings.NewReader("<ask/>"))
		if err != nil {
			got <- err.Error()
			return
		}
		defer response.Body.Close()
		body, _ := io.ReadAll(response.Body)
		got <- string(body)
	}()
	<-asked
	r.stop()
	for deadline := time.Now().Add(patience); !strings.Contains(r.err.String(), "finishing"); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal(r.err.String())
		}
	}
	if said := r.err.String(); !strings.Contains(said, "finishing the exchanges, for 15s at most") { // not as long as --timeout
		t.Error(said)
	}
	close(answer)
	if body := <-got; body != "<late/>" {
		t.Error(body)
	}
	if code := r.end(); code != exitOK {
		t.Errorf("exit %d: %s", code, r.err.String())
	}
	var totals record.Totals
	if err := json.Unmarshal([]byte(r.out.String()), &totals); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(record.Totals{Exchanges: 1, Scenarios: 1}, totals); diff != "" {
		t.Error(diff)
	}
}

// What cannot be written is told, and the exit code says that the recording is
// not whole.
func TestRecordTellsWhatItCouldNotWrite(t *testing.T) {
	up := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<a/>") }))
	defer up.Close()
	r := startRecorder(t, up.URL)
	if err := os.Remove(r.dir); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(r.dir, []byte("in the way"), 0o644); err != nil {
		t.Fatal(err)
	}
	response, err := http.Post(r.url, "text/xml", strings.NewReader("<ask/>"))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if body, err := io.ReadAll(response.Body); err != nil || string(body) != "<a/>" {
		t.Errorf("the client gets %q, %v", body, err)
	}
	if code := r.end(); code != exitFailed {
		t.Errorf("exit %d", code)
	}
	for _, part := range []string{"not recorded: POST /: ", "clients are served all the same", "the recording is not whole: 1 could not be written"} {
		if !strings.Contains(r.err.String(), part) {
			t.Errorf("%q is not said in\n%s", part, r.err.String())
		}
	}
}

func TestRecordRefusesWrongUse(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	dir := t.TempDir()
	file := servertest.Write(t, dir, "file", "")
	to := []string{"--to", "http://127.0.0.1:1", "--listen", "127.0.0.1:0", "--dir", dir}
	for _, test := range []struct {
		args []string
		code int
		said string
	}{
		{[]string{"--dir", dir}, exitUsage, "--to is missing"},
		{[]string{"--to", "http://127.0.0.1:1"}, exitUsage, "--dir is missing"},
		{[]string{"--to", "127.0.0.1:1", "--dir", dir}, exitUsage, "is no URL such as"},
		{[]string{"--to", "ftp://127.0.0.1", "--dir", dir}, exitUsage, "is no URL such as"},
		{[]string{"--to", "http://a:b@127.0.0.1", "--dir", dir}, exitUsage, "no user and password"},
		{[]string{"--to", "http://127.0.0.1/?wsdl", "--dir", dir}, exitUsage, "leave out what follows the path"},
		{append(to, "--split", "day"), exitUsage, `--split: "day" is no rule`},
		{append(to, "--max-body", "big"), exitUsage, `"big" is no size`},
		{append(to, "--hookpoints", filepath.Join(dir, "none")), exitUnreachable, "no such file"},
		{append(to, "--listen", taken.Addr().String()), exitUnreachable, "address already in use"},
		{append(to, "--dir", file), exitUnreachable, "not a directory"},
	} {
		o := rator(t, "", append([]string{"record"}, test.args...)...)
		if o.code != test.code || !strings.Contains(o.err, test.said) {
			t.Errorf("%v: exit %d, %s", test.args, o.code, o.err)
		}
	}
}

func TestByteSize(t *testing.T) {
	for text, want := range map[string]byteSize{"1": 1, "16MiB": 16 << 20, "2 KiB": 2048, "1GiB": 1 << 30, "0": 0, "-1": 0, "1MB": 0, "": 0} {
		var got byteSize
		if err := got.UnmarshalText([]byte(text)); got != want || (err == nil) != (want > 0) {
			t.Errorf("%q: %d %v", text, got, err)
		}
	}
}
