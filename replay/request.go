package replay

import (
	"bytes"
	"context"
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"

	"rator/replay/fixture"
)

// request is what is sent in an exchange.
type request struct {
	http *http.Request
	body []byte
}

// defaultHeader is what a request has that no .http file gives headers.
var defaultHeader = http.Header{"Content-Type": {"text/xml; charset=utf-8"}, "Soapaction": {`""`}}

// request makes the request of a step: the recorded one byte for byte, but for
// ${…}, for recorded values that live ones stand for, and for tokens.
func (p *playing) request(ctx context.Context, step *fixture.Step, recorded *fixture.Exchange, x *Exchange) (*request, error) {
	body := recorded.Request.Body
	put := func(file, text string) (string, error) {
		expanded, err := p.known.expand(file, text)
		if err != nil {
			return "", err
		}
		return string(p.known.live([]byte(expanded), x)), nil
	}
	if recorded.Request.Text {
		if p.scenario.Config.Tokens != fixture.TokensRecorded {
			body = freshTokens(body, p.session.Now())
		}
		if bytes.Contains(body, []byte("${")) {
			text, err := p.known.expand(p.scenario.File(step.Request), string(body))
			if err != nil {
				return nil, err
			}
			body = []byte(text)
		}
		body = p.known.live(body, x)
	}
	target := recorded.Request.Target
	if target == "" {
		target = p.rules.path
	}
	target, err := put(p.scenario.File(step.HTTP), target)
	if err != nil {
		return nil, err
	}
	u, err := url.ParseRequestURI("/" + strings.TrimPrefix(target, "/"))
	if err != nil {
		return nil, &fixture.Error{File: p.scenario.File(step.HTTP), Message: "the path " + target + " cannot be read"}
	}
	if target == "" {
		u = &url.URL{}
	}
	method := recorded.Request.Method
	if method == "" {
		method = http.MethodPost
	}
	r, err := http.NewRequestWithContext(ctx, method, "", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.URL = u
	header := recorded.Request.Header
	if header == nil {
		header = defaultHeader
	}
	for name, values := range header {
		for _, v := range values {
			if v, err = put(p.scenario.File(step.HTTP), v); err != nil {
				return nil, err
			}
			r.Header[name] = append(r.Header[name], v)
		}
	}
	return &request{http: r, body: body}, nil
}

// live puts live ids in for recorded ones, and notes each.
func (k *known) live(body []byte, x *Exchange) []byte {
	noted := map[string]bool{}
	return k.ids.Replace(body, func(recorded, live string) {
		if !noted[recorded] {
			noted[recorded] = true
			x.Replaced = append(x.Replaced, Replacement{Recorded: recorded, Live: live, Why: "id"})
		}
	})
}

func randomText() string { return rand.Text()[:12] }
