package record_test

import (
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/replay/fixture"
	"rator/replay/record"
)

func TestGetsAreRecordedOnlyWhenAsked(t *testing.T) {
	for _, gets := range []bool{false, true} {
		r := start(t, answering(200, usual, "<a/>"), func(o *record.Options) { o.Gets = gets })
		response, err := r.web.Client().Get(r.url + "/thing?password=hunter2&x=1")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		response.Body.Close()
		totals := r.stop()
		if !gets {
			if diff := cmp.Diff(record.Totals{Passed: 1}, totals); diff != "" {
				t.Error(diff)
			}
			continue
		}
		if got, want := r.head("0001-connection/01-get-thing"), "GET /thing?password=${PASSWORD}&x=1 HTTP/1.1\n"; got != want {
			t.Errorf("%q, %v", got, r.files())
		}
	}
}

// A WSDL is recorded whether GET requests are or not, for a mock to serve it; what
// clients post behind it is as usual all the same.
func TestAWSDLIsRecorded(t *testing.T) {
	r := start(t, answering(200, usual, "<definitions/>"), nil)
	for _, query := range []string{"wsdl", "WSDL", "xsd=1", "singleWsdl", "other"} {
		response, err := r.web.Client().Get(r.url + "/service?" + query)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		response.Body.Close()
	}
	r.post("<ask/>")
	if diff := cmp.Diff(record.Totals{Exchanges: 5, Passed: 1, Scenarios: 1}, r.stop()); diff != "" {
		t.Error(diff, r.saidAll())
	}
	const stem = "0001-connection/02-get-service"
	if got := r.head(stem); got != "GET /service?WSDL HTTP/1.1\n" || r.file(stem+".request.bin") != "" || r.file(stem+".response.xml") != "<definitions/>" {
		t.Errorf("%q, %v", got, r.files())
	}
	if head := r.head("0001-connection/05-ask"); head != "" || !strings.Contains(r.file("0001-connection/scenario.toml"), `path = "/service"`) {
		t.Errorf("%q, %v", head, r.files())
	}
}

// A client that goes where the WSDL says stays with the recorder.
func TestAWSDLNamesTheAddressThatTheClientUsed(t *testing.T) {
	r := start(t, http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		answering(200, usual, `<d><soap:address location="http://`+q.Host+`/service"/><x>http://`+q.Host+`1/</x></d>`)(w, q)
	}), nil)
	response, err := r.web.Client().Get(r.url + "/service?wsdl")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	want := `<d><soap:address location="` + r.url + `/service"/><x>` + r.proxy.Upstream().String() + `1/</x></d>`
	if err != nil || string(got) != want {
		t.Errorf("%s %v, want %s", got, err, want)
	}
}

func TestSplit(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	ask := func(key string) string {
		return `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><n:executeMethod xmlns:n="http://soap.CDRator.com/"><arg0><hookpointKey>X</hookpointKey>` +
			`<values><key>CONTEXT</key><value><key>BRAND_KEY</key><value>` + key + `</value></value><value><key>PASSWORD</key><value>` + key + `</value></value></values></arg0></n:executeMethod></S:Body></S:Envelope>`
	}
	for rule, want := range map[string][]string{
		"connection":            {"0001-connection"},
		"none":                  {"."},
		"header:X-Test":         {"0001-a", "0002-b-1"},
		"header:Authorization":  {"0001-secret", "0002-secret"},
		"key:CONTEXT.BRAND_KEY": {"0001-a", "0002-b-1"},
		"key:CONTEXT.PASSWORD":  {"0001-secret", "0002-secret"},
		"key:NO.SUCH":           {"0001-without"},
		"idle:30s":              {"0001-session", "0002-session"},
	} {
		t.Run(rule, func(t *testing.T) {
			split, err := record.ParseSplit(rule)
			if err != nil {
				t.Fatal(err)
			}
			at := now
			var mu sync.Mutex
			r := start(t, answering(200, usual, "<a/>"), func(o *record.Options) {
				o.Split = split
				o.Now = func() time.Time {
					mu.Lock()
					defer mu.Unlock()
					at = at.Add(20 * time.Second)
					return at
				}
			})
			for _, v := range []string{"a", "b/1", "a"} {
				r.post(ask(v), "X-Test", v, "Authorization", v)
				if v == "b/1" {
					mu.Lock()
					at = at.Add(time.Minute)
					mu.Unlock()
				}
			}
			r.stop()
			scenarios, err := fixture.Find(fixture.Options{}, r.dir)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, s := range scenarios {
				name, _ := filepath.Rel(r.dir, s.Dir)
				got = append(got, name)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	for _, rule := range []string{"nothing", "header:", "key:", "key:A..B", "idle:x", "idle:-1s"} {
		if _, err := record.ParseSplit(rule); err == nil {
			t.Errorf("%s is taken", rule)
		}
	}
}

// A second recording goes on behind what is there.
func TestNothingIsOverwritten(t *testing.T) {
	dir := t.TempDir()
	for range 2 {
		for _, rule := range []string{"connection", "none"} {
			split, _ := record.ParseSplit(rule)
			r := start(t, answering(200, usual, "<a/>"), func(o *record.Options) { o.Split, o.Dir = split, dir })
			r.post("<ask/>")
			r.stop()
		}
	}
	scenarios, err := fixture.Find(fixture.Options{}, dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range scenarios {
		for _, step := range s.Steps {
			name, _ := filepath.Rel(dir, s.File(step.Request))
			got = append(got, name)
		}
	}
	slices.Sort(got)
	if diff := cmp.Diff([]string{"0001-connection/01-ask.request.xml", "0002-connection/01-ask.request.xml", "01-ask.request.xml", "02-ask.request.xml"}, got); diff != "" {
		t.Error(diff)
	}
}

// TestLongOperationNames are cut, so that the file system takes their files.
func TestLongOperationNames(t *testing.T) {
	r := start(t, answering(http.StatusOK, usual, "<ok/>"), nil)
	long := "get" + strings.Repeat("Order", 80)
	r.post("<" + long + "/>")
	if diff := cmp.Diff(record.Totals{Exchanges: 1, Scenarios: 1}, r.stop()); diff != "" {
		t.Error(diff)
	}
	if got := r.file("0001-connection/01-" + long[:120] + ".request.xml"); got != "<"+long+"/>" {
		t.Errorf("%q", got)
	}
}
