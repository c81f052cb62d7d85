package replay

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"rator/replay/fixture"
)

// request is what is sent in an exchange.
type request struct {
	http *http.Request
	body []byte // before it is in the charset of its Content-Type
}

// defaultHeader is what a request has that no .http file gives headers.
var defaultHeader = http.Header{"Content-Type": {"text/xml; charset=utf-8"}, "Soapaction": {`""`}}

// request makes the request of a step: the recorded one byte for byte, but for
// ${…}, for recorded values that live ones stand for, and for tokens.
func (p *playing) request(ctx context.Context, step *fixture.Step, recorded *fixture.Exchange, x *Exchange) (*request, error) {
	body := recorded.Request.Body
	put := func(file, text string) (string, error) {
		live, err := p.known.put(file, []byte(text), x)
		return string(live), err
	}
	if recorded.Request.Text {
		if p.scenario.Config.Tokens != fixture.TokensRecorded {
			body = freshTokens(body, p.session.Now())
		}
		if bytes.Contains(body, []byte("${")) {
			body = fixture.InUTF8(body) // as what is put in
		}
		var err error
		p.known.ids.Named(body)
		p.known.chosen(body)
		if body, err = p.known.put(p.scenario.File(step.Request), body, x); err != nil {
			return nil, err
		}
	}
	target := recorded.Request.Target
	if target == "" {
		target = p.rules.path
	}
	target, err := put(p.scenario.File(step.HTTP), target)
	if err != nil {
		return nil, err
	}
	u, err := parsePath(target)
	if err != nil {
		return nil, &fixture.Error{File: p.scenario.File(step.HTTP), Message: err.Error()}
	}
	method := recorded.Request.Method
	if method == "" {
		method = http.MethodPost
	}
	header, recordedHeader := http.Header{}, recorded.Request.Header
	if recordedHeader == nil {
		recordedHeader = defaultHeader
	}
	for name, values := range recordedHeader {
		for _, v := range values {
			if v, err = put(p.scenario.File(step.HTTP), v); err != nil {
				return nil, err
			}
			header[name] = append(header[name], v)
		}
	}
	if !recorded.Request.Text { // it goes as it is
		if err := p.known.needs(body); err != nil {
			return nil, err
		}
	}
	sent := body
	if recorded.Request.Text {
		if sent, err = fixture.Sent(body, header.Get("Content-Type")); err != nil {
			return nil, &fixture.Error{File: p.scenario.File(step.Request), Message: err.Error()}
		}
	}
	r, err := http.NewRequestWithContext(ctx, method, "", bytes.NewReader(sent))
	if err != nil {
		return nil, err
	}
	r.URL, r.Header = u, header
	return &request{http: r, body: body}, nil
}

// parsePath reads path and query of a request; "" is the endpoint's own.
func parsePath(target string) (*url.URL, error) {
	if target == "" {
		return &url.URL{}, nil
	}
	u, err := url.ParseRequestURI("/" + strings.TrimPrefix(target, "/"))
	if err != nil {
		return nil, fmt.Errorf("the path %s cannot be read", target)
	}
	return u, nil
}

// put makes a recorded text a live one: live ids stand where recorded ones stood, and
// then what ${…} stands for. What came from an answer is live already, and may be equal
// to another recorded id.
func (k *known) put(file string, text []byte, x *Exchange) ([]byte, error) {
	if err := k.needs(text); err != nil {
		return nil, err
	}
	if !bytes.Contains(text, []byte("${")) {
		return k.live(text, x), nil
	}
	if _, err := k.expand(file, string(text)); err != nil { // its places are those of the file
		return nil, err
	}
	var err error
	expanded, _ := fixture.Expand(string(k.live(text, x)), func(name string) (string, bool) {
		v, ok := k.value(name)
		if k.written[name] {
			err = cmp.Or(err, k.needs([]byte(v)))
			v = string(k.live([]byte(v), x))
		}
		return v, ok
	})
	return []byte(expanded), err
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
