// Package ledger is what is kept of a customer's money: postings, invoices, payments and
// their numbers, and which of them settles which. It keeps the sums right; what may be
// posted is for the operations above it to say, which alone may write here: the rooms
// under billing.
//
// The postings are the one truth: every movement of a balance is a posting, and a
// posting is never changed but for the invoice that bills it, nor deleted. An
// invoice is a number, a date and the postings it bills; its detail lines are
// those postings. So at any time, for each billing group,
//
//	balance = sum of its postings
//	        = what is paid and not used − what its invoices are still owed + what is not billed yet
//
// and the verification checks both. Amounts are signed as balances are: negative = the
// customer owes. Only an invoice's own figures (Total, Settled) are positive for
// what is owed, as people read them.
package ledger

import (
	"time"

	"github.com/shopspring/decimal"

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
	// DaysFrom is from when to BilledUntil each day of an option has been billed, which
	// Verify relies on; zero where that is not known, for what an earlier version billed.
	DaysFrom time.Time `json:",omitzero"`
	// BilledOn is the day on which BillNow billed before a period was over; zero where it
	// never did.
	BilledOn time.Time `json:",omitzero"`
}

var Ledgers = store.Define("ledger", nil, func(l *Ledger) *store.Base { return &l.Base },
	store.Index[Ledger]{Name: ByGroup, Value: func(l *Ledger) string { return l.Group.String() }, Taken: failure.TryAgain})

// Of gives a billing group's ledger; a new one has no id yet.
func Of(tx store.Tx, account, group store.ID) (*Ledger, error) {
	for l, err := range Ledgers.All(tx, ByGroup, group.String()) {
		return l, err
	}
	return &Ledger{Account: account, Group: group}, nil
}

// Ask has a batch ask for a billing group's ledger, as Of gives it.
func Ask(b *store.Batch, account, group store.ID) **Ledger {
	found := new(*Ledger)
	Ledgers.AskNewest(b, ByGroup, group.String(), found)
	b.Then(func() error {
		if *found == nil {
			*found = &Ledger{Account: account, Group: group}
		}
		return nil
	})
	return found
}

func (l *Ledger) Keep(tx store.Tx) error {
	return Ledgers.Keep(tx, l)
}
