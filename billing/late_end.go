package billing

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"rator/billing/draft"
	"rator/billing/ledger"
	"rator/billing/period"
	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

func init() { customer.OnEnd(giveBack) }

// giveBack posts what was billed of a subscription for the day it ended and for
// days after it: an end that is run late, or that was ordered for a day that had
// passed. For each line that was billed beyond there is a RECURRENT posting above
// 0, for the days it gives back, which the next invoice of the billing group takes
// in. So billed days cost what they would have cost if the end had been known. What
// a credit note took back already is not given back again, and what was written off,
// which nobody paid, is not given back at all.
func giveBack(tx store.Tx, brand *catalogue.Brand, s *customer.Subscription) error {
	end := brand.Day(s.Ended)
	late, err := billedAfter(tx, s.Account, end)
	if err != nil || !late {
		return err
	}
	d, err := draft.New(tx, brand, s.Account, draft.NewCache())
	if err != nil {
		return err
	}
	lines, err := billedLines(tx, s.ID, end)
	if err != nil {
		return err
	}
	for _, g := range d.Whole.BillingGroups {
		back, err := (&beyond{rightLines{Drafter: d, group: g}, end}).of(lines[g.ID])
		if err != nil {
			return err
		}
		if len(back) == 0 {
			continue
		}
		if err := ledger.Post(tx, brand, g, back...); err != nil {
			return err
		}
	}
	return nil
}

// billedAfter reports whether a billing group of an account is billed beyond a day.
func billedAfter(tx store.Tx, account store.ID, end time.Time) (bool, error) {
	groups, err := customer.BillingGroupsOf(tx, account)
	if err != nil {
		return false, err
	}
	ledgers, err := ledgersOf(tx, groups)
	return slices.ContainsFunc(ledgers, func(l *ledger.Ledger) bool { return l.BilledUntil.After(end) }), err
}

// billedLine is a recurrent line that nothing took back yet, and the invoice it is
// on; nil where it waits for one.
type billedLine struct {
	*ledger.Posting
	on *ledger.Invoice
}

// billedLines gives the recurrent lines of a subscription by billing group: those of
// the billing periods that a day is in or before.
func billedLines(tx store.Tx, subscription store.ID, end time.Time) (map[store.ID][]billedLine, error) {
	lines := map[store.ID][]billedLine{}
	for p, err := range ledger.Postings.All(tx, ledger.BySubscription, subscription.String()) {
		if err != nil {
			return nil, err
		}
		if p.Kind != ledger.Recurrent || p.Credits != 0 {
			continue
		}
		line := billedLine{Posting: p}
		if p.Invoice != 0 {
			if line.on, err = ledger.Invoices.Get(tx, p.Invoice); err != nil {
				return nil, err
			}
		}
		if !p.Until.After(end) && (line.on == nil || !line.on.Until.After(end)) {
			continue
		}
		net, err := p.Net(tx)
		if err != nil {
			return nil, err
		}
		if net.Equal(p.Amount) {
			lines[p.Group] = append(lines[p.Group], line)
		}
	}
	return lines, nil
}

// beyond reckons what was billed of a subscription beyond its end.
type beyond struct {
	rightLines
	end time.Time
}

// of gives the postings that give back what lines billed beyond the end. What lines
// before the end were rounded by, because there was a line after it, goes with the
// first that is given back.
func (b *beyond) of(lines []billedLine) ([]*ledger.Posting, error) {
	var back []*ledger.Posting
	cents := map[string]decimal.Decimal{} // by billing period and option
	for _, l := range lines {
		right := decimal.Zero
		instead, err := b.rightLines.of(l.Posting, l.on)
		if err != nil {
			return nil, err
		}
		for _, q := range instead {
			right = right.Add(q.Amount)
		}
		what := store.Compose(period.Format(b.periodOf(l.Posting, l.on).From), l.Option)
		amount := right.Sub(l.Amount).Add(cents[what])
		if !l.Until.After(b.end) {
			if unit := decimal.New(2, -catalogue.MinorUnits(l.Currency)); amount.Abs().LessThan(unit) {
				cents[what] = amount
			}
			continue
		}
		delete(cents, what)
		if amount, err = b.withhold(l.on, amount); err != nil {
			return nil, err
		}
		if !amount.IsPositive() {
			continue
		}
		given := &ledger.Posting{Kind: ledger.Recurrent, Amount: amount, Option: l.Option, Subscription: l.Subscription, Text: l.Text, Credits: l.ID,
			From: period.Later(b.end, l.From), Until: l.Until}
		given.Date = given.From
		back = append(back, given)
	}
	return back, nil
}

// withhold keeps back of an amount what was written off of its invoice, and gives
// what is left. Taxes are the invoice's share of it.
func (b *beyond) withhold(on *ledger.Invoice, amount decimal.Decimal) (decimal.Decimal, error) {
	if on == nil || !on.WrittenOff.IsPositive() || !on.Net.IsPositive() || !amount.IsPositive() {
		return amount, nil
	}
	i, err := ledger.Invoices.Get(b.Tx, on.ID) // an earlier line may have changed it
	if err != nil {
		return amount, err
	}
	gross := amount.Mul(i.Total).Div(i.Net)
	kept := decimal.Min(gross, i.WrittenOff.Sub(i.Withheld))
	i.Withheld = i.Withheld.Add(kept)
	left := catalogue.Money{Amount: gross.Sub(kept).Mul(i.Net).Div(i.Total), Currency: i.Currency}
	return left.Rounded().Amount, ledger.Invoices.Put(b.Tx, i)
}
