package report

import (
	"bufio"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"
	"time"

	"rator/replay"
)

var (
	//go:embed page.html
	pageSource string
	//go:embed style.css
	styleSource string
	//go:embed script.js
	scriptSource string

	pageTemplate = template.Must(template.New("page").Funcs(template.FuncMap{"class": class, "breakable": breakable}).Parse(pageSource))
)

// class is an outcome as the name of a class.
func class(outcome any) string { return strings.ReplaceAll(fmt.Sprint(outcome), " ", "-") }

// breakable is a name that a narrow column may break at its underscores and slashes.
func breakable(name string) template.HTML {
	escaped := template.HTMLEscapeString(name)
	return template.HTML(strings.NewReplacer("_", "_<wbr/>", "/", "/<wbr/>").Replace(escaped))
}

// HTML is a replay.Sink that writes one file without outside assets, for a browser
// or a printer: totals, what differs, each scenario with its timeline and its
// differences side by side, latencies, coverage. It works without JavaScript, which
// only adds the search.
//
// So that a browser can show it, at most maxSides exchanges have their texts side
// by side; the others list their differences.
type HTML struct {
	out       io.Writer
	o         Options
	scenarios scratch
	kinds     kinds
	played    int
	sides     int
	opened    int
}

const maxSides = 300

// NewHTML writes to w when the playing is done. Close gives the scratch file free
// when it never is.
func NewHTML(w io.Writer, o Options) *HTML { return &HTML{out: w, o: o} }

// Close is for a playing that is not done; after Done it does nothing.
func (h *HTML) Close() error { return h.scenarios.Close() }

// Played is a replay.Sink's.
func (h *HTML) Played(r *replay.Result) error {
	h.played++
	s := h.scenario(r)
	for i := range r.Exchanges {
		x := &r.Exchanges[i]
		for j := range x.Differences {
			h.kinds.add(&x.Differences[j], x.Operation, r.Scenario.Name, h.played)
		}
	}
	return pageTemplate.ExecuteTemplate(&h.scenarios, "scenario", s)
}

// htmlPage is what the parts of the page around the scenarios show.
type htmlPage struct {
	Style       template.CSS
	Script      template.JS
	ScriptHash  string
	Verdict     string // equal, different, failed
	Headline    string
	Endpoint    string
	Unreachable bool
	Started     string
	Took        string
	Cards       []htmlCard
	Kinds       []*kind
	MoreKinds   int
	Scenarios   int
	NotEqual    int
	Failed      int
	Unplayed    int
	Interrupted string
	MaxP99      string
	Operations  []htmlOperation
	Axis        []htmlTick
	Coverage    *htmlCoverage
}

// htmlCard is a total, with its parts as a bar.
type htmlCard struct {
	Title, Figure, Text string
	Parts               []htmlPart
	Bad                 bool
}

type htmlPart struct {
	Class string
	Count int
	Width string // percent
}

// Done is a replay.Sink's: it writes it all.
func (h *HTML) Done(s *replay.Summary) error {
	defer h.scenarios.Close()
	hash := sha256.Sum256([]byte(scriptSource))
	p := htmlPage{
		Style: template.CSS(styleSource), Script: template.JS(scriptSource),
		ScriptHash: base64.StdEncoding.EncodeToString(hash[:]),
		Endpoint:   visible(s.Endpoint), Unreachable: s.Unreachable,
		Started: s.Started.UTC().Format("2006-01-02 15:04:05 UTC"), Took: brief(s.Took),
		Kinds: h.kinds.order, MoreKinds: h.kinds.more, Unplayed: s.Exchanges[replay.NotPlayed],
	}
	if s.Interrupted {
		p.Interrupted = interruption(s)
	}
	p.Failed = s.Scenarios[replay.Failed]
	p.Scenarios = sum(s.Scenarios)
	p.NotEqual = p.Scenarios - s.Scenarios[replay.Equal]
	operations := operationsOf(s, h.o.MaxP99)
	p.Operations, p.Axis = latencyChart(operations)
	if h.o.MaxP99 > 0 {
		p.MaxP99 = h.o.MaxP99.String()
	}
	coverage := h.o.Coverage.Report()
	if coverage != nil {
		p.Coverage = htmlCoverageOf(coverage, h.o.MinCoverage)
	}
	p.judge(s, slowest(operations))
	p.cards(s, operations, coverage, &h.o)
	out := bufio.NewWriterSize(h.out, 64<<10)
	if err := pageTemplate.ExecuteTemplate(out, "head", &p); err != nil {
		return err
	}
	if err := h.scenarios.copyTo(out); err != nil {
		return err
	}
	if err := pageTemplate.ExecuteTemplate(out, "foot", &p); err != nil {
		return err
	}
	return out.Flush()
}

