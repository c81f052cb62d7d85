package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"rator/calllog"
	"rator/server"
	"rator/store/address"
)

type logShowCommand struct {
	logFolder
	ID      string `arg:"" help:"Id of the call as the list shows it, or its request id: the newest call with it."`
	Request bool   `help:"The request only." xor:"part"`
	Answer  bool   `help:"The answer only." xor:"part"`
	JSON    bool   `name:"json" help:"As JSON: what the list has, and request, requestType, answer, answerType, answerBytes." xor:"part"`
	Raw     bool   `help:"The messages as they were sent, but for the secrets; else they are indented."`
}

func (c *logShowCommand) Help() string {
	return `Prints what is known of a call, its request and its answer. Secrets were taken out before it was
written: *** stands for each. Of a long answer of TM Forum the log has the beginning, and tells how long
it was.

  rator log show 7-1042
  rator log show order-4711 --answer --raw`
}

func (c *logShowCommand) Run(t *terminal) error {
	l, err := c.open(t)
	if err != nil {
		return err
	}
	r, k, err := l.find(c.ID)
	if err != nil {
		return err
	}
	request, answer, err := r.Messages(k)
	if err != nil {
		return err
	}
	switch {
	case c.JSON:
		return json.NewEncoder(t.out).Encode(struct {
			callJSON
			Request     string `json:"request"`
			RequestType string `json:"requestType"`
			Answer      string `json:"answer"`
			AnswerType  string `json:"answerType"`
			AnswerBytes int64  `json:"answerBytes"` // 0 = answer is all
		}{callAsJSON(&k.Call), string(request), k.RequestType, string(answer), k.AnswerType, k.AnswerBytes})
	case c.Request:
		return c.message(t.out, request)
	case c.Answer:
		return c.message(t.out, answer)
	}
	if err := printCall(t.out, &k.Call); err != nil {
		return err
	}
	answered := "Answer"
	if k.AnswerBytes > 0 {
		answered = fmt.Sprintf("Answer, the beginning of %d bytes", k.AnswerBytes)
	}
	for _, part := range []struct {
		name    string
		content []byte
	}{{"Request", request}, {answered, answer}} {
		if k.Face == calllog.FaceTMF && len(part.content) == 0 {
			continue // a GET asks without a document
		}
		if _, err := fmt.Fprintf(t.out, "\n%s\n", part.name); err != nil {
			return err
		}
		if err := c.message(t.out, part.content); err != nil {
			return err
		}
	}
	return nil
}

func (c *logShowCommand) message(out io.Writer, message []byte) error {
	text := string(message)
	if !c.Raw {
		text = printableLines(indent(text))
	}
	if text != "" && !strings.HasSuffix(text, "\n") && (!c.Raw || !c.Request && !c.Answer) {
		text += "\n"
	}
	_, err := io.WriteString(out, text)
	return err
}

func printableLines(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(printable(strings.ReplaceAll(strings.TrimRight(line, "\r\n"), "\t", "  ")))
		b.WriteByte('\n')
	}
	return b.String()
}

func printCall(out io.Writer, c *calllog.Call) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	cells := callCells(c)
	for i, name := range []string{"Id", "Time", "Face", "Hookpoint", "Brand", "Account", "Operator", "Object", "Outcome", "Took", "Request id"} {
		fmt.Fprintf(w, "%s\t%s\n", name, cells[i])
	}
	if len(c.Hookpoints) > 0 {
		fmt.Fprintf(w, "Ran\t%s\n", printable(strings.Join(c.Hookpoints, " ")))
	}
	if c.Server != "" {
		fmt.Fprintf(w, "Server\t%s\n", printable(c.Server))
	}
	fmt.Fprintf(w, "From\t%s\n", remoteText(c))
	if c.Method != "" {
		fmt.Fprintf(w, "HTTP request\t%s\n", printable(c.Method+" "+c.Target))
	}
	fmt.Fprintf(w, "HTTP status\t%d\n", c.Status)
	return w.Flush()
}

type logPurgeCommand struct {
	logFolder
	Object string `help:"Calls about an object: its id, or any whole text of request or answer, such as a customer number or an MSISDN." placeholder:"ID"`
	Before string `help:"Calls before then: how long ago, such as 2d, or a time such as 2026-11-24T12:00:00Z." placeholder:"DURATION|TIME"`
}

func (c *logPurgeCommand) Help() string {
	return `SOAP_ERASE_PERSON takes the calls out that name a person's objects by id; this takes out others, such as
a refused sign-up. With both flags, the calls that both are true of. It works while a server writes the log.

  rator log purge --object 202601020304050001
  rator log purge --before 1d --store /var/lib/rator/rator.db`
}

// logForwarded are the subcommands of rator log that run inside a server.
type logForwarded struct {
	Purge logPurgeCommand `cmd:""`
	Flush logFlushCommand `cmd:""`
}

// logFlushCommand is what a reader of the log asks its server for.
type logFlushCommand struct{}

// Run returns when every call that was answered before is in the files.
func (c *logFlushCommand) Run(t *terminal) error {
	if t.calls == nil {
		return nil
	}
	return t.calls.Flush()
}

func (c *logPurgeCommand) Run(t *terminal) error {
	q := &calllog.Query{Object: c.Object}
	if c.Object == "" && c.Before == "" {
		return misused(errors.New("say which calls: --object ID, --before TIME"))
	}
	if len(c.CallLog) > 1 {
		return misused(errors.New("--call-log: purge one folder at a time"))
	}
	var err error
	if q.Before, err = timeOrAge("--before", c.Before); err != nil {
		return misused(err)
	}
	var calls int
	if t.live != nil {
		calls, err = c.inServer(t, q)
	} else {
		if _, err := c.open(t); err != nil {
			return err
		}
		calls, err = calllog.Purge(c.dir(), q)
		if errors.Is(err, calllog.ErrInUse) {
			return c.forward(t, q)
		}
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(t.out, "%d calls purged\n", calls)
	return err
}

// forward has the server do it that writes the log.
func (c *logPurgeCommand) forward(t *terminal, q *calllog.Query) error {
	dir, err := absolute(c.dir())
	if err != nil {
		return err
	}
	if address.Is(c.Store) {
		return unreachable(fmt.Errorf("%s: %w; stop the server that writes it, purge, and start it again", dir, calllog.ErrInUse))
	}
	args := []string{"log", "purge", "--call-log=" + dir, "--object=" + c.Object, "--before="}
	if !q.Before.IsZero() {
		args[len(args)-1] += q.Before.Format(time.RFC3339Nano)
	}
	err = forward(t, server.SocketOf(c.Store), t.out, nil, args)
	var e *exitError
	if errors.As(err, &e) && e.code == exitUnreachable && e.cause != nil {
		return unreachable(fmt.Errorf("%s: %w; name the store of its server with --store", dir, calllog.ErrInUse))
	}
	return err
}

// inServer purges the server's own log.
func (c *logPurgeCommand) inServer(t *terminal, q *calllog.Query) (int, error) {
	if t.calls == nil {
		return 0, errors.New("the server of this store keeps no call log")
	}
	own, err := absolute(t.calls.Dir())
	if err != nil {
		return 0, err
	}
	if own != c.dir() {
		return 0, fmt.Errorf("the server of this store keeps its call log in %s, not in %s; name the store of the other server", own, c.dir())
	}
	return t.calls.Purge(q)
}
