package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"rator/catalogue"
	"rator/clock"
	"rator/customer"
	"rator/store"
	"rator/tmf"
	"rator/workflow"
	"rator/zone"
)

// advance puts a store's test clock forward to a time. What falls due on the way is
// run at its own time, in the order in which a live server and its operators would:
// at the start of each day of a brand the terminations of that moment, the brand's
// billing run with its dunning, and what is swept; terminations within a day at their
// moment. The clock is kept at each stop, so that one that was cut off goes on there.
type advance struct {
	store  store.Store
	engine *workflow.Engine
	clock  *clock.Clock
	told   func(advanced) error
	sum    advanced
}

// advanced is what happened at one stop, or in all.
type advanced struct {
	At       time.Time
	Ended    int // terminations, also of those that were refused or failed
	Refused  int64
	Invoices int64
	Dunned   int
	Totals   map[string]string // of the invoices, by currency
	Notes    []string          // why not
}

func (a advanced) any() bool {
	return a.Ended > 0 || a.Refused > 0 || a.Invoices > 0 || a.Dunned > 0 || len(a.Notes) > 0
}

func (a *advance) to(ctx context.Context, end time.Time) error {
	if err := a.stop(ctx, a.clock.Now(), true); err != nil { // what a day that was cut off left
		return err
	}
	for a.clock.Now().Before(end) {
		next, midnight, err := a.next(ctx, end)
		if err != nil {
			return err
		}
		if err := a.clock.Set(ctx, a.store, next); err != nil {
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
func (a *advance) next(ctx context.Context, end time.Time) (next time.Time, midnight bool, err error) {
	next = end
	err = a.store.View(ctx, func(tx store.Tx) error {
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
func (a *advance) stop(ctx context.Context, at time.Time, midnight bool) error {
	done := advanced{At: at, Totals: map[string]string{}}
	_, err := runDue(ctx, a.engine, asOf{}, func(o dueOutcome) {
		done.Ended++
		if o.Status != string(customer.TerminationDone) {
			done.Notes = append(done.Notes, fmt.Sprintf("termination %s %s: %s", o.ID, o.Status, o.Message))
		}
	})
	if err == nil && midnight {
		err = a.bill(ctx, &done)
	}
	if err == nil && midnight {
		for _, sweep := range []func(context.Context, store.Store) (int, error){workflow.SweepKept, tmf.SweepKept} {
			if _, err = sweep(ctx, a.store); err != nil {
				break
			}
		}
	}
	a.sum.add(done)
	if done.any() {
		if told := a.told(done); err == nil {
			err = told
		}
	}
	return err
}

// bill makes the billing run of the day that it is in each brand.
func (a *advance) bill(ctx context.Context, done *advanced) error {
	var latest time.Time
	err := a.store.View(ctx, func(tx store.Tx) error {
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
	engine := func() (*workflow.Engine, func(), error) { return a.engine, func() {}, nil }
	report, err := newBillingRun(a.store, latest, engine, func(dueOutcome) {}).Do(ctx, a.store) // a brand whose today is before is billed as of today
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

func (a *advanced) add(b advanced) {
	a.Ended, a.Invoices, a.Dunned = a.Ended+b.Ended, a.Invoices+b.Invoices, a.Dunned+b.Dunned
	a.Refused = max(a.Refused, b.Refused) // the same accounts are refused each day
}

// text is what happened, on one line.
func (a advanced) text() string {
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

// farthest is how far a clock is put forward at once.
const farthest = 50

// target reads where a clock goes: 1 month, 10 days, 2 weeks, 1 year, or to a day or
// time. Days are of the zone.
func target(now time.Time, words []string, in *time.Location) (time.Time, error) {
	const usage = "say how far, such as 1 month, 2 weeks or 10 days, or where to, such as to 2026-03-01"
	if len(words) != 2 {
		return time.Time{}, errors.New(usage)
	}
	local := now.In(in)
	if words[0] == "to" {
		at, err := time.Parse(time.RFC3339, words[1])
		if err != nil {
			day, err := time.Parse(time.DateOnly, words[1])
			if err != nil {
				return time.Time{}, fmt.Errorf("%q is no day such as 2026-03-01 and no time such as 2026-03-01T09:00:00Z", words[1])
			}
			at = zone.Midnight(day.Year(), day.Month(), day.Day(), in)
		}
		return within(local, at)
	}
	var n int
	if _, err := fmt.Sscanf(words[0], "%d", &n); err != nil || fmt.Sprint(n) != words[0] || n < 1 || n > farthest*366 {
		return time.Time{}, fmt.Errorf("%q is no number from 1 on; %s", words[0], usage)
	}
	months, days := 0, 0
	switch words[1] {
	case "day", "days":
		days = n
	case "week", "weeks":
		days = 7 * n
	case "month", "months":
		months = n
	case "year", "years":
		months = 12 * n
	default:
		return time.Time{}, fmt.Errorf("%q is none of days, weeks, months and years; %s", words[1], usage)
	}
	first := time.Date(local.Year(), local.Month()+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	day := min(local.Day(), first.AddDate(0, 1, -1).Day()) + days // 31 January and a month is the last of February
	return within(local, zone.Clock(first.Year(), first.Month(), day, local.Hour(), local.Minute(), local.Second(), local.Nanosecond(), in))
}

func within(now, at time.Time) (time.Time, error) {
	switch {
	case !at.After(now):
		return at, fmt.Errorf("%s is not after %s, where the clock is: it goes forward only", at.Format(time.RFC3339), now.Format(time.RFC3339))
	case at.After(now.AddDate(farthest, 0, 0)):
		return at, fmt.Errorf("%s is more than %d years away", at.Format(time.RFC3339), farthest)
	}
	return at, nil
}
