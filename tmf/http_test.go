package tmf_test

import (
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/failure"
	"rator/store"
	"rator/tmf"
	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
	"rator/tmf/problem"
	"rator/tmf/resource"
)

// TestRouterErrors: tmf-customer.md 0.9: the router's own answers have the shape
// of errors.
func TestRouterErrors(t *testing.T) {
	s := newServer(t)
	for _, target := range []string{"/", "/customer", v2014 + "/order", v2014 + "/customer/c1/x", v2014 + "//customer", v2014 + "X/customer", v2014 + "/v3/customer", "/tmf-api", "/tmf-api/", "/tmf-api/foo", "/tmf-api/customerManagement/v5/customer", "/DSCustomerManagement", "/DSCustomerManagement/api/x", "/api/customerManagement", "/api/customerManagement/v2/customer"} {
		for _, method := range []string{"GET", "POST", "OPTIONS", "BREW"} {
			s.do(t, method, target, "").refused(t, 404, "4041")
		}
	}
	for _, c := range []struct{ method, target, allow string }{
		{"DELETE", v2014 + "/customer", "GET, HEAD, POST, OPTIONS"},
		{"PATCH", v2014 + "/paymentMean/", "GET, HEAD, POST, OPTIONS"},
		{"POST", v2014 + "/customer/c1", "GET, HEAD, PUT, PATCH, DELETE, OPTIONS"},
		{"TRACE", v2014 + "/customer/c1", "GET, HEAD, PUT, PATCH, DELETE, OPTIONS"},
		{"PUT", v4 + "/customer/c1", "GET, HEAD, PATCH, DELETE, OPTIONS"},
	} {
		a := s.do(t, c.method, c.target, "")
		a.refused(t, 405, "4050", c.method)
		if got := a.header.Get("Allow"); got != c.allow {
			t.Errorf("%s %s: Allow %s, want %s", c.method, c.target, got, c.allow)
		}
		a = s.do(t, "OPTIONS", c.target, "")
		if a.status != 204 || a.header.Get("Allow") != c.allow || (a.header.Get("Accept-Patch") != "") != strings.Contains(c.allow, "PATCH") {
			t.Errorf("OPTIONS %s: %v", c.target, a)
		}
	}
}

// TestErrorShape: every member, and those of 2015 on the alias of the reference
// implementation.
func TestErrorShape(t *testing.T) {
	s := newServer(t)
	const shape = `{"code":"4003","reason":"Missing mandatory field","message":"name is mandatory","status":"400","@type":"Error"`
	s.do(t, "POST", v2014+"/customer", `{}`).want(t, 400, shape+"}")
	s.do(t, "POST", v3+"/customer", `{}`).want(t, 400, shape+"}")
	s.do(t, "POST", "/DSCustomerManagement/api/customerManagement/v2/customer", `{}`).
		want(t, 400, shape+`,"error":{"code":"4003","title":"Missing mandatory field"},"detail":"name is mandatory"}`)
	s = newServer(t, func(c *tmf.Config) { c.ErrorPages = "https://tmf.example/errors#" })
	s.do(t, "POST", v2014+"/customer", `{}`).
		want(t, 400, strings.Replace(shape, `"@type"`, `"referenceError":"https://tmf.example/errors#4003","@type"`, 1)+"}")
	if a := s.do(t, "GET", v4+"/customer/c1", ""); a.header.Get("Content-Type") != "application/json;charset=utf-8" {
		t.Errorf("%v", a.header)
	}
	if a := s.do(t, "HEAD", v2014+"/customer/none", ""); a.status != 404 || a.body != "" || a.header.Get("Content-Length") == "0" {
		t.Errorf("HEAD: %v", a)
	}
}

