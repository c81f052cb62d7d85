package customer_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

func schedule(subscription store.ID, date time.Time, made ...*customer.SubscriptionTermination) func(store.Tx, *catalogue.Brand) error {
	return func(tx store.Tx, demo *catalogue.Brand) error {
		got, err := customer.ScheduleTermination(tx, demo, subscription, date)
		if err == nil && len(made) > 0 {
			*made[0] = *got
		}
		return err
	}
}

func cancel(subscription store.ID) func(store.Tx, *catalogue.Brand) error {
	return func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.CancelTermination(tx, demo, subscription)
		return err
	}
}

func runTermination(id store.ID) func(store.Tx, *catalogue.Brand) error {
	return func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.RunTermination(tx, demo, id)
		return err
	}
}

func due(t *testing.T, s store.Store, asOf time.Time) (ids []store.ID) {
	t.Helper()
	in(t, s, func(tx store.Tx, _ *catalogue.Brand) error {
		ids = nil
		for after := []byte(nil); ; {
			page, next, err := customer.DueTerminations(tx, asOf, after, 1)
			if err != nil {
				return err
			}
			for _, d := range page {
				ids = append(ids, d.ID)
			}
			if after = next; after == nil {
				return nil
			}
		}
	})
	return ids
}

func TestTerminationDates(t *testing.T) {
	s, days := openSeries(t) // noon of 1 March 2026
	c := signUp(t, s, "aase")
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.ActivateSubscription(tx, demo, c.subscription)
		return err
	})
	days.pass(10)
	for _, test := range []struct {
		date string
		want *failure.Code
	}{
		{"2026-02-28T23:59:59Z", customer.TerminationBeforeStart},
		{"2026-03-01T00:00:00Z", customer.TerminationDatePast},
		{"2026-03-10T23:59:59Z", customer.TerminationDatePast},
		{"2026-03-11T00:00:00Z", nil},
		{"2026-03-11T01:00:00+02:00", nil},                          // in that zone it is the 11th, 14 o'clock
		{"2026-03-11T00:00:00+13:00", customer.TerminationDatePast}, // there it is the 12th
		{"2029-03-11T12:00:00Z", nil},
		{"2029-03-11T12:00:01Z", customer.TerminationDateTooFar},
		{"9999-01-01T00:00:00Z", customer.TerminationDateTooFar},
	} {
		date, err := time.Parse(time.RFC3339, test.date)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(test.date, func(t *testing.T) { refused(t, s, test.want, schedule(c.subscription, date)) })
	}
}

func TestScheduledTermination(t *testing.T) {
	s, days := openSeries(t)
	c, other := signUp(t, s, "aase"), signUp(t, s, "otto")
	now := func() time.Time { return *days.now.Load() }
	var first, moved, second customer.SubscriptionTermination
	in(t, s, schedule(c.subscription, now().AddDate(0, 0, 20), &first))
	in(t, s, schedule(c.subscription, now().AddDate(0, 0, 5), &moved))
	in(t, s, schedule(other.subscription, now().AddDate(0, 0, 4), &second))
	if first.ID != moved.ID {
		t.Error("a moved termination is another one")
	}
	if got := due(t, s, now().AddDate(0, 0, 4)); len(got) != 1 || got[0] != second.ID {
		t.Errorf("due on day 4: %v, want %s", got, second.ID)
	}
	if got := due(t, s, now().AddDate(0, 0, 5)); len(got) != 2 || got[0] != second.ID || got[1] != first.ID {
		t.Errorf("due on day 5: %v, want %s %s", got, second.ID, first.ID)
	}
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		got, err := customer.PendingTermination(tx, demo, c.subscription)
		if err == nil && (got == nil || !got.Date.Equal(moved.Date)) {
			t.Errorf("scheduled is %+v, want %s", got, moved.Date)
		}
		return err
	})
	in(t, s, cancel(other.subscription))
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		got, err := customer.PendingTermination(tx, demo, other.subscription)
		if got != nil {
			t.Errorf("scheduled is %+v after it was cancelled", got)
		}
		return err
	})
	refused(t, s, customer.TerminationNotScheduled, cancel(other.subscription))
	refused(t, s, customer.WrongState, runTermination(second.ID))
	refused(t, s, customer.TerminationNotDue, runTermination(first.ID))
	refused(t, s, customer.UnknownTermination, runTermination(c.subscription))

	days.pass(5)
	in(t, s, runTermination(first.ID))
	refused(t, s, customer.WrongState, runTermination(first.ID)) // once
	refused(t, s, customer.WrongState, schedule(c.subscription, now().AddDate(0, 0, 1)))
	refused(t, s, customer.WrongState, cancel(c.subscription))
	in(t, s, reactivate(c.subscription))
	in(t, s, schedule(c.subscription, now().AddDate(0, 0, 1), &second))
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.RefuseTermination(tx, demo, second.ID, "he stays")
		return err
	})
	if got := due(t, s, now().AddDate(1, 0, 0)); len(got) != 0 {
		t.Errorf("due in a year: %v, want none", got)
	}
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		sub, err := customer.SubscriptionByID(tx, demo, c.subscription)
		if err == nil && sub.State != customer.Active {
			t.Errorf("subscription is %s after a refused termination", sub.State)
		}
		return err
	})
}

