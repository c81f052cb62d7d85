package server

import (
	"context"
	"time"

	"rator/billing"
	"rator/customer"
	"rator/store"
	"rator/workflow"
)

// NewBillingRun is how every billing run begins: what is due is run before anything is
// billed, by the hookpoints of an engine, which is asked for when something is due. It tells
// each outcome as it comes.
func NewBillingRun(st store.Store, asOfDay time.Time, engine func() (*workflow.Engine, func(), error), told func(DueOutcome)) *billing.Run {
	return &billing.Run{AsOf: asOfDay, Due: func(ctx context.Context) error {
		due := false
		err := st.View(ctx, func(tx store.Tx) error {
			page, _, err := customer.DueTerminations(tx, tx.Now(), nil, 1)
			due = len(page) > 0
			return err
		})
		if err != nil || !due {
			return err
		}
		e, done, err := engine()
		if err != nil {
			return err
		}
		defer done()
		_, err = RunDue(ctx, e, AsOf{}, told)
		return err
	}}
}
