package billing

import (
	"time"

	"github.com/shopspring/decimal"

	"rator/customer"
	"rator/failure"
	"rator/store"
)

// Ledger is what billing keeps of a billing group beside its postings, from the
// first payment or billed period on.
type Ledger struct {
	store.Base
	Account     store.ID
	Group       store.ID
	Unused      decimal.Decimal // paid, and no invoice to settle with it; negative = an opening debt
	BilledUntil time.Time       // end of the last billed period; zero before the first
}

var ledgers = store.Define("ledger", nil, func(l *Ledger) *store.Base { return &l.Base },
	store.Index[Ledger]{Name: byGroup, Value: func(l *Ledger) string { return l.Group.String() }, Taken: failure.TryAgain})

// ledgerOf gives a billing group's ledger; a new one has no id yet.
func ledgerOf(tx store.Tx, account, group store.ID) (*Ledger, error) {
	for l, err := range ledgers.All(tx, byGroup, group.String()) {
		return l, err
	}
	return &Ledger{Account: account, Group: group}, nil
}

func (l *Ledger) keep(tx store.Tx) error {
	if l.ID == 0 {
		return ledgers.Insert(tx, l)
	}
	return ledgers.Put(tx, l)
}

// settle takes money of a billing group that came in, or, negative, an opening
// debt, and keeps its ledger.
func settle(tx store.Tx, g *customer.BillingGroup, amount decimal.Decimal) error {
	l, err := ledgerOf(tx, g.Account, g.ID)
	if err != nil {
		return err
	}
	if err := l.settle(tx, amount); err != nil {
		return err
	}
	return l.keep(tx)
}

// settle settles open invoices, the oldest first, with what came in. What is
// left waits for the next one.
func (l *Ledger) settle(tx store.Tx, amount decimal.Decimal) error {
	l.Unused = l.Unused.Add(amount)
	for l.Unused.IsPositive() {
		i, err := invoices.By(tx, byOpen, l.Group.String())
		if failure.CodeOf(err) == UnknownInvoice {
			return nil
		}
		if err != nil {
			return err
		}
		l.pay(i)
		if err := invoices.Put(tx, i); err != nil {
			return err
		}
	}
	return nil
}

// pay settles as much of an invoice as there is money for.
func (l *Ledger) pay(i *Invoice) {
	used := decimal.Min(l.Unused, i.Outstanding())
	if used.IsPositive() {
		i.Settled, l.Unused = i.Settled.Add(used), l.Unused.Sub(used)
	}
}
