package verify

import (
	"rator/billing/ledger"
	"rator/failure"
	"rator/store"
)

// balances checks a posting that gives a debt up or moves money between billing
// groups: what is given up is above 0, and what was moved left the one group of an
// account and came into another in the same currency, each naming the other.
func (v *verification) balances(p *ledger.Posting, wrong func(string, ...any)) error {
	if p.Kind == ledger.WriteOff {
		if !p.Amount.IsPositive() {
			wrong("posting %s writes off %s", p.ID, p.Amount)
		}
		return nil
	}
	id, err := store.ParseID(p.Reference)
	if err != nil {
		wrong("posting %s is a %s and names no other posting: %q", p.ID, p.Kind, p.Reference)
		return nil
	}
	other, err := ledger.Postings.Get(v.tx, id)
	if err != nil && failure.CodeOf(err) != ledger.UnknownPosting {
		return err
	}
	if err != nil || other.Kind != ledger.Transfer || other.Reference != p.ID.String() || !other.Amount.Equal(p.Amount.Neg()) ||
		other.Group == p.Group || other.Account != p.Account || other.Currency != p.Currency {
		wrong("posting %s moves %s %s, and posting %s is not its other end", p.ID, p.Amount, p.Currency, id)
	}
	return nil
}
