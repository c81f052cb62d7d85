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

	"rator/clock"
	"rator/server"
	"rator/store"
	"rator/store/address"
)

// A store file belongs to one process. While `rator serve` has it, the commands
// that look after the data run inside the server: it listens on a Unix socket
// next to the file (FILE.sock, for the file's owner only), takes a command line
// with its standard input, and streams back what the command prints. A store in a database
// belongs to nobody: there the commands open it themselves, beside the server.

// forwarded are the commands that run inside a server: never one that serves or
// calls.
type forwarded struct {
	Operator  operatorCommand  `cmd:""`
	Audit     auditCommand     `cmd:""`
	Catalogue catalogueCommand `cmd:""`
	Billing   billingCommand   `cmd:""`
	Clock     clockCommand     `cmd:""`
	Events    eventsCommand    `cmd:""`
	History   historyCommand   `cmd:""`
	Export    exportCommand    `cmd:""`
	Hub       hubCommand       `cmd:""`
	Webhook   webhookCommand   `cmd:""`
	Backup    backupCommand    `cmd:""`
	Verify    verifyCommand    `cmd:""`
	RunDue    runDueCommand    `cmd:""`
	Load      loadCommand      `cmd:""`
	Log       logForwarded     `cmd:""`
	Doctor    doctorForwarded  `cmd:""`
}

const (
	exitTrailer  = "Rator-Exit-Code"
	errorTrailer = "Rator-Error"
)

// with opens the store for f. When a server has the file, args run inside that
// server instead, with stdin; out is where their output goes.
func (s *storeFlag) with(t *terminal, out io.Writer, stdin []byte, args []string, f func(store.Store) error) error {
	return s.stream(t, out, bytes.NewReader(stdin), args, f)
}

// stream is with for a standard input that is read only where a server gets it, and is too
// long to be held.
func (s *storeFlag) stream(t *terminal, out io.Writer, stdin io.Reader, args []string, f func(store.Store) error) error {
	return s.reach(t, out, stdin, args, f, func(context.Context, string) (store.Store, func() error, error) {
		t.clock = &clock.Clock{}
		return server.OpenUnserved(t.ctx, s.Store, t.clock, func(kind string, records int64) {
			fmt.Fprintf(t.err, "the store gets new indexes, once: %d of %s so far\n", records, kind)
		})
	})
}

// read is with for what only reads: the file may be one that nobody may write, and
// stays as it is.
func (s *storeFlag) read(t *terminal, out io.Writer, stdin []byte, args []string, f func(store.Store) error) error {
	return s.readStream(t, out, bytes.NewReader(stdin), args, f)
}

// readStream is read as stream is with.
func (s *storeFlag) readStream(t *terminal, out io.Writer, stdin io.Reader, args []string, f func(store.Store) error) error {
	return s.reach(t, out, stdin, args, f, server.OpenForReading)
}

func (s *storeFlag) reach(t *terminal, out io.Writer, stdin io.Reader, args []string, f func(store.Store) error, open func(context.Context, string) (store.Store, func() error, error)) error {
	if t.live != nil {
		s.Store = t.file
		return f(t.live)
	}
	if err := s.find(t); err != nil {
		return err
	}
	if _, err := os.Stat(s.Store); err != nil && !address.Is(s.Store) {
		return unreachable(fmt.Errorf("store %s: %w (rator serve --store %s makes one)", s.Store, errors.Unwrap(err), s.Store))
	}
	served, err := server.IsServed(t.ctx, s.Store)
	if err != nil {
		return unreachable(err)
	}
	if served {
		return forward(t, server.SocketOf(s.Store), out, stdin, args)
	}
	st, closeStore, err := open(t.ctx, s.Store)
	if err != nil {
		return unreachable(err)
	}
	return errors.Join(f(st), closeStore())
}

// forward runs args in the server that listens on the socket.
func forward(t *terminal, socket string, out io.Writer, stdin io.Reader, args []string) error {
	client := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return server.DialSocket(ctx, socket)
	}}}
	defer client.CloseIdleConnections()
	req, err := http.NewRequestWithContext(t.ctx, http.MethodPost, "http://rator/?"+url.Values{"arg": args}.Encode(), stdin)
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

// commandHandler answers forwarded command lines over the server's store, which is in a
// file.
func commandHandler(s *server.Server, clk *clock.Clock, file string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var said bytes.Buffer
		w.Header().Set("Trailer", exitTrailer+", "+errorTrailer)
		t := &terminal{ctx: r.Context(), out: w, err: &said, in: r.Body, getenv: func(string) string { return "" }, live: s.Engine.Gate.Store, file: file, engine: s.Engine, clock: clk, calls: s.Calls, webhooks: s.Webhooks}
		code := run(t, &forwarded{}, r.URL.Query()["arg"])
		w.Header().Set(exitTrailer, strconv.Itoa(code))
		w.Header().Set(errorTrailer, url.QueryEscape(said.String()))
	})
}
