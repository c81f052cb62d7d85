package ledger

import (
	"github.com/shopspring/decimal"

	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

// Settlement is money that settled an invoice: above 0.
type Settlement struct {
	Invoice store.ID
	Amount  decimal.Decimal
}

// Settle takes money of a billing group that came in, or, negative, an opening
// debt, and keeps its ledger.
func Settle(tx store.Tx, g *customer.BillingGroup, amount decimal.Decimal) error {
	l, err := Of(tx, g.Account, g.ID)
	if err != nil {
		return err
	}
	if err := l.Settle(tx, amount); err != nil {
		return err
	}
	return l.Keep(tx)
}

// Settle settles open invoices, the oldest first, with what came in. What is
// left waits for the next one.
func (l *Ledger) Settle(tx store.Tx, amount decimal.Decimal) error {
	_, err := l.SettleFirst(tx, amount, nil)
	return err
}

// SettleFirst is settle for money that is for one invoice first: the named one
// gets all that it is still owed, even where an opening debt is older. It gives
// what was settled.
func (l *Ledger) SettleFirst(tx store.Tx, amount decimal.Decimal, named *Invoice) (done []Settlement, err error) {
	l.Unused = l.Unused.Add(amount)
	if named != nil {
		used := decimal.Min(amount, named.Outstanding())
		if done, err = l.settled(tx, done, named, used); err != nil {
			return nil, err
		}
	}
	for l.Unused.IsPositive() {
		i, err := Invoices.By(tx, ByOpen, l.Group.String())
		if failure.CodeOf(err) == UnknownInvoice {
			break
		}
		if err != nil {
			return nil, err
		}
		if done, err = l.settled(tx, done, i, decimal.Min(l.Unused, i.Outstanding())); err != nil {
			return nil, err
		}
	}
	if amount.IsNegative() {
		err = l.Spend(tx, 0)
	}
	return done, err
}

// settled settles an invoice with an amount, which may be 0, and adds that to what
// was done.
func (l *Ledger) settled(tx store.Tx, done []Settlement, i *Invoice, amount decimal.Decimal) ([]Settlement, error) {
	if !amount.IsPositive() {
		return done, nil
	}
	i.Settled, l.Unused = i.Settled.Add(amount), l.Unused.Sub(amount)
	if err := Invoices.Put(tx, i); err != nil {
		return nil, err
	}
	return append(done, Settlement{i.ID, amount}), l.Spend(tx, i.ID)
}

// Pay settles as much of an invoice that is not kept yet as there is money for;
// spend says so to the payments when it is.
func (l *Ledger) Pay(i *Invoice) {
	used := decimal.Min(l.Unused, i.Outstanding())
	if used.IsPositive() {
		i.Settled, l.Unused = i.Settled.Add(used), l.Unused.Sub(used)
	}
}

// Spend has the payments say that no more of them lies unused than the ledger
// has: what is over went to an invoice, or, with 0, out of the billing group.
func (l *Ledger) Spend(tx store.Tx, invoice store.ID) error {
	return l.Draw(tx, func(p *PaymentRecord, used decimal.Decimal) {
		if invoice != 0 {
			p.Settled = append(p.Settled, Settlement{invoice, used})
		}
	})
}

// Draw has the payments say that no more of them lies unused than the ledger has,
// and tells to of each that is used. Money of no payment goes first, then that of the
// oldest payment.
func (l *Ledger) Draw(tx store.Tx, to func(p *PaymentRecord, used decimal.Decimal)) error {
	var lying []*PaymentRecord
	over := decimal.Max(l.Unused, decimal.Zero).Neg()
	for p, err := range Payments.All(tx, byLying, l.Group.String()) {
		if err != nil {
			return err
		}
		lying, over = append(lying, p), over.Add(p.Unused)
	}
	for _, p := range lying {
		used := decimal.Min(over, p.Unused)
		if !used.IsPositive() {
			return nil
		}
		over, p.Unused = over.Sub(used), p.Unused.Sub(used)
		to(p, used)
		if err := Payments.Put(tx, p); err != nil {
			return err
		}
	}
	return nil
}

// TakeOut takes money out of the billing group: what lies unused, and when that
// is not enough, what settled invoices, the newest first. They are open again,
// unless other money is there for them. Where nothing is settled either, the rest
// is a debt that the next money pays first.
func (l *Ledger) TakeOut(tx store.Tx, brand *catalogue.Brand, amount decimal.Decimal) error {
	floor := decimal.Min(l.Unused, decimal.Zero)
	l.Unused = l.Unused.Sub(amount)
	return l.Refill(tx, brand, floor)
}

// Refill brings what lies unused up to a floor again, from 0 down, by opening
// invoices, and has what is left over pay others.
func (l *Ledger) Refill(tx store.Tx, brand *catalogue.Brand, floor decimal.Decimal) error {
	if err := l.reopenNewest(tx, brand, floor.Sub(l.Unused)); err != nil {
		return err
	}
	if err := l.Spend(tx, 0); err != nil {
		return err
	}
	return l.Settle(tx, decimal.Zero)
}

// reopenNewest takes an amount, as far as there is as much, out of the invoices
// that money settled, the newest first.
func (l *Ledger) reopenNewest(tx store.Tx, brand *catalogue.Brand, amount decimal.Decimal) error {
	if !amount.IsPositive() {
		return nil
	}
	var all []*Invoice
	for i, err := range Invoices.All(tx, ByGroup, l.Group.String()) {
		if err != nil {
			return err
		}
		all = append(all, i)
	}
	for n := len(all) - 1; n >= 0 && amount.IsPositive(); n-- {
		taken := decimal.Min(amount, all[n].Settled.Sub(all[n].Covered))
		if !taken.IsPositive() {
			continue
		}
		amount = amount.Sub(taken)
		if err := l.Reopen(tx, brand, all[n], taken); err != nil {
			return err
		}
		if err := l.Unsettle(tx, all[n]); err != nil {
			return err
		}
	}
	return nil
}

// Reopen takes money out of an invoice again. Dunning goes on from where it was,
// but not before tomorrow.
func (l *Ledger) Reopen(tx store.Tx, brand *catalogue.Brand, i *Invoice, amount decimal.Decimal) error {
	tomorrow := brand.Day(tx.Now()).AddDate(0, 0, 1)
	if i.NextDunning.Before(tomorrow) {
		i.NextDunning = tomorrow
	}
	i.Settled, l.Unused = i.Settled.Sub(amount), l.Unused.Add(amount)
	return Invoices.Put(tx, i)
}

// Unsettle has payments, the newest first, say no more of an invoice than is
// settled of it with money.
func (l *Ledger) Unsettle(tx store.Tx, i *Invoice) error {
	said := i.Covered.Sub(i.Settled)
	var by []*PaymentRecord
	for p, err := range Payments.All(tx, ByGroup, l.Group.String()) {
		if err != nil {
			return err
		}
		if of := p.settledOf(i.ID); of.IsPositive() {
			by, said = append(by, p), said.Add(of)
		}
	}
	for n := len(by) - 1; n >= 0 && said.IsPositive(); n-- {
		said = said.Sub(by[n].forget(i.ID, said))
		if err := Payments.Put(tx, by[n]); err != nil {
			return err
		}
	}
	return nil
}
