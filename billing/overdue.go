package billing

import (
	"cmp"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"rator/billing/ledger"
	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// Overdue is a billing group that owes something whose due date has passed, with
// the customer, and what is known of when it will be paid.
type Overdue struct {
	Account  *customer.Account
	Group    *customer.BillingGroup
	Receiver *customer.User          // who gets the bill; nil when there is none such any more
	Invoices []Claim                 // those whose due date has passed, the longest due first; at least one
	Amount   decimal.Decimal         // what is left of them
	Days     int                     // since the first was due
	Dunning  ledger.Dunning          // the furthest that one of them was dunned
	Next     time.Time               // the day on which one of them is dunned next, if a run is made; zero = none is
	Promises []*ledger.PaymentRecord // told and not captured, oldest first
	Promised decimal.Decimal         // their sum
	place    int                     // of its invoice among those that were looked at with it
}

// OverdueFilter says which overdue billing groups are wanted: those of all that
// is given.
type OverdueFilter struct {
	MinDays   int             // overdue at least so long
	MinAmount decimal.Decimal // and with at least that much
	Dunning   ledger.Dunning  // the furthest state; "" = any
}

// OverduePage gives the overdue billing groups of a brand, the longest overdue
// first, from the position after (nil = the start), at most limit, and the position
// to go on from: nil when nothing follows. It goes through the overdue invoices
// alone, limit at once and no more than lookedAt times that, so a page may have
// fewer than limit, even none, and still have one after it. As in dunning, what
// credits that no invoice has yet cover is not owed, and an invoice of which less is
// left than the brand's smallest amount is none. A MinAmount below 0 is
// INVALID_AMOUNT.
func OverduePage(tx store.Tx, brand *catalogue.Brand, f OverdueFilter, after []byte, limit int) ([]*Overdue, []byte, error) {
	if f.MinAmount.IsNegative() {
		return nil, nil, ledger.InvalidAmount.With("MIN_AMOUNT must not be below 0")
	}
	today := brand.Day(tx.Now())
	last := today.AddDate(0, 0, -max(f.MinDays, 1)) // due date
	var found []*Overdue
	for look := lookedAt * limit; look > 0 && len(found) < limit; {
		invoices := func(n int) ([]*ledger.Invoice, []byte, error) {
			return ledger.Invoices.Page(tx, ledger.ByOverdue, store.Compose(brand.Key, ""), after, n)
		}
		page, next, err := invoices(min(limit, look))
		if err != nil {
			return nil, nil, err
		}
		if end := slices.IndexFunc(page, func(i *ledger.Invoice) bool { return i.DueDate.After(last) }); end >= 0 {
			page, next = page[:end], nil
		}
		some, err := overdueAt(tx, brand, page, today)
		if err != nil {
			return nil, nil, err
		}
		some = slices.DeleteFunc(some, func(o *Overdue) bool {
			return o.Amount.LessThan(f.MinAmount) || f.Dunning != "" && o.Dunning != f.Dunning
		})
		if room := limit - len(found); len(some) > room { // what follows is of the next page
			some = some[:room]
			if _, next, err = invoices(some[room-1].place + 1); err != nil {
				return nil, nil, err
			}
		}
		found, after = append(found, some...), next
		look -= len(page)
		if next == nil {
			break
		}
	}
	return found, after, describe(tx, found)
}

// lookedAt is how many invoices a page looks at for each group it may give.
const lookedAt = 5

// overdueAt gives the overdue billing groups of invoices, without those of which another
// invoice comes before in the list, so that each group has one place.
func overdueAt(tx store.Tx, brand *catalogue.Brand, page []*ledger.Invoice, today time.Time) (all []*Overdue, err error) {
	ids := make([]store.ID, len(page))
	for n, i := range page {
		ids[n] = i.Group
	}
	groups, err := groupsByID(tx, ids)
	if err != nil {
		return nil, err
	}
	claims, err := claimsOf(tx, brand, groups)
	if err != nil {
		return nil, err
	}
	byID := map[store.ID]*customer.BillingGroup{}
	for _, g := range groups {
		byID[g.ID] = g
	}
	for place, i := range page {
		of := slices.DeleteFunc(slices.Clone(claims[i.Group]), func(c Claim) bool { return !c.Overdue(today) || !c.dunnable(brand) })
		slices.SortFunc(of, func(a, b Claim) int { return cmp.Or(a.DueDate.Compare(b.DueDate), cmp.Compare(a.ID, b.ID)) })
		if len(of) == 0 || of[0].ID != i.ID {
			continue
		}
		o := &Overdue{Group: byID[i.Group], Invoices: of, Days: int(today.Sub(i.DueDate) / (24 * time.Hour)), Dunning: ledger.NotDunned, place: place}
		o.sum(today)
		all = append(all, o)
	}
	return all, nil
}

// sum adds the invoices up.
func (o *Overdue) sum(today time.Time) {
	for _, c := range o.Invoices {
		o.Amount = o.Amount.Add(c.Left)
		if ledger.DunningOrder[c.Dunning] > ledger.DunningOrder[o.Dunning] {
			o.Dunning = c.Dunning
		}
		if c.Dunning == ledger.Collection {
			continue
		}
		next := latest(today, c.NextDunning)
		if o.Group.DunningPause != nil {
			next = latest(next, o.Group.DunningPause.Until)
		}
		if o.Next.IsZero() || next.Before(o.Next) {
			o.Next = next
		}
	}
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// describe reads whose billing groups are, and what was promised.
func describe(tx store.Tx, all []*Overdue) error {
	var b store.Batch
	for _, o := range all {
		customer.AskAccount(&b, o.Group.Account, &o.Account)
		customer.AskUser(&b, o.Group.Receiver(), &o.Receiver)
		ledger.Payments.Ask(&b, ledger.ByPromised, o.Group.ID.String(), &o.Promises)
	}
	if err := b.Answer(tx); err != nil {
		return err
	}
	for _, o := range all {
		if o.Account == nil {
			return customer.UnknownAccount.With("%s", o.Group.Account)
		}
		for _, p := range o.Promises {
			o.Promised = o.Promised.Add(p.Amount)
		}
	}
	return nil
}
