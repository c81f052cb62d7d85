package tmf_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"rator/access"
	"rator/catalogue"
	"rator/server/servertest"
	"rator/store"
	"rator/tmf"
	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
	"rator/tmf/resource"
)

// Base paths of the three dialects.
const (
	v2014 = "/customerManagement"
	v3    = "/tmf-api/customerManagement/v3"
	v4    = "/tmf-api/customerManagement/v4"
)

// server is a Handler over memories.
type server struct {
	handler  *face
	memories map[string]*memory // by dialect and resource: "2014 customer"
	now      time.Time
	mounted  http.Handler // answers instead of the handler; nil: the handler
}

// newServer has a clock that stands still, an operator who needs no password
// and one who gets nowhere.
func newServer(t testing.TB, edit ...func(*tmf.Config)) *server {
	t.Helper()
	s := &server{memories: map[string]*memory{}, now: time.Date(2024, 5, 2, 10, 11, 12, 0, time.UTC)}
	st := newStore(t, func() time.Time { return s.now })
	behind := access.NewReadBehind(access.ReadBehindConfig{Store: st, Log: slog.New(slog.DiscardHandler)})
	t.Cleanup(behind.Close)
	prefixes := map[string]string{"customer": "c", "customerAccount": "ca", "paymentMean": "pm"}
	c := tmf.Config{
		Collection: func(d *dialect.Dialect, r *dialect.Resource) resource.Collection {
			m := newMemory(prefixes[r.Name], func() time.Time { return s.now })
			s.memories[d.Name+" "+r.Name] = m
			return m
		},
		Gate:      newGate(t, st, behind, func() time.Time { return s.now }),
		Log:       slog.New(slog.DiscardHandler),
		NewNumber: func() string { return "4711" },
	}
	for _, e := range edit {
		e(&c)
	}
	s.handler = newFace(t, c)
	return s
}

// newStore has the demo catalogue in UTC, demo, and reader, who may only read.
func newStore(t testing.TB, now func() time.Time) store.Store {
	t.Helper()
	st := servertest.Store(t, now)
	file, _ := catalogue.Load("demo.toml", catalogue.Demo())
	err := st.Update(context.Background(), func(tx store.Tx) error {
		if _, err := catalogue.Import(tx, file); err != nil {
			return err
		}
		return errors.Join(addOperator(tx, "demo", "TMF_*"), addOperator(tx, "reader", "TMF_GET_*"))
	})
	if err != nil {
		t.Fatal(err)
	}
	return st
}

// answer is an HTTP answer, read.
type answer struct {
	status int
	header http.Header
	body   string
}

// do asks; headers are "Name: value".
func (s *server) do(t testing.TB, method, target, body string, headers ...string) answer {
	t.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	r := httptest.NewRequest(method, "http://tmf.example:8080"+target, reader)
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Add(name, value)
	}
	w := httptest.NewRecorder()
	if s.mounted != nil {
		asDemo(s.mounted).ServeHTTP(w, r)
	} else {
		s.handler.ServeHTTP(w, r)
	}
	return answer{w.Code, w.Header(), w.Body.String()}
}

// create makes an item and gives its id.
func (s *server) create(t testing.TB, path, body string) string {
	t.Helper()
	a := s.do(t, "POST", path, body)
	if a.status != http.StatusCreated {
		t.Fatalf("POST %s %s: %d %s", path, body, a.status, a.body)
	}
	return a.member(t, "id")
}

// value is the body, read.
func (a answer) value(t testing.TB) jsondoc.Value {
	t.Helper()
	limits := jsondoc.DefaultLimits()
	limits.Bytes, limits.Values, limits.Children = 1<<30, 1<<30, 1<<30
	v, err := jsondoc.Read(a.body, &limits)
	if err != nil {
		t.Fatalf("%s: %v", a.body, err)
	}
	return v
}

// member is the text of the attribute with that dotted name.
func (a answer) member(t testing.TB, path string) string {
	t.Helper()
	v := a.value(t)
	for name := range strings.SplitSeq(path, ".") {
		if v.Kind() == jsondoc.Array && len(v.Items()) > 0 {
			v = v.Items()[0]
		}
		v, _ = v.Get(name)
	}
	if v.Kind() != jsondoc.String {
		return v.String()
	}
	return v.Text()
}

// want checks status and body.
func (a answer) want(t testing.TB, status int, body string) {
	t.Helper()
	if a.status != status || a.body != body {
		t.Errorf("got %d\n%s\nwant %d\n%s", a.status, a.body, status, body)
	}
}

// refused checks that the answer is an error in the one shape, with that status
// and code and with the words in its message.
func (a answer) refused(t testing.TB, status int, code string, words ...string) {
	t.Helper()
	if a.status != status || a.header.Get("Content-Type") == "" {
		t.Errorf("got %d %q\n%s\nwant %d", a.status, a.header.Get("Content-Type"), a.body, status)
		return
	}
	if got := a.member(t, "code"); got != code {
		t.Errorf("code %s, want %s: %s", got, code, a.body)
	}
	if a.member(t, "@type") != "Error" || a.member(t, "reason") == "" || a.member(t, "status") != httpStatus(status) {
		t.Errorf("not the shape of errors: %s", a.body)
	}
	for _, w := range words {
		if !strings.Contains(a.member(t, "message"), w) {
			t.Errorf("%q is not in the message of %s", w, a.body)
		}
	}
}

func httpStatus(n int) string {
	return string([]byte{byte('0' + n/100), byte('0' + n/10%10), byte('0' + n%10)})
}

func read(text string) (jsondoc.Value, error) {
	limits := jsondoc.DefaultLimits()
	return jsondoc.Read(text, &limits)
}
