package billing

import (
	"context"
	"slices"

	"rator/billing/ledger"
	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

const dunningBatch = 256

// dunBrand duns what is late in a brand and not held back, a batch in each
// transaction. Only overdue invoices are looked at, and nothing is written where
// none of them is late. A dry run only counts.
func (r *Run) dunBrand(ctx context.Context, st store.Store, brand *catalogue.Brand) error {
	for position, more := []byte(nil), true; more; more = position != nil {
		var late []store.ID
		err := st.View(ctx, func(tx store.Tx) error {
			page, next, err := ledger.Invoices.Page(tx, ledger.ByOverdue, store.Compose(brand.Key, ""), position, dunningBatch)
			if err != nil {
				return err
			}
			late = nil
			for _, i := range page {
				if !i.Overdue(r.day) { // the index is in the order of due dates
					next = nil
					break
				}
				if i.Late(r.day) {
					late = append(late, i.ID)
				}
			}
			position = next
			return nil
		})
		if err == nil {
			err = r.dunBatch(ctx, st, brand, late)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// dunBatch duns those of some invoices that are still late.
func (r *Run) dunBatch(ctx context.Context, st store.Store, brand *catalogue.Brand, late []store.ID) error {
	if len(late) == 0 {
		return nil
	}
	dunned := 0
	err := r.unit(ctx, st, func(tx store.Tx) error {
		dunned = 0
		held := dunningHold{tx: tx, brand: brand, left: map[store.ID][]Claim{}}
		for _, id := range late {
			i, err := ledger.Invoices.Get(tx, id)
			if err != nil {
				return err
			}
			if !i.Late(r.day) {
				continue // it was paid meanwhile, or another run was quicker
			}
			if holds, err := held.holds(i); err != nil || holds {
				if err != nil {
					return err
				}
				continue
			}
			if err := dun(tx, brand, i); err != nil {
				return err
			}
			dunned++
		}
		return nil
	})
	if err == nil {
		r.report.Dunned += dunned
	}
	return err
}

// dunningHold tells what keeps late invoices from being dunned: a pause of the
// billing group, and that less is left of them than the brand duns. What it knows of
// a group holds for one transaction.
type dunningHold struct {
	tx    store.Tx
	brand *catalogue.Brand
	left  map[store.ID][]Claim // by group; none of one that is paused
}

func (h *dunningHold) holds(i *ledger.Invoice) (bool, error) {
	if !(&Claim{i, i.Outstanding()}).dunnable(h.brand) {
		return true, nil
	}
	claims, known := h.left[i.Group]
	if !known {
		var err error
		if claims, err = h.look(i.Group); err != nil {
			return false, err
		}
		h.left[i.Group] = claims
	}
	return !slices.ContainsFunc(claims, func(c Claim) bool { return c.ID == i.ID && c.dunnable(h.brand) }), nil
}

func (h *dunningHold) look(group store.ID) ([]Claim, error) {
	g, err := customer.BillingGroupByID(h.tx, h.brand, group)
	if err != nil || g.DunningPausedOn(h.brand.Day(h.tx.Now())) {
		return nil, err
	}
	return claimsOf(h.tx, h.brand, g)
}

// dun takes a late invoice to its next state and says so by the event
// invoice.dunned; whoever writes reminders reads it.
func dun(tx store.Tx, brand *catalogue.Brand, i *ledger.Invoice) error {
	i.DunnedOn = brand.Day(tx.Now())
	i.Dunning, i.NextDunning = nextState[i.Dunning], i.DunnedOn.AddDate(0, 0, brand.DunningDays())
	if err := ledger.Invoices.Put(tx, i); err != nil {
		return err
	}
	return announce(tx, i, invoiceDunned)
}

var nextState = map[ledger.Dunning]ledger.Dunning{ledger.NotDunned: ledger.Reminder, ledger.Reminder: ledger.LastReminder, ledger.LastReminder: ledger.Collection}
