package soap_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/soap"
	"rator/unit"
	"rator/wire"
	"rator/workflow"
)

// limitsHit collects what the metrics are told.
type limitsHit struct {
	mu   sync.Mutex
	seen []soap.Limit
}

func (l *limitsHit) hit(limit soap.Limit) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen = append(l.seen, limit)
}

func TestLengthOfRequests(t *testing.T) {
	var hits limitsHit
	h := soap.NewHandler(echo, soap.Options{
		MaxBytes: func(hookpoint string) int {
			if hookpoint == "BIG" {
				return 600 << 10
			}
			return 0
		},
		Metrics: soap.Metrics{LimitHit: hits.hit},
	})
	padded := func(hookpoint string, size int) string {
		message := strings.Replace(request, "SIGNUP", hookpoint, 1)
		for len(message)+7 <= size {
			message += "<!--" + strings.Repeat(" ", min(60_000, size-len(message)-7)) + "-->"
		}
		return message
	}
	chunked := func(r *http.Request) { r.ContentLength = -1 }
	for _, c := range []struct {
		name    string
		body    string
		changes []func(*http.Request)
		want    string // part of the fault; "" = accepted
	}{
		{"hookpoint at its limit", padded("SIGNUP", 256<<10), nil, ""},
		{"hookpoint over its limit", padded("SIGNUP", 256<<10+8), nil, "longer than 262144 bytes (limit hookpoint_bytes)"},
		{"hookpoint with more", padded("BIG", 300<<10), nil, ""},
		{"hookpoint over more", padded("BIG", 700<<10), nil, "longer than 614400 bytes (limit hookpoint_bytes)"},
		{"announced", padded("BIG", 1<<20+8), nil, "longer than 1048576 bytes (limit message_bytes)"},
		{"not announced", padded("BIG", 1<<20+8), []func(*http.Request){chunked}, "longer than 1048576 bytes (limit message_bytes)"},
	} {
		w := post(h, c.body, c.changes...)
		if c.want == "" && w.Code != 200 || c.want != "" && (w.Code != 500 || !strings.Contains(w.Body.String(), c.want)) {
			t.Errorf("%s: %d %s", c.name, w.Code, w.Body)
		}
	}
	want := []soap.Limit{"hookpoint_bytes", "hookpoint_bytes", "message_bytes", "message_bytes"}
	if diff := cmp.Diff(want, hits.seen); diff != "" {
		t.Errorf("metrics (-want +got):\n%s", diff)
	}
}

