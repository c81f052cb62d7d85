package draft

import (
	"slices"

	"github.com/shopspring/decimal"
)

// spread gives a whole amount to parts in proportion to their weights, each in whole
// minor units, so that they add up to it: each part is rounded towards 0, and what is
// left goes, a minor unit each, to those that lost most by it, the first ones where
// they lost the same. units is how many decimals the currency has. The weights are not
// negative, and one at least is above 0.
func spread(total decimal.Decimal, weights []decimal.Decimal, units int32) []decimal.Decimal {
	if len(weights) == 1 {
		return []decimal.Decimal{total}
	}
	sum := decimal.Zero
	for _, w := range weights {
		sum = sum.Add(w)
	}
	parts, lost, order := make([]decimal.Decimal, len(weights)), make([]decimal.Decimal, len(weights)), make([]int, len(weights))
	left := total
	for n, w := range weights {
		parts[n], lost[n] = total.Mul(w).QuoRem(sum, units)
		left, order[n] = left.Sub(parts[n]), n
	}
	slices.SortStableFunc(order, func(a, b int) int { return lost[b].Abs().Cmp(lost[a].Abs()) })
	one := decimal.New(int64(left.Sign()), -units)
	for _, n := range order {
		if left.IsZero() {
			break
		}
		parts[n], left = parts[n].Add(one), left.Sub(one)
	}
	return parts
}
