package catalogue

import (
	"cmp"
	"slices"
)

// Warnings are what a file that has no mistakes says in vain, in order of place: the
// recurrent prices that a prepaid line never pays.
func (f *File) Warnings() []Mistake {
	c := &checker{file: f.name}
	for _, o := range f.Brands {
		for _, p := range o.ProductConfigs {
			if p.BillingGroupType != PostPaid && !p.Retired {
				c.warnOfRecurrent(o.Options, p)
			}
		}
	}
	slices.SortStableFunc(c.mistakes, func(a, b Mistake) int {
		return cmp.Or(a.Line-b.Line, a.Column-b.Column)
	})
	return c.mistakes
}

// warnOfRecurrent names the options that are sold in a prepaid product's rate plan
// and cost something each cycle: only invoices have recurrent prices, and prepaid
// billing groups get none.
func (c *checker) warnOfRecurrent(options []*Option, p *ProductConfig) {
	for _, o := range options {
		if o.Retired || len(o.RatePlans) > 0 && !slices.Contains(o.RatePlans, p.RatePlan) {
			continue
		}
		if at := o.recurrentAt(); at != nil {
			c.mistake(at, "recurrent_price", "%s costs nothing each cycle on the prepaid lines of %s, which get no invoice; give it rate_plans without %s, or an initial_price only", o.OptionKey, p.Code, p.RatePlan)
		}
		c.warnOfRecurrent(o.SubOptions, p)
	}
}

// recurrentAt is where the first recurrent price of an option stands; nil without one.
func (o *Option) recurrentAt() *Entry {
	if !o.RecurrentPrice.IsZero() {
		return &o.Entry
	}
	for _, p := range o.Prices {
		if !p.RecurrentPrice.IsZero() {
			return &Entry{source: p.source}
		}
	}
	return nil
}
