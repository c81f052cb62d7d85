package report

import (
	"cmp"
	"slices"
)

// CoverageReport is how much was used.
type CoverageReport struct {
	Total      Share               `json:"total"`
	Percent    float64             `json:"percent"` // of Total, cut to one digit after the point
	Context    Share               `json:"context"`
	Hookpoints []HookpointCoverage `json:"hookpoints"` // by name
}

// HookpointCoverage is how much was used of one contract.
type HookpointCoverage struct {
	Hookpoint string  `json:"hookpoint"`
	Called    bool    `json:"called"`
	Percent   float64 `json:"percent"`
	Sent      Share   `json:"sent"`
	Answered  Share   `json:"answered"`
	Errors    Share   `json:"errors"`
}

// Share is a part of a whole.
type Share struct {
	Used   int      `json:"used"`
	Of     int      `json:"of"`
	Unused []string `json:"unused,omitempty"` // names, in the contract's order
}

// percent is 100 when there is nothing to use. It is cut, not rounded, so that only
// all is 100.
func (s Share) percent() float64 {
	if s.Of == 0 {
		return 100
	}
	return float64(1000*s.Used/s.Of) / 10
}

func (s *Share) add(t Share) { s.Used, s.Of = s.Used+t.Used, s.Of+t.Of }

// Report is what was used so far. It is nil when nothing that was played has a
// contract: there is nothing to say of foreign XML.
func (c *Coverage) Report() *CoverageReport {
	if c == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.known {
		return nil
	}
	r := &CoverageReport{Context: c.context.share()}
	r.Total.add(r.Context)
	for name, h := range c.hookpoints {
		row := HookpointCoverage{Hookpoint: name, Called: h.called, Sent: h.sent.share(), Answered: h.answered.share(), Errors: h.mets.share()}
		whole := Share{Of: 1}
		if h.called {
			whole.Used = 1
		}
		for _, s := range []Share{row.Sent, row.Answered, row.Errors} {
			whole.add(s)
		}
		row.Percent = whole.percent()
		r.Total.add(whole)
		r.Hookpoints = append(r.Hookpoints, row)
	}
	slices.SortFunc(r.Hookpoints, func(a, b HookpointCoverage) int { return cmp.Compare(a.Hookpoint, b.Hookpoint) })
	r.Percent = r.Total.percent()
	return r
}
