package ledger

import (
	"cmp"
	"slices"

	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

// Books is what is kept of a customer's money, each list oldest first.
type Books struct {
	Ledgers  []*Ledger
	Postings []*Posting
	Invoices []*Invoice
	Payments []*PaymentRecord
}

// BooksOf gives those of billing groups of an account, one group after the other.
func BooksOf(tx store.Tx, account store.ID, groups []store.ID) (*Books, error) {
	each := make([]Books, len(groups))
	var b store.Batch
	for i, g := range groups {
		Ledgers.Ask(&b, ByGroup, g.String(), &each[i].Ledgers)
		Postings.Ask(&b, ByGroup, g.String(), &each[i].Postings)
		Invoices.Ask(&b, ByGroup, g.String(), &each[i].Invoices)
		Payments.Ask(&b, ByGroup, g.String(), &each[i].Payments)
	}
	if err := b.Answer(tx); err != nil {
		return nil, err
	}
	all := &Books{}
	for _, of := range each {
		all.Ledgers = append(all.Ledgers, of.Ledgers...)
		all.Postings = append(all.Postings, of.Postings...)
		all.Invoices = append(all.Invoices, of.Invoices...)
		all.Payments = append(all.Payments, of.Payments...)
	}
	oldestFirst(all.Ledgers, func(l *Ledger) store.ID { return l.ID })
	oldestFirst(all.Postings, func(p *Posting) store.ID { return p.ID })
	oldestFirst(all.Invoices, func(i *Invoice) store.ID { return i.ID })
	oldestFirst(all.Payments, func(p *PaymentRecord) store.ID { return p.ID })
	return all, nil
}

func oldestFirst[T any](all []T, id func(T) store.ID) {
	slices.SortFunc(all, func(a, b T) int { return cmp.Compare(id(a), id(b)) })
}

// Load keeps books of elsewhere, or of before, as they are, of billing groups that are
// kept already; no balance moves, and nothing is told. The brand's next invoice numbers are
// above theirs. It fails where an id or a number is taken; whether they add up, the
// verification says.
func (b *Books) Load(tx store.Tx, brand *catalogue.Brand) error {
	w := owners{tx: tx, brand: brand, of: map[store.ID]store.ID{}}
	for _, l := range b.Ledgers {
		if err := loaded(w, Ledgers, l, l.Account, l.Group); err != nil {
			return err
		}
	}
	for _, p := range b.Postings {
		if err := loaded(w, Postings, p, p.Account, p.Group); err != nil {
			return err
		}
	}
	if err := b.loadInvoices(w); err != nil {
		return err
	}
	for _, p := range b.Payments {
		if err := w.owns("payment "+p.ID.String(), &p.Brand); err != nil {
			return err
		}
		err := loaded(w, Payments, p, p.Account, p.Group)
		if failure.CodeOf(err) == TransactionRecorded {
			return TransactionRecorded.With("%s", p.TransactionID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// loadInvoices keeps the invoices, and has the brand's series go on above their numbers.
func (b *Books) loadInvoices(w owners) error {
	brought := map[Series]int64{}
	for _, i := range b.Invoices {
		if err := w.owns("invoice "+i.Number, &i.Brand); err != nil {
			return err
		}
		switch err := loaded(w, Invoices, i, i.Account, i.Group); {
		case failure.CodeOf(err) == InvoiceNumberTaken:
			return InvoiceNumberTaken.With("%s", i.Number)
		case failure.CodeOf(err) == failure.TryAgain:
			return failure.InvalidRequest.With("invoice %s is number %d of the %s of brand %s, which another is", i.Number, i.Sequence, i.Series, i.Brand)
		case err != nil:
			return err
		}
		brought[i.Series] = max(brought[i.Series], i.Sequence)
	}
	for series, highest := range brought {
		c, err := CounterOf(w.tx, w.brand.Key, series)
		if err != nil {
			return err
		}
		if highest <= c.Brought {
			continue
		}
		c.Brought, c.Last = highest, max(c.Last, highest)
		if err := c.Keep(w.tx); err != nil {
			return err
		}
	}
	return nil
}

// owners are whose billing groups are, as far as it was asked.
type owners struct {
	tx    store.Tx
	brand *catalogue.Brand
	of    map[store.ID]store.ID
}

// owns makes what has no brand the brand's.
func (w owners) owns(what string, brand *string) error {
	if *brand == "" {
		*brand = w.brand.Key
	}
	if *brand != w.brand.Key {
		return failure.InvalidRequest.With("%s is of brand %s, not %s", what, *brand, w.brand.Key)
	}
	return nil
}

// loaded keeps x, which is of a billing group of the account.
func loaded[T any](w owners, kind *store.Kind[T], x *T, account, group store.ID) error {
	owner, known := w.of[group]
	if !known {
		g, err := customer.BillingGroupByID(w.tx, w.brand, group)
		if err != nil {
			return err
		}
		owner, w.of[group] = g.Account, g.Account
	}
	if account != owner {
		return customer.WrongAccount.With("a %s of billing group %s is of account %s, the group of %s", kind.Name(), group, account, owner)
	}
	return kind.Load(w.tx, x)
}
