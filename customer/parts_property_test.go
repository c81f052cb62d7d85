package customer_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"rator/catalogue"
	"rator/customer"
	"rator/customer/option"
	"rator/failure"
	"rator/store"
)

// Random operations on what hangs on the subscriptions of two customers: each
// either commits or fails with a code of the business; no subscription ever has
// two options that exclude each other, or two PENDING orders of a type.
func TestRandomPartsStayRight(t *testing.T) {
	if *seed == 0 {
		*seed = 1
	}
	t.Logf("go test -run %s -seed %d -units %d", t.Name(), *seed, *units)
	s := open(t)
	r := rand.New(rand.NewPCG(*seed, 1))
	customers := []sharing{signUpSharing(t, s), signUpSharing(t, s)}
	outcomes := map[string]int{}
	for range *units {
		name, run := randomPart(r, customers)
		err := s.Update(t.Context(), func(tx store.Tx) error {
			demo := brand(t, tx, "DEMO")
			if err := run(tx, demo); err != nil {
				return err
			}
			for _, c := range customers {
				if err := checkParts(tx, demo, c); err != nil {
					return fmt.Errorf("after %s: %w", name, err)
				}
			}
			return nil
		})
		switch code := failure.CodeOf(err); {
		case err == nil:
			outcomes[name]++
		case code == nil || code.Kind == failure.Internal || code == customer.IncompleteCustomer:
			t.Fatalf("%s: %v", name, err)
		default:
			outcomes[code.Name]++
		}
	}
	t.Logf("outcomes: %v", outcomes)
	if len(outcomes) < 10 {
		t.Errorf("the operations reach too little: %v", outcomes)
	}
}

func randomPart(r *rand.Rand, customers []sharing) (string, func(store.Tx, *catalogue.Brand) error) {
	c, other := customers[r.IntN(len(customers))], customers[r.IntN(len(customers))]
	sub := []store.ID{c.subscription, c.subscription, c.sharing}[r.IntN(3)]
	line := sample{subscription: sub}
	options := []string{planA, planB, payAsYouGo, data500, data2000, prepaidData, voiceMail}
	ids := []string{options[r.IntN(len(options))], options[r.IntN(len(options))]}[:1+r.IntN(2)]
	switching, number := r.IntN(2) == 0, fmt.Sprintf("1720555000%d", r.IntN(4))
	plan := []string{standardPlan, prepaidPlan}[r.IntN(2)]
	status := []customer.OrderStatus{customer.Done, customer.Failed, customer.Cancelled}[r.IntN(3)]
	targets := []customer.Targets{{Subscription: sub}, {BillingGroup: other.group}, {Account: c.account}, {Subscription: other.subscription}}[r.IntN(4)]
	step := []string{"activate", "block", "unblock", "terminate", "reactivate", "reactivate"}[r.IntN(6)]
	kinds := []customer.OrderType{customer.Handset, customer.SIM, customer.PortIn}
	settling := settle(line, kinds[r.IntN(3)], status)
	operations := []struct {
		name string
		run  func(store.Tx, *catalogue.Brand) error
	}{
		{"subscribe", func(tx store.Tx, demo *catalogue.Brand) error {
			plan, err := option.PlanToSubscribe(tx, demo, sub, ids, switching)
			if err != nil {
				return err
			}
			_, err = plan.Subscribe(tx)
			return err
		}},
		{"unsubscribe", func(tx store.Tx, demo *catalogue.Brand) error {
			plan, err := option.PlanToUnsubscribe(tx, demo, sub, ids)
			if err != nil {
				return err
			}
			return plan.Unsubscribe(tx)
		}},
		{"rate plan", func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := option.ChangeRatePlan(tx, demo, sub, plan)
			return err
		}},
		{"handset", orderHandset(line, "4711")},
		{"SIM", func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := customer.OrderSIM(tx, demo, sub, "HANDLER")
			return err
		}},
		{"port-in", portIn(line, number)},
		{"settle", settling},
		{"settle", settling},
		{"share", share(c.shared, targets)},
		{"life", func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := lifecycleSteps[step](tx, demo, sub)
			return err
		}},
		{"life", func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := lifecycleSteps[step](tx, demo, sub)
			return err
		}},
	}
	o := operations[r.IntN(len(operations))]
	return o.name, o.run
}

// checkParts is CheckAccount and what that cannot see without the catalogue.
func checkParts(tx store.Tx, demo *catalogue.Brand, c sharing) error {
	if err := customer.CheckAccount(tx, demo, c.account); err != nil {
		return err
	}
	w, err := customer.LoadWhole(tx, demo, c.account)
	if err != nil {
		return err
	}
	for _, sub := range w.Subscriptions {
		var options []*catalogue.Option
		for _, o := range w.OptionsOf(sub.ID) {
			option, err := catalogue.OptionByID(tx, demo, o.OptionID)
			if err != nil {
				return err
			}
			options = append(options, option)
		}
		if err := catalogue.CheckExclusive(tx, demo, options); err != nil {
			return fmt.Errorf("subscription %s: %v", sub.ID, err)
		}
	}
	return nil
}
