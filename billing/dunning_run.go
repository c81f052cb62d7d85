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
		invoices, err := r.stillLate(tx, late)
		if err != nil {
			return err
		}
		claims, err := dunnableClaims(tx, brand, invoices)
		if err != nil {
			return err
		}
		for _, i := range invoices {
			if !slices.ContainsFunc(claims[i.Group], func(c Claim) bool { return c.ID == i.ID && c.dunnable(brand) }) {
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

// stillLate gives those of some invoices that were not paid meanwhile, and that no other
// run was quicker with.
func (r *Run) stillLate(tx store.Tx, ids []store.ID) ([]*ledger.Invoice, error) {
	invoices, err := ledger.Invoices.GetMany(tx, ids)
	return slices.DeleteFunc(invoices, func(i *ledger.Invoice) bool { return i == nil || !i.Late(r.day) }), err
}

// dunnableClaims gives the claims, by billing group, that may be dunned of late invoices:
// none of a group whose dunning is paused, nor of which less is left than the brand duns.
func dunnableClaims(tx store.Tx, brand *catalogue.Brand, late []*ledger.Invoice) (map[store.ID][]Claim, error) {
	var groups []store.ID
	for _, i := range late {
		if (&Claim{i, i.Outstanding()}).dunnable(brand) {
			groups = append(groups, i.Group)
		}
	}
	found, err := groupsByID(tx, groups)
	if err != nil {
		return nil, err
	}
	today := brand.Day(tx.Now())
	return claimsOf(tx, brand, slices.DeleteFunc(found, func(g *customer.BillingGroup) bool { return g.DunningPausedOn(today) }))
}

// groupsByID gives billing groups that are there, each once, in order of their ids.
func groupsByID(tx store.Tx, ids []store.ID) ([]*customer.BillingGroup, error) {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	var b store.Batch
	groups := make([]*customer.BillingGroup, len(ids))
	for n, id := range ids {
		customer.AskBillingGroup(&b, id, &groups[n])
	}
	if err := b.Answer(tx); err != nil {
		return nil, err
	}
	for n, g := range groups {
		if g == nil {
			return nil, customer.UnknownBillingGroup.With("%s", ids[n])
		}
	}
	return groups, nil
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
