package report

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"rator/replay"
	"rator/replay/compare"
)

// hidden is a character of a secret in an expected text, which keeps its length so
// that the places in it hold. It is of private use (Unicode 23.5), and is shown as
// *** however many there are.
const hidden = "\ue000"

// Filler stands for a secret in an expected text: it is as long, with its line ends.
func Filler(_, secret string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' {
			return r
		}
		return '\ue000'
	}, secret)
}

// unfilled is a text with *** for what Filler put in.
func unfilled(s string) string {
	if !strings.Contains(s, hidden) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		if !strings.HasPrefix(s[i:], hidden) {
			_, size := utf8.DecodeRuneInString(s[i:])
			b.WriteString(s[i : i+size])
			i += size
			continue
		}
		for strings.HasPrefix(s[i:], hidden) {
			i += len(hidden)
		}
		b.WriteString("***")
	}
	return b.String()
}

// unfilledBody is unfilled of a body; nil when there is none.
func unfilledBody(body []byte) []byte {
	if body == nil {
		return nil
	}
	return []byte(unfilled(string(body)))
}

// Without tells a sink results without their secrets: those in messages, in the
// two values of a difference, and in what went wrong. expected masks expected texts
// and gives Filler for each secret; live masks everything else.
func Without(live, expected replay.Secrets, sink replay.Sink) replay.Sink {
	return &without{live: live, expected: expected, sink: sink}
}

// Proposed is a proposal without the secrets in what the two playings answered.
func Proposed(live replay.Secrets, p replay.Proposal) replay.Proposal {
	w := without{live: live}
	d := compare.Difference{Path: p.Pattern, Kind: compare.Value, Want: p.First, Got: p.Second}
	p.First, p.Second = w.value(p.Operation, &d, p.First), w.value(p.Operation, &d, p.Second)
	return p
}

type without struct {
	live, expected replay.Secrets
	sink           replay.Sink
}

// Played is a replay.Sink's.
func (w *without) Played(r *replay.Result) error {
	clean := *r
	var operations []string
	for i := range r.Exchanges {
		operations = append(operations, r.Exchanges[i].Operation)
	}
	of := func(variables map[string]string) *without {
		return &without{live: Given(w.live, variables, operations...), expected: Given(w.expected, variables, operations...)}
	}
	clean.Err, clean.Variables = of(r.Variables).err(r.Err), nil
	clean.Exchanges = make([]replay.Exchange, len(r.Exchanges))
	for i := range r.Exchanges {
		clean.Exchanges[i] = of(r.Exchanges[i].Variables).exchange(&r.Exchanges[i])
	}
	return w.sink.Played(&clean)
}

// Done is a replay.Sink's.
func (w *without) Done(s *replay.Summary) error { return w.sink.Done(s) }

func (w *without) exchange(x *replay.Exchange) replay.Exchange {
	clean := *x
	clean.Variables = nil
	clean.Err = w.err(x.Err)
	clean.Sent = w.live.Answer(x.Operation, "", x.Sent)
	clean.Want = w.expected.Answer(x.Operation, "", x.Want)
	clean.Got = w.live.Answer(x.Operation, "", x.Got)
	clean.Differences = make([]compare.Difference, len(x.Differences))
	for i, d := range x.Differences {
		want, got := w.value(x.Operation, &d, d.Want), w.value(x.Operation, &d, d.Got)
		if want == got && d.Want != d.Got {
			got += " (another secret)"
		}
		d.Want, d.Got = want, got
		clean.Differences[i] = d
	}
	return clean
}

// value is one side of a difference.
func (w *without) value(operation string, d *compare.Difference, text string) string {
	switch {
	case text == "":
		return ""
	case d.Kind == compare.Header:
		return w.live.Header(http.Header{http.CanonicalHeaderKey(d.Path): {text}}).Get(d.Path)
	}
	const none = "x"
	if named := inPlace(d.Path, none); string(w.live.Answer(operation, "text/xml", []byte(named))) != named {
		return "***"
	}
	return string(w.live.Answer(operation, "", []byte(text)))
}

// inPlace is a message with a text in the place that a path names.
func inPlace(path, text string) string {
	var b strings.Builder
	ends := 0
	for _, name := range strings.FieldsFunc(path, func(r rune) bool { return strings.ContainsRune("/[]@", r) }) {
		if strings.Trim(name, "0123456789") == "" {
			continue // an index
		}
		b.WriteString("<value><key>" + escapeName(name) + "</key>")
		ends++
	}
	return b.String() + "<value>" + text + "</value>" + strings.Repeat("</value>", ends)
}

var escapeName = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace

// err is an error whose text has no card number; what it is stays.
func (w *without) err(err error) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	if clean := string(w.live.Answer("", "text/plain", []byte(text))); clean != text {
		return &saidWithout{text: clean, err: err}
	}
	return err
}

type saidWithout struct {
	text string
	err  error
}

func (e *saidWithout) Error() string { return e.text }
func (e *saidWithout) Unwrap() error { return e.err }
