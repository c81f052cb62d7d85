package soap_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rator/access"
	"rator/soap"
	"rator/unit"
	"rator/wire"
	"rator/workflow"
	"rator/workflow/value"
)

// invoke is an Invoker made of a function.
type invoke func(context.Context, workflow.Request) (workflow.Result, error)

func (f invoke) Invoke(ctx context.Context, r workflow.Request) (workflow.Result, error) {
	return f(ctx, r)
}

// echo answers a call with its values.
var echo = invoke(func(_ context.Context, r workflow.Request) (workflow.Result, error) {
	return workflow.Result{Values: r.Values}, nil
})

// envelope is a SOAP 1.1 message, request one that calls SIGNUP.
func envelope(body string) string {
	return `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/">` + body + `</S:Envelope>`
}

var request = string(soap.AppendRequest(nil, soap.Version11, "SIGNUP", value.Tree{value.OfString("NAME", "Åse")}))

// post sends a body to a handler; each change is made to the request before.
func post(h http.Handler, body string, changes ...func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, wire.Path, strings.NewReader(body))
	r.Header.Set("Content-Type", "text/xml; charset=utf-8")
	for _, change := range changes {
		change(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func header(key, text string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(key, text) }
}

func TestWhatIsNoCall(t *testing.T) {
	pages := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "page "+r.URL.RawQuery) })
	h := soap.NewHandler(echo, soap.Options{Pages: pages})
	for _, c := range []struct {
		name, method, header, text string
		want                       int
	}{
		{"page", "GET", "", "", 200},
		{"head", "HEAD", "", "", 200},
		{"put", "PUT", "", "", 405},
		{"options", "OPTIONS", "", "", 405},
		{"delete", "DELETE", "", "", 405},
		{"multipart of something else", "POST", "Content-Type", `multipart/related; type="text/html"; boundary=x`, 415},
		{"multipart that is not one message", "POST", "Content-Type", `multipart/form-data; boundary=x`, 415},
		{"form", "POST", "Content-Type", "application/x-www-form-urlencoded", 415},
		{"json", "POST", "Content-Type", "application/json", 415},
		{"plain text", "POST", "Content-Type", "text/plain; charset=utf-8", 415},
		{"broken type", "POST", "Content-Type", ";;;", 415},
		{"brotli", "POST", "Content-Encoding", "br", 415},
		{"deflate after gzip", "POST", "Content-Encoding", "gzip, deflate", 415},
		{"identity", "POST", "Content-Encoding", "identity", 200},
		{"no type", "POST", "Content-Type", "", 200},
		{"xml", "POST", "Content-Type", "application/xml", 200},
		{"soap 1.2 with action", "POST", "Content-Type", `application/soap+xml; charset=utf-8;action=""`, 200},
		{"parameter given twice", "POST", "Content-Type", `text/xml; charset=utf-8; charset=utf-8`, 200},
		{"capitals", "POST", "Content-Type", `TEXT/XML;CHARSET="UTF-8"`, 200},
		{"action of something else", "POST", "SOAPAction", `"urn:deleteEverything"`, 200},
	} {
		r := httptest.NewRequest(c.method, wire.Path+"?wsdl", strings.NewReader(request))
		r.Header.Set("Content-Type", "text/xml")
		if c.header != "" {
			r.Header.Set(c.header, c.text)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != c.want {
			t.Errorf("%s: status %d, want %d", c.name, w.Code, c.want)
		}
		if coding := w.Header().Get("Accept-Encoding"); coding != "" != (c.header == "Content-Encoding" && c.want == 415) {
			t.Errorf("%s: Accept-Encoding %q", c.name, coding)
		}
		if allow := w.Header().Get("Allow"); c.want == 405 && allow != "GET, HEAD, POST" {
			t.Errorf("%s: Allow %q", c.name, allow)
		}
		if c.method == "GET" && w.Body.String() != "page wsdl" {
			t.Errorf("the page is %q", w.Body)
		}
	}
}

