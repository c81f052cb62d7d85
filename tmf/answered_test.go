package tmf_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rator/store"
	"rator/tmf"
)

// TestAnswered: whoever listens is told every request about resources, whatever came of
// it, with the document that came and the one that went; and nothing else.
func TestAnswered(t *testing.T) {
	var got []tmf.Answered
	var answer string
	s := newServer(t, func(c *tmf.Config) {
		c.Answered = func(a *tmf.Answered) {
			got, answer = append(got, *a), string(a.Answer)
		}
	})
	const person = "Authorization: Basic ZGVtbzpkZW1v"
	made := s.do(t, "POST", v2014+"/customer", `{"name":"A"}`, person, "Idempotency-Key: k-1", "X-Brand-Key: DEMO")
	for _, public := range []string{v2014, v2014 + "/openapi.json"} {
		if a := s.do(t, "GET", public, ""); a.status != 200 {
			t.Fatal(a)
		}
	}
	s.do(t, "OPTIONS", v2014+"/customer", "")
	if len(got) != 1 || answer != made.body {
		t.Fatalf("%+v\n%s", got, answer)
	}
	id := strings.TrimPrefix(made.header.Get("Location"), "http://tmf.example:8080"+v2014+"/customer/")
	const json = "application/json"
	want := tmf.Answered{
		At: got[0].At, Remote: netip.MustParseAddr("192.0.2.1"), Method: "POST", Target: v2014 + "/customer", Right: "TMF_CREATE_CUSTOMER", Operator: "demo",
		RequestID: "k-1", Brand: "DEMO", ID: id, Status: 201, RequestType: "", AnswerType: json, Request: `{"name":"A"}`, AnswerBytes: int64(len(made.body)),
	}
	same := cmp.Options{cmpopts.EquateComparable(netip.Addr{}), cmpopts.IgnoreFields(tmf.Answered{}, "At", "Took", "Answer")}
	if d := cmp.Diff(want, got[0], same); d != "" {
		t.Error(d)
	}
	for _, c := range []struct {
		method, target, body string
		headers              []string
		want                 tmf.Answered
	}{
		{"GET", "/customer/" + id, "", nil, tmf.Answered{Right: "TMF_GET_CUSTOMER", Operator: "demo", Brand: "DEMO", ID: id, Status: 200}},
		{"GET", "/customer?name=%41&limit=1", "", []string{"Idempotency-Key: counts for nothing"}, tmf.Answered{Right: "TMF_GET_CUSTOMER", Operator: "demo", Brand: "DEMO", Status: 200}},
		{"HEAD", "/customer", "", nil, tmf.Answered{Right: "TMF_GET_CUSTOMER", Operator: "demo", Brand: "DEMO", Status: 200}},
		{"PATCH", "/customer/" + id, `{"name":7,"status":{}}`, nil, tmf.Answered{Right: "TMF_UPDATE_CUSTOMER", Operator: "demo", Brand: "DEMO", ID: id, Status: 400, Code: 4012}},
		{"PATCH", "/customer/" + id, `{"name"`, nil, tmf.Answered{Right: "TMF_UPDATE_CUSTOMER", Operator: "demo", Brand: "DEMO", ID: id, Status: 400, Code: 4004}},
		{"POST", "/customer", `{"name":"B"}`, []string{"Authorization: Basic bm9ib2R5Ong=", "Idempotency-Key: k-2", "X-Brand-Key: ELSE"},
			tmf.Answered{Right: "TMF_CREATE_CUSTOMER", Operator: "nobody", RequestID: "k-2", Brand: "ELSE", Status: 401, Code: 4010}},
		{"GET", "/nothing/" + id, "", nil, tmf.Answered{Operator: "demo", Status: 404, Code: 4041}},
		{"PUT", "/customer", "", nil, tmf.Answered{Right: "TMF_UPDATE_CUSTOMER", Operator: "demo", Status: 405, Code: 4050}},
		{"DELETE", "/customer/" + id, "", nil, tmf.Answered{Right: "TMF_DELETE_CUSTOMER", Operator: "demo", Brand: "DEMO", ID: id, Status: 204}},
	} {
		got = nil
		a := s.do(t, c.method, v2014+c.target, c.body, c.headers...)
		c.want.Method, c.want.Target, c.want.Remote, c.want.AnswerBytes = c.method, v2014+c.target, want.Remote, int64(len(a.body))
		c.want.AnswerType = a.header.Get("Content-Type")
		if c.want.Status != 401 && c.want.Status != 405 {
			c.want.Request = c.body
		}
		if len(got) != 1 || answer != a.body {
			t.Errorf("%s %s: %+v\n%s", c.method, c.target, got, answer)
			continue
		}
		if d := cmp.Diff(c.want, got[0], same); d != "" {
			t.Errorf("%s %s (-want +got):\n%s", c.method, c.target, d)
		}
	}
	// Whose call it was is told by the ids that customers have.
	got = nil
	s.do(t, "GET", v2014+"/customer/c202601020304050001", "")
	if d := cmp.Diff([]store.ID{202601020304050001}, got[0].Accounts); d != "" {
		t.Error(d)
	}
}

// TestAnsweredKeepsTheBeginning: of a long answer there is the beginning, and how long it
// was; one that broke off says so.
func TestAnsweredKeepsTheBeginning(t *testing.T) {
	var got tmf.Answered
	var answer string
	s := newServer(t, func(c *tmf.Config) {
		c.Answered = func(a *tmf.Answered) {
			got, answer = *a, string(a.Answer)
			if len(a.Answer) > tmf.AnswerKept || cap(a.Answer) > 2*tmf.AnswerKept {
				t.Errorf("%d bytes in room for %d", len(a.Answer), cap(a.Answer))
			}
		}
	})
	for i := range 200 {
		s.create(t, v2014+"/customer", fmt.Sprintf(`{"name":"%d","description":%q}`, i, strings.Repeat("x", 10_000)))
	}
	a := s.do(t, "GET", v2014+"/customer", "")
	if got.Broken || got.AnswerBytes != int64(len(a.body)) || answer != a.body[:tmf.AnswerKept] || len(a.body) < 2_000_000 {
		t.Errorf("%d of %d bytes, broken %t", len(answer), got.AnswerBytes, got.Broken)
	}
	after := s.do(t, "GET", v2014+"/customer?limit=1", "")
	if answer != after.body || got.AnswerBytes != int64(len(after.body)) {
		t.Errorf("the answer after a long one: %+v", got)
	}
	func() {
		defer func() {
			if cause := recover(); cause != http.ErrAbortHandler {
				t.Error(cause)
			}
		}()
		s.handler.ServeHTTP(&hangsUp{ResponseRecorder: httptest.NewRecorder()}, httptest.NewRequest("GET", v2014+"/customer", nil))
	}()
	if !got.Broken || got.Status != 200 || got.AnswerBytes != 0 {
		t.Errorf("somebody hung up: %+v", got)
	}
	s.memories["2014 customer"].broken = errors.New("for the test")
	if a := s.do(t, "GET", v2014+"/customer", ""); a.status != 500 || got.Status != 500 || got.Broken || got.Code != 9000 {
		t.Errorf("%+v", got)
	}
}

// hangsUp is a client that takes nothing.
type hangsUp struct{ *httptest.ResponseRecorder }

func (hangsUp) Write([]byte) (int, error) { return 0, errors.New("gone") }
