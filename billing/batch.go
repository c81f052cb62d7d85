package billing

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"github.com/shopspring/decimal"

	"rator/billing/draft"
	"rator/billing/ledger"
	"rator/billing/period"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

// batch is what one transaction of a run did.
type batch struct {
	invoices, periods int64
	totals            map[string]decimal.Decimal
	refused           []string
	noPlace           int64    // of the refused
	untaxed           []string // invoices without the tax of a place that has no row
}

func (b *batch) clone() batch {
	c := *b
	c.totals = maps.Clone(b.totals)
	return c
}

// unit is one transaction of the run; a dry one is undone.
func (r *Run) unit(ctx context.Context, st store.Store, fn func(tx store.Tx) error) error {
	if !r.DryRun {
		return st.Update(ctx, fn)
	}
	err := st.Update(ctx, func(tx store.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return errDry
	})
	if errors.Is(err, errDry) {
		return nil
	}
	return err
}

var errDry = errors.New("billing: a dry run keeps nothing")

// billBatch bills accounts in one transaction. One that cannot be billed is
// undone alone and reported.
func (r *Run) billBatch(ctx context.Context, st store.Store, brand *catalogue.Brand, due []store.ID) error {
	if len(due) == 0 {
		return nil
	}
	var done batch
	err := r.unit(ctx, st, func(tx store.Tx) error {
		done = batch{totals: map[string]decimal.Decimal{}}
		n, known := &ledger.Numbering{Brand: brand}, draft.NewCache()
		drafters, err := draft.NewMany(tx, brand, due, known)
		if err != nil {
			return err
		}
		for i, id := range due {
			before, last := done.clone(), n.Last()
			err := tx.Savepoint(func() error { return r.billAccount(brand, id, drafters[i], n, &done) })
			if code := failure.CodeOf(err); err != nil && (code == nil || code.Kind == failure.Busy) {
				return err
			} else if err != nil {
				done = before
				n.Back(last)
				if code == draft.TaxPlaceUnknown {
					done.noPlace++
				}
				done.refused = append(done.refused, fmt.Sprintf("account %s: %v", id, err))
			}
		}
		return n.Keep(tx)
	})
	if err == nil {
		r.report.add(&done)
	}
	return err
}

func (r *Run) billAccount(brand *catalogue.Brand, id store.ID, d *draft.Drafter, n *ledger.Numbering, done *batch) (err error) {
	if d == nil {
		return customer.UnknownAccount.With("%s", id)
	}
	if r.DryRun {
		if d, err = endDue(d); err != nil {
			return err
		}
	}
	for _, g := range d.Whole.BillingGroups {
		l, err := d.Ledger(g)
		if err != nil {
			return err
		}
		periods := l.Due(brand, g, r.day)
		if len(periods) == 0 {
			continue
		}
		if err := r.billGroup(d, g, l, periods, n, done); err != nil {
			return fmt.Errorf("billing group %s: %w", g.Name, err)
		}
	}
	return nil
}

func (r *Run) billGroup(d *draft.Drafter, g *customer.BillingGroup, l *ledger.Ledger, periods []period.Period, numbers *ledger.Numbering, done *batch) error {
	return bill(d, g, l, periods, numbers, func(x *draft.Draft, i *ledger.Invoice) {
		done.periods++
		if i == nil {
			return
		}
		if x.Uncovered != nil {
			done.untaxed = append(done.untaxed, draft.Untaxed(i, x.Uncovered))
		}
		done.invoices++
		done.totals[i.Currency] = done.totals[i.Currency].Add(i.Total)
	})
}

// endDue ends what is due of the account, as it will have been when a run that is not
// dry bills it.
func endDue(d *draft.Drafter) (*draft.Drafter, error) {
	due := d.Whole.DueTerminations(d.Tx.Now())
	for _, t := range due {
		if _, err := customer.RunTermination(d.Tx, d.Brand, t.ID); err != nil {
			return nil, err
		}
	}
	if len(due) == 0 {
		return d, nil
	}
	return draft.New(d.Tx, d.Brand, d.Whole.Account.ID, d.Cache)
}
