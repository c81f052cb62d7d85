package billing

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"rator/catalogue"
	"rator/zone"
)

// almanac is a naive model of what days cost: it goes from one local day to the next,
// notes which option of which subscription each day is to be paid for, by which billing
// group and at which price, and reckons in fractions.
type almanac struct {
	zone    *time.Location
	units   int // decimals of the currency
	options []modelOption
	lines   []*modelLine
	today   string
}

// modelOption is what the catalogue of the test says of an option.
type modelOption struct {
	key, group string // group: of options that exclude each other; "" = none
	prices     []modelPrice
}

type modelPrice struct {
	from  string // "" = from the beginning
	price decimal.Decimal
	per   catalogue.BillingCycle // "" = the product's own
}

// modelLine is a subscription.
type modelLine struct {
	person
	cycle   catalogue.BillingCycle // of its product
	live    bool                   // active or blocked
	taken   []string               // today, and not dropped again
	held    []string               // options
	dropped []string               // taken today and dropped while the subscription was in use, in that order
	days    map[string][]modelDay
}

// modelDay is a day of an option that is to be paid for.
type modelDay struct {
	day   string
	group string
}

func (a *almanac) option(key string) *modelOption {
	return &a.options[slices.IndexFunc(a.options, func(o modelOption) bool { return o.key == key })]
}

func (a *almanac) excluding(key string) []string {
	var others []string
	for _, o := range a.options {
		if group := a.option(key).group; o.key != key && group != "" && o.group == group {
			others = append(others, o.key)
		}
	}
	return others
}

// pass lets the days go by that end until a moment.
func (a *almanac) pass(until time.Time) {
	for a.today < until.In(a.zone).Format(time.DateOnly) {
		for _, l := range a.lines {
			a.note(l)
		}
		day := must(time.Parse(time.DateOnly, a.today))
		a.today = day.AddDate(0, 0, 1).Format(time.DateOnly)
	}
}

// note notes a day at its end: it is to be paid for what is had then, and for what was
// taken and dropped in it, unless something that excludes that one was had after it.
func (a *almanac) note(l *modelLine) {
	var paid []string
	if l.live {
		paid = slices.Clone(l.held)
	}
	for _, key := range slices.Backward(l.dropped) {
		if !slices.ContainsFunc(paid, func(o string) bool { return o == key || slices.Contains(a.excluding(key), o) }) {
			paid = append(paid, key)
		}
	}
	for _, key := range paid {
		l.days[key] = append(l.days[key], modelDay{a.today, l.group.String()})
	}
	l.taken, l.dropped = nil, nil
}

func leave(all []string, some ...string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return slices.Contains(some, s) })
}

func (a *almanac) take(l *modelLine, key string) {
	for _, other := range a.excluding(key) {
		if slices.Contains(l.held, other) {
			a.drop(l, other)
		}
	}
	l.held, l.taken = append(l.held, key), append(l.taken, key)
}

func (a *almanac) drop(l *modelLine, key string) {
	l.held = leave(l.held, key)
	if l.live && slices.Contains(l.taken, key) {
		l.dropped = append(l.dropped, key)
	}
	l.taken = leave(l.taken, key)
}

func (a *almanac) start(l *modelLine) { l.live = true }

func (a *almanac) end(l *modelLine) { l.live, l.taken = false, nil }

func (a *almanac) priceOf(l *modelLine, key, day string) (decimal.Decimal, catalogue.BillingCycle) {
	var found modelPrice
	for _, p := range a.option(key).prices {
		if p.from <= day {
			found = p
		}
	}
	if found.per == "" {
		found.per = l.cycle
	}
	return found.price, found.per
}

// unitOf names the calendar unit that holds a day, and says how many days it has.
func unitOf(cycle catalogue.BillingCycle, text string) (string, int64) {
	day := must(time.Parse(time.DateOnly, text))
	year, month := day.Year(), int(day.Month())
	days := func(first, months int) int64 {
		from := time.Date(year, time.Month(first), 1, 0, 0, 0, 0, time.UTC)
		return int64(from.AddDate(0, months, 0).Sub(from).Hours()) / 24
	}
	switch cycle {
	case catalogue.Weekly:
		y, w := day.ISOWeek()
		return fmt.Sprintf("%d-W%d", y, w), 7
	case catalogue.Monthly:
		return fmt.Sprintf("%d-%d", year, month), days(month, 1)
	case catalogue.Quarterly:
		return fmt.Sprintf("%d-Q%d", year, (month+2)/3), days((month+2)/3*3-2, 3)
	}
	return fmt.Sprint(year), days(1, 12)
}