// judge says in a few words how it went.
func (p *htmlPage) judge(s *replay.Summary, slow []operation) {
	all := sum(s.Exchanges)
	different, failed := s.Exchanges[replay.Different], s.Exchanges[replay.Failed]
	p.Verdict = string(replay.Equal)
	switch {
	case s.Unreachable:
		p.Verdict, p.Headline = string(replay.Failed), "The endpoint did not answer"
	case different > 0:
		p.Verdict = string(replay.Different)
		p.Headline = fmt.Sprintf("%d of %s %s", different, count(all, "exchange"), verb(different, "differs", "differ"))
	case failed > 0:
		p.Headline = fmt.Sprintf("%d of %s failed", failed, count(all, "exchange"))
	case s.Scenarios[replay.Failed] > 0:
		p.Headline = count(s.Scenarios[replay.Failed], "scenario") + " failed"
	case len(slow) > 0 && !s.Interrupted:
		p.Verdict, p.Headline = string(replay.Different), "All equal, and too slow"
	case s.Interrupted:
		p.Verdict, p.Headline = string(replay.Different), "Interrupted"
	default:
		p.Headline = "All equal"
	}
	if failed+s.Scenarios[replay.Failed] > 0 {
		p.Verdict = string(replay.Failed)
		if different > 0 && failed > 0 {
			p.Headline += fmt.Sprintf(", %d failed", failed)
		}
	}
	if s.Interrupted && p.Headline != "Interrupted" {
		p.Headline += ", interrupted"
	}
}

func verb(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

func (p *htmlPage) cards(s *replay.Summary, operations []operation, coverage *CoverageReport, o *Options) {
	outcomeCard := func(title string, counts map[replay.Outcome]int) htmlCard {
		all := sum(counts)
		c := htmlCard{Title: title, Figure: fmt.Sprint(all)}
		for _, outcome := range []replay.Outcome{replay.Equal, replay.Different, replay.Failed, replay.NotPlayed, replay.Unfinished} {
			if n := counts[outcome]; n > 0 {
				c.Parts = append(c.Parts, htmlPart{string(outcome), n, percent(n, all)})
			}
		}
		return c
	}
	p.Cards = append(p.Cards, outcomeCard("Scenarios", s.Scenarios), outcomeCard("Exchanges", s.Exchanges))
	var worst time.Duration
	for i := range operations {
		worst = max(worst, operations[i].P99)
	}
	slow := len(slowest(operations))
	latency := htmlCard{Title: "Highest p99", Figure: brief(worst), Text: "of " + count(len(operations), "operation"), Bad: slow > 0}
	if o.MaxP99 > 0 {
		latency.Text = fmt.Sprintf("%d of %s above %s", slow, count(len(operations), "operation"), o.MaxP99)
	}
	p.Cards = append(p.Cards, latency)
	if coverage != nil {
		c := htmlCard{
			Title: "Coverage", Figure: fmt.Sprintf("%.1f %%", coverage.Percent), Bad: coverage.Percent < o.MinCoverage,
			Parts: []htmlPart{{"covered", coverage.Total.Used, percent(coverage.Total.Used, coverage.Total.Of)}, {"uncovered", coverage.Total.Of - coverage.Total.Used, percent(coverage.Total.Of-coverage.Total.Used, coverage.Total.Of)}},
		}
		p.Cards = append(p.Cards, c)
	}
}

// percent is a width for CSS and SVG.
func percent(n, of int) string {
	if of == 0 {
		return "0"
	}
	return fmt.Sprintf("%.2f", 100*float64(n)/float64(of))
}
