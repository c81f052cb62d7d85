package replay_test

import (
	"net/http"
	"os"
	"strings"
	"testing"

	"rator/charset"
	"rator/mask"
	"rator/replay"
	"rator/transport"
)

// TestAnswersArePlain: an answer is unpacked, and read in the charset that its
// Content-Type names, before it is compared and values are taken from it.
func TestAnswersArePlain(t *testing.T) {
	const answer = `<r><name>Åse</name></r>`
	encoded := func(label string) string {
		out, err := charset.Encode(answer, label)
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	gzip := string(transport.AppendGzip(nil, []byte(answer)))
	for name, c := range map[string]struct{ contentType, coding, body, want string }{
		"gzip":           {"text/xml", "gzip", gzip, ""},
		"Latin 1":        {"text/xml; charset=ISO-8859-1", "", encoded("ISO-8859-1"), ""},
		"UTF-16":         {"text/xml; charset=utf-16", "", encoded("UTF-16"), ""},
		"UTF-16, packed": {"text/xml", "gzip", string(transport.AppendGzip(nil, []byte(encoded("UTF-16BE")))), ""},
		"no gzip":        {"text/xml", "gzip", answer, "cannot read the answer: the body is not gzip as its Content-Encoding says"},
		"brotli":         {"text/xml", "br", answer, "cannot read the answer: body is in br, which is not known here"},
		"no UTF-8":       {"text/xml; charset=utf-8", "", encoded("ISO-8859-1"), "cannot read the answer: this byte is not UTF-8, which the Content-Type says it is"},
	} {
		t.Run(name, func(t *testing.T) {
			var again string
			target := remote(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/again" {
					again = r.Header.Get("X-Name")
				}
				w.Header().Set("Content-Type", c.contentType)
				w.Header().Set("Content-Encoding", c.coding)
				_, _ = w.Write([]byte(c.body))
			})
			scenarios := suite(t, map[string]string{
				"01-a.request.xml": "<a/>", "01-a.response.xml": strings.Replace(answer, "Åse", "${capture:NAME}", 1),
				"02-b.request.xml": "<b/>", "02-b.response.xml": answer, "02-b.http": "POST /again HTTP/1.1\nX-Name: ${NAME}\n",
				"03-c.request.xml": "<c/>", "scenario.toml": "[[expect]]\nstep = \"01\"\nxpath = \"/r/name\"\nvalue = \"Åse\"\n[[expect]]\nstep = \"03\"\nxpath = \"/r/name\"\nvalue = \"Åse\"\n",
			})
			told := strings.Join(lines(play(t, &replay.Player{Target: target}, scenarios)), "\n")
			if c.want != "" {
				if !strings.Contains(told, c.want) {
					t.Error(told)
				}
				return
			}
			if strings.Count(told, " equal") != 3 || again != "Åse" {
				t.Errorf("%s\n%q", told, again)
			}
		})
	}
}

// TestUpdateWritesText: what is written as the new expectation can be read, whatever
// charset it came in.
func TestUpdateWritesText(t *testing.T) {
	target := remote(t, func(w http.ResponseWriter, _ *http.Request) {
		body, err := charset.Encode(`<r><name>テ</name><password>planted</password></r>`, "Shift_JIS")
		if err != nil {
			t.Error(err)
		}
		w.Header().Set("Content-Type", "text/xml; charset=Shift_JIS")
		_, _ = w.Write(body)
	})
	scenarios := suite(t, map[string]string{"01-a.request.xml": "<a/>", "02-b.request.xml": "<b/>", "02-b.response.xml": "<r/>"})
	secrets := mask.New(nil, mask.Options{Text: func(string) string { return "${xmlunit.ignore}" }})
	play(t, &replay.Player{Target: target, Answered: func(a *replay.Answer) error { return a.Update(secrets) }}, scenarios)
	for _, name := range []string{"01-a.response.xml", "02-b.response.xml"} {
		text, err := os.ReadFile(scenarios[0].File(name))
		if err != nil || string(text) != `<r><name>テ</name><password>${xmlunit.ignore}</password></r>` {
			t.Errorf("%s: %s %v", name, text, err)
		}
	}
}
