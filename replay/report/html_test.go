package report_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"rator/replay"
	"rator/replay/compare"
	"rator/replay/fixture"
	"rator/replay/report"
	"rator/workflow/value"
)

func htmlOf(t *testing.T, p *playing, o report.Options) string {
	t.Helper()
	var b bytes.Buffer
	p.tell(t, report.NewHTML(&b, o))
	return b.String()
}

// everywhere has a hostile text in every place a result has for one.
func everywhere() *playing {
	r := scenario("x/"+hostile, "a", "b")
	r.Scenario.Config.Description = hostile
	r.Scenario.Steps[0] = fixture.Step{Number: "01", Name: hostile, Request: hostile, Response: hostile}
	r.Scenario.Steps = append(r.Scenario.Steps, fixture.Step{Number: "03", Name: hostile, Request: "03", Response: "03"})
	played(r, hostile, time.Millisecond, func(x *replay.Exchange) {
		x.Sent = []byte(hostile)
		x.Replaced = []replay.Replacement{{Recorded: hostile, Live: hostile, Why: hostile}}
		different(x, []byte("<a>"+hostile), []byte("<b>"+hostile), compare.Difference{Path: hostile, Kind: compare.Kind(hostile), Want: hostile, Got: "got " + hostile, Line: 1, Column: 3})
	})
	played(r, "B", time.Millisecond, func(x *replay.Exchange) {
		x.Outcome, x.Err = replay.Failed, fmt.Errorf("cause: %s", hostile)
	})
	r.Err = fmt.Errorf("ended: %s", hostile)
	p := &playing{results: []*replay.Result{r}, summary: finish([]*replay.Result{r})}
	p.summary.Endpoint = hostile
	return p
}

var scriptOrHandler = regexp.MustCompile(`(?i)<script|<img|<iframe|<[a-z]+[^>]*\son[a-z]+=`)

// TestHTMLEscapes: nothing of what came over the wire becomes markup, and no
// character of it does what is not seen.
func TestHTMLEscapes(t *testing.T) {
	page := htmlOf(t, everywhere(), report.Options{})
	// What stands in quotes is no attribute.
	bare := regexp.MustCompile(`="[^"]*"`).ReplaceAllString(page, "")
	if tags := scriptOrHandler.FindAllString(bare, -1); len(tags) != 1 || tags[0] != "<script" {
		t.Errorf("tags that are not ours: %q", tags)
	}
	if n := strings.Count(page, "</script>"); n != 1 {
		t.Errorf("</script> is there %d times", n)
	}
	for i, r := range page {
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) || r == unicode.ReplacementChar {
			t.Fatalf("%U in …%q", r, page[max(0, i-60):i])
		}
	}
	if n := strings.Count(page, "alert(1)"); n < 8 {
		t.Errorf("the text is shown %d times only", n)
	}
}

// TestHTMLStandsAlone: the page loads nothing.
func TestHTMLStandsAlone(t *testing.T) {
	p := everything(t)
	page := htmlOf(t, p, report.Options{Coverage: p.coverage})
	if found := regexp.MustCompile(`(?i)(src|href)="[^#"][^"]*"|url\(|@import`).FindAllString(page, -1); found != nil {
		t.Errorf("it loads %q", found)
	}
	if _, rest, _ := strings.Cut(page, "Content-Security-Policy"); !strings.Contains(rest[:80], "default-src 'none'") {
		t.Error("it may load something")
	}
}

// TestHTMLIsWellFormed: every element that has an end tag is closed where it must
// be, of each part of the page.
func TestHTMLIsWellFormed(t *testing.T) {
	p := everything(t)
	for name, page := range map[string]string{
		"everything": htmlOf(t, p, report.Options{Coverage: p.coverage, MaxP99: time.Millisecond, MinCoverage: 99}),
		"all equal":  htmlOf(t, allEqual(), report.Options{}),
		"hostile":    htmlOf(t, everywhere(), report.Options{}),
		"nothing":    htmlOf(t, &playing{summary: finish(nil)}, report.Options{}),
	} {
		_, body, _ := strings.Cut(page, "<body>")
		body, _, _ = strings.Cut(body, "<script>")
		// Attributes without a value and void elements are HTML's own.
		fixed := regexp.MustCompile(`<input([^>]*)>`).ReplaceAllString("<body>"+body+"</body>", "<input$1/>")
		fixed = regexp.MustCompile(` (checked|hidden|open)(/?>| )`).ReplaceAllString(fixed, ` $1=""$2`)
		d := xml.NewDecoder(strings.NewReader(fixed))
		d.Entity = xml.HTMLEntity
		for {
			if _, err := d.Token(); err != nil {
				if err.Error() != "EOF" {
					t.Errorf("%s: %v near %q", name, err, fixed[max(0, int(d.InputOffset())-150):d.InputOffset()])
				}
				break
			}
		}
	}
}