func TestTerminationBeforeItsDayCancelsIt(t *testing.T) {
	s, days := openSeries(t)
	c := signUp(t, s, "aase")
	var planned customer.SubscriptionTermination
	in(t, s, schedule(c.subscription, days.now.Load().AddDate(0, 0, 5), &planned))
	in(t, s, terminate(c.subscription))
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		got, err := customer.TerminationByID(tx, demo, planned.ID)
		if err == nil && (got.State != customer.TerminationCancelled || got.Settled.IsZero()) {
			t.Errorf("termination is %s since %s", got.State, got.Settled)
		}
		return err
	})
}

func TestOpenBalanceIsNotSettled(t *testing.T) {
	s := open(t)
	c := signUp(t, s, "aase")
	settled := func(tx store.Tx, demo *catalogue.Brand) error { return customer.CheckSettled(tx, demo, c.account) }
	in(t, s, settled)
	for _, amount := range []int64{-5, 10} {
		in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := customer.MoveBalance(tx, demo, c.group, decimal.NewFromInt(amount))
			return err
		})
		refused(t, s, customer.OpenBalance, settled)
	}
}

// TestBackDatedTermination: as many days back as the brand allows, in the zone of the
// date, and it ends on that day.
func TestBackDatedTermination(t *testing.T) {
	s, days := openSeries(t) // noon of 1 March 2026
	c := signUp(t, s, "aase")
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		demo.BackDatedDays = 5
		if err := catalogue.Brands.Put(tx, demo); err != nil {
			return err
		}
		_, err := customer.ActivateSubscription(tx, demo, c.subscription)
		return err
	})
	days.pass(10)
	for _, test := range []struct {
		date string
		want *failure.Code
	}{
		{"2026-02-28T23:59:59Z", customer.TerminationBeforeStart},
		{"2026-03-05T23:59:59Z", customer.TerminationTooFarBack},
		{"2026-03-06T00:00:00+13:00", customer.TerminationTooFarBack}, // there it is the 12th
		{"2026-03-06T00:00:00Z", nil},
	} {
		date, err := time.Parse(time.RFC3339, test.date)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(test.date, func(t *testing.T) { refused(t, s, test.want, schedule(c.subscription, date)) })
	}
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		planned, err := customer.PendingTermination(tx, demo, c.subscription)
		if err != nil {
			return err
		}
		if _, err := customer.RunTermination(tx, demo, planned.ID); err != nil {
			return err
		}
		sub, err := customer.SubscriptionByID(tx, demo, c.subscription)
		if want := time.Date(2026, 3, 6, 0, 0, 0, 0, time.UTC); err == nil && !sub.Ended.Equal(want) {
			t.Errorf("it ended at %s, not %s", sub.Ended, want)
		}
		return err
	})
}