// TestBusinessErrors: the Kinds of architecture.md 6, and what is never told.
func TestBusinessErrors(t *testing.T) {
	declare := func(n int, name string, k failure.Kind) *failure.Code {
		return failure.Declare(n, name, k, failure.Text{"EN": "that is " + k.String()})
	}
	for _, c := range []struct {
		err    error
		status int
		code   string
		words  []string
	}{
		{declare(99_821, "TMF_INVALID", failure.Invalid).With("name %q", "x"), 400, "4000", []string{"TMF_INVALID: that is invalid", `name "x"`}},
		{fmt.Errorf("wrapped: %w", declare(99_822, "TMF_MISSING", failure.NotFound).Error()), 404, "4041", []string{"TMF_MISSING"}},
		{declare(99_823, "TMF_CONFLICT", failure.Conflict).With("2 live subscriptions"), 409, "4090", []string{"2 live subscriptions"}},
		{declare(99_824, "TMF_DENIED", failure.Denied).Error(), 403, "4030", []string{"TMF_DENIED"}},
		{declare(99_825, "TMF_BUSY", failure.Busy).Error(), 503, "5030", []string{"TMF_BUSY"}},
		{declare(99_826, "TMF_INTERNAL", failure.Internal).Because(errors.New("secret")), 500, "9000", []string{"incident 4711"}},
		{errors.New("secret"), 500, "9000", []string{"incident 4711"}},
		{fmt.Errorf("secret %w", store.ErrOutcomeUnknown), 500, "9000", []string{"nobody knows", "Idempotency-Key"}},
		{store.NoWrites(), 503, "5030", []string{"BUSY", "the server takes no changes until it is restarted"}},
		{problem.BadTransition.With("status: Terminated is final"), 400, "4002", []string{"status: Terminated is final"}},
	} {
		s := newServer(t)
		s.create(t, v2014+"/customer", `{"name":"A"}`)
		s.memories["2014 customer"].broken = c.err
		for _, method := range []string{"GET", "PUT", "PATCH", "DELETE"} {
			a := s.do(t, method, v2014+"/customer/c1", `{"name":"B"}`)
			a.refused(t, c.status, c.code, c.words...)
			if strings.Contains(a.body, "secret") || (c.status == 503) != (a.header.Get("Retry-After") != "") {
				t.Errorf("%v", a)
			}
		}
		s.do(t, "GET", v2014+"/customer?name=x", "").refused(t, c.status, c.code, c.words...)
		s.do(t, "POST", v2014+"/customer", `{"name":"B"}`).refused(t, c.status, c.code, c.words...)
	}
}

// TestPanics: one is an error of ours, and no broken connection.
func TestPanics(t *testing.T) {
	s := newServer(t)
	s.memories["2014 customer"].checked = func(jsondoc.Value) error { panic("secret") }
	s.do(t, "POST", v2014+"/customer", `{"name":"A"}`).refused(t, 500, "9000", "incident 4711")
}

func TestCallers(t *testing.T) {
	s := newServer(t)
	as := func(name string) string {
		r, _ := http.NewRequest("GET", "/", nil)
		r.SetBasicAuth(name, "x")
		return "Authorization: " + r.Header.Get("Authorization")
	}
	a := s.do(t, "GET", v2014+"/customer", "", as("nobody"))
	a.refused(t, 401, "4010")
	offered := []string{`Basic realm="rator", charset="UTF-8"`, `Bearer realm="rator"`}
	if diff := cmp.Diff(offered, a.header.Values("WWW-Authenticate")); diff != "" {
		t.Error(diff)
	}
	a = s.do(t, "GET", v2014+"/customer", "", "Authorization: bearer x")
	offered[1] += `, error="invalid_token", error_description="the token is unknown, expired or revoked, or its operator is disabled"`
	if diff := cmp.Diff(offered, a.header.Values("WWW-Authenticate")); diff != "" {
		t.Error(diff)
	}
	s.do(t, "POST", v2014+"/customer", `{"name":"A"}`, as("reader")).refused(t, 403, "4030")
	s.do(t, "GET", v2014+"/customer", "", as("reader")).want(t, 200, "[]")
}

