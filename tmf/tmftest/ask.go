package tmftest

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
	Dialect2014 = "/customerManagement"
	DialectV3   = "/tmf-api/customerManagement/v3"
	DialectV4   = "/tmf-api/customerManagement/v4"
)

// Addresses of what only the 2014 dialect has.
const (
	AccountsPath = Dialect2014 + "/customerAccount"
	MeansPath    = Dialect2014 + "/paymentMean"
)

// Dialects are the base paths of all of them.
var Dialects = []string{Dialect2014, DialectV3, DialectV4}

// Host is where the TM Forum face is asked.
const Host = "http://tmf.example:8080"

// Answer is an answer of the TM Forum face, read.
type Answer struct {
	Status int
	Header http.Header
	Body   string
	Asked  string // method, target and body
}

// Ask asks the TM Forum face as the demo's operator, without a network. headers
// are "Name: value".
func (ts *Server) Ask(t testing.TB, method, target, body string, headers ...string) Answer {
	t.Helper()
	r := httptest.NewRequest(method, Host+target, nil)
	if body != "" {
		r = httptest.NewRequest(method, Host+target, strings.NewReader(body))
	}
	r.SetBasicAuth(server.DemoOperator, server.DemoPassword)
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	ts.Handler.ServeHTTP(w, r)
	a := Answer{w.Code, w.Header(), w.Body.String(), method + " " + target + " " + body}
	if ts.described != nil {
		ts.described.check(t, r, body, a)
	}
	return a
}

// PatchStatus is what a dialect answers a PATCH with that it does.
func PatchStatus(base string) int {
	if base == DialectV3 {
		return 201
	}
	return 200
}

// Want checks the status.
func (a Answer) Want(t testing.TB, status int) Answer {
	t.Helper()
	if a.Status != status {
		t.Errorf("%s: got %d, want %d: %s", a.Asked, a.Status, status, a.Body)
	}
	return a
}

// Document is the body, read.
func (a Answer) Document(t testing.TB) jsondoc.Value {
	t.Helper()
	return JSON(t, a.Body)
}

// JSON reads a text that is JSON, however long.
func JSON(t testing.TB, text string) jsondoc.Value {
	t.Helper()
	limits := jsondoc.DefaultLimits()
	limits.Bytes, limits.Values, limits.Children = 1<<30, 1<<30, 1<<30
	v, err := jsondoc.Read(text, &limits)
	if err != nil {
		t.Fatalf("%.2000s: %v", text, err)
	}
	return v
}

// At is the value at a dotted path, of arrays the first element unless the path
// has a number; null when there is none.
func At(v jsondoc.Value, path string) jsondoc.Value {
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

// EveryAt are the values at a dotted path, through every element of arrays.
func EveryAt(v jsondoc.Value, path string) []jsondoc.Value {
	if v.Kind() == jsondoc.Array {
		var all []jsondoc.Value
		for _, item := range v.Items() {
			all = append(all, EveryAt(item, path)...)
		}
		return all
	}
	if path == "" {
		return []jsondoc.Value{v}
	}
	name, rest, _ := strings.Cut(path, ".")
	v, found := v.Get(name)
	if !found {
		return nil
	}
	return EveryAt(v, rest)
}

// TextAt is the text at a path, or JSON when it is none.
func TextAt(v jsondoc.Value, path string) string {
	if v = At(v, path); v.Kind() == jsondoc.String {
		return v.Text()
	}
	return v.String()
}

// Text is the text at a path of the body, or JSON when it is none.
func (a Answer) Text(t testing.TB, path string) string {
	t.Helper()
	return TextAt(a.Document(t), path)
}

// Refused checks that an answer is an error of tmf-customer.md 5: its status, code
// and reason, and words of its message, such as the path of the attribute at fault.
func (a Answer) Refused(t testing.TB, problem *problem.Code, words ...string) {
	t.Helper()
	if a.Status != problem.Status {
		t.Errorf("%s: got %d, want %d %s: %s", a.Asked, a.Status, problem.Status, problem.Number, a.Body)
		return
	}
	doc := a.Document(t)
	if TextAt(doc, "code") != problem.Number || TextAt(doc, "status") != strconv.Itoa(problem.Status) || TextAt(doc, "@type") != "Error" || TextAt(doc, "reason") == "" {
		t.Errorf("%s: want code %s: %s", a.Asked, problem.Number, a.Body)
	}
	// A rule of the business has its own reason, and its name before the message.
	if reason := TextAt(doc, "reason"); reason != problem.Reason && !ruleOfBusiness.MatchString(TextAt(doc, "message")) {
		t.Errorf("%s: reason %q, want %q", a.Asked, reason, problem.Reason)
	}
	if media := a.Header.Get("Content-Type"); !strings.HasPrefix(media, "application/json") {
		t.Errorf("%s: Content-Type %q", a.Asked, media)
	}
	for _, w := range words {
		if !strings.Contains(TextAt(doc, "message"), w) {
			t.Errorf("%s: %q is not in the message of %s", a.Asked, w, a.Body)
		}
	}
}

var ruleOfBusiness = regexp.MustCompile(`^[A-Z_]+: `)

// Holds reports whether v has everything of want, in arrays at the same places.
func Holds(v, want jsondoc.Value) bool {
	switch want.Kind() {
	case jsondoc.Object:
		for _, m := range want.Members() {
			if mine, found := v.Get(m.Name); m.Value.Kind() != jsondoc.Null && (!found || !Holds(mine, m.Value)) {
				return false
			}
		}
		return v.Kind() == jsondoc.Object
	case jsondoc.Array:
		for i, item := range want.Items() {
			if i >= len(v.Items()) || !Holds(v.Items()[i], item) {
				return false
			}
		}
		return v.Kind() == jsondoc.Array
	}
	return v.Kind() == want.Kind() && v.String() == want.String()
}
