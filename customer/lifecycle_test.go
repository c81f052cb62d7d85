package customer_test

import (
	"strings"
	"testing"

	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

type lifecycleStep func(tx store.Tx, b *catalogue.Brand, id store.ID) (*customer.Subscription, error)

var lifecycleSteps = map[string]lifecycleStep{
	"activate": customer.ActivateSubscription,
	"block": func(tx store.Tx, b *catalogue.Brand, id store.ID) (*customer.Subscription, error) {
		return customer.BlockSubscription(tx, b, id, customer.NewBlock{BlockFields: customer.BlockFields{BlockType: "BLOCK_AS_STOLEN", StolenDate: "2014-12-09T10:11:12"}})
	},
	"unblock":    customer.UnblockSubscription,
	"terminate":  customer.TerminateSubscription,
	"reactivate": customer.ReactivateSubscription,
}

// Every operation from every state.
func TestSubscriptionStateMachine(t *testing.T) {
	ways := map[customer.State]string{
		customer.Created:    "",
		customer.Active:     "activate",
		customer.Blocked:    "activate block",
		customer.Terminated: "activate terminate",
	}
	allowed := map[string]customer.State{
		"CREATED activate": customer.Active, "CREATED terminate": customer.Terminated,
		"ACTIVE block": customer.Blocked, "ACTIVE terminate": customer.Terminated,
		"BLOCKED unblock": customer.Active, "BLOCKED terminate": customer.Terminated,
		"TERMINATED reactivate": customer.Active,
	}
	s := open(t)
	for from, way := range ways {
		for name, step := range lifecycleSteps {
			t.Run(string(from)+" "+name, func(t *testing.T) {
				c := signUp(t, s, "")
				for w := range strings.FieldsSeq(way) {
					in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
						_, err := lifecycleSteps[w](tx, demo, c.subscription)
						return err
					})
				}
				want, ok := allowed[string(from)+" "+name]
				err := s.Update(t.Context(), func(tx store.Tx) error {
					_, err := step(tx, brand(t, tx, "DEMO"), c.subscription)
					return err
				})
				if !ok {
					want = from
					if failure.CodeOf(err) != customer.WrongState || !strings.Contains(err.Error(), string(from)) {
						t.Errorf("error %v, want WRONG_STATE naming %s", err, from)
					}
				} else if err != nil {
					t.Error(err)
				}
				in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
					w, err := customer.LoadWhole(tx, demo, c.account)
					if err != nil {
						return err
					}
					if got, line := w.Subscriptions[0].State, w.Services[0].State; got != want || line != want {
						t.Errorf("subscription is %s, its service %s; want %s", got, line, want)
					}
					return nil
				})
			})
		}
	}
}

func TestActivationNeedsService(t *testing.T) {
	s := open(t)
	c := signUp(t, s, "aase")
	refused(t, s, customer.NoService, func(tx store.Tx, demo *catalogue.Brand) error {
		sub, err := customer.CreateSubscription(tx, demo, customer.NewSubscription{BillingGroup: c.group, User: c.owner, ProductCode: "POST_PAID"})
		if err != nil {
			return err
		}
		_, err = customer.ActivateSubscription(tx, demo, sub.ID)
		return err
	})
}

func TestDatesAndBlockOfALife(t *testing.T) {
	s := open(t)
	c := signUp(t, s, "aase")
	run := func(name string) (sub *customer.Subscription) {
		in(t, s, func(tx store.Tx, demo *catalogue.Brand) (err error) {
			sub, err = lifecycleSteps[name](tx, demo, c.subscription)
			return err
		})
		return sub
	}
	started := run("activate").Started
	if started.IsZero() {
		t.Error("no start date after activation")
	}
	if got := run("block"); got.BlockType != "BLOCK_AS_STOLEN" || got.StolenDate != "2014-12-09T10:11:12" {
		t.Errorf("blocked with %+v", got.BlockFields)
	}
	if got := run("terminate"); got.Ended.IsZero() || got.BlockFields != (customer.BlockFields{}) {
		t.Errorf("terminated: end %s, block %+v; want an end and no block", got.Ended, got.BlockFields)
	}
	if got := run("reactivate"); !got.Ended.IsZero() || !got.Started.Equal(started) {
		t.Errorf("reactivated: start %s, end %s; want %s and none", got.Started, got.Ended, started)
	}
}

func TestTerminatedTakesNothing(t *testing.T) {
	s := open(t)
	c := signUp(t, s, "aase")
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.TerminateSubscription(tx, demo, c.subscription)
		return err
	})
	refused(t, s, customer.WrongState, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.CreateService(tx, demo, customer.NewService{Subscription: c.subscription, Code: "SHARED"})
		return err
	})
	refused(t, s, customer.WrongState, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := takeOptions(tx, demo, c.subscription, []string{planA})
		return err
	})
	refused(t, s, customer.WrongState, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.RequestNumberPorting(tx, demo, c.subscription, customer.NumberPortingFields{PhoneNumber: "13035559999"})
		return err
	})
}

func TestServiceOfAnActiveSubscriptionIsActive(t *testing.T) {
	s := open(t)
	c := signUp(t, s, "aase")
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		if _, err := customer.ActivateSubscription(tx, demo, c.subscription); err != nil {
			return err
		}
		shared, err := customer.CreateService(tx, demo, customer.NewService{Subscription: c.subscription, Code: "SHARED"})
		if err == nil && (shared.State != customer.Active || shared.MSISDN != "") {
			t.Errorf("shared service is %s with number %q, want ACTIVE without", shared.State, shared.MSISDN)
		}
		return err
	})
}
