package verify

import (
	"slices"

	"github.com/shopspring/decimal"

	"rator/billing/ledger"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

// credits checks what takes postings back: it is linked to a posting of the group
// and takes no more of it than there was; a line of a credit note is the opposite
// of a line on the invoice that the note is for; what is billed again was credited.
func (v *verification) credits(g *customer.BillingGroup, s *sums, wrong func(string, ...any)) error {
	for id, of := range s.notes {
		if i, err := ledger.Invoices.Get(v.tx, of); failure.CodeOf(err) == ledger.UnknownInvoice || err == nil && (i.Group != g.ID || i.Credits != 0 || i.Total.IsNegative()) {
			wrong("credit note %s is for %s, which is no invoice of it", id, of)
		} else if err != nil {
			return err
		}
	}
	left := map[store.ID]decimal.Decimal{} // of what is taken back, after all that takes it back
	targets := map[store.ID]*ledger.Posting{}
	for _, p := range slices.Backward(s.backs) { // what takes back comes after what it takes back
		target, err := v.target(g, p, p.Credits, wrong)
		if err != nil {
			return err
		}
		if target == nil {
			continue
		}
		net := p.Amount.Add(left[p.ID])
		targets[p.Credits], left[p.Credits] = target, left[p.Credits].Add(net)
		if of := s.notes[p.Invoice]; of != 0 && target.Invoice != of {
			wrong("posting %s credits %s, which is not on invoice %s", p.ID, p.Credits, of)
		}
		if s.notes[p.Invoice] != 0 && p.Kind != ledger.Tax && !p.Amount.Equal(target.Amount.Neg()) {
			wrong("posting %s credits %s of %s with %s", p.ID, p.Credits, target.Amount, p.Amount)
		}
	}
	for id, target := range targets {
		if target.Kind != ledger.Tax && !within(target.Amount.Add(left[id]), target.Amount, g.Balance.Currency) {
			wrong("of posting %s, %s, %s is taken back", id, target.Amount, left[id])
		}
	}
	for _, p := range s.again {
		target, err := v.target(g, p, p.Again, wrong)
		if err == nil && target != nil {
			if _, credited := left[p.Again]; !credited {
				wrong("posting %s bills %s again, which is not credited", p.ID, p.Again)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// target finds what a posting takes back or bills again.
func (v *verification) target(g *customer.BillingGroup, p *ledger.Posting, id store.ID, wrong func(string, ...any)) (*ledger.Posting, error) {
	target, err := ledger.Postings.Get(v.tx, id)
	if failure.CodeOf(err) == ledger.UnknownPosting || err == nil && (target.Group != g.ID || target.Kind != p.Kind || target.ID >= p.ID) {
		wrong("posting %s is for %s, which is no earlier one of its kind in the group", p.ID, id)
		return nil, nil
	}
	return target, err
}

// within reports whether what is left of an amount lies between 0 and the amount,
// but for the one minor unit that days may be rounded by.
func within(left, amount decimal.Decimal, currency string) bool {
	if amount.IsNegative() {
		left, amount = left.Neg(), amount.Neg()
	}
	unit := decimal.New(1, -catalogue.MinorUnits(currency))
	return !left.LessThan(unit.Neg()) && !left.GreaterThan(amount.Add(unit))
}
