package ledger

import (
	"github.com/shopspring/decimal"

	"rator/store"
)

// Net is what is left of a posting after all that takes it back.
func (p *Posting) Net(tx store.Tx) (decimal.Decimal, error) {
	net := p.Amount
	for back, err := range Postings.All(tx, ByCredits, p.ID.String()) {
		if err != nil {
			return net, err
		}
		left, err := back.Net(tx)
		if err != nil {
			return net, err
		}
		net = net.Add(left)
	}
	return net, nil
}

// Opposite is a posting that takes an amount of p back.
func (p *Posting) Opposite(amount decimal.Decimal) *Posting {
	back := *p
	back.Base, back.Amount, back.Invoice, back.Credits, back.Again = store.Base{}, amount.Neg(), 0, p.ID, 0
	return &back
}
