package servertest

import (
	"context"
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

// CallTMF asks the TM Forum face over the network as the demo's operator.
func (s *Server) CallTMF(t testing.TB, method, path, body string) (status int, answer string) {
	t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), method, strings.TrimSuffix(s.Endpoint, wire.Path)+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth(server.DemoOperator, server.DemoPassword)
	r.Header.Set("Content-Type", "application/json")
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	return a.StatusCode, string(b)
}

// Pass puts the server's clock forward.
func (s *Server) Pass(d time.Duration) {
	later := s.Clock.Load().Add(d)
	s.Clock.Store(&later)
}
