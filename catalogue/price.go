package catalogue

import (
	"time"

	"github.com/shopspring/decimal"
)

// Price is what an option costs from a day on, until the day of its next price, in
// the brand's currency.
type Price struct {
	From      string          // yyyy-MM-dd, a day of the brand's zone; "" = from the beginning
	Initial   decimal.Decimal // once, when the option is taken
	Recurrent decimal.Decimal // each calendar unit of Per
	Per       BillingCycle    // "" = the cycle of the billing group that pays
}

// PriceUnit is the calendar unit that a recurrent price is for, as a file names it.
type PriceUnit string

// The units of a recurrent price. perCycle, which is also what no unit means, is the
// cycle of the billing group that pays.
const (
	perWeek    PriceUnit = "week"
	perMonth   PriceUnit = "month"
	perQuarter PriceUnit = "quarter"
	perYear    PriceUnit = "year"
	perCycle   PriceUnit = "cycle"
)

// cycles are the units; perOf names each.
var (
	cycles = map[PriceUnit]BillingCycle{perWeek: Weekly, perMonth: Monthly, perQuarter: Quarterly, perYear: Yearly}
	perOf  = map[BillingCycle]PriceUnit{Weekly: perWeek, Monthly: perMonth, Quarterly: perQuarter, Yearly: perYear, "": perCycle}
)

// DatedPrice is a price of an option that holds from a day on. What it leaves out in
// a file is what the price before it says.
type DatedPrice struct {
	ValidFrom      string          `key:"VALID_FROM"` // yyyy-MM-dd
	InitialPrice   decimal.Decimal `key:"INITIAL_PRICE" write:"always"`
	RecurrentPrice decimal.Decimal `key:"RECURRENT_PRICE" write:"always"`
	Per            PriceUnit       `key:"PER"`
	source         *node           // as Entry's
}

func (p *DatedPrice) placed(n *node) { p.source = n }

func (p *DatedPrice) price() Price {
	return Price{p.ValidFrom, p.InitialPrice, p.RecurrentPrice, cycles[p.Per]}
}

// firstPrice is the price before every dated one.
func (o *Option) firstPrice() Price {
	return Price{"", o.InitialPrice, o.RecurrentPrice, cycles[o.Per]}
}

// PriceOn is the price on a day: of its date in its own zone, so that a day comes as
// Brand.Day gives it.
func (o *Option) PriceOn(day time.Time) Price {
	if len(o.Prices) == 0 {
		return o.firstPrice()
	}
	return o.PricesBetween(day, day.AddDate(0, 0, 1))[0]
}

// PricesBetween gives the prices of the days from one to before another, in order of
// days: at least one, and the first may hold from an earlier day.
func (o *Option) PricesBetween(from, until time.Time) []Price {
	first, last := from.Format(time.DateOnly), until.Format(time.DateOnly)
	prices := []Price{o.firstPrice()}
	for _, p := range o.Prices {
		switch {
		case p.ValidFrom <= first:
			prices[0] = p.price()
		case p.ValidFrom < last:
			prices = append(prices, p.price())
		}
	}
	return prices
}

// On is the option as it is sold on a day: its InitialPrice, RecurrentPrice and Per are
// those of PriceOn. It has no other Prices.
func (o *Option) On(day time.Time) *Option {
	sold, price := *o, o.PriceOn(day)
	sold.InitialPrice, sold.RecurrentPrice, sold.Per, sold.Prices = price.Initial, price.Recurrent, perOf[price.Per], nil
	return &sold
}

// HasPrice reports whether the option costs something, on whatever day.
func (o *Option) HasPrice() bool {
	costs := !o.InitialPrice.IsZero() || !o.RecurrentPrice.IsZero()
	for _, p := range o.Prices {
		costs = costs || !p.InitialPrice.IsZero() || !p.RecurrentPrice.IsZero()
	}
	return costs
}

// carryPrices gives each dated price what it leaves out.
func (o *Option) carryPrices() {
	before := DatedPrice{InitialPrice: o.InitialPrice, RecurrentPrice: o.RecurrentPrice, Per: o.Per}
	for _, p := range o.Prices {
		if !p.source.has("initial_price") {
			p.InitialPrice = before.InitialPrice
		}
		if !p.source.has("recurrent_price") {
			p.RecurrentPrice = before.RecurrentPrice
		}
		if !p.source.has("per") {
			p.Per = before.Per
		}
		before = *p
	}
}

func (o *Option) checkPrices(c *checker, currency string) {
	c.price(&o.Entry, "initial_price", o.InitialPrice, currency)
	c.price(&o.Entry, "recurrent_price", o.RecurrentPrice, currency)
	c.priceUnit(&o.Entry, o.Per)
	var before *DatedPrice
	for _, p := range o.Prices {
		at := &Entry{source: p.source}
		c.price(at, "initial_price", p.InitialPrice, currency)
		c.price(at, "recurrent_price", p.RecurrentPrice, currency)
		c.priceUnit(at, p.Per)
		if !c.present(at, "valid_from", p.ValidFrom) {
			continue
		}
		if _, err := time.Parse(time.DateOnly, p.ValidFrom); err != nil {
			c.mistake(at, "valid_from", `valid_from %q must be a day, such as "2026-01-31"`, p.ValidFrom)
			continue
		}
		switch {
		case before == nil || before.ValidFrom < p.ValidFrom:
			before = p
		case before.ValidFrom == p.ValidFrom:
			c.mistake(at, "valid_from", "%s has two prices from %s, the first in line %d", o.OptionKey, p.ValidFrom, before.source.line)
		default:
			c.mistake(at, "valid_from", "valid_from %s is before the %s of the price in line %d; write prices in order of days", p.ValidFrom, before.ValidFrom, before.source.line)
		}
	}
}

func (c *checker) priceUnit(e *Entry, unit PriceUnit) {
	if e.source.has("per") {
		c.oneOf(e, "per", string(unit), string(perWeek), string(perMonth), string(perQuarter), string(perYear), string(perCycle))
	}
}
