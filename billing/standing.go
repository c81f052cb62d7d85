package billing

import (
	"time"

	"rator/billing/ledger"
	"rator/billing/period"
	"rator/store"
)

// Standing is how a billing group pays, as far as its invoices and postings tell.
type Standing struct {
	Open    []*ledger.Invoice // not paid, or not in full, oldest first
	Billed  bool              // it has got an invoice, ever
	Posted  bool              // its balance has moved, ever
	Dunning ledger.Dunning    // the furthest that one of the open invoices was dunned
	// Last is when its balance moved last; zero while it never did.
	Last time.Time
}

// AskStanding has a batch ask how a billing group pays.
func AskStanding(b *store.Batch, id store.ID) *Standing {
	var (
		s      = &Standing{Dunning: ledger.NotDunned}
		newest *ledger.Posting
		group  = id.String()
	)
	ledger.Invoices.Ask(b, ledger.ByOpen, group, &s.Open)
	ledger.Invoices.AskAny(b, ledger.ByGroup, group, &s.Billed)
	ledger.Postings.AskNewest(b, ledger.ByGroup, group, &newest)
	b.Then(func() error {
		for _, i := range s.Open {
			if ledger.DunningOrder[i.Dunning] > ledger.DunningOrder[s.Dunning] {
				s.Dunning = i.Dunning
			}
		}
		if newest != nil {
			s.Posted, s.Last = true, period.MadeAt(newest.ID)
		}
		return nil
	})
	return s
}
