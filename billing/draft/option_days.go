package draft

import (
	"slices"
	"time"

	"rator/billing/period"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

// Subscribed is a subscription of an account with what its recurrent prices hang on, each
// list oldest first.
type Subscribed struct {
	*customer.Subscription
	memberships []*customer.Membership
	Options     []*customer.SubscribedOption
}

func (d *Drafter) Subscribed(s *customer.Subscription) *Subscribed {
	l := &Subscribed{Subscription: s}
	for _, m := range d.Whole.Memberships {
		if m.Subscription == s.ID {
			l.memberships = append(l.memberships, m)
		}
	}
	for _, o := range d.Whole.Options {
		if o.Subscription == s.ID {
			l.Options = append(l.Options, o)
		}
	}
	return l
}

// optionIDs are the catalogue ids of the options that a subscription had, each once.
func (l *Subscribed) optionIDs() []string {
	ids := make([]string, 0, len(l.Options))
	for _, o := range l.Options {
		if !slices.Contains(ids, o.OptionID) {
			ids = append(ids, o.OptionID)
		}
	}
	return ids
}

// optionDays are the days on which a subscription, in use, had an option: a span for each time
// that it took it, the first one first. The day it was taken counts, the day it was
// dropped does not, nor does the day that the subscription ended on. But an option costs
// at least its first day: one that was taken and dropped within a day has that day,
// unless the subscription has that day already, with the same option, or with another
// one that excludes this one: then it made room for that one, or that one for it. A day
// is so never there twice, and a switch between options that exclude each other costs
// each day once.
func (d *Drafter) optionDays(l *Subscribed, id string) ([]span, error) {
	var spans []span
	within := false // a day
	for n, o := range l.Options {
		if o.OptionID != id {
			continue
		}
		if p := d.Lasted(l, o); p.Days() > 0 {
			spans = append(spans, span{p, n})
		} else {
			within = within || d.withinADay(l, o)
		}
	}
	if !within {
		return spans, nil
	}
	for n, o := range l.Options {
		if o.OptionID != id || !d.withinADay(l, o) {
			continue
		}
		day := d.Brand.Day(o.From)
		if slices.ContainsFunc(spans, func(s span) bool { return s.Holds(day) }) {
			continue
		}
		if free, err := d.madeRoom(l, o, day); err != nil {
			return nil, err
		} else if !free {
			spans = append(spans, span{period.Between(day, day.AddDate(0, 0, 1)), n})
		}
	}
	slices.SortFunc(spans, func(a, b span) int { return a.From.Compare(b.From) })
	return spans, nil
}

// span is days that a subscription had the option with that place in its list.
type span struct {
	period.Period
	place int
}

// endless is after all days.
var endless = period.Date(9999, 12, 31)

// Lasted is from the day an option was taken to the day it was dropped, while the
// subscription was in use.
func (d *Drafter) Lasted(l *Subscribed, o *customer.SubscribedOption) period.Period {
	return d.within(d.within(period.Period{Until: endless}, o.From, o.Until), l.Started, l.Ended)
}

// withinADay reports whether an option was taken and dropped within one day, and the
// subscription in use that day. What a subscription ended with is not dropped.
func (d *Drafter) withinADay(l *Subscribed, o *customer.SubscribedOption) bool {
	if !o.Dropped || !o.Until.After(l.Started) {
		return false
	}
	day := d.Brand.Day(o.From)
	return day.Equal(d.Brand.Day(o.Until)) && (l.Ended.IsZero() || !day.After(d.Brand.Day(l.Ended)))
}

// madeRoom reports whether a subscription that took and dropped an option within a day has that
// day by an option that excludes it: one that it had anyhow, or that it took after.
func (d *Drafter) madeRoom(l *Subscribed, o *customer.SubscribedOption, day time.Time) (bool, error) {
	for _, other := range l.Options {
		after := other.From.After(o.From) || other.From.Equal(o.From) && other.ID > o.ID
		if other.OptionID == o.OptionID || !d.Lasted(l, other).Holds(day) &&
			!(after && d.withinADay(l, other) && d.Brand.Day(other.From).Equal(day)) {
			continue
		}
		if excluded, err := d.exclude(o.OptionID, other.OptionID); excluded || err != nil {
			return excluded, err
		}
	}
	return false, nil
}

// exclude reports whether no subscription may have two options at once.
func (d *Drafter) exclude(one, other string) (bool, error) {
	a, err := d.Cache.option(d.Tx, d.Brand, one)
	if err != nil {
		return false, err
	}
	b, err := d.Cache.option(d.Tx, d.Brand, other)
	if err != nil {
		return false, err
	}
	err = catalogue.CheckExclusive(d.Tx, d.Brand, []*catalogue.Option{a, b})
	if failure.CodeOf(err) == catalogue.OptionsExcludeEachOther {
		return true, nil
	}
	return false, err
}

// Cache is what a transaction has read of a brand's catalogue, by catalogue ids and by
// codes: customers have the same few options, products and places.
type Cache struct {
	options map[string]*catalogue.Option
	cycles  map[string]catalogue.BillingCycle
	taxes   map[taxedAt]placeTaxes
}

func NewCache() *Cache {
	return &Cache{map[string]*catalogue.Option{}, map[string]catalogue.BillingCycle{}, map[taxedAt]placeTaxes{}}
}

func (s *Cache) option(tx store.Tx, brand *catalogue.Brand, id string) (*catalogue.Option, error) {
	if o := s.options[id]; o != nil {
		return o, nil
	}
	o, err := catalogue.OptionByID(tx, brand, id)
	if err == nil {
		s.options[id] = o
	}
	return o, err
}

// cycle is a product's own billing cycle: a month for one that has none.
func (s *Cache) cycle(tx store.Tx, brand *catalogue.Brand, product string) (catalogue.BillingCycle, error) {
	if c := s.cycles[product]; c != "" {
		return c, nil
	}
	p, err := catalogue.ProductConfigByCode(tx, brand, product)
	if err != nil {
		return "", err
	}
	c := p.BillingCycle
	if c == "" {
		c = catalogue.Monthly
	}
	s.cycles[product] = c
	return c, nil
}
