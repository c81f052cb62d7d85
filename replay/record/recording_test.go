package record_test

import (
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"rator/replay/record"
)

const (
	question = `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><n:executeMethod xmlns:n="http://soap.CDRator.com/"><arg0>` +
		`<hookpointKey>SOAP_GET_USER</hookpointKey><values><key>NOTE</key><value>costs ${5}</value></values>` +
		`<values><key>CONTEXT</key><value><key>OPERATOR</key><value>demo</value></value><value><key>PASSWORD</key><value>%s</value></value></values>` +
		`</arg0></n:executeMethod></S:Body></S:Envelope>`
	answer = `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><r><pin>4711</pin><x>${y}</x></r></S:Body></S:Envelope>`
	usual  = "text/xml; charset=utf-8"
)

// recording is a proxy before an upstream.
type recording struct {
	t     testing.TB
	dir   string
	url   string
	proxy *record.Proxy
	web   *httptest.Server
	mu    sync.Mutex
	said  []string
}

func (r *recording) say(line string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.said = append(r.said, line)
}

func (r *recording) saidAll() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return strings.Join(r.said, "\n")
}

func start(t testing.TB, upstream http.Handler, change func(*record.Options)) *recording {
	t.Helper()
	up := httptest.NewServer(upstream)
	t.Cleanup(up.Close)
	return startAt(t, up.URL, change)
}

func startAt(t testing.TB, to string, change func(*record.Options)) *recording {
	t.Helper()
	u, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	r := &recording{t: t, dir: filepath.Join(t.TempDir(), "recorded")}
	o := record.Options{To: u, Dir: r.dir, Say: r.say}
	if change != nil {
		change(&o)
	}
	if r.proxy, err = record.New(o); err != nil {
		t.Fatal(err)
	}
	r.web = httptest.NewUnstartedServer(r.proxy)
	r.web.Config.ConnContext = r.proxy.ConnContext
	r.web.Start()
	r.url = r.web.URL
	t.Cleanup(func() { r.stop() })
	return r
}

// stop ends the recording and gives its totals.
func (r *recording) stop() record.Totals {
	r.web.Close()
	return r.proxy.Close()
}

// files are the names of what was recorded.
func (r *recording) files() []string {
	var names []string
	err := filepath.WalkDir(r.dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			name, _ := filepath.Rel(r.dir, path)
			names = append(names, filepath.ToSlash(name))
		}
		return err
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return names
}

func (r *recording) file(name string) string {
	r.t.Helper()
	content, err := os.ReadFile(filepath.Join(r.dir, filepath.FromSlash(name)))
	if err != nil {
		r.t.Fatal(err)
	}
	return string(content)
}

func (r *recording) post(body string, header ...string) (int, string) {
	r.t.Helper()
	request, err := http.NewRequest(http.MethodPost, r.url+"/service", strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	request.Header.Set("Content-Type", usual)
	request.Header.Set("SOAPAction", `""`)
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := r.web.Client().Do(request)
	if err != nil {
		r.t.Fatal(err)
	}
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return response.StatusCode, string(got)
}

// answering answers each request in the same way.
func answering(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func waitFor(t *testing.T, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it does not happen")
		}
	}
}
