package replay_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/replay"
	"rator/replay/fixture"
	"rator/workflow/contract"
)

// sink keeps what it is told.
type sink struct {
	results []*replay.Result
	summary *replay.Summary
	fail    error
}

func (s *sink) Played(r *replay.Result) error {
	s.results = append(s.results, r)
	return s.fail
}

func (s *sink) Done(x *replay.Summary) error {
	s.summary = x
	return nil
}

// suite writes files and finds their scenarios.
func suite(t testing.TB, files map[string]string) []*fixture.Scenario {
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
	return found
}

// remote is a target that a handler answers for.
func remote(t *testing.T, handler http.HandlerFunc, contracts ...*contract.Contract) replay.Target {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	target, err := replay.Remote(server.URL+"/endpoint", 1, time.Minute, func(hookpoint string) *contract.Contract {
		for _, c := range contracts {
			if c.Hookpoint == hookpoint {
				return c
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return target
}

// play plays and gives what the sink was told.
func play(t *testing.T, p *replay.Player, scenarios []*fixture.Scenario) *sink {
	t.Helper()
	s := &sink{}
	p.Sink = s
	if _, err := p.Play(t.Context(), scenarios); err != nil {
		t.Fatal(err)
	}
	return s
}

// lines tells results, an exchange a line.
func lines(s *sink) (told []string) {
	for _, r := range s.results {
		for i := range r.Exchanges {
			x := &r.Exchanges[i]
			line := fmt.Sprintf("%s/%s %s %s", r.Scenario.Name, x.Step.Label(), x.Operation, x.Outcome)
			for _, d := range x.Differences {
				line += fmt.Sprintf(" [%s %s %q %q]", d.Path, d.Kind, d.Want, d.Got)
			}
			if x.Err != nil {
				line += " " + x.Err.Error()
			}
			if x.Why != "" {
				line += " " + x.Why
			}
			told = append(told, line)
		}
		if r.Err != nil {
			told = append(told, r.Scenario.Name+": "+strings.ReplaceAll(r.Err.Error(), r.Scenario.Dir, ""))
		}
	}
	return told
}

// counter is a service that is not ours: it makes an order with an id and a token,
// and gives it back.
type counter struct {
	mu   sync.Mutex
	ids  []string
	sent []string
	head []http.Header
	path []string
}

func (c *counter) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent, c.head, c.path = append(c.sent, string(body)), append(c.head, r.Header), append(c.path, r.URL.RequestURI())
	switch {
	case strings.Contains(string(body), "fault"):
		w.WriteHeader(500)
		io.WriteString(w, `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><e:Fault><faultcode>e:Client</faultcode><faultstring>no</faultstring></e:Fault></e:Body></e:Envelope>`)
	case strings.Contains(string(body), "make"):
		id := fmt.Sprintf("2026112418000%05d", 100+len(c.ids))
		c.ids = append(c.ids, id)
		fmt.Fprintf(w, `<made><id>%s</id><token>t-%s</token></made>`, id, id[13:])
	default:
		fmt.Fprintf(w, `<echo>%s</echo>`, body)
	}
}

func TestIdsAndValuesGoFromAnswerToRequest(t *testing.T) {
	scenarios := suite(t, map[string]string{
		"s/scenario.toml":        "[variables]\nuser = \"bo\"\n[[capture]]\nstep = \"01\"\npath = \"made/token\"\nname = \"taken\"\n",
		"s/01-make.request.xml":  "<make/>",
		"s/01-make.response.xml": "<made><id>202601020304050001</id><token>${capture:token}</token></made>",
		"s/02-read.request.xml":  "<read id='202601020304050001' by=\"${user}\" x=\"$${user}\">${token} ${taken} ${01:made/id}</read>",
		"s/02-read.response.xml": "<echo><read id=\"202601020304050001\" by='bo' x='$${user}'>${token} ${token} ${01:made/id}</read></echo>",
		"s/02-read.http":         "PUT /other/202601020304050001?x=${user} HTTP/1.1\nContent-Type: a/b\nX-Id: 202601020304050001\n",
		"s/03-none.request.xml":  "<unknown>202601020304059999</unknown>",
		"s/03-none.response.xml": "<echo><unknown>202601020304059999</unknown></echo>",
	})
	var c counter
	c.ids = []string{"one before"}
	s := play(t, &replay.Player{Target: remote(t, c.serve)}, scenarios)
	want := []string{"s/01-make make equal", "s/02-read read equal", "s/03-none unknown equal"}
	if d := cmp.Diff(want, lines(s)); d != "" {
		t.Fatal(d)
	}
	const id, token = "202611241800000101", "t-00101"
	if sent := "<read id='" + id + "' by=\"bo\" x=\"${user}\">" + token + " " + token + " " + id + "</read>"; c.sent[1] != sent {
		t.Errorf("sent %s\nnot  %s", c.sent[1], sent)
	}
	if c.path[1] != "/other/"+id+"?x=bo" || c.head[1].Get("X-Id") != id || c.head[1].Get("Content-Type") != "a/b" || c.path[0] != "/endpoint" {
		t.Errorf("%v %v", c.path, c.head[1])
	}
	if c.head[0].Get("Content-Type") != "text/xml; charset=utf-8" || c.head[0].Get("Soapaction") != `""` {
		t.Errorf("%v", c.head[0])
	}
	replaced := s.results[0].Exchanges[1].Replaced
	if len(replaced) == 0 || replaced[0] != (replay.Replacement{Recorded: "202601020304050001", Live: id, Why: "id"}) {
		t.Errorf("%v", replaced)
	}
	if x := s.results[0].Exchanges[0]; x.Sent != nil || x.Want != nil || x.Got != nil {
		t.Error("bodies of an equal exchange are kept")
	}
}

// TestWhatIsLiveIsNotExchanged: the live id of one object may be the recorded one of
// another; where a placeholder put it in it stays, where the author wrote it it is the
// recorded one.
func TestWhatIsLiveIsNotExchanged(t *testing.T) {
	const first, second, third = "202611241800000100", "202611241800000101", "202611241800000102"
	scenarios := suite(t, map[string]string{
		"s/scenario.toml":        "[variables]\nwritten = \"" + second + "\"\ngiven = \"x\"\n",
		"s/01-make.request.xml":  "<make/>",
		"s/01-make.response.xml": "<made><id>" + first + "</id><token>${capture:token}</token></made>",
		"s/02-make.request.xml":  "<make/>",
		"s/02-make.response.xml": "<made><id>" + second + "</id><token>${capture:token}</token></made>",
		"s/03-read.request.xml":  "<read>" + first + " ${01:made/id} ${written} ${given}</read>",
		"s/03-read.response.xml": "<echo><read>" + first + " ${01:made/id} ${written} ${given}</read></echo>",
	})
	c := counter{ids: []string{"one before"}}
	play(t, &replay.Player{Target: remote(t, c.serve), Variables: map[string]string{"given": first}}, scenarios)
	if sent, want := c.sent[2], "<read>"+second+" "+second+" "+third+" "+first+"</read>"; sent != want {
		t.Errorf("sent %s\nnot  %s", sent, want)
	}
}

// TestAnswersThatAreNotAsExpected also shows that what follows is played on.
func TestAnswersThatAreNotAsExpected(t *testing.T) {
	scenarios := suite(t, map[string]string{
		"s/01-fault.request.xml": "<fault/>", "s/01-fault.response.xml": "<echo><fault/></echo>",
		"s/02-echo.request.xml": "<a>1</a>", "s/02-echo.response.xml": "<echo><a>2</a></echo>",
		"s/03-bytes.request.bin": "\x00\x01", "s/03-bytes.response.bin": "<echo>\x00\x02</echo>",
		"s/04-head.request.xml": "<a/>", "s/04-head.response.xml": "<echo><a/></echo>", "s/04-head.http": "HTTP/1.1 201\nX-A: 1\n",
		"s/05-new.request.xml":    "<a/>",
		"s/06-broken.request.bin": "</", "s/06-broken.response.xml": "<echo/>",
	})
	var c counter
	told := lines(play(t, &replay.Player{Target: remote(t, c.serve)}, scenarios))
	for i, want := range []string{
		`s/01-fault fault different [status status "200" "500"] [`,
		`s/02-echo a different [echo/a value "2" "1"]`,
		`s/03-bytes  different [`,
		`s/04-head a different [status status "201" "200"] [X-A header "1" ""]`,
		`s/05-new a different [ extra "" "an answer, of which none is recorded"]`,
		`s/06-broken  failed cannot read the answer: `,
	} {
		if i >= len(told) || !strings.HasPrefix(told[i], want) {
			t.Errorf("got %s\nwant %s", told[min(i, len(told)-1)], want)
		}
	}
}

// TestMistakesWhilePlaying end their scenario and no other.
func TestMistakesWhilePlaying(t *testing.T) {
	var service counter
	s := play(t, &replay.Player{Target: remote(t, service.serve)}, suite(t, map[string]string{
		"b/01-a.request.xml": "<a/>", "b/01-a.response.xml": "<echo><a/></echo>", "a/01-a.request.xml": "<a/>", "a/01-a.response.xml": "<echo><a/></echo>",
		"a/scenario.toml": "[[capture]]\nstep=\"01\"\npath=\"echo/nothing\"\nname=\"x\"",
	}))
	told, want := lines(s), "/01-a.response.xml: cannot capture x: "
	if n := len(told); n < 2 || told[n-1] != "b/01-a a equal" || !strings.Contains(strings.Join(told, "\n"), want) {
		t.Errorf("%s\nwant %s", strings.Join(told, "\n"), want)
	}
	if !s.summary.Misused || s.summary.Scenarios[replay.Failed] != 1 || s.summary.Scenarios[replay.Equal] != 1 {
		t.Errorf("%+v", s.summary)
	}
}

// TestEndpointGoesAway in the middle: what was played is told.
func TestEndpointGoesAway(t *testing.T) {
	files := map[string]string{}
	for _, name := range []string{"a", "b"} {
		for n := range 3 {
			files[fmt.Sprintf("%s/0%d-x.request.xml", name, n)] = "<a/>"
			files[fmt.Sprintf("%s/0%d-x.response.xml", name, n)] = "<echo><a/></echo>"
		}
	}
	calls := 0
	var c counter
	target := remote(t, func(w http.ResponseWriter, r *http.Request) {
		if calls++; calls > 2 {
			panic(http.ErrAbortHandler)
		}
		c.serve(w, r)
	})
	s := play(t, &replay.Player{Target: target}, suite(t, files))
	told := lines(s)
	if len(told) != 8 || told[0] != "a/00-x a equal" || told[1] != "a/01-x a equal" || !strings.Contains(told[2], "failed no answer from http://127.0.0.1:") ||
		told[6] != "b/02-x  not played the endpoint does not answer" ||
		!s.summary.Unreachable || s.summary.Exchanges[replay.Equal] != 2 || s.summary.Scenarios[replay.Failed] != 2 {
		t.Errorf("%s\n%+v", strings.Join(told, "\n"), s.summary)
	}
}

// TestJobs: results come in the order of the scenarios, however they are played.
func TestJobs(t *testing.T) {
	files := map[string]string{}
	for n := range 60 {
		files[fmt.Sprintf("%02d/01-a.request.xml", n)] = fmt.Sprintf("<a>%d</a>", n)
		files[fmt.Sprintf("%02d/01-a.response.xml", n)] = fmt.Sprintf("<echo><a>%d</a></echo>", n)
	}
	first := make(chan struct{})
	var once sync.Once
	target := remote(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if string(body) == "<a>0</a>" {
			<-first // the first scenario ends after another one
		} else {
			once.Do(func() { close(first) })
		}
		fmt.Fprintf(w, "<echo>%s</echo>", body)
	})
	s := &sink{}
	var mu sync.Mutex
	most := 0
	p := &replay.Player{Target: target, Jobs: 4, Sink: s, Progress: func(done, bad int) {
		mu.Lock()
		defer mu.Unlock()
		most = max(most, done)
		if bad != 0 {
			t.Errorf("%d are bad", bad)
		}
	}}
	if _, err := p.Play(t.Context(), suite(t, files)); err != nil {
		t.Fatal(err)
	}
	for i, r := range s.results {
		if want := fmt.Sprintf("%02d", i); r.Scenario.Name != want || r.Outcome() != replay.Equal {
			t.Errorf("%s comes as number %s", r.Scenario.Name, want)
		}
	}
	if len(s.results) != 60 || most != 60 || s.summary.Operations["a"].Count != 60 {
		t.Errorf("%d results, %d exchanges, %+v", len(s.results), most, s.summary)
	}
}

// TestRepeat: the figures are of all repetitions, the rest of the first that was not equal.
func TestRepeat(t *testing.T) {
	calls := 0
	var c counter
	target := remote(t, func(w http.ResponseWriter, r *http.Request) {
		if calls++; calls == 3 {
			fmt.Fprint(w, "<echo><a>changed</a></echo>")
			return
		}
		c.serve(w, r)
	})
	s := play(t, &replay.Player{Target: target, Repeat: 5}, suite(t, map[string]string{
		"s/01-a.request.xml": "<a>${repetition}</a>", "s/01-a.response.xml": "<echo><a>${repetition}</a></echo>",
	}))
	x := s.results[0].Exchanges[0]
	if len(s.results[0].Exchanges) != 1 || x.Latency.Count != 5 || x.Outcome != replay.Different || string(x.Sent) != "<a>3</a>" || x.Latency.Min > x.Latency.Max || x.Latency.Sum < x.Latency.Max {
		t.Errorf("%+v %s", x, x.Sent)
	}
}

// TestSinkThatFails ends the playing.
func TestSinkThatFails(t *testing.T) {
	var c counter
	s := &sink{fail: errors.New("the disk is full")}
	files := map[string]string{}
	for n := range 50 {
		files[fmt.Sprintf("%02d/01-a.request.xml", n)], files[fmt.Sprintf("%02d/01-a.response.xml", n)] = "<a/>", "<echo><a/></echo>"
	}
	_, err := (&replay.Player{Target: remote(t, c.serve), Sink: s}).Play(t.Context(), suite(t, files))
	if err == nil || !strings.Contains(err.Error(), "the disk is full") || len(s.results) != 1 {
		t.Errorf("%v after %d", err, len(s.results))
	}
}

// TestRelearn: what differs between two playings, other than ids, is proposed, and
// with the proposals the scenario is equal.
func TestRelearn(t *testing.T) {
	n := 0
	var c counter
	target := remote(t, func(w http.ResponseWriter, r *http.Request) {
		n++
		body, _ := io.ReadAll(r.Body)
		if strings.Contains(string(body), "make") {
			r.Body = io.NopCloser(strings.NewReader(string(body)))
			c.serve(w, r)
			return
		}
		fmt.Fprintf(w, `<list at="%d"><item><id>2026112418000%05d</id><load>%d.5</load></item><item><load>%d</load></item><name>same</name></list>`, n, n, n, n)
	})
	files := map[string]string{
		"s/01-make.request.xml": "<make/>", "s/01-make.response.xml": "<made><id>202601020304050001</id><token>x</token></made>",
		"s/02-list.request.xml": "<a/>", "s/02-list.response.xml": `<list at="0"><item><id>202601020304050002</id><load>0</load></item><item><load>0</load></item><name>same</name></list>`,
	}
	p := &replay.Player{Target: target}
	proposals, err := p.Relearn(t.Context(), suite(t, files))
	var rules []string
	for _, p := range proposals {
		rules = append(rules, fmt.Sprintf("%q", p.Pattern))
	}
	if d := cmp.Diff([]string{`"made/token"`, `"list/@at"`, `"list/item/load"`}, rules); d != "" || err != nil || proposals[2].Times != 2 {
		t.Fatalf("%v %+v %s", err, proposals, d)
	}
	if told := lines(play(t, p, suite(t, files))); strings.HasSuffix(told[0], "equal") || strings.HasSuffix(told[1], "equal") {
		t.Errorf("without rules: %v", told)
	}
	files["s/scenario.toml"] = "ignore = [" + strings.Join(rules, ", ") + "]\n"
	if d := cmp.Diff([]string{"s/01-make make equal", "s/02-list a equal"}, lines(play(t, p, suite(t, files)))); d != "" {
		t.Error(d)
	}
	// What is ignored is not proposed again.
	if proposals, err := p.Relearn(t.Context(), suite(t, files)); err != nil || len(proposals) > 0 {
		t.Errorf("%v %v", proposals, err)
	}
}
