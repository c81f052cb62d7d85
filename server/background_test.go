package server_test

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"rator/server"
	"rator/server/servertest"
)

// TestJobsBeginAgain: what breaks off or ends by itself is told and begins again, and
// stop waits for what runs.
func TestJobsBeginAgain(t *testing.T) {
	var log servertest.LockedBuffer
	b := server.NewBackground(t.Context(), slog.New(slog.NewTextHandler(&log, nil)))
	b.Pause = 0
	times, last := 0, make(chan struct{})
	b.Run("a job", func(ctx context.Context) {
		switch times++; times {
		case 1:
			panic("it broke")
		case 2:
			return
		}
		close(last)
		<-ctx.Done()
	})
	<-last
	b.Stop()
	if times != 3 {
		t.Errorf("it ran %d times", times)
	}
	for _, want := range []string{`"a job beside the calls broke off" job="a job" cause="it broke" stack=`, "background_test.go", `"a job beside the calls ended by itself" job="a job"`} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log has no %s:\n%s", want, log.String())
		}
	}
	if n := strings.Count(log.String(), "a job beside"); n != 2 {
		t.Errorf("%d lines:\n%s", n, log.String())
	}
}

// TestAddressGivenUp: an address that cannot be served any more is told, and stop
// waits for the requests that are being answered.
func TestAddressGivenUp(t *testing.T) {
	var log servertest.LockedBuffer
	b := server.NewBackground(t.Context(), slog.New(slog.NewTextHandler(&log, nil)))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	begun, done := make(chan struct{}), false
	b.Answer("an address", &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(begun)
		<-r.Context().Done()
		done = true
	})}, l)
	asked := make(chan struct{})
	go func() {
		defer close(asked)
		if resp, err := http.Get("http://" + l.Addr().String()); err == nil {
			resp.Body.Close()
		}
	}()
	<-begun
	l.Close()
	for end := time.Now().Add(time.Minute); !strings.Contains(log.String(), "not served any more"); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("nothing is told:\n%s", log.String())
		}
	}
	b.Stop()
	if !done {
		t.Error("a request was not waited for")
	}
	<-asked
}