// round is to the currency's decimals, halves up.
func (a *almanac) round(x *big.Rat) *big.Rat {
	scale := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(a.units)), nil))
	scaled := new(big.Rat).Add(new(big.Rat).Mul(x, scale), big.NewRat(1, 2))
	floor := new(big.Int).Div(scaled.Num(), scaled.Denom())
	return new(big.Rat).Quo(new(big.Rat).SetInt(floor), scale)
}

// costs are what each day of an option costs: the sums of a billing group's days are
// what it is billed for them.
func (a *almanac) costs(l *modelLine, key string) map[modelDay]*big.Rat {
	costs, sum, unit := map[modelDay]*big.Rat{}, new(big.Rat), ""
	for _, d := range l.days[key] {
		price, per := a.priceOf(l, key, d.day)
		name, days := unitOf(per, d.day)
		if name = string(per) + name; name != unit {
			unit, sum = name, new(big.Rat)
		}
		before := a.round(sum)
		sum = new(big.Rat).Add(sum, new(big.Rat).Mul(price.Rat(), big.NewRat(1, days)))
		costs[d] = new(big.Rat).Sub(a.round(sum), before)
	}
	return costs
}

// catalogue is a catalogue file of what the model knows.
func (a *almanac) catalogue(currency string) string {
	var out strings.Builder
	fmt.Fprintf(&out, "[[brand]]\nkey = \"BOOKS\"\nid = \"202001010000000001\"\nname = \"Books\"\ncurrency = %q\ncountry = \"DK\"\nlanguage = \"DK\"\ntime_zone = %q\n", currency, a.zone)
	for n, plan := range []string{"PLAN", "OTHER"} {
		fmt.Fprintf(&out, "[[brand.rate_plan]]\ncode = %q\nid = \"20200101000000000%d\"\nname = \"Plan\"\n", plan, n+2)
	}
	perOf := map[catalogue.BillingCycle]string{catalogue.Weekly: "week", catalogue.Monthly: "month", catalogue.Quarterly: "quarter", catalogue.Yearly: "year"}
	for n, o := range a.options {
		fmt.Fprintf(&out, "[[brand.product_option]]\noption_key = %q\nid = \"2020010100000000%d\"\nname = %q\n", o.key, n+11, o.key)
		if o.group != "" {
			fmt.Fprintf(&out, "exclusive_group = %q\n", o.group)
		}
		for _, p := range o.prices {
			if p.from != "" {
				fmt.Fprintf(&out, "[[brand.product_option.price]]\nvalid_from = %q\n", p.from)
			}
			fmt.Fprintf(&out, "recurrent_price = %s\n", p.price)
			if p.per != "" {
				fmt.Fprintf(&out, "per = %q\n", perOf[p.per])
			}
		}
	}
	for n, cycle := range modelCycles {
		fmt.Fprintf(&out, "[[brand.product_config]]\ncode = %q\nid = \"2020010100000001%d\"\nname = \"Product\"\nbilling_group_type = \"POST_PAID\"\nbilling_cycle = %q\nrate_plan = \"PLAN\"\nservice_types = [\"TELE\"]\n", cycle, n+10, cycle)
	}
	return out.String()
}

var modelCycles = []catalogue.BillingCycle{catalogue.Weekly, catalogue.Monthly, catalogue.Quarterly, catalogue.Yearly}

// newAlmanac has options whose prices change on random days of a year.
func newAlmanac(r *rand.Rand, name string, units int, first time.Time) *almanac {
	a := &almanac{zone: must(zone.Named(name)), units: units}
	a.today = first.In(a.zone).Format(time.DateOnly)
	groups := []string{"", "", "TARIFF", "TARIFF", "TARIFF"}
	for n, group := range groups {
		o := modelOption{key: fmt.Sprint("OPTION", n), group: group}
		day := first.AddDate(0, 0, -20)
		for k := range 1 + r.IntN(4) {
			p := modelPrice{price: decimal.New(1+r.Int64N(60_000), -int32(units))}
			if k > 0 {
				day = day.AddDate(0, 0, 1+r.IntN(60))
				p.from = day.Format(time.DateOnly)
			}
			if p.per = catalogue.BillingCycle(""); r.IntN(2) == 0 {
				p.per = pick(r, modelCycles...)
			} else if k > 0 && o.prices[k-1].per != "" {
				p.per = o.prices[k-1].per // what a price leaves out is that of the one before
			}
			o.prices = append(o.prices, p)
		}
		a.options = append(a.options, o)
	}
	return a
}
