package server

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"rator/catalogue"
	"rator/clock"
	"rator/customer"
	"rator/store"
	"rator/tmf/hub"
	"rator/unit"
	"rator/workflow"
	"rator/zone"
)

// Advance puts a store's test clock forward to a time. What falls due on the way is
// run at its own time, in the order in which a live server and its operators would:
// at the start of each day of a brand the terminations of that moment, the brand's
// billing run with its dunning, and what is swept; terminations within a day at their
// moment. The clock is kept at each stop, so that one that was cut off goes on there.
type Advance struct {
	Store  store.Store
	Engine *workflow.Engine
	Clock  *clock.Clock
	Told   func(Advanced) error
	Sum    Advanced
}

// Advanced is what happened at one stop, or in all.
type Advanced struct {
	At       time.Time
	Ended    int // terminations, also of those that were refused or failed
	Refused  int64
	Invoices int64
	Dunned   int
	Totals   map[string]string // of the invoices, by currency
	Notes    []string          // why not
}

func (a Advanced) any() bool {
	return a.Ended > 0 || a.Refused > 0 || a.Invoices > 0 || a.Dunned > 0 || len(a.Notes) > 0
}

func (a *Advance) To(ctx context.Context, end time.Time) error {
	if err := a.stop(ctx, a.Clock.Now(), true); err != nil { // what a day that was cut off left
		return err
	}
	for a.Clock.Now().Before(end) {
		next, midnight, err := a.next(ctx, end)
		if err != nil {
			return err
		}
		if err := a.Clock.Set(ctx, a.Store, next); err != nil {
			return err
		}
		if err := a.stop(ctx, next, midnight); err != nil {
			return err
		}
	}
	return nil
}

// next is where the clock stops: the first midnight of a brand, or moment that a
// termination is due, but no later than end.
func (a *Advance) next(ctx context.Context, end time.Time) (next time.Time, midnight bool, err error) {
	next = end
	err = a.Store.View(ctx, func(tx store.Tx) error {
		now := tx.Now()
		for brand, err := range catalogue.AllBrands(tx) {
			if err != nil {
				return err
			}
			day := now.In(brand.Zone()).AddDate(0, 0, 1)
			if at := zone.Midnight(day.Year(), day.Month(), day.Day(), brand.Zone()); at.After(now) && !at.After(next) {
				next, midnight = at, true
			}
		}
		for after := []byte(nil); ; {
			due, more, err := customer.DueTerminations(tx, next, after, duePage)
			if err != nil {
				return err
			}
			for _, d := range due {
				if d.Date.After(now) { // those before were tried, and failed
					if d.Date.Before(next) {
						next, midnight = d.Date, false
					}
					return nil
				}
			}
			if after = more; after == nil {
				return nil
			}
		}
	})
	return next, midnight, err
}

// stop runs what is due now.
func (a *Advance) stop(ctx context.Context, at time.Time, midnight bool) error {
	done := Advanced{At: at, Totals: map[string]string{}}
	_, err := RunDue(ctx, a.Engine, AsOf{}, func(o DueOutcome) {
		done.Ended++
		if o.Status != string(customer.TerminationDone) {
			done.Notes = append(done.Notes, fmt.Sprintf("termination %s %s: %s", o.ID, o.Status, o.Message))
		}
	})
	if err == nil && midnight {
		err = a.bill(ctx, &done)
	}
	if err == nil && midnight {
		for _, sweep := range []func(context.Context, store.Store) (int, error){unit.SweepKept, hub.SweepEnded} {
			if _, err = sweep(ctx, a.Store); err != nil {
				break
			}
		}
	}
	a.Sum.add(done)
	if done.any() {
		if told := a.Told(done); err == nil {
			err = told
		}
	}
	return err
}

// bill makes the billing run of the day that it is in each brand.
func (a *Advance) bill(ctx context.Context, done *Advanced) error {
	var latest time.Time
	err := a.Store.View(ctx, func(tx store.Tx) error {
		for brand, err := range catalogue.AllBrands(tx) {
			if err != nil {
				return err
			}
			if day := brand.Day(tx.Now()); day.After(latest) {
				latest = day
			}
		}
		return nil
	})
	if err != nil || latest.IsZero() {
		return err
	}
	engine := func() (*workflow.Engine, func(), error) { return a.Engine, func() {}, nil }
	report, err := NewBillingRun(a.Store, latest, engine, func(DueOutcome) {}).Do(ctx, a.Store) // a brand whose today is before is billed as of today
	if report == nil {
		return err
	}
	done.Invoices, done.Dunned, done.Refused = report.Invoices, report.Dunned, report.Refused
	done.Notes = append(done.Notes, report.Reasons...)
	for currency, sum := range report.Totals {
		done.Totals[currency] = sum.StringFixed(catalogue.MinorUnits(currency))
	}
	return err
}

func (a *Advanced) add(b Advanced) {
	a.Ended, a.Invoices, a.Dunned = a.Ended+b.Ended, a.Invoices+b.Invoices, a.Dunned+b.Dunned
	a.Refused = max(a.Refused, b.Refused) // the same accounts are refused each day
}

// Text is what happened, on one line.
func (a Advanced) Text() string {
	totals := ""
	for _, currency := range slices.Sorted(maps.Keys(a.Totals)) {
		totals += fmt.Sprintf(", %s %s", a.Totals[currency], currency)
	}
	text := fmt.Sprintf("%d invoices%s, %d dunned, %d ended", a.Invoices, totals, a.Dunned, a.Ended)
	if a.Refused > 0 {
		text += fmt.Sprintf(", %d accounts refused", a.Refused)
	}
	return text
}