// TestMediaTypes: compared without parameters (tmf-customer.md 2).
func TestMediaTypes(t *testing.T) {
	s := newServer(t)
	for _, media := range []string{"application/json", "application/json;charset=utf-8", "APPLICATION/JSON; Charset=\"UTF-8\"; x=y", ""} {
		if a := s.do(t, "POST", v4+"/customer", `{"name":"A","engagedParty":{"id":"1","@referredType":"Individual"}}`, "Content-Type: "+media, "Accept: application/json;charset=utf-8"); a.status != 201 {
			t.Errorf("%q: %v", media, a)
		}
	}
	for _, media := range []string{"text/plain", "application/xml", "application/x-www-form-urlencoded", "application/json;charset=iso-8859-1", "application/merge-patch+json", "json", "application/json, text/plain"} {
		for _, method := range []string{"POST", "PUT"} {
			target := map[string]string{"POST": "/customer", "PUT": "/customer/c1"}[method]
			s.do(t, method, v2014+target, `{"name":"A"}`, "Content-Type: "+media).refused(t, 415, "4150")
		}
	}
	s.do(t, "POST", v2014+"/customer", `{"name":"A"}`, "Content-Encoding: br").refused(t, 415, "4150", "gzip, deflate")
	a := s.do(t, "PATCH", v2014+"/customer/c1", `{}`, "Content-Type: application/xml")
	a.refused(t, 415, "4150", "application/xml")
	if got := a.header.Get("Accept-Patch"); got != "application/json, application/merge-patch+json, application/json-patch+json" {
		t.Errorf("Accept-Patch %s", got)
	}
	for accept, taken := range map[string]bool{
		"": true, "*/*": true, "application/*": true, "application/json": true, "application/json;charset=utf-8": true,
		"text/html,application/xhtml+xml,*/*;q=0.8": true, "Application/JSON;q=0.1": true, "application/xml": false,
		"text/html": false, "application/json;q=0": false, "*/*;q=0": false, "application/json;q=0, */*": false,
		"*/*;q=0, application/json": true, "application/*;q=0.0, */*": false, "application/merge-patch+json": false,
	} {
		a := s.do(t, "GET", v2014+"/customer", "", "Accept: "+accept)
		if taken {
			a.want(t, 200, "[]")
		} else {
			a.refused(t, 406, "4060", "application/json")
		}
	}
}

