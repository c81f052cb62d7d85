package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"rator/replay/record"
	"rator/server"
	"rator/transport"
)

type recordCommand struct {
	To     string `help:"Server that is recorded; requests keep their path, and one to / goes to that of URL." placeholder:"URL" env:"-"`
	Listen string `help:"Address that clients use instead (default ${default})." default:"127.0.0.1:8090" placeholder:"HOST:PORT" env:"-"`
	Dir    string `help:"Where the scenario folders go." placeholder:"DIR" env:"-"`

	Split      string        `help:"What makes a scenario: connection, none, header:NAME, key:CONTEXT.X or idle:30s (default ${default})." default:"connection" placeholder:"RULE" env:"-"`
	Keep       []string      `help:"Key, element or header to write down although it is secret; CARD_NUMBER for card numbers; may be repeated." placeholder:"KEY" sep:"none" env:"-"`
	MaxBody    byteSize      `help:"Longest request or answer that is recorded; longer ones are passed on (default ${default})." default:"16MiB" placeholder:"SIZE"`
	Timeout    time.Duration `help:"How long the server may let a request wait (default ${default})." default:"1m"`
	Gets       bool          `help:"Record every GET request, not only those for a WSDL or schema."`
	Hookpoints []string      `help:"Directory of hookpoint folders that the server has over the shipped ones; may be repeated." placeholder:"DIR" sep:"none"`
	JSON       bool          `name:"json" help:"Print the totals as JSON."`

	fromLogFlags
}

func (c *recordCommand) Help() string {
	return `Stands between clients and a server, passes everything on and writes each exchange down as a pair of
fixture files, for rator replay and rator mock. Clients change only the address; in a WSDL that comes
through, the server's address becomes the one they used. Ctrl-C or SIGTERM finishes the exchanges under
way, for 15 seconds or --timeout at most, and prints the totals.

Secrets are taken out before anything is written: keys that a contract marks secret or that are named
like one, elements and attributes named so, credentials in headers, card numbers. In requests they
become variables such as ${PASSWORD}, which a scenario's scenario.toml lists and rator replay --set
gives; in answers ${xmlunit.ignore}. What is no XML becomes a .bin file, with *** for them.

Not recorded, and told at once: what is longer than --max-body, what the server never answered (clients
get 504), and what the disk has no room or no time for; clients are served all the same.

With --from-log it records nothing: it makes fixtures of calls that a server's call log holds.

Exit code 0 when it was stopped and the disk took all that was to be written, also where something else
was not recorded, which the totals count; 1 when the disk did not, 2 for wrong use, 3 when the address or
the folder cannot be opened.

  rator record --to http://127.0.0.1:8080 --dir recorded
  rator record --to https://rator.example.com/workflow-soap/InvokerService --listen 127.0.0.1:9000 --dir recorded --split key:CONTEXT.REQUEST_ID
  rator record --from-log order-4711 --from-log 7-1042 --store rator.db --dir recorded`
}

func (c *recordCommand) Run(t *terminal) error {
	if len(c.FromLog) > 0 {
		return c.fromLog(t)
	}
	o, err := c.options(t)
	if err != nil {
		return err
	}
	l, err := server.Listen(t.ctx, "--listen", c.Listen)
	if err != nil {
		return err
	}
	p, err := record.New(*o)
	if err != nil {
		return unreachable(errors.Join(err, l.Close()))
	}
	fmt.Fprintf(t.err, "rator: recording %s in %s\nrator: clients use http://%s; Ctrl-C or SIGTERM stops\n", o.To, c.Dir, l.Addr())
	err = c.serve(t, p, l)
	totals := p.Close()
	if err := errors.Join(err, c.report(t, totals)); err != nil {
		return err
	}
	if totals.Failed > 0 {
		return &exitError{exitFailed, fmt.Errorf("the recording is not whole: %d could not be written; what was written is", totals.Failed)}
	}
	return nil
}

