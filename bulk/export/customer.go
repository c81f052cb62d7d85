package export

import (
	"time"

	"rator/billing/ledger"
	"rator/bulk"
	"rator/customer"
	"rator/store"
	"rator/tmf/resource"
)

// Customer appends the line of one customer, without its end.
func (q *Query) Customer(tx store.Tx, to []byte, w *customer.Whole) ([]byte, error) {
	written, err := resource.WrittenOf(tx, w.Account.ID)
	if err != nil {
		return nil, err
	}
	c, err := complete(tx, w, written[0])
	if err != nil {
		return nil, err
	}
	return q.line(to, c)
}

// customersOf reads customers whole.
func customersOf(tx store.Tx, accounts []store.ID) ([]*bulk.Customer, error) {
	wholes, err := customer.LoadEach(tx, accounts)
	if err != nil {
		return nil, err
	}
	written, err := resource.WrittenOf(tx, accounts...)
	if err != nil {
		return nil, err
	}
	all := make([]*bulk.Customer, len(wholes))
	for i, w := range wholes {
		if all[i], err = complete(tx, w, written[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// complete reads what is kept of a customer elsewhere.
func complete(tx store.Tx, w *customer.Whole, written resource.Written) (*bulk.Customer, error) {
	c := &bulk.Customer{Whole: *w, Resources: written}
	groups := make([]store.ID, 0, len(w.BillingGroups))
	for _, g := range w.BillingGroups {
		groups = append(groups, g.ID)
	}
	books, err := ledger.BooksOf(tx, w.Account.ID, groups)
	if err != nil {
		return nil, err
	}
	c.Books = *books
	if c.Returned, err = w.Returned(tx); err != nil {
		return nil, err
	}
	if c.Reservations, err = w.Reservations(tx); err != nil {
		return nil, err
	}
	c.Erasures, err = w.Erasures(tx)
	return c, err
}

// changedSince reports whether anything of a customer was made or changed at a time or
// later. What is not changed once it was made is known by its id; what changes says when.
func changedSince(c *bulk.Customer, since time.Time) bool {
	from := store.FirstIDAt(since)
	return c.Whole.ChangedSince(since) || c.Resources.ChangedSince(since) ||
		some(c.Ledgers, func(x *ledger.Ledger) bool { return x.ID >= from }) ||
		some(c.Postings, func(x *ledger.Posting) bool { return x.ID >= from }) ||
		some(c.Payments, func(x *ledger.PaymentRecord) bool { return x.ID >= from }) ||
		some(c.Invoices, func(x *ledger.Invoice) bool { return x.ID >= from || !x.Modified.Before(since) }) ||
		len(c.Returned) > 0 && c.Returned[len(c.Returned)-1].ID >= from ||
		len(c.Reservations) > 0 && c.Reservations[len(c.Reservations)-1].ID >= from ||
		len(c.Erasures) > 0 && c.Erasures[len(c.Erasures)-1].ID >= from
}

func some[T any](all []*T, is func(*T) bool) bool {
	for _, x := range all {
		if is(x) {
			return true
		}
	}
	return false
}
