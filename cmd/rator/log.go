package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"rator/calllog"
	"rator/failure"
	"rator/server"
	"rator/store"
	"rator/zone"
)

type logCommand struct {
	List  logListCommand  `cmd:"" default:"withargs" help:"List logged calls, the newest first (what rator log does without a subcommand)."`
	Show  logShowCommand  `cmd:"" help:"Print a logged call whole."`
	Purge logPurgeCommand `cmd:"" help:"Take calls out of the log for good."`
}

// flush has the store's server, when one runs, write the calls that wait: an answer
// is out before its call is in the file. The log can be read without.
func (f *logFolder) flush(t *terminal) {
	served, err := server.IsServed(t.ctx, f.Store)
	if served {
		var said strings.Builder
		asker := &terminal{ctx: t.ctx, err: &said}
		if err = forward(asker, server.SocketOf(f.Store), io.Discard, nil, []string{"log", "flush"}); said.Len() > 0 {
			err = errors.New(strings.TrimSpace(said.String()))
		}
	}
	if err != nil {
		fmt.Fprintf(t.err, "rator: calls of the last moments may be missing: %v\n", err)
	}
}

type logListCommand struct {
	logFolder
	Face      string `help:"Calls over this face: soap, or tmf for TM Forum." placeholder:"FACE"`
	Hookpoint string `help:"Calls in which one of these hookpoints ran; of TM Forum rights, such as TMF_GET_CUSTOMER, or paths, such as '/customerManagement/customer/*'." placeholder:"PATTERN"`
	Account   string `help:"Calls about a customer: the account's id, or its customer number where the messages have it." placeholder:"ID"`
	Brand     string `help:"Calls for this brand." placeholder:"KEY" env:"-"`
	Object    string `help:"Calls about an object: its id, or any whole text of request or answer, such as a customer number or an MSISDN." placeholder:"ID"`
	Operator  string `help:"Calls of this operator." placeholder:"NAME" env:"-"`
	Server    string `help:"Calls of this server, of several of one database." placeholder:"NAME" env:"-"`
	RequestID string `help:"Calls with this request id." placeholder:"ID" env:"-"`
	Outcome   string `help:"Calls that ended so: ok, failed, fault, or an error code as number or name; of TM Forum the code or the status." placeholder:"OUTCOME"`
	Since     string `help:"Calls since then: a duration such as 1h or 2d, or a time such as 2026-11-24T12:00:00Z." placeholder:"DURATION|TIME"`
	Limit     int    `help:"Most calls to list; 0 = all (default ${default})." default:"50"`
	JSON      bool   `name:"json" help:"Answer as JSON: a list of id, time, face, server, hookpoint, hookpoints, brand, accounts, operator, object, requestId, remote, method, target, outcome, errorCode, fault, httpStatus, tookMs. With --follow one object per line."`
	Follow    bool   `short:"f" help:"Go on with the calls that come, the oldest first, until interrupted."`
}

func (c *logListCommand) Help() string {
	return `Reads the files of a server's call log, whether the server runs or not, with every call that it has
answered; where --call-log names the folder, name the store of its server as well, or calls of the last
moment may be missing. The files are readable for their owner only. Exit code 1 when no call is found,
3 when there is no log.

  rator log --since 1h --outcome failed
  rator log --object 202601020304050001 --json
  rator log --face tmf --account 202601020304050001
  rator log --hookpoint 'SOAP_SIGNUP_*' --operator selfcare --follow
  rator log --call-log /srv/calls-1 --call-log /srv/calls-2 --store postgres://rator@db/rator`
}

func (c *logListCommand) Run(t *terminal) error {
	q, err := c.query()
	if err != nil {
		return misused(err)
	}
	l, err := c.open(t)
	if err != nil {
		return err
	}
	found, newest, err := l.calls(q, c.Limit)
	if err != nil {
		return unreachable(err)
	}
	switch {
	case c.Follow:
		return c.follow(t, l, q, found, newest)
	case c.JSON:
		err = printCallsJSON(t.out, found)
	case len(found) > 0:
		err = printCalls(t.out, found)
	}
	l.complain(t)
	if err == nil && len(found) == 0 {
		fmt.Fprintf(t.err, "rator: no such call in %s\n", strings.Join(c.dirs(), ", "))
		return failed()
	}
	return err
}

// query is what the flags ask for.
func (c *logListCommand) query() (*calllog.Query, error) {
	q := &calllog.Query{Face: c.Face, Hookpoint: c.Hookpoint, Account: c.Account, Brand: c.Brand, Object: c.Object, Operator: c.Operator, Server: c.Server, RequestID: c.RequestID, Outcome: c.Outcome}
	if c.Limit < 0 {
		return nil, errors.New("--limit is a number from 0")
	}
	if code := failure.ByName(c.Outcome); code != nil {
		q.Outcome = strconv.Itoa(code.Number)
	}
	var err error
	if q.Since, err = timeOrAge("--since", c.Since); err != nil {
		return nil, err
	}
	return q, q.Check()
}

