package billing

import (
	"slices"

	"rator/billing/ledger"
	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// LineFilter says which detail lines are wanted: those of all that is named.
type LineFilter struct {
	Invoice, Group, Subscription store.ID
	CostCenter                   string
	Days
}

// DetailLines gives what invoices bill, and what is not billed yet: every posting
// but payments and opening balances, in order of posting, from the one after the
// id after (0 = the first) on, at most limit; and the id to go on after, 0 when
// nothing follows.
//
// Without an invoice, a billing group or a subscription it fails with
// NOTHING_TO_LIST_BY, with those of two accounts with WRONG_ACCOUNT. The catalogue
// has no cost centres, so any is UNKNOWN_COST_CENTER (rator-api.md 2.7).
func DetailLines(tx store.Tx, brand *catalogue.Brand, f LineFilter, after store.ID, limit int) ([]*ledger.Posting, store.ID, error) {
	index, value, err := f.list(tx, brand)
	if err != nil {
		return nil, 0, err
	}
	var lines []*ledger.Posting
	looked := 0
	for p, err := range ledger.Postings.AllAfter(tx, index, value, max(after, f.after())) {
		switch {
		case err != nil:
			return nil, 0, err
		case len(lines) == limit, looked == maxLooked:
			return lines, after, nil
		}
		looked, after = looked+1, p.ID
		if f.wants(p) {
			lines = append(lines, p)
		}
	}
	return lines, 0, nil
}

func (f *LineFilter) wants(p *ledger.Posting) bool {
	return p.Kind.Billed() && f.hold(p) && (f.Invoice == 0 || p.Invoice == f.Invoice) && (f.Group == 0 || p.Group == f.Group) &&
		(f.Subscription == 0 || p.Subscription == f.Subscription)
}

// list checks a filter and names the list of postings with the fewest to look
// through.
func (f *LineFilter) list(tx store.Tx, brand *catalogue.Brand) (index, value string, err error) {
	if f.CostCenter != "" {
		return "", "", UnknownCostCenter.With("%.60s", f.CostCenter)
	}
	var accounts []store.ID
	if f.Group != 0 {
		g, _, err := group(tx, brand, f.Group)
		if err != nil {
			return "", "", err
		}
		index, value, accounts = ledger.ByGroup, g.ID.String(), append(accounts, g.Account)
	}
	if f.Subscription != 0 {
		s, err := customer.SubscriptionByID(tx, brand, f.Subscription)
		if err != nil {
			return "", "", err
		}
		index, value, accounts = ledger.BySubscription, s.ID.String(), append(accounts, s.Account)
	}
	if f.Invoice != 0 {
		i, err := ledger.InvoiceByID(tx, brand, f.Invoice)
		if err != nil {
			return "", "", err
		}
		index, value, accounts = ledger.ByInvoice, i.ID.String(), append(accounts, i.Account)
	}
	switch {
	case len(accounts) == 0:
		return "", "", NothingToListBy.With("name an invoice, a billing group or a subscription")
	case len(slices.Compact(accounts)) > 1:
		return "", "", customer.WrongAccount.Error()
	}
	return index, value, f.check()
}