func TestBodies(t *testing.T) {
	s := newServer(t)
	for _, c := range []struct {
		body   string
		status int
		code   string
		word   string
	}{
		{"", 400, "4004", "1:1: a value is missing"},
		{`{"name":"A"`, 400, "4004", "1:12: a comma"},
		{"{\n \"name\": \"A\",\n}", 400, "4004", "3:1: the name of a member is missing"},
		{`{"name":"A"}{}`, 400, "4004", "1:13"},
		{`{"name":"A","name":"B"}`, 400, "4004", `1:13: the member "name" is there twice`},
		{`{"name":"A","x":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + "}", 400, "4004", "depth, 32"},
		{`{"name":"A","x":"` + strings.Repeat("x", 70_000) + `"}`, 400, "4004", "string bytes, 65536"},
		{`{"name":"A","x":"` + strings.Repeat("x", 1<<20) + `"}`, 413, "4130", "1048576 bytes"},
	} {
		s.do(t, "POST", v2014+"/customer", c.body).refused(t, c.status, c.code, c.word)
		s.do(t, "PUT", v2014+"/customer/c1", c.body).refused(t, c.status, c.code, c.word)
		s.do(t, "PATCH", v2014+"/customer/c1", c.body).refused(t, c.status, c.code, c.word)
	}
	if n := len(s.memories["2014 customer"].items); n != 0 {
		t.Errorf("%d customers were made", n)
	}
	s.create(t, v2014+"/customer", "\uFEFF{\"name\":\"A\"}")
}

// TestAddresses: absolute ones of the host that was asked, and of a proxy only
// when it is trusted.
func TestAddresses(t *testing.T) {
	ask := func(trust bool, edit func(*http.Request)) string {
		s := newServer(t, func(c *tmf.Config) { c.TrustForwarded = trust })
		r := httptest.NewRequest("POST", "http://tmf.example:8080"+v2014+"/customer", strings.NewReader(`{"name":"A"}`))
		edit(r)
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, r)
		a := answer{w.Code, w.Header(), w.Body.String()}
		if a.header.Get("Location") != a.member(t, "href") {
			t.Errorf("%v", a)
		}
		return strings.TrimSuffix(a.header.Get("Location"), v2014+"/customer/c1")
	}
	forwarded := func(r *http.Request) {
		r.Header.Set("X-Forwarded-Proto", "HTTPS, http")
		r.Header.Set("X-Forwarded-Host", "api.example, inner")
	}
	for _, c := range []struct {
		trust bool
		edit  func(*http.Request)
		want  string
	}{
		{false, func(*http.Request) {}, "http://tmf.example:8080"},
		{false, func(r *http.Request) { r.TLS = &tls.ConnectionState{} }, "https://tmf.example:8080"},
		{false, func(r *http.Request) { r.Host = "[::1]:80" }, "http://[::1]:80"},
		{false, func(r *http.Request) { r.Host = "[::1" }, "http://localhost"},
		{false, func(r *http.Request) { r.Host = "x:0" }, "http://localhost"},
		{false, func(r *http.Request) { r.Host = `a"b` }, "http://localhost"},
		{false, func(r *http.Request) { r.Host = "" }, "http://localhost"},
		{false, forwarded, "http://tmf.example:8080"},
		{true, forwarded, "https://api.example"},
		{true, func(r *http.Request) {
			r.Header.Set("X-Forwarded-Host", "<script>")
			r.Header.Set("X-Forwarded-Proto", "ftp")
		}, "http://tmf.example:8080"},
	} {
		if got := ask(c.trust, c.edit); got != c.want {
			t.Errorf("trusted %t: %s, want %s", c.trust, got, c.want)
		}
	}
}

func TestConditions(t *testing.T) {
	s := newServer(t)
	s.create(t, v2014+"/customer", `{"name":"A"}`)
	at := v2014 + "/customer/c1"
	if tag := s.do(t, "GET", at, "").header.Get("ETag"); tag != `"1"` {
		t.Fatalf("ETag %s", tag)
	}
	for _, header := range []string{`If-None-Match: "1"`, `If-None-Match: W/"1"`, `If-None-Match: "0", "1"`, "If-None-Match: *"} {
		for _, method := range []string{"GET", "HEAD"} {
			if a := s.do(t, method, at, "", header); a.status != 304 || a.body != "" || a.header.Get("ETag") != `"1"` {
				t.Errorf("%s %s: %v", method, header, a)
			}
		}
		s.do(t, "PATCH", at, `{}`, header).refused(t, 412, "4120", "If-None-Match")
	}
	if a := s.do(t, "GET", at, "", `If-None-Match: "0"`, `If-Match: "1"`); a.status != 200 {
		t.Errorf("%v", a)
	}
	for method, body := range map[string]string{"PUT": `{"name":"B"}`, "PATCH": `{"name":"B"}`, "DELETE": "", "GET": ""} {
		for _, header := range []string{`If-Match: "0"`, `If-Match: W/"1"`, `If-Match: "11", "0"`} {
			s.do(t, method, at, body, header).refused(t, 412, "4120", `"1"`)
		}
	}
	a := s.do(t, "PATCH", at, `{"name":"B"}`, `If-Match: "0", "1"`)
	if a.status != 200 || a.header.Get("ETag") != `"2"` {
		t.Errorf("%v", a)
	}
	s.do(t, "PUT", at, `{"name":"C"}`, `If-Match: "1"`).refused(t, 412, "4120")
	if a := s.do(t, "DELETE", at, "", "If-Match: *"); a.status != 204 {
		t.Errorf("%v", a)
	}
}

// TestRequestIDs: a write with an Idempotency-Key is known again, and another
// one under the same key is refused.
func TestRequestIDs(t *testing.T) {
	s := newServer(t)
	key := "Idempotency-Key: k1"
	first := s.do(t, "POST", v2014+"/customer", `{"name":"A"}`, key)
	again := s.do(t, "POST", v2014+"/customer", `{"name":"A"}`, key)
	if again.status != 201 || again.body != first.body || again.header.Get("Location") != first.header.Get("Location") ||
		first.header.Get("Idempotent-Replayed") != "" || again.header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("%v\n%v", first, again)
	}
	s.do(t, "POST", v2014+"/customer", `{"name":"B"}`, key).refused(t, 409, "4090", "REQUEST_ID_REUSED")
	s.do(t, "DELETE", v2014+"/customer/c1", "", "Idempotency-Key: k2")
	if a := s.do(t, "DELETE", v2014+"/customer/c1", "", "Idempotency-Key: k2"); a.status != 204 || a.header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("%v", a)
	}
	for _, bad := range []string{strings.Repeat("k", 129), "å"} {
		s.do(t, "POST", v2014+"/customer", `{"name":"A"}`, "Idempotency-Key: "+bad).refused(t, 400, "4012", "Idempotency-Key")
	}
	call := s.memories["2014 customer"].calls[0]
	if call.Dialect.Name != "2014" || call.Resource.Name != "customer" || call.Home != "http://tmf.example:8080"+v2014 {
		t.Errorf("%+v", call)
	}
}

