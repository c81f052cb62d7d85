package convert

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"rator/replay/compare"
	"rator/replay/fixture"
	"rator/workflow/contract"
)

// harFile is what is read of a HAR file (HAR 1.2).
type harFile struct {
	Log *struct {
		Version string     `json:"version"`
		Entries []harEntry `json:"entries"`
	} `json:"log"`
}

type harEntry struct {
	Request struct {
		Method   string      `json:"method"`
		URL      string      `json:"url"`
		Headers  []harHeader `json:"headers"`
		PostData *harContent `json:"postData"`
	} `json:"request"`
	Response struct {
		Status  int         `json:"status"`
		Headers []harHeader `json:"headers"`
		Content harContent  `json:"content"`
	} `json:"response"`
}

type harHeader struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type harContent struct {
	MimeType string `json:"mimeType"`
	Text     string `json:"text"`
	Encoding string `json:"encoding"`
}

// HAR reads a HAR file: the entries that send XML become the exchanges of one
// scenario, or of one for each host. Secrets are taken out as contracts, their
// names and mask say, and become variables. Entries of other kinds are in Left.
func HAR(file string, contracts func(hookpoint string) *contract.Contract) (*Import, error) {
	src, err := read(file)
	if err != nil {
		return nil, err
	}
	var har harFile
	if err := json.Unmarshal(bytes.TrimPrefix(src, []byte("\xEF\xBB\xBF")), &har); err != nil {
		mistake := &fixture.Error{File: file, Message: "it is no HAR file: " + err.Error()}
		var syntax *json.SyntaxError
		var kind *json.UnmarshalTypeError
		at := int64(-1)
		if errors.As(err, &syntax) {
			at = syntax.Offset
		} else if errors.As(err, &kind) {
			at = kind.Offset
		}
		if at >= 0 {
			mistake.Line, mistake.Column = fixture.Place(string(src), int(min(at, int64(len(src)))))
		}
		return nil, mistake
	}
	if har.Log == nil || har.Log.Version == "" {
		return nil, &fixture.Error{File: file, Message: "it is no HAR file: it has no log with a version"}
	}
	h := &harReader{file: filepath.Base(file), result: &Import{}, secrets: newSecrets(contracts), folders: map[string]*Folder{}}
	if !strings.HasPrefix(har.Log.Version, "1.") {
		h.left("", "it is HAR "+har.Log.Version+", which is not known here; it is read as HAR 1.2")
	}
	for i := range har.Log.Entries {
		h.entry(i+1, &har.Log.Entries[i])
	}
	h.settle()
	h.result.count()
	return h.result, nil
}

type harReader struct {
	file    string
	result  *Import
	secrets *secrets
	hosts   []string
	folders map[string]*Folder // by host
}

func (h *harReader) left(where, what string) {
	h.result.Left = append(h.result.Left, Left{File: h.file, Where: where, What: what})
}

// entry makes an exchange of one.
func (h *harReader) entry(n int, e *harEntry) {
	u, err := url.Parse(e.Request.URL)
	if err != nil || u.Host == "" {
		h.left(fmt.Sprintf("entry %d", n), "its request has no URL; skipped")
		return
	}
	where := fmt.Sprintf("entry %d: %s %s%s", n, e.Request.Method, u.Host, u.Path)
	body, err := e.Request.PostData.body()
	switch {
	case err != nil:
		h.left(where, "the request's body is no base64; skipped")
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
	answer, err := e.Response.Content.body()
	if err != nil {
		h.left(where, "the answer's body is no base64; skipped")
		return
	}
	x := Exchange{Name: compare.Operation(body)}
	h.request(e, u, body, &x)
	h.response(e, compare.Operation(body), answer, &x)
	f := h.folders[u.Host]
	if f == nil {
		f = &Folder{Config: fixture.Config{Variables: map[string]string{}}}
		h.folders[u.Host], h.hosts = f, append(h.hosts, u.Host)
	}
	f.Exchanges = append(f.Exchanges, x)
}

func (c *harContent) body() ([]byte, error) {
	switch {
	case c == nil:
		return nil, nil
	case c.Encoding == "base64":
		return base64.StdEncoding.DecodeString(c.Text)
	}
	return []byte(c.Text), nil
}

// kept are the headers of a request that say something of the request, not of the
// program or the connection.
var kept = []string{"Content-Type", "Soapaction", "Authorization", "Idempotency-Key"}

func (h *harReader) request(e *harEntry, u *url.URL, body []byte, x *Exchange) {
	header := http.Header{}
	for _, p := range e.Request.Headers {
		name := http.CanonicalHeaderKey(p.Name)
		if slices.Contains(kept, name) || strings.HasPrefix(name, "X-") && !strings.HasPrefix(name, "X-Forwarded") {
			header.Add(name, p.Value)
		}
	}
	if header.Get("Content-Type") == "" {
		header.Set("Content-Type", e.Request.PostData.MimeType)
	}
	r := &x.Request
	r.Text, r.Method, r.Target = true, e.Request.Method, h.secrets.target(u)
	r.Header = h.secrets.header(header)
	r.Body = h.secrets.placed(h.secrets.asked.Message(header.Get("Content-Type"), body))
}

func (h *harReader) response(e *harEntry, operation string, answer []byte, x *Exchange) {
	r := &x.Response
	media := e.Response.Content.MimeType
	if r.Text = compare.IsXML(answer); r.Text {
		r.Body = h.secrets.placed(h.secrets.answered.Answer(operation, media, answer))
	} else {
		r.Body = h.secrets.plain.Answer(operation, media, answer)
	}
	usual := http.StatusOK
	if r.Text && compare.Operation(answer) == "Fault" {
		usual = http.StatusInternalServerError
	}
	if e.Response.Status != usual {
		r.Status = e.Response.Status
	}
}

// settle puts the folders together, with the path of each.
func (h *harReader) settle() {
	for _, host := range h.hosts {
		f := h.folders[host]
		c := &testCase{folder: f}
		c.settle()
		if len(h.hosts) == 1 {
			h.result.Folder = *f
		} else {
			f.Name = freeName(&h.result.Folder, host)
			h.result.Folders = append(h.result.Folders, f)
		}
	}
	if len(h.secrets.names) > 0 {
		h.left("", "secrets became variables; give them with --set: "+strings.Join(h.secrets.names, ", "))
	}
}
