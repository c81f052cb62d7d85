package report

import (
	"fmt"
	"time"
)

// htmlOperation is a row of the latency table, with its histogram.
type htmlOperation struct {
	Name                     string
	Count                    int
	Min, Mean, P50, P99, Max string
	Slow                     bool
	Bars                     []htmlColumn
}

// htmlColumn is a column of a histogram, in the units of its view box.
type htmlColumn struct {
	X, Y, Width, Height string
	Text                string
}

// htmlTick is a mark of the common axis.
type htmlTick struct{ X, Text string }

// columnHeight is that of the longest column; the axis is 240 long.
const columnHeight = 30

// latencyChart are the operations on one axis: columns by powers of two, as high as
// their share of the operation's exchanges.
func latencyChart(operations []operation) ([]htmlOperation, []htmlTick) {
	first, last := -1, 0
	for i := range operations {
		for b, n := range operations[i].Bars {
			if n > 0 && (first < 0 || b < first) {
				first = b
			}
			if n > 0 {
				last = max(last, b)
			}
		}
	}
	if first < 0 {
		return nil, nil
	}
	first = min(first, max(last-11, 0)) // a chart is at least so wide
	columns := last - first + 1
	scale := func(column float64) string { return fmt.Sprintf("%.2f", 240*column/float64(columns)) }
	var ticks []htmlTick
	step := max(columns/4, 1)
	for c := step; c < columns; c += step {
		ticks = append(ticks, htmlTick{scale(float64(c)), rough(roundPower(first + c - 1))})
	}
	var rows []htmlOperation
	for i := range operations {
		o := &operations[i]
		row := htmlOperation{
			Name: visible(o.Name), Count: o.Count, Min: brief(o.Min), Mean: brief(o.Mean), P50: brief(o.P50), P99: brief(o.P99), Max: brief(o.Max), Slow: o.Slow,
		}
		most := 0
		for _, n := range o.Bars {
			most = max(most, n)
		}
		for b, n := range o.Bars {
			if n == 0 || b < first {
				continue
			}
			height := max(columnHeight*float64(n)/float64(most), 1.5)
			row.Bars = append(row.Bars, htmlColumn{
				Width: scale(0.88), X: scale(float64(b-first) + 0.06), Y: fmt.Sprintf("%.2f", columnHeight-height), Height: fmt.Sprintf("%.2f", height),
				Text: fmt.Sprintf("%d below %s", n, rough(roundPower(b))),
			})
		}
		rows = append(rows, row)
	}
	return rows, ticks
}

// rough is a duration in two digits or so, for an axis.
func rough(d time.Duration) string {
	unit := time.Microsecond
	for _, u := range []time.Duration{time.Millisecond, time.Second} {
		if d >= u {
			unit = u
		}
	}
	if d >= 10*unit {
		return d.Round(unit).String()
	}
	return d.Round(unit / 10).String()
}

// roundPower is the upper end of a bar of a histogram.
func roundPower(bar int) time.Duration { return time.Microsecond << max(bar, 0) }
