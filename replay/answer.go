package replay

import (
	"net/http"
	"strings"
	"time"

	"rator/replay/compare"
	"rator/replay/fixture"
)

// Answer is an answer that came for a recorded one.
type Answer struct {
	Scenario  *fixture.Scenario
	Step      *fixture.Step
	Recorded  *fixture.Exchange
	Operation string
	Status    int
	Header    http.Header
	Sent      []byte // the request, which the server may echo
	Body      []byte
	// Begun is when sending the request began, Came when the last byte of the answer was
	// there.
	Begun, Came time.Time
	ids         *compare.IDs
}

// Secrets takes secrets out of messages; a *mask.Masker does.
type Secrets interface {
	Answer(hookpoint, contentType string, body []byte) []byte
	Header(http.Header) http.Header
	// Value is what something with a name holds, such as a variable.
	Value(name, v string) string
}

// Update makes the answer the expected one. Ids that live ones stand for stay as
// they were recorded and placeholders stay where they fit, so that nothing changes
// but what is different. Headers that the .http file names get what came. secrets
// masks what is written; nil: it is written as it came.
func (a *Answer) Update(secrets Secrets) error {
	x := *a.Recorded
	body := a.ids.Recorded(a.Body)
	x.Response.Text = compare.IsXML(body)
	if x.Response.Text {
		body = escaped(body)
	}
	header := a.Header
	if secrets != nil {
		media := a.Header.Get("Content-Type")
		if x.Response.Text {
			media, _, _ = strings.Cut(media, ";") // a text says its charset itself
		}
		body = secrets.Answer(a.Operation, media, body)
		header = secrets.Header(a.Header)
	}
	if x.Response.Text && a.Recorded.Response.Text {
		body = compare.KeepPlaceholders(a.Recorded.Response.Body, body)
	}
	x.Response.Body = body
	if x.Response.Status = a.Status; a.Status == statusOf(a.Body) && len(a.Recorded.Response.Header) == 0 {
		x.Response.Status = 0
	}
	if len(a.Recorded.Response.Header) > 0 {
		x.Response.Header = http.Header{}
		for name := range a.Recorded.Response.Header {
			if values := header.Values(name); len(values) > 0 {
				x.Response.Header[name] = values
			}
		}
	}
	return a.Scenario.Rewrite(a.Step, &x)
}
