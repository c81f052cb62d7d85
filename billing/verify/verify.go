// Package verify proves that money adds up: balances, invoices, credit notes, payments,
// numbers and billed days. It reads the ledger and writes nothing.
package verify

import (
	"fmt"

	"github.com/shopspring/decimal"

	"rator/billing/ledger"
	"rator/billing/period"
	"rator/customer"
	"rator/store"
)

// Money is the check of all money after a crash or a billing run. For each
// billing group: the balance is the sum of its postings, and what payments,
// invoices and what is not billed say; each invoice is the sum of what it bills
// and is settled by no more than it asks for; each payment is posted, settled no more
// than it is, and is reversed, moved and refunded by postings that say so; no two bill
// the same days, and no day of an option is billed twice, nor credited more often than
// billed, nor left out; no posting that a billed period should have is left out;
// nothing is owed while money lies unused. For each brand: invoice numbers, and those of
// credit notes, run from 1 without gaps, or on from the highest that came with a loaded
// customer. It reports every fault, and what keeps it from reading.
func Money(looks store.Looks, report func(error)) {
	var each []*verification
	for _, tx := range looks.Txs {
		each = append(each, newVerification(tx, report))
	}
	ahead := func(look int, page []*customer.BillingGroup) { each[look].ahead(page) }
	err := customer.SpreadBillingGroups(looks, report, ahead, func(look int, g *customer.BillingGroup, report func(error)) {
		each[look].report = report
		if err := each[look].group(g); err != nil {
			report(fmt.Errorf("billing group %s: %w", g.ID, err))
		}
	})
	if err != nil {
		report(err)
		return
	}
	v := each[0]
	v.report = report
	for _, other := range each[1:] {
		v.merge(other)
	}
	v.sequences()
	strays(v, ledger.Postings)
	strays(v, ledger.Invoices)
	strays(v, ledger.Payments)
	strays(v, ledger.Ledgers)
}

// verification goes through one billing group after the other, so that its
// memory does not grow with their number.
type verification struct {
	tx      store.Tx
	report  func(error)
	seen    map[string]int64    // how many records of a kind belong to the groups seen
	numbers map[string]*numbers // by brand and series
}

func newVerification(tx store.Tx, report func(error)) *verification {
	return &verification{tx: tx, report: report, seen: map[string]int64{}, numbers: map[string]*numbers{}}
}

// ahead has all that is kept of the billing groups that are looked at next be read at once.
func (v *verification) ahead(page []*customer.BillingGroup) {
	var next store.Ahead
	for _, g := range page {
		id := g.ID.String()
		ledger.Ledgers.AheadAll(&next, ledger.ByGroup, id)
		ledger.Postings.AheadAll(&next, ledger.ByGroup, id)
		ledger.Invoices.AheadAll(&next, ledger.ByGroup, id)
		ledger.Payments.AheadAll(&next, ledger.ByGroup, id)
	}
	_ = v.tx.Ahead(next) // whoever asks is told why
}

// Customer is what Money says of the billing groups of one customer.
func Customer(tx store.Tx, groups []*customer.BillingGroup, report func(error)) {
	v := newVerification(tx, report)
	for _, g := range groups {
		if err := v.group(g); err != nil {
			report(fmt.Errorf("billing group %s: %w", g.ID, err))
		}
	}
}

// merge takes in what was counted by another, of other groups.
func (v *verification) merge(other *verification) {
	for kind, n := range other.seen {
		v.seen[kind] += n
	}
	for series, n := range other.numbers {
		if mine := v.numbers[series]; mine != nil {
			mine.count, mine.highest = mine.count+n.count, max(mine.highest, n.highest)
		} else {
			v.numbers[series] = n
		}
	}
}

// strays reports that records belong to no billing group.
func strays[T any](v *verification, kind *store.Kind[T]) {
	n, err := kind.Count(v.tx)
	if err != nil {
		v.report(err)
	} else if n != v.seen[kind.Name()] {
		v.report(fmt.Errorf("of %d records of kind %s %d belong to no billing group", n, kind.Name(), n-v.seen[kind.Name()]))
	}
}

