package billing

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
	return ledgers.Keep(tx, l)
}
