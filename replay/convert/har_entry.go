package convert

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"rator/replay/compare"
	"rator/replay/fixture"
	"rator/wire"
)

// entry makes an exchange of one.
func (h *harReader) entry(e *harEntry) {
	u, err := url.Parse(e.Request.URL)
	if err != nil || u.Host == "" {
		h.left(fmt.Sprintf("entry %d", e.number), "its request has no URL; skipped")
		return
	}
	where := fmt.Sprintf("entry %d: %s %s%s", e.number, e.Request.Method, u.Host, u.Path)
	contentType := e.contentType()
	body, contentType, err := e.Request.PostData.text(contentType)
	switch {
	case err != nil:
		h.left(where, "the request's body "+err.Error()+"; skipped")
		return
	case len(body) == 0:
		h.left(where, "it sends no body; skipped")
		return
	case !compare.IsXML(body):
		h.left(where, "it sends "+e.Request.PostData.MimeType+", which is no XML; skipped")
		return
	case e.Response.Status == 0:
		h.left(where, "it got no answer; skipped")
		return
	}
	answer, _, err := e.Response.Content.text(e.Response.Content.MimeType)
	if err != nil {
		h.left(where, "the answer's body "+err.Error()+"; skipped")
		return
	}
	operation := askedOf(body)
	x := Exchange{Name: operation}
	h.request(e, u, body, contentType, &x)
	if x.Open = len(answer) == 0 && e.Response.Content.Size > 0; x.Open {
		h.left(where, "the file does not have the answer's body; rator replay --update writes the one that comes")
	}
	h.response(e, operation, answer, &x)
	f := h.folders[u.Host]
	if f == nil {
		f = &Folder{Config: fixture.Config{Variables: map[string]string{}}}
		h.folders[u.Host], h.hosts = f, append(h.hosts, u.Host)
	}
	f.Exchanges = append(f.Exchanges, x)
}

// contentType is what the request was sent as.
func (e *harEntry) contentType() string {
	for _, p := range e.Request.Headers {
		if strings.EqualFold(p.Name, "Content-Type") {
			return p.Value
		}
	}
	if e.Request.PostData == nil {
		return ""
	}
	return e.Request.PostData.MimeType
}

// askedOf is the hookpoint that a request names, else its operation.
func askedOf(body []byte) string {
	root, err := compare.Parse(body)
	if err != nil {
		return ""
	}
	at := root.Operation()
	if key := below(at, wire.Argument, wire.HookpointKey); key != nil && strings.TrimSpace(key.Content()) != "" {
		return strings.TrimSpace(key.Content())
	}
	return at.Name.Local
}

// kept are the headers of a request that say something of the request, not of the
// program or the connection.
var kept = []string{"Soapaction", "Authorization", "Idempotency-Key"}

func (h *harReader) request(e *harEntry, u *url.URL, body []byte, contentType string, x *Exchange) {
	header := http.Header{}
	for _, p := range e.Request.Headers {
		name := http.CanonicalHeaderKey(p.Name)
		if slices.Contains(kept, name) || strings.HasPrefix(name, "X-") && !strings.HasPrefix(name, "X-Forwarded") {
			header.Add(name, fixture.Escape(p.Value))
		}
	}
	header.Set("Content-Type", fixture.Escape(contentType))
	r := &x.Request
	r.Text, r.Method, r.Target = true, e.Request.Method, h.secrets.target(fixture.Escape(targetOf(u)))
	r.Header = h.secrets.header(header)
	r.Body = h.secrets.placed(h.secrets.asked.Message("text/xml", escaped(body)))
}

func (h *harReader) response(e *harEntry, operation string, answer []byte, x *Exchange) {
	r := &x.Response
	if r.Text = compare.IsXML(answer); r.Text {
		r.Body = h.secrets.placed(h.secrets.answered.Answer(operation, "text/xml", escaped(answer)))
	} else {
		r.Body = h.secrets.plain.Answer(operation, e.Response.Content.MimeType, answer)
	}
	usual := http.StatusOK
	if r.Text && compare.Operation(answer) == wire.Fault {
		usual = http.StatusInternalServerError
	}
	if e.Response.Status != usual {
		r.Status = e.Response.Status
	}
}

func escaped(body []byte) []byte { return []byte(fixture.Escape(string(body))) }
