package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"time"

	"rator/clock"
	"rator/server"
	"rator/server/servertest"
	"rator/soap"
	"rator/store"
	"rator/workflow"
)

// takeCommands has a server take forwarded commands until the test ends.
func takeCommands(t *testing.T, s *server.Server, file string) {
	t.Helper()
	l, err := server.ListenForCommands(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	b := server.NewBackground(t.Context(), slog.New(slog.DiscardHandler))
	b.Answer("administration socket", &http.Server{ReadHeaderTimeout: time.Minute, Handler: commandHandler(s, nil, file)}, l)
	t.Cleanup(b.Stop)
}

// watchedStore notes what asks it after it was closed, or is not done then.
type watchedStore struct {
	store.Store
	late func(ctx context.Context) // is called first by what the sweep asks; may be nil

	mu     sync.Mutex
	asking int
	closed bool
	faults []string
}

func (w *watchedStore) asked(ctx context.Context, do func() error) error {
	w.mu.Lock()
	w.asking++
	if w.closed {
		w.faults = append(w.faults, "it was asked when it was closed:\n"+string(debug.Stack()))
	}
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		w.asking--
		w.mu.Unlock()
	}()
	if w.late != nil && strings.Contains(string(debug.Stack()), ".(*Server).sweep(") {
		w.late(ctx)
	}
	return do()
}

func (w *watchedStore) View(ctx context.Context, fn func(store.Tx) error) error {
	return w.asked(ctx, func() error { return w.Store.View(ctx, fn) })
}

func (w *watchedStore) Update(ctx context.Context, fn func(store.Tx) error) error {
	return w.asked(ctx, func() error { return w.Store.Update(ctx, fn) })
}

func (w *watchedStore) Close() error {
	w.mu.Lock()
	if w.closed = true; w.asking > 0 {
		w.faults = append(w.faults, "it was closed while it was asked")
	}
	w.mu.Unlock()
	return w.Store.Close()
}

// isClosed reports whether Close was called.
func (w *watchedStore) isClosed() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.closed
}

// printed has what a server prints go to who waits for a line.
type printed struct{ lines chan string }

func (p printed) Write(b []byte) (int, error) {
	p.lines <- string(b)
	return len(b), nil
}

// serveOnce starts a server over the store, has it answer a call, a command and a
// request for its metrics, and stops it.
func serveOnce(t *testing.T, file string, st *watchedStore) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	out := printed{make(chan string, 100)}
	c := &serveCommand{Listen: "127.0.0.1:0", MetricsListen: "127.0.0.1:0", Store: file, CallTimeout: time.Minute, BodyTimeout: time.Minute}
	at, err := c.listen(ctx)
	if err != nil {
		t.Fatal(err)
	}
	s, err := server.New(server.Config{Store: st, Metrics: server.NewMetrics(), Log: slog.New(slog.DiscardHandler), Layers: []workflow.Layer{server.Shipped()}, OperationsApart: true, UsualCallLog: server.CallLogOf(file)})
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		err := c.serve(&terminal{ctx: ctx, out: out, err: io.Discard, in: strings.NewReader(""), getenv: func(string) string { return "" }}, s, at, &clock.Clock{}, file, func() {})
		s.Close()
		at.Close()
		ended <- errors.Join(err, st.Close())
	}()
	for serving := false; !serving; {
		select {
		case line := <-out.lines:
			serving = strings.Contains(line, "rator: serving")
		case err := <-ended:
			t.Fatalf("the server ended: %v", err)
		}
	}
	web := &http.Client{Transport: &http.Transport{}}
	defer web.CloseIdleConnections()
	if _, err := (&soap.Client{URL: at.Endpoint(), HTTP: web}).Call(ctx, soap.Call{Hookpoint: "NONE"}); err != nil {
		t.Error(err)
	}
	if resp, err := web.Get("http://" + at.Operations.Addr().String() + "/metrics"); err != nil {
		t.Error(err)
	} else {
		_, _ = io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
	}
	if o := rator(t, "", "operator", "list", "--store", file); o.code != exitOK {
		t.Errorf("operator list: %+v", o)
	}
	s.NoteErased()
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	for _, fault := range st.faults {
		t.Errorf("store: %s", fault)
	}
}

// TestServerLeavesNothing: a server that was started and stopped, many times, leaves no
// goroutine, and nothing of it asks a store that is closed.
func TestServerLeavesNothing(t *testing.T) {
	file := filepath.Join(shortTempDir(t), "rator.db")
	serveOnce(t, file, &watchedStore{Store: servertest.OpenStore(t, file)}) // starts what lasts, as for signals
	before := runtime.NumGoroutine()
	for range 5 {
		serveOnce(t, file, &watchedStore{Store: servertest.OpenStore(t, file)})
	}
	for end := time.Now().Add(patience); runtime.NumGoroutine() > before; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			stacks := make([]byte, 1<<20)
			t.Fatalf("%d goroutines before and %d after:\n%s", before, runtime.NumGoroutine(), stacks[:runtime.Stack(stacks, true)])
		}
	}
}

// TestServerAwaitsItsSweep: a sweep that is in the store when the server stops is done
// before the store is closed.
func TestServerAwaitsItsSweep(t *testing.T) {
	file := filepath.Join(shortTempDir(t), "rator.db")
	st := &watchedStore{Store: servertest.OpenStore(t, file)}
	st.late = func(ctx context.Context) {
		<-ctx.Done()
		// Whoever does not wait for it closes the store meanwhile.
		for end := time.Now().Add(200 * time.Millisecond); !st.isClosed() && time.Now().Before(end); {
			time.Sleep(time.Millisecond)
		}
	}
	serveOnce(t, file, st)
}

// shortTempDir is a folder in which a socket has a short path.
func shortTempDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "rator")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}
