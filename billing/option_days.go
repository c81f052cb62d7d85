package billing

import (
	"slices"
	"time"

	"rator/billing/period"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

// subscribed is a subscription of an account with what its recurrent prices hang on, each
// list oldest first.
type subscribed struct {
	*customer.Subscription
	memberships []*customer.Membership
	options     []*customer.SubscribedOption
}

func (d *drafter) subscribed(s *customer.Subscription) *subscribed {
	l := &subscribed{Subscription: s}
	for _, m := range d.whole.Memberships {
		if m.Subscription == s.ID {
			l.memberships = append(l.memberships, m)
		}
	}
	for _, o := range d.whole.Options {
		if o.Subscription == s.ID {
			l.options = append(l.options, o)
		}
	}
	return l
}

// optionIDs are the catalogue ids of the options that a subscription had, each once.
func (l *subscribed) optionIDs() []string {
	ids := make([]string, 0, len(l.options))
	for _, o := range l.options {
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
func (d *drafter) optionDays(l *subscribed, id string) ([]span, error) {
	var spans []span
	within := false // a day
	for n, o := range l.options {
		if o.OptionID != id {
			continue
		}
		if p := d.lasted(l, o); p.Days() > 0 {
			spans = append(spans, span{p, n})
		} else {
			within = within || d.withinADay(l, o)
		}
	}
	if !within {
		return spans, nil
	}
	for n, o := range l.options {
		if o.OptionID != id || !d.withinADay(l, o) {
			continue
		}
		day := d.brand.Day(o.From)
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

// lasted is from the day an option was taken to the day it was dropped, while the
// subscription was in use.
func (d *drafter) lasted(l *subscribed, o *customer.SubscribedOption) period.Period {
	return d.within(d.within(period.Period{Until: endless}, o.From, o.Until), l.Started, l.Ended)
}

// withinADay reports whether an option was taken and dropped within one day, and the
// subscription in use that day. What a subscription ended with is not dropped.
func (d *drafter) withinADay(l *subscribed, o *customer.SubscribedOption) bool {
	if !o.Dropped || !o.Until.After(l.Started) {
		return false
	}
	day := d.brand.Day(o.From)
	return day.Equal(d.brand.Day(o.Until)) && (l.Ended.IsZero() || !day.After(d.brand.Day(l.Ended)))
}

// madeRoom reports whether a subscription that took and dropped an option within a day has that
// day by an option that excludes it: one that it had anyhow, or that it took after.
func (d *drafter) madeRoom(l *subscribed, o *customer.SubscribedOption, day time.Time) (bool, error) {
	for _, other := range l.options {
		after := other.From.After(o.From) || other.From.Equal(o.From) && other.ID > o.ID
		if other.OptionID == o.OptionID || !d.lasted(l, other).Holds(day) &&
			!(after && d.withinADay(l, other) && d.brand.Day(other.From).Equal(day)) {
			continue
		}
		if excluded, err := d.exclude(o.OptionID, other.OptionID); excluded || err != nil {
			return excluded, err
		}
	}
	return false, nil
}

// exclude reports whether no subscription may have two options at once.
func (d *drafter) exclude(one, other string) (bool, error) {
	a, err := d.sold.option(d.tx, d.brand, one)
	if err != nil {
		return false, err
	}
	b, err := d.sold.option(d.tx, d.brand, other)
	if err != nil {
		return false, err
	}
	err = catalogue.CheckExclusive(d.tx, d.brand, []*catalogue.Option{a, b})
	if failure.CodeOf(err) == catalogue.OptionsExcludeEachOther {
		return true, nil
	}
	return false, err
}

// sold is what a transaction has read of a brand's catalogue, by catalogue ids and by
// codes: customers have the same few options, products and places.
type sold struct {
	options map[string]*catalogue.Option
	cycles  map[string]catalogue.BillingCycle
	taxes   map[taxedAt]placeTaxes
}

func newSold() *sold {
	return &sold{map[string]*catalogue.Option{}, map[string]catalogue.BillingCycle{}, map[taxedAt]placeTaxes{}}
}

func (s *sold) option(tx store.Tx, brand *catalogue.Brand, id string) (*catalogue.Option, error) {
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
func (s *sold) cycle(tx store.Tx, brand *catalogue.Brand, product string) (catalogue.BillingCycle, error) {
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
