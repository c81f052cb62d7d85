package billing

import (
	"time"

	"github.com/shopspring/decimal"

	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// billAgain posts what was credited anew, for the next invoice: charges, credits
// and fees as they were; recurrent prices as they are right by what is known today,
// for the days that were credited. A correction that was credited comes again too; the
// fee of the invoice does not: the next one bears its own.
func (c *credit) billAgain() error {
	right := rightLines{drafter: c.drafter, group: c.group}
	var again []*Posting
	for _, p := range c.chosen {
		fee, err := c.isBillingFee(p)
		if err != nil {
			return err
		}
		if fee {
			continue
		}
		if p.Kind != Recurrent || p.Credits != 0 {
			q := *p
			q.Base, q.Invoice, q.Again = store.Base{}, 0, p.ID
			again = append(again, &q)
			continue
		}
		lines, err := right.of(p, c.invoice)
		if err != nil {
			return err
		}
		for _, q := range lines {
			q.Again = p.ID
			again = append(again, q)
		}
	}
	if len(again) == 0 {
		return nil
	}
	return post(c.tx, c.brand, c.group, again...)
}

// rightLines reckons what an invoice would bill today for the days it billed.
type rightLines struct {
	*drafter
	group *customer.BillingGroup
	drawn map[period][]*Posting
}

// periodOf is the billing period that a recurrent line was reckoned in: that of its
// invoice, or, where it stands on a later one, that of its days.
func (r *rightLines) periodOf(p *Posting, i *Invoice) period {
	if i != nil && !p.From.Before(i.From) && !p.Until.After(i.Until) {
		return period{i.From, i.Until}
	}
	return periodAt(r.group, p.From)
}

// in gives the recurrent lines of a period, by what is known today.
func (r *rightLines) in(of period) ([]*Posting, error) {
	if lines, drawn := r.drawn[of]; drawn {
		return lines, nil
	}
	x := &draft{period: of}
	if err := r.recurrent(r.group, x); err != nil {
		return nil, err
	}
	if r.drawn == nil {
		r.drawn = map[period][]*Posting{}
	}
	r.drawn[of] = x.added
	return x.added, nil
}

// of gives the lines that are right instead of one that was billed, for its option
// and its days.
func (r *rightLines) of(p *Posting, i *Invoice) ([]*Posting, error) {
	all, err := r.in(r.periodOf(p, i))
	if err != nil {
		return nil, err
	}
	var lines []*Posting
	for _, q := range all {
		span := period{q.From, q.Until}.within(p.From, p.Until)
		if q.Subscription != p.Subscription || q.Option != p.Option || span.days() == 0 {
			continue
		}
		part := *q
		part.Amount = partOf(q.Amount, period{q.From, q.Until}, span, p.Currency)
		part.Date, part.Day, part.From, part.Until = span.from, time.Time{}, span.from, span.until
		if !part.Amount.IsZero() {
			lines = append(lines, &part)
		}
	}
	return lines, nil
}

// partOf is what falls on some of the days of an amount for a span. Parts that make
// up the span add up to the amount.
func partOf(amount decimal.Decimal, whole, part period, currency string) decimal.Decimal {
	upTo := func(days int64) decimal.Decimal {
		share := amount.Mul(decimal.NewFromInt(days)).Div(decimal.NewFromInt(whole.days()))
		return catalogue.Money{Amount: share, Currency: currency}.Rounded().Amount
	}
	return upTo(period{whole.from, part.until}.days()).Sub(upTo(period{whole.from, part.from}.days()))
}