// TestCrossOrigin: off by default, and only for the origins that are named.
func TestCrossOrigin(t *testing.T) {
	const from = "Origin: https://app.example"
	preflight := func(s *server) answer {
		return s.do(t, "OPTIONS", v2014+"/customer", "", from, "Access-Control-Request-Method: POST")
	}
	s := newServer(t)
	if a := preflight(s); a.status != 204 || a.header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("off: %v", a)
	}
	for origins, want := range map[string]string{"https://app.example": "https://app.example", "*": "*", "https://other.example": ""} {
		s := newServer(t, func(c *tmf.Config) { c.Origins = []string{origins} })
		a := preflight(s)
		if a.status != 204 || a.header.Get("Access-Control-Allow-Origin") != want || (want != "") != (a.header.Get("Access-Control-Allow-Methods") != "") {
			t.Errorf("%s: %v", origins, a)
		}
		if a := s.do(t, "GET", v2014+"/customer/none", "", from); a.header.Get("Access-Control-Allow-Origin") != want || a.header.Get("Vary") != "Origin" {
			t.Errorf("%s: %v", origins, a)
		}
	}
}

// TestParts: a handler needs all of them.
func TestParts(t *testing.T) {
	if _, err := tmf.New(tmf.Config{}); err == nil {
		t.Error("a handler was made of nothing")
	}
	h := newServer(t, func(c *tmf.Config) {
		c.Collection = func(*dialect.Dialect, *dialect.Resource) resource.Collection { return nil }
	}).handler
	if a := (&server{handler: h}).do(t, "GET", v2014+"/customer", ""); a.status != 404 {
		t.Errorf("a resource that is not offered: %d %s", a.status, a.body)
	}
}

// A body may be packed; the limits count what is in it.
func TestPackedBodies(t *testing.T) {
	s := newServer(t)
	if a := s.do(t, "POST", v2014+"/customer", packed(t, `{"name":"A"}`), "Content-Encoding: gzip"); a.status != 201 {
		t.Errorf("packed: %v", a)
	}
	s.do(t, "POST", v2014+"/customer", packed(t, `{"name":"A"}`)[:15], "Content-Encoding: gzip").refused(t, 400, "4004", "ends before its end")
	s.do(t, "POST", v2014+"/customer", packed(t, `{"name":"`+strings.Repeat("A", 20<<20)+`"}`), "Content-Encoding: gzip").refused(t, 413, "4130")
}

// packed is text as gzip.
func packed(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