// hiding hides passwords.
type hiding struct{}

func (hiding) Answer(_, _ string, body []byte) []byte {
	return regexp.MustCompile(`<key>PASSWORD</key><value>[^<]*`).ReplaceAll(body, []byte("<key>PASSWORD</key><value>***"))
}

func (hiding) Header(h http.Header) http.Header { return h }

func (hiding) Value(_, v string) string { return v }

// TestReportsHideSecrets: passwords are in no report, though they were sent.
func TestReportsHideSecrets(t *testing.T) {
	var o report.Options
	for name, sink := range map[string]func(b *bytes.Buffer) replay.Sink{
		"terminal": func(b *bytes.Buffer) replay.Sink {
			return report.NewTerminal(b, report.TerminalOptions{Options: o, Verbose: true})
		},
		"junit": func(b *bytes.Buffer) replay.Sink { return report.NewJUnit(b, o) },
		"json":  func(b *bytes.Buffer) replay.Sink { return report.NewJSON(b, o) },
		"html":  func(b *bytes.Buffer) replay.Sink { return report.NewHTML(b, o) },
	} {
		p := everything(t)
		r := &p.results[1].Exchanges[0]
		r.Got = answer(value.OfString("PASSWORD", "planted-password"))
		r.Replaced = append(r.Replaced, replay.Replacement{Recorded: "***", Live: "planted-password", Why: "volatile PASSWORD"})
		var b bytes.Buffer
		p.tell(t, report.Without(hiding{}, hiding{}, sink(&b)))
		for _, secret := range []string{"planted-password", "demo-secret"} {
			if strings.Contains(b.String(), secret) {
				t.Errorf("%s shows %s", name, secret)
			}
		}
	}
}

// TestHTMLMarks: side by side, what counts is marked and an id that was learned is
// not.
func TestHTMLMarks(t *testing.T) {
	p := everything(t)
	page := htmlOf(t, p, report.Options{})
	_, page, _ = strings.Cut(page, `<table class="sides">`)
	page, _, _ = strings.Cut(page, `</table>`)
	rows := regexp.MustCompile(`(?s)<tr class="(\w*)">(.*?)</tr>`).FindAllStringSubmatch(page, -1)
	class := map[string]string{}
	for _, row := range rows {
		for _, key := range []string{"ID&lt;", "NAME&lt;", "NICKNAME&lt;", "BALANCE&lt;", "BILLING_GROUPS&lt;"} {
			if strings.Contains(row[2], "&lt;key&gt;"+key) && class[key] == "" {
				class[key] = row[1] + " "
			}
		}
	}
	for key, want := range map[string]string{"ID&lt;": "noise ", "NAME&lt;": "counts ", "NICKNAME&lt;": "counts ", "BALANCE&lt;": "counts ", "BILLING_GROUPS&lt;": " "} {
		if class[key] != want {
			t.Errorf("%s is %q, want %q", key, class[key], want)
		}
	}
}

// TestHTMLTimelineOfRepetitions: the bars are of the first playing, whatever all of
// them took.
func TestHTMLTimelineOfRepetitions(t *testing.T) {
	r := scenario("repeated", "a", "b")
	for range 2 {
		played(r, "A", 10*time.Millisecond, func(x *replay.Exchange) { x.Latency.Count, x.Latency.Sum = 100, time.Second })
	}
	r.Exchanges[1].Started = 10 * time.Millisecond
	r.Took = 2 * time.Second
	page := htmlOf(t, &playing{results: []*replay.Result{r}, summary: finish([]*replay.Result{r})}, report.Options{})
	for _, bar := range []string{`x="0.00" width="50.00"`, `x="50.00" width="50.00"`} {
		if strings.Count(page, bar) != 2 {
			t.Errorf("no %s, on the line and in the row", bar)
		}
	}
}