func TestAnswersInTheVersionAsked(t *testing.T) {
	h := soap.NewHandler(echo, soap.Options{})
	for _, c := range []struct {
		name, contentType, body string
		status                  int
		want                    soap.Version
	}{
		{"1.1", "text/xml", request, 200, soap.Version11},
		{"1.1 sent as 1.2", "application/soap+xml", request, 200, soap.Version11},
		{"1.2 sent as 1.1", "text/xml", strings.Replace(request, soap.Version11.Namespace(), soap.Version12.Namespace(), 1), 200, soap.Version12},
		{"unreadable 1.1", "text/xml", "<", 500, soap.Version11},
		{"unreadable 1.2", "application/soap+xml", "<", 500, soap.Version12},
		{"1.2 unreadable after the Envelope, sent as 1.1", "text/xml", `<S:Envelope xmlns:S="` + soap.Version12.Namespace() + `"><x>`, 500, soap.Version12},
	} {
		w := post(h, c.body, header("Content-Type", c.contentType))
		if w.Code != c.status || w.Header().Get("Content-Type") != c.want.ContentType() {
			t.Errorf("%s: %d %s", c.name, w.Code, w.Header().Get("Content-Type"))
		}
		if !strings.Contains(w.Body.String(), `xmlns:S="`+c.want.Namespace()+`"`) {
			t.Errorf("%s: the answer is not SOAP %s: %s", c.name, c.want, w.Body)
		}
	}
}

