package draft

import (
	"iter"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"rator/billing/ledger"
	"rator/billing/period"
	"rator/catalogue"
	"rator/customer"
)

// costing reckons what an option of a subscription costs a billing group on some days.
type costing struct {
	*Drafter
	*Subscribed
	group  *customer.BillingGroup
	days   period.Period
	option *catalogue.Option
	own    catalogue.BillingCycle // of the product; "" until it is asked for
	units  int32                  // decimals of the currency
	unit   period.Period          // that S is of
	sum    decimal.Decimal        // S, times the days of the unit
	total  decimal.Decimal        // of the group's days
	found  []Part                 // without their amounts
}

// parts reckons from the start of the first unit on, for S to be right.
func (c *costing) parts(spans []span) ([]Part, error) {
	prices, err := c.prices(c.days)
	if err != nil {
		return nil, err
	}
	from, costs := c.days.From, false
	for n := range prices {
		if first := period.Of(prices[n].Per, c.days.From).From; first.Before(from) {
			from = first
		}
		costs = costs || !prices[n].Recurrent.IsZero()
	}
	if !costs {
		return nil, nil
	}
	if err := InCurrency(c.Brand, c.group, c.option); err != nil {
		return nil, err
	}
	c.units = catalogue.MinorUnits(c.group.Balance.Currency)
	if before := period.Between(from, c.days.From); before.Days() > 0 {
		earlier, err := c.prices(before)
		if err != nil {
			return nil, err
		}
		if err := c.walk(spans, before, earlier); err != nil {
			return nil, err
		}
	}
	if err := c.walk(spans, c.days, prices); err != nil {
		return nil, err
	}
	return c.settle(), nil
}

// prices are the option's on some days. One that leaves its unit to the product gets
// that one's.
func (c *costing) prices(days period.Period) ([]catalogue.Price, error) {
	prices := c.option.PricesBetween(days.From, days.Until)
	for n := range prices {
		p := &prices[n]
		if p.Per != "" {
			continue
		}
		if c.own == "" {
			var err error
			if c.own, err = c.Cache.cycle(c.Tx, c.Brand, c.ProductCode); err != nil {
				return nil, err
			}
		}
		p.Per = c.own
	}
	return prices, nil
}

// walk goes through the days of a window on which the subscription had the option,
// whatever group it was in.
func (c *costing) walk(spans []span, window period.Period, prices []catalogue.Price) error {
	for _, s := range spans {
		had := window.Within(s.From, s.Until)
		if had.Days() == 0 {
			continue
		}
		for n, m := range c.memberships {
			in := c.within(had, m.From, m.Until)
			if in.Days() == 0 {
				continue
			}
			mine := m.BillingGroup == c.group.ID && !window.From.Before(c.days.From)
			for at, price := range priced(in, prices) {
				if !mine {
					c.add(at, price, false)
					continue
				}
				taxed, err := c.taxSpans(c.group, c.days)
				if err != nil {
					return err
				}
				for _, at := range cutAt(at, taxed) {
					exact := c.add(at, price, true)
					c.found = append(c.found, Part{Period: at, Subscription: c.Subscription.ID, Option: c.option, Exact: exact, place: n*len(c.Options) + s.place})
				}
			}
		}
	}
	return nil
}

// priced are the days of a span by their prices, but those that cost nothing.
func priced(in period.Period, prices []catalogue.Price) iter.Seq2[period.Period, catalogue.Price] {
	return func(yield func(period.Period, catalogue.Price) bool) {
		for n, price := range prices {
			at := in
			if n > 0 {
				at = at.Within(dayOf(price), time.Time{})
			}
			if n+1 < len(prices) {
				at = at.Within(time.Time{}, dayOf(prices[n+1]))
			}
			if at.Days() > 0 && !price.Recurrent.IsZero() && !yield(at, price) {
				return
			}
		}
	}
}

// dayOf is the day from which a price holds.
func dayOf(p catalogue.Price) time.Time {
	day, err := time.Parse(time.DateOnly, p.From)
	if err != nil {
		panic("billing: a price from " + p.From) // the catalogue has days only
	}
	return day
}

// add adds days at one price to S, and to the total where they are the group's, and
// gives what they cost before it is rounded.
func (c *costing) add(at period.Period, price catalogue.Price, mine bool) (exact decimal.Decimal) {
	for at.Days() > 0 {
		unit := period.Of(price.Per, at.From)
		if unit != c.unit {
			c.unit, c.sum = unit, decimal.Zero
		}
		in := unit.Within(at.From, at.Until)
		cost := price.Recurrent.Mul(decimal.NewFromInt(in.Days()))
		if mine {
			c.total = c.total.Sub(c.rounded(c.sum)).Add(c.rounded(c.sum.Add(cost)))
			exact = exact.Add(c.perDay(cost))
		}
		c.sum = c.sum.Add(cost)
		at.From = in.Until
	}
	return exact
}

// perDay divides by the days of the unit.
func (c *costing) perDay(sum decimal.Decimal) decimal.Decimal {
	return sum.Div(decimal.NewFromInt(c.unit.Days()))
}

func (c *costing) rounded(sum decimal.Decimal) decimal.Decimal {
	if sum.IsZero() {
		return sum
	}
	return c.perDay(sum).Round(c.units)
}

// settle gives the parts what the total is spread into; those that get nothing of it
// are none.
func (c *costing) settle() []Part {
	if c.total.IsZero() {
		return nil
	}
	weights := make([]decimal.Decimal, len(c.found))
	for n := range c.found {
		weights[n] = c.found[n].Exact
	}
	for n, amount := range spread(c.total, weights, c.units) {
		c.found[n].amount = amount
	}
	return slices.DeleteFunc(c.found, func(p Part) bool { return p.amount.IsZero() })
}

// InCurrency fails with INVALID_AMOUNT when a billing group does not pay in the
// currency that the brand's prices are in.
func InCurrency(brand *catalogue.Brand, g *customer.BillingGroup, option *catalogue.Option) error {
	if g.Balance.Currency != brand.Currency {
		return ledger.InvalidAmount.With("%s has its price in %s, billing group %s is in %s", option.OptionKey, brand.Currency, g.Name, g.Balance.Currency)
	}
	return nil
}
