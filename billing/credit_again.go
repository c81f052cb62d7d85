package billing

import (
	"time"

	"github.com/shopspring/decimal"

	"rator/billing/draft"
	"rator/billing/ledger"
	"rator/billing/period"
	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// billAgain posts what was credited anew, for the next invoice: charges, credits
// and fees as they were; recurrent prices as they are right by what is known today,
// for the days that were credited. A correction that was credited comes again too; the
// fee of the invoice does not: the next one bears its own.
func (c *credit) billAgain() error {
	right := rightLines{Drafter: c.Drafter, group: c.group}
	var again []*ledger.Posting
	for _, p := range c.chosen {
		fee, err := c.IsBillingFee(p)
		if err != nil {
			return err
		}
		if fee {
			continue
		}
		if p.Kind != ledger.Recurrent || p.Credits != 0 {
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
	return ledger.Post(c.Tx, c.Brand, c.group, again...)
}

// rightLines reckons what an invoice would bill today for the days it billed.
type rightLines struct {
	*draft.Drafter
	group *customer.BillingGroup
	drawn map[period.Period][]*ledger.Posting
}

// Of is the billing period that a recurrent line was reckoned in: that of its
// invoice, or, where it stands on a later one, that of its days.
func (r *rightLines) periodOf(p *ledger.Posting, i *ledger.Invoice) period.Period {
	if i != nil && !p.From.Before(i.From) && !p.Until.After(i.Until) {
		return period.Between(i.From, i.Until)
	}
	return period.At(r.group, p.From)
}

// in gives the recurrent lines of a period, by what is known today.
func (r *rightLines) in(of period.Period) ([]*ledger.Posting, error) {
	if lines, drawn := r.drawn[of]; drawn {
		return lines, nil
	}
	x := &draft.Draft{Period: of}
	if err := r.Recurrent(r.group, x); err != nil {
		return nil, err
	}
	if r.drawn == nil {
		r.drawn = map[period.Period][]*ledger.Posting{}
	}
	r.drawn[of] = x.Added
	return x.Added, nil
}

// of gives the lines that are right instead of one that was billed, for its option
// and its days.
func (r *rightLines) of(p *ledger.Posting, i *ledger.Invoice) ([]*ledger.Posting, error) {
	all, err := r.in(r.periodOf(p, i))
	if err != nil {
		return nil, err
	}
	var lines []*ledger.Posting
	for _, q := range all {
		span := period.Between(q.From, q.Until).Within(p.From, p.Until)
		if q.Subscription != p.Subscription || q.Option != p.Option || span.Days() == 0 {
			continue
		}
		part := *q
		part.Amount = partOf(q.Amount, period.Between(q.From, q.Until), span, p.Currency)
		part.Date, part.Day, part.From, part.Until = span.From, time.Time{}, span.From, span.Until
		if !part.Amount.IsZero() {
			lines = append(lines, &part)
		}
	}
	return lines, nil
}

// partOf is what falls on some of the days of an amount for a span. Parts that make
// up the span add up to the amount.
func partOf(amount decimal.Decimal, whole, part period.Period, currency string) decimal.Decimal {
	upTo := func(days int64) decimal.Decimal {
		share := amount.Mul(decimal.NewFromInt(days)).Div(decimal.NewFromInt(whole.Days()))
		return catalogue.Money{Amount: share, Currency: currency}.Rounded().Amount
	}
	return upTo(period.Between(whole.From, part.Until).Days()).Sub(upTo(period.Between(whole.From, part.From).Days()))
}
