package load_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/replay"
	"rator/replay/fixture"
	"rator/replay/load"
	"rator/workflow/contract"
)

// courses writes files and makes their scenarios ready for a handler.
func courses(t *testing.T, files map[string]string, handler http.HandlerFunc) (*load.Callers, error) {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	found, err := fixture.Find(fixture.Options{WithoutResponse: true}, dir)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	target, err := replay.Remote(server.URL, 1, time.Minute, func(string) *contract.Contract { return nil })
	if err != nil {
		t.Fatal(err)
	}
	made, err := (&replay.Player{Target: target}).Courses(found)
	return load.Of(made), err
}

// shop makes orders, whose ids it gives, and shows them. What it is asked is kept.
type shop struct {
	mu    sync.Mutex
	asked []string
	made  int
	full  bool // no more orders
}

func (s *shop) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, r.Header.Get("Idempotency-Key")+string(body))
	switch text := string(body); {
	case strings.HasPrefix(text, "<make") && s.full:
		w.WriteHeader(503)
	case strings.HasPrefix(text, "<make"):
		s.made++
		fmt.Fprintf(w, `<made><id>2026112418000%05d</id></made>`, s.made)
	default:
		fmt.Fprint(w, `<shown/>`)
	}
}

const orders = `<make><REQUEST_ID>r-1</REQUEST_ID><x><key>REQUEST_ID</key><value>r-1</value></x><x><key>REQUEST_ID</key><value>r-2</value></x><n>${repetition}</n></make>`

var ordering = map[string]string{
	"a/01-make.request.xml":  orders,
	"a/01-make.response.xml": "<made><id>202601020304050001</id></made>",
	"a/02-show.request.xml":  "<show id='202601020304050001'/>",
	"a/02-show.response.xml": "<shown/>",
	"a/02-show.http":         "POST / HTTP/1.1\nIdempotency-Key: r-1\n",
	"b/01-show.request.xml":  "<show id='all'/>",
	"b/01-show.response.xml": "<shown/>",
}

// TestCoursesGoRound: one scenario is played after the other and all of them again; ids
// that answers gave are sent, and request ids are others in each playing, the same where
// they were the same.
func TestCoursesGoRound(t *testing.T) {
	var s shop
	callers, err := courses(t, ordering, s.serve)
	if err != nil {
		t.Fatal(err)
	}
	c := callers.New()
	var told []string
	for range 6 {
		made := c.Call(t.Context())
		told = append(told, made.Operation+" "+made.Outcome)
		if made.Err != nil || !made.Expected || made.Skipped != 0 || made.Begun.IsZero() || made.Ended.Before(made.Begun) {
			t.Errorf("%+v", made)
		}
	}
	if d := cmp.Diff([]string{"make OK", "show OK", "show OK", "make OK", "show OK", "show OK"}, told); d != "" {
		t.Error(d)
	}
	names := map[string]string{}
	request := regexp.MustCompile(`[a-z0-9]{12}-\d`)
	for i, text := range s.asked {
		s.asked[i] = request.ReplaceAllStringFunc(text, func(id string) string {
			if names[id] == "" {
				names[id] = fmt.Sprint("id", len(names)+1)
			}
			return names[id]
		})
	}
	ordered := func(first, second, n string) string {
		return strings.NewReplacer("r-1", first, "r-2", second, "${repetition}", n).Replace(orders)
	}
	want := []string{
		ordered("id1", "id2", "1"), "id1<show id='202611241800000001'/>", "<show id='all'/>",
		ordered("id3", "id4", "2"), "id3<show id='202611241800000002'/>", "<show id='all'/>",
	}
	if d := cmp.Diff(want, s.asked); d != "" {
		t.Error(d)
	}
}

// TestSkipped: what takes something of an answer that did not come is not sent, and
// counted; a status that is an error counts as one.
func TestSkipped(t *testing.T) {
	s := shop{full: true}
	callers, err := courses(t, ordering, s.serve)
	if err != nil {
		t.Fatal(err)
	}
	c := callers.New()
	if made := c.Call(t.Context()); made.Outcome != "HTTP 503" || made.Expected || made.Err != nil {
		t.Errorf("%+v", made)
	}
	if made := c.Call(t.Context()); made.Outcome != "OK" || made.Skipped != 1 || len(s.asked) != 2 {
		t.Errorf("%+v, asked %q", made, s.asked)
	}
}

func answered(errorCode string) string {
	return `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><n:executeMethodResponse xmlns:n="http://soap.CDRator.com/"><return><errorCode>` +
		errorCode + `</errorCode><status>1</status></return></n:executeMethodResponse></S:Body></S:Envelope>`
}

const fault = `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><S:Fault><faultcode>S:Server</faultcode><faultstring>no</faultstring></S:Fault></S:Body></S:Envelope>`

// TestOutcomes: how a call ended, and whether that is an error, beside the recorded answer.
func TestOutcomes(t *testing.T) {
	for _, c := range []struct {
		recorded, came string
		status         int
		outcome        string
		expected       bool
	}{
		{answered("0"), answered("0"), 200, "OK", true},
		{answered("0"), answered("4"), 200, "4 INVALID_REQUEST", false},
		{answered("4"), answered("4"), 200, "4 INVALID_REQUEST", true},
		{answered("4"), answered("0"), 200, "OK", true},
		{answered("4"), answered("77777"), 200, "errorCode 77777", false},
		{"", answered("4"), 200, "4 INVALID_REQUEST", false},
		{answered("0"), fault, 500, "fault Server", false},
		{fault, fault, 500, "fault Server", true},
		{"<a/>", "<b/>", 200, "OK", true},
		{"<a/>", "<Fault/>", 200, "fault", false},
		{"<a/>", "gone", 404, "HTTP 404", false},
		{"<a/>", "elsewhere", 302, "HTTP 302", false},
	} {
		files := map[string]string{"01-a.request.xml": "<a/>"}
		if c.recorded != "" {
			files["01-a.response.xml"] = c.recorded
		}
		callers, err := courses(t, files, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(c.status)
			fmt.Fprint(w, c.came)
		})
		if err != nil {
			t.Fatal(err)
		}
		made := callers.New().Call(t.Context())
		if made.Outcome != c.outcome || made.Expected != c.expected || made.Err != nil {
			t.Errorf("%s for %s: %+v", c.came, c.recorded, made)
		}
	}
}

// TestBroken: an answer that breaks off is none, and says so.
func TestBroken(t *testing.T) {
	callers, err := courses(t, map[string]string{"01-a.request.xml": "<a/>"}, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		fmt.Fprint(w, "<a")
	})
	if err != nil {
		t.Fatal(err)
	}
	if made := callers.New().Call(t.Context()); made.Err == nil || made.Outcome != "no answer" || made.Expected {
		t.Errorf("%+v", made)
	}
}

// TestMistakes: what is wrong in the files is told before anything is sent.
func TestMistakes(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"a deed":       {map[string]string{"01-a.request.xml": "<a/>", "02-wait.do": "run-due"}, "02-wait.do: what happens beside the calls is not done at an endpoint"},
		"unknown name": {map[string]string{"01-a.request.xml": "<a>${nobody}</a>"}, "nothing is known of ${nobody}"},
		"no XML":       {map[string]string{"01-a.request.xml": "<a>"}, "01-a.request.xml"},
	} {
		_, err := courses(t, c.files, func(http.ResponseWriter, *http.Request) { t.Error("something is sent") })
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
