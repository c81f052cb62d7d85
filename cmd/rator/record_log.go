package main

import (
	"bytes"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"os"
	"strconv"
	"strings"

	"rator/calllog"
	"rator/mask"
	"rator/replay/fixture"
	"rator/replay/record"
	"rator/server"
	"rator/wire"
	"rator/workflow/contract"
)

// fromLogFlags are the flags of `rator record` that export logged calls as
// exchanges.
type fromLogFlags struct {
	FromLog   []string `help:"Export a SOAP call of a server's call log instead: its id as rator log shows it, or its request id. May be repeated." placeholder:"REQUEST_ID" sep:"none" env:"-" group:"From the call log"`
	logFolder `group:"From the call log"`
}

// fromLog makes fixtures of logged calls.
func (c *recordCommand) fromLog(t *terminal) error {
	switch {
	case c.To != "":
		return misused(errors.New("--to and --from-log exclude each other: record from a server, or from a log"))
	case c.Dir == "":
		return misused(errors.New("--dir is missing: the folder to write to"))
	}
	set, err := server.Hookpoints(c.Hookpoints)
	if err != nil {
		return err
	}
	tellOpen(t, c.Dir)
	written, err := c.exportLog(t, c.Dir, set.Contract)
	if err != nil {
		return err
	}
	if c.JSON {
		return c.report(t, record.Totals{Exchanges: len(written), Scenarios: 1})
	}
	_, err = fmt.Fprintln(t.out, strings.Join(written, "\n"))
	return err
}

// tellOpen says on the terminal when others may look into a folder that is written to.
func tellOpen(t *terminal, dir string) {
	if open := fixture.OpenToOthers(dir); open != "" {
		fmt.Fprintf(t.err, "rator: %s\n", open)
	}
}

// exportLog writes each call that --from-log names into dir, in that order, behind
// the exchanges that are there, and gives what they are called. All are found before
// one is written. The contracts say what is a secret beside what is named like one.
func (c *fromLogFlags) exportLog(t *terminal, dir string, contracts func(hookpoint string) *contract.Contract) (written []string, err error) {
	l, err := c.open(t)
	if err != nil {
		return nil, err
	}
	export := newLogExport(contracts)
	var exchanges []*fixture.Exchange
	var names []string
	var mistakes []error
	for _, id := range c.FromLog {
		r, k, err := l.find(id)
		var x *fixture.Exchange
		if err == nil {
			x, err = export.exchange(r, k)
		}
		if err != nil {
			mistakes = append(mistakes, err)
			continue
		}
		exchanges, names = append(exchanges, x), append(names, stepName(&k.Call))
	}
	if len(mistakes) > 0 {
		return nil, errors.Join(mistakes...)
	}
	number, err := nextStep(dir)
	if err != nil {
		return nil, unreachable(err)
	}
	for i, x := range exchanges {
		if err := fixture.Write(dir, number+i, names[i], x); err != nil {
			return nil, unreachable(fmt.Errorf("%d of %d calls are written: %w", i, len(exchanges), err))
		}
		written = append(written, fmt.Sprintf("%s: %02d-%s", dir, number+i, names[i]))
	}
	return written, nil
}

// logExport makes exchanges of logged calls. Secrets are not in the log; where
// they were, a request gets a variable and an answer what matches anything.
type logExport struct{ requests, answers *mask.Masker }

func newLogExport(contracts func(string) *contract.Contract) *logExport {
	return &logExport{
		requests: mask.New(contracts, mask.Options{Text: func(key string) string { return "${" + variableName(key) + "}" }}),
		answers:  mask.New(contracts, mask.Options{Text: func(string) string { return anything }}),
	}
}

const (
	anything = "${xmlunit.ignore}"
	// hidden is a secret in the log that no contract here knows of, unnamed the
	// variable that it becomes.
	hidden  = ">***<"
	unnamed = ">${SECRET}<"
)

// variableName is a key as the name of a variable: letters, digits, _ and -.
func variableName(key string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' {
			return r
		}
		return '_'
	}, key)
}

func (e *logExport) exchange(r *calllog.Reader, k *calllog.Kept) (*fixture.Exchange, error) {
	request, answer, err := r.Messages(k)
	if err != nil {
		return nil, err
	}
	if k.Face == calllog.FaceTMF {
		return nil, fmt.Errorf("%s is a call of TM Forum, %s %s: fixtures are made of SOAP calls", k.ID, k.Method, k.Target)
	}
	if len(request) == 0 {
		return nil, fmt.Errorf("%s: its request did not arrive whole, so it is not in the log", k.ID)
	}
	x := &fixture.Exchange{}
	x.Request.Body, x.Request.Text = fixtureBody(request, func(text []byte) []byte {
		return bytes.ReplaceAll(e.requests.Message(k.RequestType, text), []byte(hidden), []byte(unnamed))
	})
	x.Response.Body, x.Response.Text = fixtureBody(answer, func(text []byte) []byte {
		return bytes.ReplaceAll(e.answers.Answer(k.Hookpoint, k.AnswerType, text), []byte(hidden), []byte(">"+anything+"<"))
	})
	if !isPlainXML(k.RequestType, request) {
		x.Request.Method, x.Request.Target = http.MethodPost, wire.Path
		x.Request.Header = http.Header{"Content-Type": {k.RequestType}}
	}
	if usual := http.StatusOK; k.Status != usual && (k.Fault == "" || k.Status != http.StatusInternalServerError) {
		x.Response.Status = k.Status
	}
	if !isPlainXML(k.AnswerType, answer) {
		x.Response.Status = k.Status
		x.Response.Header = http.Header{"Content-Type": {k.AnswerType}}
	}
	return x, nil
}

// fixtureBody is a message as a fixture has it: what is XML is text, in which nothing
// that was sent is a placeholder; all else stays as it is.
func fixtureBody(message []byte, hide func([]byte) []byte) (body []byte, text bool) {
	begin := bytes.TrimLeft(bytes.TrimPrefix(message, []byte("\xEF\xBB\xBF")), " \t\r\n")
	if !bytes.HasPrefix(begin, []byte("<")) || bytes.IndexByte(message, 0) >= 0 {
		return message, false
	}
	return hide([]byte(fixture.Escape(string(message)))), true
}

// isPlainXML reports whether a Content-Type is the usual one, text/xml in UTF-8,
// which a fixture need not say. When it names no charset the declaration counts.
func isPlainXML(contentType string, message []byte) bool {
	media, parameters, err := mime.ParseMediaType(contentType)
	if err != nil || media != "text/xml" {
		return false
	}
	charset, named := parameters["charset"]
	if !named {
		declaration, _, _ := strings.Cut(string(message[:min(len(message), 128)]), "?>")
		_, charset, named = strings.Cut(declaration, "encoding=")
	}
	charset = strings.ToLower(strings.Trim(charset, `"' `))
	return !named || strings.HasPrefix(charset, "utf-8")
}

// stepName is what an exchange of the call is called: its hookpoint, in the way of
// files.
func stepName(c *calllog.Call) string {
	if c.Hookpoint == "" {
		return "call"
	}
	name := strings.ToLower(strings.TrimPrefix(c.Hookpoint, "SOAP_"))
	return strings.ReplaceAll(variableName(name), "_", "-")
}

// nextStep is the number behind the highest of the exchanges in dir.
func nextStep(dir string) (int, error) {
	files, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return 0, err
	}
	next := 1
	for _, f := range files {
		digits, _, ok := strings.Cut(f.Name(), "-")
		if n, err := strconv.Atoi(digits); ok && err == nil && n >= next {
			next = n + 1
		}
	}
	return next, nil
}
