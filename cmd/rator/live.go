package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"time"

	"rator/calllog"
	"rator/store"
	"rator/store/bolt"
	"rator/tmf"
	"rator/workflow"
)

// A store file belongs to one process. While `rator serve` has it, the commands
// that look after the data run inside the server: it listens on a Unix socket
// next to the file (FILE.sock, for the file's owner only), takes a command line
// with its standard input, and streams back what the command prints.

// storeFlag is the flag of every command that needs a store.
type storeFlag struct {
	Store string `help:"Store file (default ${default})." default:"rator.db" placeholder:"FILE" env:"RATOR_STORE"`
}

// forwarded are the commands that run inside a server: never one that serves or
// calls.
type forwarded struct {
	Operator  operatorCommand  `cmd:""`
	Catalogue catalogueCommand `cmd:""`
	Billing   billingCommand   `cmd:""`
	Hub       hubCommand       `cmd:""`
	Backup    backupCommand    `cmd:""`
	Verify    verifyCommand    `cmd:""`
	RunDue    runDueCommand    `cmd:""`
	Log       logForwarded     `cmd:""`
}

const (
	exitTrailer  = "Rator-Exit-Code"
	errorTrailer = "Rator-Error"
)

func socketOf(file string) string { return file + ".sock" }

// with opens the store for f. When a server has the file, args run inside that
// server instead, with stdin; out is where their output goes.
func (s storeFlag) with(t *terminal, out io.Writer, stdin []byte, args []string, f func(store.Store) error) error {
	if t.live != nil {
		return f(t.live)
	}
	if _, err := os.Stat(s.Store); err != nil {
		return unreachable(fmt.Errorf("store %s: %w (rator serve --store %s makes one)", s.Store, errors.Unwrap(err), s.Store))
	}
	if c, err := net.Dial("unix", socketOf(s.Store)); err == nil { // else none listens, or a killed server left it
		c.Close()
		return forward(t, socketOf(s.Store), out, stdin, args)
	}
	st, err := bolt.Open(s.Store, bolt.Options{})
	if err != nil {
		return unreachable(err)
	}
	return errors.Join(f(tmf.NoteChanges(st, nil)), st.Close())
}

// forward runs args in the server that listens on the socket.
func forward(t *terminal, socket string, out io.Writer, stdin []byte, args []string) error {
	client := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", socket)
	}}}
	defer client.CloseIdleConnections()
	req, err := http.NewRequestWithContext(t.ctx, http.MethodPost, "http://rator/?"+url.Values{"arg": args}.Encode(), bytes.NewReader(stdin))
	if err != nil {
		return err
	}
	resp, err := client.Do(req)
	if err != nil {
		return unreachable(fmt.Errorf("the server that has the store does not answer: %w", err))
	}
	defer resp.Body.Close()
	if _, err := io.Copy(out, resp.Body); err != nil {
		return unreachable(fmt.Errorf("the server that has the store broke off: %w", err))
	}
	code, err := strconv.Atoi(resp.Trailer.Get(exitTrailer))
	if err != nil {
		return unreachable(errors.New("the server that has the store broke off"))
	}
	said, _ := url.QueryUnescape(resp.Trailer.Get(errorTrailer))
	fmt.Fprint(t.err, said)
	if code != exitOK {
		return &exitError{code: code}
	}
	return nil
}

// serveLive answers forwarded command lines over the engine's store until ctx ends.
func serveLive(ctx context.Context, e *workflow.Engine, calls *calllog.Log, socket string) (stop func(), err error) {
	_ = os.Remove(socket) // left by a killed server; the store's lock says that none runs
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "unix", socket)
	if err != nil {
		return nil, fmt.Errorf("administration socket: %w", err)
	}
	if err := os.Chmod(socket, 0o600); err != nil {
		l.Close()
		return nil, err
	}
	srv := &http.Server{ReadHeaderTimeout: 5 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var said bytes.Buffer
		w.Header().Set("Trailer", exitTrailer+", "+errorTrailer)
		t := &terminal{ctx: r.Context(), out: w, err: &said, in: r.Body, getenv: func(string) string { return "" }, live: e.Store, engine: e, calls: calls}
		code := run(t, &forwarded{}, r.URL.Query()["arg"])
		w.Header().Set(exitTrailer, strconv.Itoa(code))
		w.Header().Set(errorTrailer, url.QueryEscape(said.String()))
	})}
	go func() { _ = srv.Serve(l) }()
	return func() { srv.Close(); os.Remove(socket) }, nil
}
