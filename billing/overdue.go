package billing

import (
	"cmp"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"rator/billing/ledger"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
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
// alone, and looks at no more than lookedAt times limit of them, so a page may have
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
		page, next, err := ledger.Invoices.Page(tx, ledger.ByOverdue, store.Compose(brand.Key, ""), after, min(limit-len(found), look))
		if err != nil {
			return nil, nil, err
		}
		for _, i := range page {
			if i.DueDate.After(last) {
				return found, nil, nil
			}
			o, err := overdueAt(tx, brand, i, today)
			if err != nil {
				return nil, nil, err
			}
			if o != nil && !o.Amount.LessThan(f.MinAmount) && (f.Dunning == "" || o.Dunning == f.Dunning) {
				found = append(found, o)
			}
		}
		if after = next; next == nil {
			return found, nil, nil
		}
		look -= len(page)
	}
	return found, after, nil
}

// lookedAt is how many invoices a page looks at for each group it may give.
const lookedAt = 5

// overdueAt is the overdue billing group of an invoice; nil where another of its
// invoices comes before in the list, so that each group has one place.
func overdueAt(tx store.Tx, brand *catalogue.Brand, i *ledger.Invoice, today time.Time) (*Overdue, error) {
	g, err := customer.BillingGroupByID(tx, brand, i.Group)
	if err != nil {
		return nil, err
	}
	claims, err := claimsOf(tx, brand, g)
	if err != nil {
		return nil, err
	}
	claims = slices.DeleteFunc(claims, func(c Claim) bool { return !c.Overdue(today) || !c.dunnable(brand) })
	slices.SortFunc(claims, func(a, b Claim) int { return cmp.Or(a.DueDate.Compare(b.DueDate), cmp.Compare(a.ID, b.ID)) })
	if len(claims) == 0 || claims[0].ID != i.ID {
		return nil, nil
	}
	o := &Overdue{Group: g, Invoices: claims, Days: int(today.Sub(i.DueDate) / (24 * time.Hour)), Dunning: ledger.NotDunned}
	o.sum(today)
	return o, o.describe(tx, brand)
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

// describe reads whose the billing group is, and what was promised.
func (o *Overdue) describe(tx store.Tx, brand *catalogue.Brand) (err error) {
	if o.Account, err = customer.AccountByID(tx, brand, o.Group.Account); err != nil {
		return err
	}
	receiver := o.Group.BillingAddress
	if receiver == 0 {
		receiver = o.Group.Owner
	}
	o.Receiver, err = customer.UserByID(tx, brand, receiver)
	if err != nil && failure.CodeOf(err) != customer.UnknownUser {
		return err
	}
	for p, err := range ledger.Payments.All(tx, ledger.ByPromised, o.Group.ID.String()) {
		if err != nil {
			return err
		}
		o.Promises, o.Promised = append(o.Promises, p), o.Promised.Add(p.Amount)
	}
	return nil
}
