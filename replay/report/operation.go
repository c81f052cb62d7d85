package report

import (
	"cmp"
	"slices"
	"time"

	"rator/replay"
)

// operation is how long the exchanges of one operation took.
type operation struct {
	Name                     string
	Count                    int
	Mean, Min, P50, P99, Max time.Duration
	Bars                     []int // replay.Histogram.Bars
	Slow                     bool  // its p99 is more than allowed
}

// noOperation is what exchanges count for whose body is no XML.
const noOperation = "(no XML)"

// operationsOf are the operations by name.
func operationsOf(s *replay.Summary, maxP99 time.Duration) []operation {
	var all []operation
	for name, h := range s.Operations {
		o := operation{
			Name: cmp.Or(name, noOperation), Count: h.Count, Mean: average(&h.Latency), Min: h.Min, Max: h.Max,
			P50: h.Quantile(0.5), P99: h.Quantile(0.99), Bars: h.Bars(),
		}
		o.Slow = maxP99 > 0 && o.P99 > maxP99
		all = append(all, o)
	}
	slices.SortFunc(all, func(a, b operation) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

// slowest are those that broke the longest p99, the worst first.
func slowest(operations []operation) []operation {
	var slow []operation
	for _, o := range operations {
		if o.Slow {
			slow = append(slow, o)
		}
	}
	slices.SortStableFunc(slow, func(a, b operation) int { return cmp.Compare(b.P99, a.P99) })
	return slow
}
