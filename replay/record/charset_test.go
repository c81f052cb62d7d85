package record_test

import (
	"io"
	"mime"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rator/charset"
	"rator/replay"
	"rator/replay/fixture"
	"rator/transport"
	"rator/workflow/contract"
)

// outcome keeps what of a playing was not equal.
type outcome struct{ bad []string }

func (o *outcome) Played(r *replay.Result) error {
	if r.Err != nil {
		o.bad = append(o.bad, r.Err.Error())
	}
	for _, x := range r.Exchanges {
		for _, d := range x.Differences {
			o.bad = append(o.bad, d.Path+": "+d.Got+" instead of "+d.Want)
		}
	}
	return nil
}

func (o *outcome) Done(*replay.Summary) error { return nil }

// TestCharsets: in whatever charset a message comes, no secret is written, the file can
// be read, and what is played is what was recorded.
func TestCharsets(t *testing.T) {
	const (
		declared16 = `<?xml version="1.0" encoding="UTF-16"?>`
		asked      = `<login><user>Åse</user><password>hunter2</password></login>`
		answered   = `<ok><name>Øre</name><token>abc-secret-def</token></ok>`
	)
	for name, c := range map[string]struct{ head, label, contentType string }{
		"UTF-16 with a mark":          {declared16, "UTF-16", "text/xml; charset=utf-16"},
		"UTF-16 with a mark alone":    {"", "UTF-16", "text/xml"},
		"big end with a mark":         {declared16, "\xFE\xFF", "text/xml; charset=utf-16"},
		"little end without mark":     {declared16, "UTF-16LE", "text/xml; charset=utf-16le"},
		"little end, nothing said":    {"", "UTF-16LE", "text/xml"},
		"big end without mark":        {"", "UTF-16BE", "text/xml; charset=UTF-16"},
		"big end, said to be UTF-8":   {"", "UTF-16BE", usual},
		"Latin 1 by header":           {"", "ISO-8859-1", "text/xml; charset=ISO-8859-1"},
		"Latin 1 by header only":      {`<?xml version="1.0" encoding="UTF-8"?>`, "ISO-8859-1", "text/xml; charset=ISO-8859-1"},
		"Latin 1 declared":            {`<?xml version="1.0" encoding="ISO-8859-1"?>`, "ISO-8859-1", "application/soap+xml"},
		"windows-1252":                {"", "windows-1252", "text/xml; charset=windows-1252"},
		"a charset of the register":   {"", "ISO-8859-10", "text/xml; charset=ISO-8859-10"},
		"one that has no ASCII in it": {"", "IBM037", "text/xml; charset=IBM037"},
	} {
		t.Run(name, func(t *testing.T) {
			encoded := func(text string) string {
				label, mark := c.label, ""
				if label == "\xFE\xFF" {
					label, mark = "UTF-16BE", label
				}
				out, err := charset.Encode(c.head+text, label)
				if err != nil {
					t.Fatal(err)
				}
				return mark + string(out)
			}
			var unlike atomic.Int32 // requests that say something else
			upstream := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				_, parameters, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
				said, _, err := charset.Decode(body, parameters["charset"])
				if err != nil || !strings.HasSuffix(said, asked) {
					unlike.Add(1)
				}
				w.Header().Set("Content-Type", c.contentType)
				w.Header().Set("Content-Encoding", "gzip")
				_, _ = w.Write(transport.AppendGzip(nil, []byte(encoded(answered))))
			})
			r := start(t, upstream, nil)
			r.post(encoded(asked), "Content-Type", c.contentType)
			r.stop()
			for _, file := range r.files() {
				text := r.file(file)
				for _, secret := range []string{"hunter2", "abc-secret-def"} {
					spaced := strings.Join(strings.Split(secret, ""), "\x00")
					if strings.Contains(text, secret) || strings.Contains(text, spaced) {
						t.Errorf("%s is in %s", secret, file)
					}
				}
				if strings.HasSuffix(file, ".xml") {
					if _, _, err := charset.Decode([]byte(text), ""); err != nil || strings.Contains(text, "\x00") || !strings.Contains(text, "${") {
						t.Errorf("%s cannot be read: %q %v", file, text, err)
					}
				}
			}

			again := httptest.NewServer(upstream)
			defer again.Close()
			target, err := replay.Remote(again.URL, 1, time.Minute, func(string) *contract.Contract { return nil })
			if err != nil {
				t.Fatal(err)
			}
			found, err := fixture.Find(fixture.Options{}, r.dir)
			if err != nil {
				t.Fatal(err)
			}
			var o outcome
			if _, err := (&replay.Player{Target: target, Sink: &o, Variables: map[string]string{"PASSWORD": "hunter2"}}).Play(t.Context(), found); err != nil {
				t.Fatal(err)
			}
			if len(o.bad) > 0 || unlike.Load() > 0 {
				t.Errorf("%d requests are other ones; %s", unlike.Load(), o.bad)
			}
		})
	}
}