func TestEndlessBodyIsCutOff(t *testing.T) {
	server := listen(t, soap.NewHandler(echo, soap.Options{}))
	connection := dial(t, server)
	fmt.Fprintf(connection, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n", wire.Path)
	go func() {
		chunk := fmt.Sprintf("10000\r\n%s\r\n", strings.Repeat(" ", 0x10000))
		for { // until the server hangs up
			if _, err := io.WriteString(connection, chunk); err != nil {
				return
			}
		}
	}()
	status, body := readResponse(t, bufio.NewReader(connection))
	if status != 500 || !strings.Contains(body, "limit message_bytes") {
		t.Errorf("%d %s", status, body)
	}
}

func TestSlowBodyIsCutOff(t *testing.T) {
	var hits limitsHit
	server := listen(t, soap.NewHandler(echo, soap.Options{
		BodyTime: 50 * time.Millisecond, Metrics: soap.Metrics{LimitHit: hits.hit}}))
	connection := dial(t, server)
	fmt.Fprintf(connection, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nContent-Length: 1000\r\n\r\n<S:Env", wire.Path)
	status, body := readResponse(t, bufio.NewReader(connection))
	if status != 500 || !strings.Contains(body, "did not arrive within 50 ms (limit body_time)") {
		t.Errorf("%d %s", status, body)
	}
	if diff := cmp.Diff([]soap.Limit{"body_time"}, hits.seen); diff != "" {
		t.Errorf("metrics (-want +got):\n%s", diff)
	}
	hungUp(t, connection)

	// Who is refused at once may not keep the connection by never ending either.
	for _, head := range []string{"Content-Type: application/json\r\nContent-Length: 1000\r\n", "Content-Type: text/xml\r\nContent-Length: 2000000\r\n"} {
		connection := dial(t, server)
		fmt.Fprintf(connection, "POST %s HTTP/1.1\r\nHost: x\r\n%s\r\n<S:Env", wire.Path, head)
		if status, body := readResponse(t, bufio.NewReader(connection)); status != 415 && status != 500 {
			t.Errorf("%d %s", status, body)
		}
		hungUp(t, connection)
	}
}

// hungUp fails unless the server ends the connection.
func hungUp(t *testing.T, connection net.Conn) {
	t.Helper()
	if _, err := io.Copy(io.Discard, connection); errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error("the server still holds the connection")
	}
}

// TestBodyTimeEndsWithTheBody has a call that takes longer than a body may: the
// deadline must not reach it.
func TestBodyTimeEndsWithTheBody(t *testing.T) {
	t.Parallel()                     // it waits
	const bodyTime = 5 * time.Second // in which a busy machine reads a body, too
	server := listen(t, soap.NewHandler(invoke(func(ctx context.Context, _ workflow.Request) (workflow.Result, error) {
		select {
		case <-ctx.Done():
			return workflow.Result{}, ctx.Err()
		case <-time.After(bodyTime + 100*time.Millisecond):
			return workflow.Result{}, nil
		}
	}), soap.Options{BodyTime: bodyTime}))
	for range 2 { // on one connection
		response, err := http.Post(server.URL+wire.Path, "text/xml", strings.NewReader(request))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil || response.StatusCode != 200 {
			t.Errorf("%d %s %v", response.StatusCode, body, err)
		}
	}
}

// TestSlowSendersDoNotBlock has many senders that never finish; honest calls must not
// notice.
func TestSlowSendersDoNotBlock(t *testing.T) {
	server := listen(t, soap.NewHandler(echo, soap.Options{}))
	for range 200 {
		connection := dial(t, server)
		fmt.Fprintf(connection, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nContent-Length: 1000000\r\n\r\n<S:Env", wire.Path)
	}
	for range 20 {
		response, err := http.Post(server.URL+wire.Path, "text/xml", strings.NewReader(request))
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != 200 {
			t.Fatalf("an honest call got %d", response.StatusCode)
		}
	}
}

// TestBusy: a call that the gate does not let in is told when to come again.
func TestBusy(t *testing.T) {
	var hits limitsHit
	h := soap.NewHandler(invoke(func(context.Context, workflow.Request) (workflow.Result, error) {
		return workflow.Result{}, &unit.BusyError{Most: 1}
	}), soap.Options{Metrics: soap.Metrics{LimitHit: hits.hit}})
	w := post(h, request)
	if w.Code != 503 || w.Header().Get("Retry-After") != "1" || !strings.Contains(w.Body.String(), "busy, repeat the request: too many calls wait for their turn (limit calls)") {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	if diff := cmp.Diff([]soap.Limit{"calls"}, hits.seen); diff != "" {
		t.Errorf("metrics (-want +got):\n%s", diff)
	}
}

// TestFull: when nobody would be let in, a call is refused in its own SOAP version
// before anything of it is read, and with what it would be told by the gate.
func TestFull(t *testing.T) {
	refused := func(h http.Handler, media string, body io.Reader) (status int, text string) {
		r := httptest.NewRequest("POST", wire.Path, body)
		r.Header.Set("Content-Type", media)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Header().Get("Retry-After") != "1" {
			t.Errorf("%v", w.Header())
		}
		return w.Code, w.Body.String()
	}
	busy := &unit.BusyError{Most: 1}
	full := soap.NewHandler(invoke(func(context.Context, workflow.Request) (workflow.Result, error) {
		t.Error("it was called")
		return workflow.Result{}, nil
	}), soap.Options{Full: func() error { return busy }})
	atTheGate := soap.NewHandler(invoke(func(context.Context, workflow.Request) (workflow.Result, error) {
		return workflow.Result{}, busy
	}), soap.Options{})
	for media, namespace := range map[string]string{"text/xml": "http://schemas.xmlsoap.org/soap/envelope/", "application/soap+xml": "http://www.w3.org/2003/05/soap-envelope"} {
		status, text := refused(full, media, iotest.ErrReader(errors.New("it was read")))
		wantStatus, want := refused(atTheGate, media, strings.NewReader(strings.ReplaceAll(request, "http://schemas.xmlsoap.org/soap/envelope/", namespace)))
		if status != wantStatus || text != want || status != 503 {
			t.Errorf("%s: %d %s, at the gate %d %s", media, status, text, wantStatus, want)
		}
	}
}

// listen serves h until the connections that dial opens are closed.
func listen(t *testing.T, h http.Handler) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server
}

func dial(t *testing.T, server *httptest.Server) net.Conn {
	t.Helper()
	connection, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { connection.Close() })
	if err := connection.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	return connection
}

func readResponse(t *testing.T, from *bufio.Reader) (status int, body string) {
	t.Helper()
	response, err := http.ReadResponse(from, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	b, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(b)
}