// options are what the flags say.
func (c *recordCommand) options(t *terminal) (*record.Options, error) {
	to, err := url.Parse(c.To)
	switch {
	case c.To == "":
		return nil, misused(errors.New("--to is missing: the URL of the server to record, such as http://127.0.0.1:8080"))
	case c.Dir == "":
		return nil, misused(errors.New("--dir is missing: the folder to record to"))
	case err != nil || to.Scheme != "http" && to.Scheme != "https" || to.Host == "":
		return nil, misused(fmt.Errorf("--to %s is no URL such as http://127.0.0.1:8080", c.To))
	case to.User != nil:
		return nil, misused(errors.New("--to takes no user and password: clients send their own"))
	case to.RawQuery != "" || to.Fragment != "":
		return nil, misused(fmt.Errorf("--to %s: leave out what follows the path", c.To))
	}
	split, err := record.ParseSplit(c.Split)
	if err != nil {
		return nil, misused(fmt.Errorf("--split: %w", err))
	}
	set, err := server.Hookpoints(c.Hookpoints)
	if err != nil {
		return nil, err
	}
	said := &sayer{out: t.err}
	return &record.Options{
		To: to, Dir: c.Dir, Split: split, Keep: c.Keep, Contracts: set.Contract, Gets: c.Gets,
		MaxBody: int64(c.MaxBody), Timeout: c.Timeout, Say: said.say,
	}, nil
}

// serve serves clients until the command is to end, and then finishes what is
// under way.
func (c *recordCommand) serve(t *terminal, p *record.Proxy, l net.Listener) error {
	srv := &http.Server{
		Handler: p, ConnContext: p.ConnContext, ReadHeaderTimeout: c.Timeout, IdleTimeout: 5 * time.Minute,
	}
	ended := make(chan error, 1)
	var serving sync.WaitGroup
	serving.Go(func() { ended <- transport.Serve(srv, l, nil) })
	defer serving.Wait()
	tick := time.NewTicker(10 * time.Second)
	defer tick.Stop()
	var told record.Totals
	for {
		select {
		case err := <-ended:
			return unreachable(err)
		case <-tick.C:
			if now := p.Recorder().Totals(); now != told {
				told = now
				fmt.Fprintf(t.err, "rator: %s\n", totalsLine(now))
			}
			continue
		case <-t.ctx.Done():
		}
		break
	}
	patience := min(c.Timeout, server.ShutdownWait) // whoever stops it does not wait as long as a client may
	fmt.Fprintf(t.err, "rator: finishing the exchanges, for %s at most\n", patience)
	finish, cancel := context.WithTimeout(context.WithoutCancel(t.ctx), patience)
	defer cancel()
	if err := srv.Shutdown(finish); err != nil {
		fmt.Fprintln(t.err, "rator: exchanges that did not end were cut off")
		return srv.Close()
	}
	return nil
}

func (c *recordCommand) report(t *terminal, totals record.Totals) error {
	if c.JSON {
		return json.NewEncoder(t.out).Encode(totals)
	}
	_, err := fmt.Fprintln(t.out, totalsLine(totals))
	return err
}

func totalsLine(n record.Totals) string {
	return fmt.Sprintf("%d exchanges recorded in %d scenarios, %d not recorded, %d passed on", n.Exchanges, n.Scenarios, n.NotRecorded, n.Passed)
}

// sayer writes what many say, a line at a time.
type sayer struct {
	mu  sync.Mutex
	out interface{ Write([]byte) (int, error) }
}

func (l *sayer) say(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fmt.Fprintf(l.out, "rator: %s\n", line)
}

// byteSize is a number of bytes, such as 16MiB.
type byteSize int64

// UnmarshalText reads a number with KiB, MiB, GiB or nothing behind it.
func (s *byteSize) UnmarshalText(text []byte) error {
	number, shift := string(text), 0
	for i, unit := range []string{"KiB", "MiB", "GiB"} {
		if n, ok := strings.CutSuffix(number, unit); ok {
			number, shift = n, 10*(i+1)
		}
	}
	n, err := strconv.ParseInt(strings.TrimSpace(number), 10, 32)
	if err != nil || n < 1 {
		return fmt.Errorf("%q is no size such as 16MiB", text)
	}
	*s = byteSize(n << shift)
	return nil
}

// String is what UnmarshalText reads.
func (s byteSize) String() string {
	number, unit := int64(s), ""
	for _, larger := range []string{"KiB", "MiB", "GiB"} {
		if number%1024 != 0 {
			break
		}
		number, unit = number/1024, larger
	}
	return strconv.FormatInt(number, 10) + unit
}
