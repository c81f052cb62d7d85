package record

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"

	"rator/replay/fixture"
	"rator/transport"
	"rator/wire"
)

// fixture makes an exchange what is written of it: without secrets, and only with
// the headers that matter. path is where the scenario's requests go, "" when that
// is not settled.
func (r *Recorder) fixture(x *Exchange, path string) (f *fixture.Exchange, name string, variables []string, err error) {
	asked, _, err := plainBody(x.Request.Header, x.Request.Body, r.options.MaxBody)
	if err != nil {
		return nil, "", nil, fmt.Errorf("the request's %w", err)
	}
	answered, cut, err := plainBody(x.Response.Header, x.Response.Body, r.options.MaxBody)
	if err != nil {
		return nil, "", nil, fmt.Errorf("the answer's %w", err)
	}
	if cut && !x.Response.CutOff {
		x.Response.CutOff = true
		r.options.Say(fmt.Sprintf("the packed answer to %s %s was cut off after %d bytes; it is recorded so", x.Request.Method, r.shown(x), len(x.Response.Body)))
	}
	f = &fixture.Exchange{}
	r.secrets.used = nil
	contentType := x.Request.Header.Get("Content-Type")
	asked, sentAs := asText(asked, contentType)
	is := read(asked)
	if f.Request.Text = looksLikeXML(asked) && !isMultipart(contentType); f.Request.Text {
		f.Request.Body = r.secrets.placed(escaped(r.asked.Message(mediaOf(contentType), asked)))
	} else {
		f.Request.Body = r.plain.Message(contentType, asked)
	}
	r.requestHead(x, path, sentAs, f)
	known := r.known(x, asked)

	contentType = x.Response.Header.Get("Content-Type")
	answered, _ = asText(answered, contentType)
	answer := read(answered)
	if f.Response.Text = answer.whole && !isMultipart(contentType); f.Response.Text {
		answered = known.Hide(answered, r.secrets.ignored("", ""))
		f.Response.Body = r.secrets.placed(escaped(r.answered.Answer(is.hookpoint, mediaOf(contentType), answered)))
	} else {
		f.Response.Body = r.plain.Answer(is.hookpoint, contentType, known.Hide(answered, "***"))
	}
	r.responseHead(x, answer, f)
	return f, x.name(is), fixture.Needed(r.secrets.used, f.Request.Body), nil
}

// asText is a message as a fixture's text, and the Content-Type that the fixture then
// has; as it came when it is no XML that can be decoded.
func asText(body []byte, contentType string) ([]byte, string) {
	if isMultipart(contentType) {
		return body, contentType
	}
	text, as, err := fixture.TextOf(body, contentType)
	if err != nil || !looksLikeXML(text) {
		return body, contentType
	}
	return text, as
}

// mediaOf is a Content-Type without the charset, which a text says itself.
func mediaOf(contentType string) string {
	media, _, _ := strings.Cut(contentType, ";")
	return media
}

func escaped(body []byte) []byte {
	if !bytes.Contains(body, []byte("${")) {
		return body
	}
	return []byte(fixture.Escape(string(body)))
}

// unremarkable are the headers of a request that belong to the connection or say
// something of the client program.
var unremarkable = []string{"Host", "Content-Length", "Content-Encoding", "Transfer-Encoding", "Connection", "Keep-Alive", "User-Agent", "Accept", "Accept-Encoding",
	"Accept-Language", "Expect", "Te", "Trailer", "Upgrade", "Via", "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Cache-Control", "Pragma",
	"Proxy-Connection", "Traceparent", "Tracestate", "X-Real-Ip", "Date"}

// requestHead says method, target and headers, when they are not those that a
// request without an .http file has. sentAs is the Content-Type of the fixture.
func (r *Recorder) requestHead(x *Exchange, path, sentAs string, f *fixture.Exchange) {
	header := http.Header{}
	for name, values := range x.Request.Header {
		if !slices.Contains(unremarkable, name) {
			header[name] = values
		}
	}
	if sentAs != "" {
		header["Content-Type"] = []string{sentAs}
	}
	usual := x.Request.Method == http.MethodPost && x.Request.Target == path
	for name := range header {
		v := header.Get(name)
		usual = usual && (name == "Content-Type" && isUsualXML(v) || name == "Soapaction" && (v == `""` || v == ""))
	}
	if usual && header.Get("Content-Type") != "" {
		return
	}
	f.Request.Method = x.Request.Method
	f.Request.Target = r.target(x.Request.Target)
	f.Request.Header = r.header(header)
}

// header is h without its secrets, as a text with placeholders.
func (r *Recorder) header(h http.Header) http.Header {
	out := http.Header{}
	for name, values := range r.asked.Header(h) {
		for _, v := range values {
			out[name] = append(out[name], string(r.secrets.placed(escaped([]byte(v)))))
		}
	}
	return out
}

// target is a request's path and query without the secrets.
func (r *Recorder) target(target string) string {
	return string(r.secrets.placed(escaped([]byte(r.asked.Target(target)))))
}

// told are the headers of an answer that say the same each time, beside what
// the body is.
var told = []string{"Www-Authenticate", "Retry-After", "Idempotent-Replayed", "Allow"}

func (r *Recorder) responseHead(x *Exchange, answer document, f *fixture.Exchange) {
	header := http.Header{}
	if v := x.Response.Header.Get("Content-Type"); v != "" && !isUsualXML(v) {
		header.Set("Content-Type", v)
	}
	for _, name := range told {
		if values := x.Response.Header[name]; len(values) > 0 {
			header[name] = r.plain.Header(http.Header{name: values})[name]
		}
	}
	usual := http.StatusOK
	if answer.operation == wire.Fault {
		usual = http.StatusInternalServerError
	}
	if len(header) == 0 && x.Response.Status == usual {
		return
	}
	f.Response.Status, f.Response.Header = x.Response.Status, header
}

// isUsualXML reports whether a content type is text/xml in UTF-8, as SOAP 1.1 is sent.
func isUsualXML(contentType string) bool {
	media, parameters, err := mime.ParseMediaType(contentType)
	return err == nil && media == "text/xml" && (len(parameters) == 0 || len(parameters) == 1 && strings.EqualFold(parameters["charset"], "utf-8"))
}

func isMultipart(contentType string) bool {
	return strings.HasPrefix(strings.ToLower(contentType), "multipart/")
}

// plainBody is a body without its compression: what is in a packed one cannot be
// masked. What was cut off is as much as there is.
func plainBody(h http.Header, body []byte, longest int64) (plain []byte, cut bool, err error) {
	plain, err = transport.Unpacked(h, body, longest)
	switch {
	case errors.Is(err, transport.ErrTooLong):
		return nil, false, fmt.Errorf("%w: more than --max-body", err)
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		return nil, false, err
	}
	return plain, err != nil, nil
}
