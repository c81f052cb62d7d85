package draft

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
)

func TestSpread(t *testing.T) {
	for _, c := range []struct {
		total   string
		weights string
		units   int32
		want    string
	}{
		{"100", "10 10 4 6", 2, "33.34 33.33 13.33 20"}, // of 33.333, 33.333, 13.333 and 20: the first of equals
		{"100", "10 10 10", 2, "33.34 33.33 33.33"},
		{"100", "1 2", 2, "33.33 66.67"},
		{"-100", "1 1 1", 2, "-33.34 -33.33 -33.33"},
		{"100", "1 1 1", 0, "34 33 33"},
		{"1", "1 1 1", 3, "0.334 0.333 0.333"},
		{"0.01", "1 3", 2, "0 0.01"},
		{"0", "1 3", 2, "0 0"},
		{"7", "0 1", 2, "0 7"},
		{"12.34", "5", 2, "12.34"},
	} {
		var weights []decimal.Decimal
		for _, w := range strings.Fields(c.weights) {
			weights = append(weights, decimal.RequireFromString(w))
		}
		if got := strings.Trim(fmt.Sprint(spread(decimal.RequireFromString(c.total), weights, c.units)), "[]"); got != c.want {
			t.Errorf("%s over %s: %s, want %s", c.total, c.weights, got, c.want)
		}
	}
}

// TestSpreadAddsUp: the parts are the whole, and none is a minor unit from its share.
func TestSpreadAddsUp(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		total := decimal.New(r.Int64N(2_000_000)-1_000_000, -2)
		weights, all, sum := make([]decimal.Decimal, 1+r.IntN(9)), decimal.Zero, decimal.Zero
		for n := range weights {
			weights[n] = decimal.New(1+r.Int64N(1_000_000), -int32(r.IntN(5)))
			all = all.Add(weights[n])
		}
		for n, part := range spread(total, weights, 2) {
			sum = sum.Add(part)
			if share := total.Mul(weights[n]).DivRound(all, 12); part.Sub(share).Abs().GreaterThanOrEqual(decimal.New(1, -2)) || !part.Equal(part.Round(2)) {
				t.Fatalf("%s over %s: part %d is %s, its share %s", total, weights, n, part, share)
			}
		}
		if !sum.Equal(total) {
			t.Fatalf("%s over %s adds up to %s", total, weights, sum)
		}
	}
}
