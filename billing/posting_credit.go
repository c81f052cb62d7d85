package billing

import (
	"github.com/shopspring/decimal"

	"rator/store"
)

// net is what is left of a posting after all that takes it back.
func (p *Posting) net(tx store.Tx) (decimal.Decimal, error) {
	net := p.Amount
	for back, err := range postings.All(tx, byCredits, p.ID.String()) {
		if err != nil {
			return net, err
		}
		left, err := back.net(tx)
		if err != nil {
			return net, err
		}
		net = net.Add(left)
	}
	return net, nil
}

// opposite is a posting that takes an amount of p back.
func (p *Posting) opposite(amount decimal.Decimal) *Posting {
	back := *p
	back.Base, back.Amount, back.Invoice, back.Credits, back.Again = store.Base{}, amount.Neg(), 0, p.ID, 0
	return &back
}
