package replay

import (
	"math/bits"
	"time"
)

// Histogram counts durations in buckets that are at most 1/16 wide, so that a
// quantile is at most 7 % too high, in memory that does not grow.
type Histogram struct {
	Latency
	counts [buckets]int
}

const (
	subBits = 4
	buckets = (64 - subBits) << subBits
)

// Add counts a duration.
func (h *Histogram) Add(d time.Duration) {
	d = max(d, 0)
	if h.Count == 0 || d < h.Min {
		h.Min = d
	}
	h.Max = max(h.Max, d)
	h.Count++
	h.Sum += d
	h.counts[bucket(d)]++
}

// Quantile is the duration that a share q (0 to 1) of all does not exceed: the
// upper end of its bucket, but never more than the longest. 0 when there are none.
func (h *Histogram) Quantile(q float64) time.Duration {
	rank := int(q*float64(h.Count) + 0.5)
	seen := 0
	for i, n := range h.counts {
		seen += n
		if n > 0 && seen >= rank {
			return min(upper(i), h.Max)
		}
	}
	return h.Max
}

// Bars are the counts of durations by powers of two, for a chart: bar i holds those
// below 2^i microseconds that bar i-1 does not.
func (h *Histogram) Bars() []int {
	var bars []int
	for i, n := range h.counts {
		if n == 0 {
			continue
		}
		bar := bits.Len64(uint64(max(upper(i)-1, 0) / time.Microsecond))
		for len(bars) <= bar {
			bars = append(bars, 0)
		}
		bars[bar] += n
	}
	return bars
}

// bucket is linear below 2^(subBits+1), and then has 2^subBits steps for each
// power of two.
func bucket(d time.Duration) int {
	n := uint64(d)
	shift := max(bits.Len64(n)-subBits-1, 0)
	return shift<<subBits + int(n>>shift)
}

func upper(i int) time.Duration {
	if i < 2<<subBits {
		return time.Duration(i)
	}
	shift := i>>subBits - 1
	mantissa := uint64(i - shift<<subBits)
	return time.Duration((mantissa+1)<<shift - 1)
}
