package billing

import (
	"strings"

	"github.com/shopspring/decimal"

	"rator/billing/ledger"
	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// Transaction is a posting as people read an account: with the balance that it
// left.
type Transaction struct {
	*ledger.Posting
	Balance decimal.Decimal
}

// Place is where a list of transactions goes on: before a posting, at the balance
// that it found. As neither changes ever, a place stays right when more is posted.
// The zero Place is the newest posting.
type Place struct {
	Before  store.ID
	Balance decimal.Decimal
}

// String is what ParsePlace reads; "" for the zero Place.
func (p Place) String() string {
	if p.Before == 0 {
		return ""
	}
	return p.Before.String() + "/" + p.Balance.String()
}

// ParsePlace reads a place, or fails with INVALID_REQUEST.
func ParsePlace(s string) (p Place, err error) {
	if s == "" {
		return p, nil
	}
	id, balance, _ := strings.Cut(s, "/")
	if p.Before, err = ParseListID(id); err == nil && p.Before != 0 && len(balance) <= 40 && !strings.ContainsAny(balance, "eE") {
		if p.Balance, err = decimal.NewFromString(balance); err == nil {
			return p, nil
		}
	}
	return Place{}, errNoPlace
}

// Transactions gives the postings of a billing group dated on some days, in the
// reverse order of posting, from a place on, at most limit, and the place to go
// on from: the zero Place when nothing follows.
func Transactions(tx store.Tx, brand *catalogue.Brand, id store.ID, days Days, from Place, limit int) ([]Transaction, Place, error) {
	g, err := customer.BillingGroupByID(tx, brand, id)
	if err == nil {
		err = days.check()
	}
	if err != nil {
		return nil, Place{}, err
	}
	if from.Before == 0 {
		from.Balance = g.Balance.Amount
	}
	var page []Transaction
	looked := 0
	for p, err := range ledger.Postings.NewestFirst(tx, ledger.ByGroup, g.ID.String(), from.Before) {
		switch {
		case err != nil:
			return nil, Place{}, err
		case p.ID <= days.after():
			return page, Place{}, nil
		case len(page) == limit, looked == maxLooked:
			return page, from, nil
		}
		if days.hold(p) {
			page = append(page, Transaction{p, from.Balance})
		}
		looked, from = looked+1, Place{p.ID, from.Balance.Sub(p.Amount)}
	}
	return page, Place{}, nil
}