func (v *verification) group(g *customer.BillingGroup) error {
	wrong := func(format string, args ...any) {
		v.report(fmt.Errorf("billing group %s: "+format, append([]any{g.ID}, args...)...))
	}
	l, err := ledger.Of(v.tx, g.Account, g.ID)
	if err != nil {
		return err
	}
	if l.ID != 0 {
		v.seen[ledger.Ledgers.Name()]++
	}
	if l.Account != g.Account {
		wrong("its ledger is of account %s", l.Account)
	}
	s, err := v.add(g, l, wrong)
	if err != nil {
		return err
	}
	if !g.Balance.Amount.Equal(s.all) {
		wrong("its balance is %s, its postings make %s", g.Balance.Amount, s.all)
	}
	if err := v.days(g, l, s.days, wrong); err != nil {
		return err
	}
	outstanding, settled, err := v.invoices(g, l, s, wrong)
	if err != nil {
		return err
	}
	if unused := s.paid.Sub(settled); !unused.Equal(l.Unused) {
		wrong("%s is paid and %s settled, its ledger has %s left", s.paid, settled, l.Unused)
	}
	if said := l.Unused.Sub(outstanding).Add(s.unbilled); !said.Equal(g.Balance.Amount) {
		wrong("its balance is %s, its payments and invoices say %s", g.Balance.Amount, said)
	}
	if l.Unused.IsPositive() && outstanding.IsPositive() {
		wrong("%s lies unused while invoices are owed %s", l.Unused, outstanding)
	}
	if err := v.credits(g, s, wrong); err != nil {
		return err
	}
	return v.payments(g, l, s, wrong)
}

func (v *verification) invoices(g *customer.BillingGroup, l *ledger.Ledger, s *sums, wrong func(string, ...any)) (outstanding, settled decimal.Decimal, err error) {
	var last *ledger.Invoice
	for i, err := range ledger.Invoices.All(v.tx, ledger.ByGroup, g.ID.String()) {
		if err != nil {
			return outstanding, settled, err
		}
		v.seen[ledger.Invoices.Name()]++
		if err := v.number(i); err != nil {
			return outstanding, settled, err
		}
		v.dunning(i, wrong)
		sum, bills := s.invoiced[i.ID]
		delete(s.invoiced, i.ID)
		if i.Account != g.Account || i.Currency != g.Balance.Currency {
			wrong("invoice %s is of account %s in %s, the group of %s in %s", i.Number, i.Account, i.Currency, g.Account, g.Balance.Currency)
		}
		switch {
		case !bills:
			wrong("invoice %s bills nothing", i.Number)
		case !sum.all.Equal(i.Total) || !sum.tax.Equal(i.Tax) || !i.Net.Add(i.Tax).Equal(i.Total):
			wrong("invoice %s asks for %s (%s and %s tax), its lines make %s with %s tax", i.Number, i.Total, i.Net, i.Tax, sum.all, sum.tax)
		case i.Total.IsNegative() && !i.Settled.Equal(i.Total), !i.Total.IsNegative() && (i.Settled.IsNegative() || i.Settled.GreaterThan(i.Total)):
			wrong("invoice %s asks for %s, %s of it is settled", i.Number, i.Total, i.Settled)
		case i.Covered.IsNegative() || i.Covered.GreaterThan(decimal.Max(i.Settled, decimal.Zero)):
			wrong("invoice %s is settled with %s, %s of it without money", i.Number, i.Settled, i.Covered)
		}
		s.settled[i.ID] = i
		if settled, outstanding = settled.Add(i.Settled), outstanding.Add(i.Outstanding()); i.Credits != 0 {
			s.notes[i.ID] = i.Credits
			continue
		}
		if last != nil && i.From.Before(last.Until) || !i.From.Before(i.Until) || i.Until.After(l.BilledUntil) {
			wrong("invoice %s bills %s to %s, which is billed already or not marked as billed", i.Number, period.Format(i.From), period.Format(i.Until))
		}
		last = i
	}
	for id, sum := range s.invoiced {
		wrong("postings of %s name invoice %s, which it does not have", sum.all, id)
	}
	return outstanding, settled, nil
}