func TestRequestTheWorkflowGets(t *testing.T) {
	var got workflow.Request
	h := soap.NewHandler(invoke(func(_ context.Context, r workflow.Request) (workflow.Result, error) {
		got = r
		return workflow.Result{}, nil
	}), soap.Options{})
	basic := func(r *http.Request) { r.SetBasicAuth("basic", "p:w") }
	certificate := func(name string) func(*http.Request) {
		return func(r *http.Request) {
			leaf := &x509.Certificate{Subject: pkix.Name{CommonName: name}}
			r.TLS = &tls.ConnectionState{VerifiedChains: [][]*x509.Certificate{{leaf}}, PeerCertificates: []*x509.Certificate{leaf}}
		}
	}
	unverified := func(r *http.Request) {
		leaf := &x509.Certificate{Subject: pkix.Name{CommonName: "mallory"}}
		r.TLS = &tls.ConnectionState{PeerCertificates: []*x509.Certificate{leaf}}
	}
	withHeaders := strings.Replace(readFile(t, testdata+"soap-shapes/headers.xml"), "http://192.0.2.1/elsewhere", "http://www.w3.org/2005/08/addressing/anonymous", 1)
	stamped := &access.Security{Issued: "2024-01-01T00:00:00Z"}
	const (
		tokenHint = "the UsernameToken counts before HTTP Basic and CONTEXT; give it Username and Password"
		basicHint = "HTTP Basic counts before CONTEXT; give it the name and the password of the operator"
	)
	for _, c := range []struct {
		name    string
		body    string
		changes []func(*http.Request)
		id      string
		want    *workflow.Credentials
		secured *access.Security
	}{
		{"nothing", request, nil, "", nil, nil},
		{"key", request, []func(*http.Request){header("Idempotency-Key", `"a b"`)}, `"a b"`, nil, nil},
		{"message id and token", withHeaders, nil, "urn:uuid:5f0c2d6e-0001", &workflow.Credentials{Operator: "apiuser", Password: "pass & word", Hint: tokenHint}, stamped},
		{"key before message id, token before the rest", withHeaders, []func(*http.Request){header("Idempotency-Key", "k"), basic, certificate("c")}, "k",
			&workflow.Credentials{Operator: "apiuser", Password: "pass & word", Hint: tokenHint}, stamped},
		{"basic before certificate", request, []func(*http.Request){basic, certificate("c")}, "", &workflow.Credentials{Operator: "basic", Password: "p:w", Hint: basicHint}, nil},
		{"certificate", request, []func(*http.Request){certificate("gateway")}, "", &workflow.Credentials{Operator: "gateway", Certificate: true}, nil},
		{"certificate without a name", request, []func(*http.Request){certificate("")}, "", nil, nil},
		{"certificate not verified", request, []func(*http.Request){unverified}, "", nil, nil},
	} {
		got = workflow.Request{}
		if w := post(h, c.body, c.changes...); w.Code != 200 {
			t.Errorf("%s: %d %s", c.name, w.Code, w.Body)
		}
		want := workflow.Request{Hookpoint: "SIGNUP", RequestID: c.id, Credentials: c.want, Security: c.secured,
			Origin: workflow.Origin{Face: "soap", Remote: netip.MustParseAddr("192.0.2.1")}}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(workflow.Request{}, "Values"), cmpopts.EquateComparable(netip.Addr{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
	got = workflow.Request{}
	post(h, request, func(r *http.Request) { r.RemoteAddr = "[::ffff:10.0.0.7]:5000" })
	if got.Origin.Remote.String() != "10.0.0.7" {
		t.Errorf("remote %v", got.Origin.Remote)
	}
}

func TestRequestIDsThatAreRefused(t *testing.T) {
	h := soap.NewHandler(echo, soap.Options{})
	messageID := func(id string) string {
		return strings.Replace(request, "<S:Body>", `<S:Header><a:MessageID xmlns:a="http://www.w3.org/2005/08/addressing">`+id+`</a:MessageID></S:Header><S:Body>`, 1)
	}
	for name, w := range map[string]*httptest.ResponseRecorder{
		"long key":         post(h, request, header("Idempotency-Key", strings.Repeat("x", 129))),
		"key not ASCII":    post(h, request, header("Idempotency-Key", "å")),
		"key with control": post(h, request, header("Idempotency-Key", "a\x7f")),
		"long message id":  post(h, messageID(strings.Repeat("x", 129))),
		"message id":       post(h, messageID("a&#10;b")),
	} {
		if w.Code != 500 || !strings.Contains(w.Body.String(), "<faultcode>S:Client</faultcode>") {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	if w := post(h, request, header("Idempotency-Key", strings.Repeat("x", 128))); w.Code != 200 {
		t.Errorf("128 bytes were refused: %s", w.Body)
	}
}

func TestReplayedAnswer(t *testing.T) {
	replayed := false
	h := soap.NewHandler(invoke(func(context.Context, workflow.Request) (workflow.Result, error) {
		return workflow.Result{Replayed: replayed}, nil
	}), soap.Options{})
	for _, replayed = range []bool{false, true} {
		if got := post(h, request).Header().Get("Idempotent-Replayed") == "true"; got != replayed {
			t.Errorf("Idempotent-Replayed %t, want %t", got, replayed)
		}
	}
}

func TestFailuresOfTheServer(t *testing.T) {
	secret := errors.New("open /var/lib/rator.db: password=hunter2")
	for _, c := range []struct {
		name   string
		invoke invoke
		want   string
	}{
		{"error", func(context.Context, workflow.Request) (workflow.Result, error) { return workflow.Result{}, secret },
			"internal error, incident 4711"},
		{"panic", func(context.Context, workflow.Request) (workflow.Result, error) { panic(secret) },
			"internal error, incident 4711"},
		{"outcome unknown", func(context.Context, workflow.Request) (workflow.Result, error) {
			return workflow.Result{}, fmt.Errorf("%w: %w", unit.ErrOutcomeUnknown, secret)
		}, "outcome unknown, repeat with the same request id (incident 4711)"},
	} {
		var log bytes.Buffer
		var faults []soap.FaultCode
		h := soap.NewHandler(c.invoke, soap.Options{
			Log:       slog.New(slog.NewTextHandler(&log, nil)),
			NewNumber: func() string { return "4711" },
			Metrics:   soap.Metrics{Fault: func(code soap.FaultCode) { faults = append(faults, code) }},
		})
		w := post(h, request)
		want := string(soap.AppendFault(nil, soap.Version11, &soap.Fault{Code: soap.FaultServer, Text: c.want}))
		if w.Code != 500 || w.Body.String() != want {
			t.Errorf("%s: %d %s", c.name, w.Code, w.Body)
		}
		if !strings.Contains(log.String(), "hunter2") || !strings.Contains(log.String(), "4711") {
			t.Errorf("%s: the log says %q", c.name, &log)
		}
		if diff := cmp.Diff([]soap.FaultCode{soap.FaultServer}, faults); diff != "" {
			t.Errorf("%s: metrics (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestIncidentNumbersDiffer(t *testing.T) {
	h := soap.NewHandler(invoke(func(context.Context, workflow.Request) (workflow.Result, error) {
		return workflow.Result{}, errors.New("x")
	}), soap.Options{Log: slog.New(slog.DiscardHandler)})
	if one, other := post(h, request).Body.String(), post(h, request).Body.String(); one == other {
		t.Errorf("twice the same incident: %s", one)
	}
}

func TestTypedRequestIsAnsweredInKind(t *testing.T) {
	h := soap.NewHandler(echo, soap.Options{Typed: func(name string) bool { return name == "SOAP_CREATE_USER" }})
	w := post(h, readFile(t, testdata+"soap-shapes/typed.xml"))
	if w.Code != 200 || !strings.Contains(w.Body.String(), "<ns2:SOAP_CREATE_USERResponse ") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	w = post(h, readFile(t, testdata+"soap-shapes/typed-12.xml"))
	if w.Code != 500 || !strings.Contains(w.Body.String(), "Cannot find dispatch method for {http://soap.CDRator.com/}SOAP_X") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
