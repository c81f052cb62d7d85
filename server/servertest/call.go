package servertest

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"rator/server"
	"rator/soap"
	"rator/wire"
	"rator/workflow"
	"rator/workflow/value"
)

// Context is the CONTEXT of a call by the demo's operator for the demo's brand.
func Context(more ...value.Entry) value.Entry {
	return value.Of("CONTEXT", append(value.Tree{value.OfString("OPERATOR", server.DemoOperator), value.OfString("PASSWORD", server.DemoPassword), value.OfString("BRAND_KEY", server.DemoBrand)}, more...)...)
}

// Call calls a hookpoint as the demo's operator; it must succeed.
func (s *Server) Call(t testing.TB, hookpoint string, values ...value.Entry) value.Tree {
	t.Helper()
	r, err := s.Client.Call(context.Background(), soap.Call{Hookpoint: hookpoint, Values: append(values, Context())})
	if err != nil || r.ErrorCode != 0 {
		t.Fatalf("%s: %v %d %s", hookpoint, err, r.ErrorCode, r.ErrorMessage)
	}
	return r.Values
}

// Tell is Call for goroutines of a test: a call that fails is an error of the test, and
// answers nothing.
func (s *Server) Tell(t testing.TB, hookpoint string, values ...value.Entry) value.Tree {
	t.Helper()
	r, err := s.Client.Call(t.Context(), soap.Call{Hookpoint: hookpoint, Values: append(values, Context())})
	if err != nil || r.ErrorCode != 0 {
		t.Errorf("%s: %v %d %s", hookpoint, err, r.ErrorCode, r.ErrorMessage)
		return nil
	}
	return r.Values
}

// CallAt calls a hookpoint of a server as the demo's operator; there must be an answer.
func CallAt(t testing.TB, endpoint, hookpoint, id string, values ...value.Entry) workflow.Result {
	t.Helper()
	r, err := (&soap.Client{URL: endpoint}).Call(t.Context(), soap.Call{Hookpoint: hookpoint, RequestID: id, Values: append(values, Context())})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TMF is where a server is asked over TM Forum, over the network, as the demo's operator.
type TMF struct {
	t    testing.TB
	base string
}

// TMFAt is the TM Forum face of the server whose SOAP face is at endpoint.
func TMFAt(t testing.TB, endpoint string) TMF {
	return TMF{t, strings.TrimSuffix(endpoint, wire.Path)}
}

// Ask asks; headers are "Name: value". There must be an answer.
func (a TMF) Ask(method, target, body string, headers ...string) (status int, answer string) {
	a.t.Helper()
	status, answer, err := doTMF(http.DefaultClient, method, a.base+target, body, headers...)
	if err != nil {
		a.t.Fatal(err)
	}
	return status, answer
}

// CallTMF asks the TM Forum face over the network as the demo's operator.
func (s *Server) CallTMF(t testing.TB, method, path, body string) (status int, answer string) {
	t.Helper()
	return TMFAt(t, s.Endpoint).Ask(method, path, body)
}

// AskTMF asks for an address as the demo's operator, as benchmarks do, and gives the body of
// the answer, whose status must be that.
func AskTMF(client *http.Client, method, url, body string, status int) (answer string, err error) {
	got, answer, err := doTMF(client, method, url, body)
	if err == nil && got != status {
		err = fmt.Errorf("%s %s: %d %s", method, url, got, answer)
	}
	return answer, err
}

func doTMF(client *http.Client, method, url, body string, headers ...string) (status int, answer string, err error) {
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	r.SetBasicAuth(server.DemoOperator, server.DemoPassword)
	r.Header.Set("Content-Type", "application/json")
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	w, err := client.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer w.Body.Close()
	text, err := io.ReadAll(w.Body)
	return w.StatusCode, string(text), err
}

// Pass puts the server's clock forward.
func (s *Server) Pass(d time.Duration) {
	later := s.Clock.Load().Add(d)
	s.Clock.Store(&later)
}
