package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"rator/mask"
	"rator/replay/fixture"
	"rator/replay/mock"
	"rator/replay/record"
	"rator/server"
	"rator/transport"
)

type mockCommand struct {
	Dirs []string `arg:"" name:"DIR" help:"Folders of scenarios; everything below them is served."`

	Listen     string   `help:"Address to listen on (default ${default})." default:"127.0.0.1:8091" placeholder:"HOST:PORT"`
	Forward    string   `help:"Where requests go that are not recorded; without it they are explained." placeholder:"URL"`
	Record     string   `help:"Folder that takes what was forwarded, masked, as rator record writes it." placeholder:"DIR"`
	Delay      string   `help:"How long answers take: half of them up to p50, all but one of 100 up to p99." placeholder:"p50=20ms,p99=400ms"`
	Fail       []string `help:"What share of requests fails, and how: a status (503), reset or fault." placeholder:"2%:503"`
	Hookpoints []string `help:"Directory of hookpoint folders over the shipped ones, for their contracts; may be repeated." placeholder:"DIR" sep:"none"`
	JSONLog    bool     `name:"json-log" help:"Log as JSON." negatable:""`
	JSON       bool     `name:"json" help:"Say what was done as JSON, one object a line: {\"listening\"}, and when it stops {\"recorded\",\"answered\",\"unknown\",\"forwarded\",\"failed\",\"unused\"}, with --record also {\"record\"}."`
}

func (c *mockCommand) Help() string {
	return `Serves recorded answers. A request gets the answer of the recorded one that says the same: for
executeMethod the hookpoint and the typed values, whatever their order, prefixes and way to write a
number, and in the typed form as well; for other XML the first element in the Body and its content; for anything else method, address
and bytes. What is masked or ${…} in a recorded request matches anything; volatile values and request
ids do not count. Several answers to one request are given in the order recorded, then the last again.
An id that nothing is recorded for gets the answer of a request that differs in ids alone, with the
id put in; ${name} in an answer is what stood there in the request.

A WSDL or schema is given as recorded, with this address in it; else, when calls of hookpoints are
recorded, Rator's own, with typed ones (?wsdl&hookpoint=KEY) for the hookpoints that are.

What is not recorded is explained by a SOAP fault with HTTP 500, which names the nearest exchange and
what differs, or goes to --forward, with its path; one to / goes to that of URL. With --record what was
forwarded is written down, and known when the mock is started with that folder as well. The header
Rator-Mock says which exchange answered. SIGTERM finishes the answers and says what was done.

  rator mock testdata/soap
  rator mock suite --listen 127.0.0.1:9000 --forward http://test.example/workflow-soap/InvokerService --record new
  rator mock suite --delay p50=20ms,p99=400ms --fail 2%:503,0.5%:reset`
}

func (c *mockCommand) Run(t *terminal) error {
	o, err := c.options(t)
	if err != nil {
		return err
	}
	l, err := server.Listen(t.ctx, "--listen", c.Listen)
	if err != nil {
		return err
	}
	defer l.Close()
	proxy, err := c.forward(t, o)
	if err != nil {
		return err
	}
	if proxy == nil {
		return c.mock(t, l, o, nil, nil)
	}
	var totals record.Totals
	err = c.mock(t, l, o, proxy.ConnContext, func() *record.Totals {
		totals = proxy.Close()
		return &totals
	})
	proxy.Close() // when it did not come so far
	if err == nil && totals.Failed > 0 {
		return &exitError{exitFailed, fmt.Errorf("%d of what was forwarded could not be written to %s", totals.Failed, c.Record)}
	}
	return err
}

// mock reads, serves and reports; recorded ends the recording.
func (c *mockCommand) mock(t *terminal, l net.Listener, o *mock.Options, connected func(context.Context, net.Conn) context.Context, recorded func() *record.Totals) error {
	started := time.Now()
	scenarios, err := fixture.Find(fixture.Options{}, c.Dirs...)
	if err != nil {
		return unreadable(err)
	}
	answers, err := mock.New(t.ctx, scenarios, *o)
	if err != nil {
		return unreadable(err)
	}
	if !c.JSON {
		fmt.Fprintf(t.out, "rator: %d exchanges in %d scenarios, read in %v\n",
			answers.Summary().Recorded, len(scenarios), time.Since(started).Round(time.Millisecond))
	}
	if err := c.serve(t, l, answers, o.Log, connected); err != nil {
		return err
	}
	var totals *record.Totals
	if recorded != nil {
		totals = recorded()
	}
	return c.report(t, answers.Summary(), totals)
}

