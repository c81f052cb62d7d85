package main

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"rator/server"
	"rator/tmf/jsondoc"
	"rator/tmf/problem"
)

// Base paths of the three dialects of the TM Forum face.
const (
	dialect2014 = "/customerManagement"
	dialectV3   = "/tmf-api/customerManagement/v3"
	dialectV4   = "/tmf-api/customerManagement/v4"
)

var dialects = []string{dialect2014, dialectV3, dialectV4}

// tmfHost is where the TM Forum face is asked.
const tmfHost = "http://tmf.example:8080"

// tmfAnswer is an answer of the TM Forum face, read.
type tmfAnswer struct {
	status int
	header http.Header
	body   string
	asked  string // method, target and body
}

// ask asks the TM Forum face as the demo's operator, without a network. headers
// are "Name: value".
func (ts *testServer) ask(t testing.TB, method, target, body string, headers ...string) tmfAnswer {
	t.Helper()
	r := httptest.NewRequest(method, tmfHost+target, nil)
	if body != "" {
		r = httptest.NewRequest(method, tmfHost+target, strings.NewReader(body))
	}
	r.SetBasicAuth(server.DemoOperator, server.DemoPassword)
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	ts.Handler.ServeHTTP(w, r)
	a := tmfAnswer{w.Code, w.Header(), w.Body.String(), method + " " + target + " " + body}
	if ts.described != nil {
		ts.described.check(t, r, body, a)
	}
	return a
}

// want checks the status.
func (a tmfAnswer) want(t testing.TB, status int) tmfAnswer {
	t.Helper()
	if a.status != status {
		t.Errorf("%s: got %d, want %d: %s", a.asked, a.status, status, a.body)
	}
	return a
}

// document is the body, read.
func (a tmfAnswer) document(t testing.TB) jsondoc.Value {
	t.Helper()
	return jsonValue(t, a.body)
}

func jsonValue(t testing.TB, text string) jsondoc.Value {
	t.Helper()
	limits := jsondoc.DefaultLimits()
	limits.Bytes, limits.Values, limits.Children = 1<<30, 1<<30, 1<<30
	v, err := jsondoc.Read(text, &limits)
	if err != nil {
		t.Fatalf("%.2000s: %v", text, err)
	}
	return v
}

// at is the value at a dotted path, of arrays the first element unless the path
// has a number; null when there is none.
func at(v jsondoc.Value, path string) jsondoc.Value {
	for name := range strings.SplitSeq(path, ".") {
		if v.Kind() == jsondoc.Array {
			n, err := strconv.Atoi(name)
			if n >= len(v.Items()) {
				return jsondoc.Value{}
			}
			if v = v.Items()[n]; err == nil {
				continue
			}
		}
		v, _ = v.Get(name)
	}
	return v
}

// textAt is the text at a path, or JSON when it is none.
func textAt(v jsondoc.Value, path string) string {
	if v = at(v, path); v.Kind() == jsondoc.String {
		return v.Text()
	}
	return v.String()
}

func (a tmfAnswer) text(t testing.TB, path string) string {
	t.Helper()
	return textAt(a.document(t), path)
}

// refused checks that an answer is an error of tmf-customer.md 5: its status, code
// and reason, and words of its message, such as the path of the attribute at fault.
func (a tmfAnswer) refused(t testing.TB, problem *problem.Code, words ...string) {
	t.Helper()
	if a.status != problem.Status {
		t.Errorf("%s: got %d, want %d %s: %s", a.asked, a.status, problem.Status, problem.Number, a.body)
		return
	}
	doc := a.document(t)
	if textAt(doc, "code") != problem.Number || textAt(doc, "status") != strconv.Itoa(problem.Status) || textAt(doc, "@type") != "Error" || textAt(doc, "reason") == "" {
		t.Errorf("%s: want code %s: %s", a.asked, problem.Number, a.body)
	}
	// A rule of the business has its own reason, and its name before the message.
	if reason := textAt(doc, "reason"); reason != problem.Reason && !ruleOfBusiness.MatchString(textAt(doc, "message")) {
		t.Errorf("%s: reason %q, want %q", a.asked, reason, problem.Reason)
	}
	if media := a.header.Get("Content-Type"); !strings.HasPrefix(media, "application/json") {
		t.Errorf("%s: Content-Type %q", a.asked, media)
	}
	for _, w := range words {
		if !strings.Contains(textAt(doc, "message"), w) {
			t.Errorf("%s: %q is not in the message of %s", a.asked, w, a.body)
		}
	}
}

var ruleOfBusiness = regexp.MustCompile(`^[A-Z_]+: `)

// holds reports whether v has everything of want, in arrays at the same places.
func holds(v, want jsondoc.Value) bool {
	switch want.Kind() {
	case jsondoc.Object:
		for _, m := range want.Members() {
			if mine, found := v.Get(m.Name); m.Value.Kind() != jsondoc.Null && (!found || !holds(mine, m.Value)) {
				return false
			}
		}
		return v.Kind() == jsondoc.Object
	case jsondoc.Array:
		for i, item := range want.Items() {
			if i >= len(v.Items()) || !holds(v.Items()[i], item) {
				return false
			}
		}
		return v.Kind() == jsondoc.Array
	}
	return v.Kind() == want.Kind() && v.String() == want.String()
}