// timeOrAge reads a time, or how long ago it was; "" is the zero time.
func timeOrAge(flag, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	at, err := zone.ParseMoment(text, time.Now())
	if err != nil {
		return time.Time{}, fmt.Errorf("%s %w", flag, err)
	}
	return at, nil
}

// follow prints what was found, the oldest first, and then what comes to each log.
func (c *logListCommand) follow(t *terminal, l logs, q *calllog.Query, found []*calllog.Kept, newest []calllog.ID) error {
	one := func(k *calllog.Kept) error {
		if c.JSON {
			return json.NewEncoder(t.out).Encode(callAsJSON(&k.Call))
		}
		cells, widths := callCells(&k.Call), []int{9, 24, 4, 36, 8, 18, 12, 18, 24, 8, 0}
		if len(l) > 1 {
			cells, widths = slices.Insert(cells, 1, cell(k.Server)), slices.Insert(widths, 1, 20)
		}
		var line strings.Builder
		for i, s := range cells {
			fmt.Fprintf(&line, "%-*s  ", widths[i], s)
		}
		_, err := fmt.Fprintln(t.out, strings.TrimRight(line.String(), " "))
		return err
	}
	for _, k := range slices.Backward(found) {
		if err := one(k); err != nil {
			return err
		}
	}
	return l.follow(t.ctx, q, newest, one)
}

var callColumns = []string{"ID", "TIME", "FACE", "HOOKPOINT", "BRAND", "ACCOUNT", "OPERATOR", "OBJECT", "OUTCOME", "TOOK", "REQUEST ID"}

// printCalls prints a list. It says whose each call is where they are not all one server's.
func printCalls(out io.Writer, calls []*calllog.Kept) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	several := slices.ContainsFunc(calls, func(k *calllog.Kept) bool { return k.Server != calls[0].Server })
	row := func(server string, cells []string) {
		if several {
			cells = slices.Insert(slices.Clone(cells), 1, server)
		}
		fmt.Fprintln(w, strings.Join(cells, "\t"))
	}
	row("SERVER", callColumns)
	for _, k := range calls {
		row(cell(k.Server), callCells(&k.Call))
	}
	return w.Flush()
}

func callCells(c *calllog.Call) []string {
	cells := []string{
		c.ID.String(), c.At.UTC().Format("2006-01-02T15:04:05.000Z"), c.Face, c.AskedFor(), c.Brand, strings.Join(accountTexts(c), " "), c.Operator, c.Object, c.OutcomeText(),
		c.Took.Round(10 * time.Microsecond).String(), c.RequestID,
	}
	for i, s := range cells {
		cells[i] = cell(s)
	}
	return cells
}

func accountTexts(c *calllog.Call) []string {
	texts := []string{} // not null, as JSON
	for _, id := range c.Accounts {
		texts = append(texts, store.ID(id).String())
	}
	return texts
}

// printable is s without what could change a terminal: it came from a caller.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r != ' ' && !unicode.IsPrint(r) {
			return '\uFFFD'
		}
		return r
	}, s)
}

// callJSON is a logged call as --json shows it.
type callJSON struct {
	ID         string   `json:"id"`
	Time       string   `json:"time"`
	Face       string   `json:"face"`
	Server     string   `json:"server"` // of several of one database; "" = the only one
	Hookpoint  string   `json:"hookpoint"`
	Hookpoints []string `json:"hookpoints"`
	Brand      string   `json:"brand"`
	Accounts   []string `json:"accounts"`
	Operator   string   `json:"operator"`
	Object     string   `json:"object"`
	RequestID  string   `json:"requestId"`
	Remote     string   `json:"remote"`
	Method     string   `json:"method"`
	Target     string   `json:"target"`
	Outcome    string   `json:"outcome"`
	ErrorCode  int      `json:"errorCode"`
	Fault      string   `json:"fault"`
	Status     int      `json:"httpStatus"`
	TookMS     float64  `json:"tookMs"`
}

func callAsJSON(c *calllog.Call) callJSON {
	return callJSON{
		c.ID.String(), c.At.UTC().Format(time.RFC3339Nano), c.Face, c.Server, c.Hookpoint, append([]string{}, c.Hookpoints...), c.Brand, accountTexts(c),
		c.Operator, c.Object, c.RequestID, remoteText(c), c.Method, c.Target, c.Outcome(), c.ErrorCode, c.Fault, c.Status,
		float64(c.Took.Microseconds()) / 1000,
	}
}

func remoteText(c *calllog.Call) string {
	if !c.Remote.IsValid() {
		return ""
	}
	return c.Remote.String()
}

func printCallsJSON(out io.Writer, calls []*calllog.Kept) error {
	rows := make([]callJSON, 0, len(calls))
	for _, k := range calls {
		rows = append(rows, callAsJSON(&k.Call))
	}
	return json.NewEncoder(out).Encode(rows)
}
