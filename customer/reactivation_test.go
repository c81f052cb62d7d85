package customer_test

import (
	"testing"
	"time"

	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// TestReactivationGivesOptionsBackFromNowOn: what was subscribed before stays as it
// was, so that the days between are not paid for. It can come again at once.
func TestReactivationGivesOptionsBackFromNowOn(t *testing.T) {
	s := open(t)
	c := signUp(t, s, "aase")
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		if _, err := customer.ActivateSubscription(tx, demo, c.subscription); err != nil {
			return err
		}
		_, err := takeOptions(tx, demo, c.subscription, []string{planA, voiceMail})
		return err
	})
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		for range 2 {
			if _, err := customer.TerminateSubscription(tx, demo, c.subscription); err != nil {
				return err
			}
			if _, err := customer.ReactivateSubscription(tx, demo, c.subscription); err != nil {
				return err
			}
		}
		return nil
	})
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		w, err := customer.LoadWhole(tx, demo, c.account)
		if err != nil {
			return err
		}
		open, last := w.OptionsOf(c.subscription), map[string]time.Time{}
		for _, o := range w.Options {
			if o.From.Before(last[o.OptionID]) {
				t.Errorf("option %s is had twice at %s", o.OptionKey, o.From)
			}
			last[o.OptionID] = o.Until
		}
		if len(open) != 2 || open[0].OptionID == open[1].OptionID {
			t.Errorf("open options: %+v", open)
		}
		for _, o := range open {
			if !o.From.After(w.Subscriptions[0].Started) {
				t.Errorf("option %s is from %s", o.OptionKey, o.From)
			}
		}
		return nil
	})
}
