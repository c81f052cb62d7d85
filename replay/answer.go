package replay

import (
	"net/http"

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
	Body      []byte
	ids       *compare.IDs
}

// Update makes the answer the expected one. Ids that live ones stand for stay as
// they were recorded and placeholders stay where they fit, so that nothing changes
// but what is different; mask, if there is one, takes the secrets out. Headers that
// the .http file names get what came.
func (a *Answer) Update(mask func(operation, contentType string, body []byte) []byte) error {
	x := *a.Recorded
	body := a.ids.Recorded(a.Body)
	x.Response.Text = compare.IsXML(body)
	if x.Response.Text {
		body = escaped(body)
		if mask != nil {
			body = mask(a.Operation, a.Header.Get("Content-Type"), body)
		}
		if a.Recorded.Response.Text {
			body = compare.KeepPlaceholders(a.Recorded.Response.Body, body)
		}
	}
	x.Response.Body = body
	if x.Response.Status = a.Status; a.Status == statusOf(a.Body) && len(a.Recorded.Response.Header) == 0 {
		x.Response.Status = 0
	}
	if len(a.Recorded.Response.Header) > 0 {
		x.Response.Header = http.Header{}
		for name := range a.Recorded.Response.Header {
			if values := a.Header.Values(name); len(values) > 0 {
				x.Response.Header[name] = values
			}
		}
	}
	return a.Scenario.Rewrite(a.Step, &x)
}