// unreadable tells mistakes in fixtures from folders that cannot be read.
func unreadable(err error) error {
	var mistake *fixture.Error
	if errors.As(err, &mistake) {
		return misused(err)
	}
	return unreachable(err)
}

func (c *mockCommand) options(t *terminal) (*mock.Options, error) {
	if _, _, err := net.SplitHostPort(c.Listen); err != nil {
		return nil, misused(fmt.Errorf("--listen: %w", err))
	}
	o := &mock.Options{Log: slog.New(slog.NewTextHandler(t.err, nil))}
	if c.JSONLog {
		o.Log = slog.New(slog.NewJSONHandler(t.err, nil))
	}
	var err error
	if c.Delay != "" {
		if o.Delay, err = mock.ParseDelay(c.Delay); err != nil {
			return nil, misused(fmt.Errorf("--delay: %w", err))
		}
	}
	if o.Fail, err = mock.ParseFailures(c.Fail); err != nil {
		return nil, misused(fmt.Errorf("--fail: %w", err))
	}
	set, err := server.Hookpoints(c.Hookpoints)
	if err != nil {
		return nil, err
	}
	o.Contracts = set.Contract
	cards := mask.New(o.Contracts, mask.Options{})
	o.Hide = func(text string) string { return string(cards.Message("text/plain", []byte(text))) }
	return o, nil
}

// forward sets where requests go that are not recorded; the proxy is one that
// records them, or nil.
func (c *mockCommand) forward(t *terminal, o *mock.Options) (*record.Proxy, error) {
	if c.Forward == "" {
		if c.Record != "" {
			return nil, misused(errors.New("--record takes what is forwarded; say with --forward where to"))
		}
		return nil, nil
	}
	to, err := forwardAddress(c.Forward)
	if err != nil {
		return nil, misused(fmt.Errorf("--forward: %w", err))
	}
	if c.Record == "" {
		o.Forward = forwardTo(to, o.Log)
		return nil, nil
	}
	said := &sayer{out: t.err}
	proxy, err := record.New(record.Options{To: to, Dir: c.Record, Contracts: o.Contracts, Gets: true, Say: said.say})
	if err != nil {
		return nil, unreachable(err)
	}
	o.Forward = proxy
	return proxy, nil
}

// serve answers until it is told to stop, and finishes what was begun.
func (c *mockCommand) serve(t *terminal, l net.Listener, handler http.Handler, log *slog.Logger, connected func(context.Context, net.Conn) context.Context) error {
	srv := &http.Server{
		Handler: handler, ConnContext: connected, ReadHeaderTimeout: 5 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	ended := make(chan error, 1)
	var serving sync.WaitGroup
	serving.Go(func() { ended <- transport.Serve(srv, l, nil) })
	defer serving.Wait()
	address := "http://" + l.Addr().String()
	if c.JSON {
		if err := json.NewEncoder(t.out).Encode(map[string]string{"listening": address}); err != nil {
			return errors.Join(err, srv.Close())
		}
	} else {
		fmt.Fprintf(t.out, "rator: %s\nrator: serving; Ctrl-C or SIGTERM stops\n", address)
	}
	select {
	case err := <-ended:
		return unreachable(err)
	case <-t.ctx.Done():
	}
	finish, cancel := context.WithTimeout(context.Background(), server.ShutdownWait)
	defer cancel()
	if err := srv.Shutdown(finish); err != nil {
		log.Warn("answers were cut off, for they took too long", "cause", err)
		return srv.Close()
	}
	return nil
}

func (c *mockCommand) report(t *terminal, sum mock.Summary, recorded *record.Totals) error {
	if c.JSON {
		return json.NewEncoder(t.out).Encode(struct {
			mock.Summary
			Record *record.Totals `json:"record,omitempty"`
		}{sum, recorded})
	}
	_, err := fmt.Fprintf(t.out, "rator: %d answered, %d not recorded, %d forwarded, %d failed on purpose; %d of %d recorded exchanges were not asked for\n",
		sum.Answered, sum.Unknown, sum.Forwarded, sum.Failed, sum.Unused, sum.Recorded)
	if recorded != nil && err == nil {
		_, err = fmt.Fprintf(t.out, "rator: %s\n", totalsLine(*recorded))
	}
	return err
}
