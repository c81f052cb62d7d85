package billing

import (
	"time"

	"rator/billing/ledger"
	"rator/billing/period"
	"rator/catalogue"
	"rator/customer"
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

// StandingOf says how a billing group of the brand pays.
func StandingOf(tx store.Tx, brand *catalogue.Brand, id store.ID) (*Standing, error) {
	g, err := customer.BillingGroupByID(tx, brand, id)
	if err != nil {
		return nil, err
	}
	s := &Standing{Dunning: ledger.NotDunned}
	for i, err := range ledger.Invoices.All(tx, ledger.ByOpen, g.ID.String()) {
		if err != nil {
			return nil, err
		}
		s.Open = append(s.Open, i)
		if ledger.DunningOrder[i.Dunning] > ledger.DunningOrder[s.Dunning] {
			s.Dunning = i.Dunning
		}
	}
	if s.Billed, err = anyOf(tx, ledger.Invoices, g.ID); err != nil {
		return nil, err
	}
	if s.Posted, err = anyOf(tx, ledger.Postings, g.ID); err != nil || !s.Posted {
		return s, err
	}
	for p, err := range newestFirst(tx, ledger.Postings, func(p *ledger.Posting) store.ID { return p.ID }, g.ID, 0) {
		if err != nil {
			return nil, err
		}
		s.Last = period.MadeAt(p.ID)
		break
	}
	return s, nil
}
