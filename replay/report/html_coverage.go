package report

import "fmt"

// htmlCoverage is the coverage table.
type htmlCoverage struct {
	Percent, Total string
	Called         string
	TooLow         string
	Rows           []htmlCovered
	Uncalled       []string
}

type htmlCovered struct {
	Name, Percent          string
	Sent, Answered, Errors htmlShare
	Never                  []htmlNever
}

type htmlShare struct{ Ratio, Width string }

type htmlNever struct {
	What  string
	Names []string
}

func shareOf(s Share) htmlShare { return htmlShare{s.ratio(), percent(s.Used, s.Of)} }

func htmlCoverageOf(c *CoverageReport, least float64) *htmlCoverage {
	h := &htmlCoverage{Percent: fmt.Sprintf("%.1f", c.Percent), Total: c.Total.ratio()}
	if c.Percent < least {
		h.TooLow = fmt.Sprintf("%g", least)
	}
	for i := range c.Hookpoints {
		k := &c.Hookpoints[i]
		if !k.Called {
			h.Uncalled = append(h.Uncalled, visible(k.Hookpoint))
			continue
		}
		h.Rows = append(h.Rows, htmlCovered{
			Name: visible(k.Hookpoint), Percent: fmt.Sprintf("%.1f", k.Percent),
			Sent: shareOf(k.Sent), Answered: shareOf(k.Answered), Errors: shareOf(k.Errors),
			Never: nevers(k.Sent.Unused, k.Answered.Unused, k.Errors.Unused),
		})
	}
	h.Called = fmt.Sprintf("%d of %s", len(h.Rows), count(len(c.Hookpoints), "hookpoint"))
	h.Rows = append(h.Rows, htmlCovered{
		Name: "CONTEXT", Percent: fmt.Sprintf("%.1f", c.Context.percent()), Sent: shareOf(c.Context),
		Answered: htmlShare{Ratio: "-"}, Errors: htmlShare{Ratio: "-"}, Never: nevers(c.Context.Unused, nil, nil),
	})
	return h
}

func nevers(sent, answered, met []string) []htmlNever {
	var all []htmlNever
	for _, n := range []htmlNever{{"sent", sent}, {"answered", answered}, {"met", met}} {
		if len(n.Names) > 0 {
			all = append(all, n)
		}
	}
	return all
}
