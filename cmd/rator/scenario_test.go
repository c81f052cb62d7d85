package main

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/soap"
	"rator/workflow/value"
)

var update = flag.Bool("update", false, "write the expected files anew")

const (
	scenarios = "../../testdata/soap"
	site      = "../../testdata/site"
	recorded  = "../../testdata/recorded"
)

// TestScenarios posts every recorded exchange of testdata/soap; its README.md
// says what a folder holds.
func TestScenarios(t *testing.T) {
	folders, err := filepath.Glob(filepath.Join(scenarios, "*", "*.request.*"))
	if err != nil || len(folders) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	seen := map[string]bool{}
	for _, file := range folders {
		dir := filepath.Dir(file)
		if seen[dir] {
			continue
		}
		seen[dir] = true
		t.Run(filepath.Base(dir), func(t *testing.T) { newScenario(newTestServer(t)).playAll(t, dir) })
	}
}

// TestSite plays the example of a site's own folders.
func TestSite(t *testing.T) {
	newScenario(newSiteServer(t, filepath.Join(site, "hookpoints"))).playAll(t, filepath.Join(site, "SOAP_SIGNUP_FULL"))
}

// scenario is one folder while it is played.
type scenario struct {
	server  *testServer
	answers map[string]value.Tree // by step number
	ids     map[string]int
	hours   []string // in which the store made ids, as these begin
}

func newScenario(server *testServer) *scenario {
	return &scenario{server: server, answers: map[string]value.Tree{}, ids: map[string]int{}, hours: []string{hourOf(testNow)}}
}

// playAll plays every step of a folder.
func (s *scenario) playAll(t *testing.T, dir string) {
	t.Helper()
	steps, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	for _, step := range steps {
		number, rest, _ := strings.Cut(step.Name(), "-")
		name, _, _ := strings.Cut(rest, ".")
		if names[number] != "" && names[number] != name {
			t.Fatalf("%s: step %s is there twice, as %s and %s", dir, number, names[number], name)
		}
		names[number] = name
		switch file := filepath.Join(dir, step.Name()); {
		case strings.Contains(step.Name(), ".request."):
			s.play(t, file)
		case strings.HasSuffix(step.Name(), ".do"):
			s.do(t, file)
		}
	}
}

func hourOf(now time.Time) string { return now.Format("2006010215") }

func (s *scenario) play(t *testing.T, file string) {
	t.Helper()
	body, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	step := strings.TrimSuffix(strings.TrimSuffix(file, filepath.Ext(file)), ".request")
	got := s.post(t, s.resolve(t, file, string(body)), filepath.Ext(file) == ".http")
	if answer, err := soap.DecodeAnswer(string(got), soap.Media{}, answerLimits()); err == nil {
		number, _, _ := strings.Cut(filepath.Base(step), "-")
		s.answers[number] = answer.Values
	}
	got = s.hideIDs(got)
	want := step + ".response.xml"
	if *update {
		if err := os.WriteFile(want, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	expected, err := os.ReadFile(want)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(lines(expected), lines(got)); d != "" {
		t.Errorf("%s (-want +got):\n%s", filepath.Base(want), d)
	}
}

func answerLimits() *soap.Limits {
	limits := soap.DefaultAnswerLimits()
	return &limits
}

// lines cuts an answer between its elements, for a readable diff.
func lines(b []byte) []string {
	return strings.SplitAfter(strings.ReplaceAll(string(b), "><", ">\n<"), "\n")
}

var reference = regexp.MustCompile(`\$\{(\d+):([A-Z0-9_/]+)\}`)

func (s *scenario) resolve(t *testing.T, file, body string) string {
	t.Helper()
	return reference.ReplaceAllStringFunc(body, func(ref string) string {
		m := reference.FindStringSubmatch(ref)
		e := s.answers[m[1]].Path(m[2])
		if e == nil {
			t.Fatalf("%s: %s is not in the answer of that step", filepath.Base(file), ref)
		}
		return e.Text
	})
}

var idPattern = regexp.MustCompile(`\b20\d{16}\b`)

// hideIDs numbers the ids that the store made; ids of the catalogue stay.
func (s *scenario) hideIDs(answer []byte) []byte {
	return idPattern.ReplaceAllFunc(answer, func(id []byte) []byte {
		if !slices.Contains(s.hours, string(id[:len("2006010215")])) {
			return id
		}
		n, known := s.ids[string(id)]
		if !known {
			n = len(s.ids) + 1
			s.ids[string(id)] = n
		}
		return fmt.Appendf(nil, "(id %d)", n)
	})
}

// post sends one request as it stands and gives the body of the answer.
func (s *scenario) post(t *testing.T, body string, whole bool) []byte {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.server.endpoint, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "text/xml; charset=utf-8")
	if whole {
		req = recordedRequest(t, s.server.endpoint, body)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// recordedRequest reads a recorded HTTP exchange: the last request in it, for
// some clients fetch the WSDL first. Recorded clients named no operator, so the
// transport does.
func recordedRequest(t *testing.T, endpoint, raw string) *http.Request {
	t.Helper()
	if i := strings.Index(raw, "POST "); i > 0 {
		raw = raw[i:]
	}
	from, err := http.ReadRequest(bufio.NewReader(strings.NewReader(raw)))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(from.Body)
	if err != nil && from.ContentLength < 0 {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, endpoint, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = from.Header
	req.Header.Del("Connection")
	req.SetBasicAuth("demo", "demo")
	return req
}
