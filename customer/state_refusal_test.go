package customer_test

import (
	"fmt"
	"strings"
	"testing"

	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// waysTo are the steps from CREATED to each state of a subscription.
var waysTo = map[customer.State]string{
	customer.Created: "", customer.Active: "activate", customer.Blocked: "activate block", customer.Terminated: "activate terminate",
}

// TestStateRefusalsSayWhatIsPossible does every deed in every state. A refusal names
// the object, its state, why that does not allow the deed, and what it does allow:
// what the other deeds of this test find.
func TestStateRefusalsSayWhatIsPossible(t *testing.T) {
	const (
		created    = "is CREATED and cannot "
		active     = "is ACTIVE and cannot "
		blocked    = "is BLOCKED and cannot "
		terminated = "is TERMINATED and cannot "
		closed     = "is CLOSED and cannot be changed: it is closed; only its balances still move"
	)
	possible := map[customer.State]string{
		customer.Created: "; it can be activated or terminated", customer.Active: "; it can be blocked or terminated",
		customer.Blocked: "; it can be unblocked or terminated", customer.Terminated: "; it can be reactivated",
	}
	type deed = func(tx store.Tx, b *catalogue.Brand, c sample) error
	step := func(name string) deed {
		return func(tx store.Tx, b *catalogue.Brand, c sample) error {
			_, err := lifecycleSteps[name](tx, b, c.subscription)
			return err
		}
	}
	deeds := []struct {
		name string
		deed deed
		says map[customer.State]string // of what is refused
	}{
		{"activate", step("activate"), map[customer.State]string{
			customer.Active:     active + "be activated: it is in use already",
			customer.Blocked:    blocked + "be activated: it was activated before",
			customer.Terminated: terminated + "be activated: it has ended"}},
		{"block", step("block"), map[customer.State]string{
			customer.Created:    created + "be blocked: it is not in use yet",
			customer.Blocked:    blocked + "be blocked: it is blocked already",
			customer.Terminated: terminated + "be blocked: it has ended"}},
		{"unblock", step("unblock"), map[customer.State]string{
			customer.Created:    created + "be unblocked: nothing blocks it",
			customer.Active:     active + "be unblocked: nothing blocks it",
			customer.Terminated: terminated + "be unblocked: nothing blocks it, it has ended"}},
		{"terminate", step("terminate"), map[customer.State]string{
			customer.Terminated: terminated + "be terminated: it has ended already"}},
		{"reactivate", step("reactivate"), map[customer.State]string{
			customer.Created: created + "be reactivated: it has not ended",
			customer.Active:  active + "be reactivated: it has not ended",
			customer.Blocked: blocked + "be reactivated: it has not ended"}},
		{"schedule a termination", func(tx store.Tx, b *catalogue.Brand, c sample) error {
			_, err := customer.ScheduleTermination(tx, b, c.subscription, tx.Now().AddDate(0, 1, 0))
			return err
		}, map[customer.State]string{customer.Terminated: terminated + "be terminated: it has ended"}},
		{"add a service", func(tx store.Tx, b *catalogue.Brand, c sample) error {
			_, err := customer.CreateService(tx, b, customer.NewService{Subscription: c.subscription, Code: "SHARED"})
			return err
		}, map[customer.State]string{
			customer.Blocked:    blocked + "get a new service: it is blocked",
			customer.Terminated: terminated + "get a new service: it has ended"}},
		{"port in", func(tx store.Tx, b *catalogue.Brand, c sample) error {
			_, err := customer.RequestNumberPorting(tx, b, c.subscription, customer.NumberPortingFields{PhoneNumber: fmt.Sprintf("1303556%04d", c.subscription%10000)})
			return err
		}, map[customer.State]string{
			customer.Blocked:    blocked + "get a number by porting: it is blocked",
			customer.Terminated: terminated + "get a number by porting: it has ended"}},
		{"add an option", func(tx store.Tx, b *catalogue.Brand, c sample) error {
			_, err := takeOptions(tx, b, c.subscription, []string{planA})
			return err
		}, map[customer.State]string{customer.Terminated: terminated + "be changed: it has ended"}},
		{"order a SIM card", func(tx store.Tx, b *catalogue.Brand, c sample) error {
			_, err := customer.OrderSIM(tx, b, c.subscription, "handle")
			return err
		}, map[customer.State]string{customer.Terminated: terminated + "be changed: it has ended"}},
	}
	s := open(t)
	for state, way := range waysTo {
		var can []string // of the state machine's own
		for i, d := range deeds {
			c := signUp(t, s, "")
			for w := range strings.FieldsSeq(way) {
				in(t, s, func(tx store.Tx, b *catalogue.Brand) error { return step(w)(tx, b, c) })
			}
			err := s.Update(t.Context(), func(tx store.Tx) error { return d.deed(tx, brand(t, tx, "DEMO"), c) })
			if err == nil && i < len(lifecycleSteps) {
				can = append(can, strings.TrimSuffix(d.name, "e")+"ed")
			}
			want := "<nil>"
			if says, refused := d.says[state]; refused {
				want = fmt.Sprintf("WRONG_STATE: the state does not allow this: subscription %s %s%s", c.subscription, says, possible[state])
			}
			if got := fmt.Sprint(err); got != want {
				t.Errorf("%s, %s:\n  %s\nwant\n  %s", state, d.name, got, want)
			}
		}
		if found := "; it can be " + strings.Join(can, " or "); found != possible[state] {
			t.Errorf("%s: %q is said, %q was done", state, possible[state], found)
		}
	}
	for _, d := range deeds {
		c := signUp(t, s, "")
		in(t, s, func(tx store.Tx, b *catalogue.Brand) error {
			if err := step("terminate")(tx, b, c); err != nil {
				return err
			}
			_, err := customer.CloseAccount(tx, b, c.account)
			return err
		})
		err := s.Update(t.Context(), func(tx store.Tx) error { return d.deed(tx, brand(t, tx, "DEMO"), c) })
		if want := fmt.Sprintf("WRONG_STATE: the state does not allow this: account %s %s", c.account, closed); fmt.Sprint(err) != want {
			t.Errorf("closed, %s:\n  %v\nwant\n  %s", d.name, err, want)
		}
	}
}

// TestSettledStaysSettled: an account that is closed, an order and a termination that
// are settled say so, whatever is to be done to them.
func TestSettledStaysSettled(t *testing.T) {
	s := open(t)
	c := signUp(t, s, "")
	var order, ended store.ID
	in(t, s, func(tx store.Tx, b *catalogue.Brand) error {
		o, err := customer.OrderSIM(tx, b, c.subscription, "handle")
		if err != nil {
			return err
		}
		if order = o.ID; order == 0 {
			return fmt.Errorf("no order")
		}
		if _, err := customer.SettleOrder(tx, b, order, customer.Done, ""); err != nil {
			return err
		}
		e, err := customer.ScheduleTermination(tx, b, c.subscription, tx.Now().AddDate(0, 1, 0))
		if err != nil {
			return err
		}
		ended = e.ID
		if _, err := customer.TerminateSubscription(tx, b, c.subscription); err != nil {
			return err
		}
		_, err = customer.CloseAccount(tx, b, c.account)
		return err
	})
	const stays = "what is settled stays as it is; "
	for what, c := range map[string]struct {
		deed func(tx store.Tx, b *catalogue.Brand) error
		says string
	}{
		"close": {func(tx store.Tx, b *catalogue.Brand) error {
			_, err := customer.CloseAccount(tx, b, c.account)
			return err
		}, fmt.Sprintf("account %s is CLOSED and cannot be closed: it is closed already; only its balances still move", c.account)},
		"order": {func(tx store.Tx, b *catalogue.Brand) error {
			_, err := customer.SettleOrder(tx, b, order, customer.Failed, "")
			return err
		}, fmt.Sprintf("order %s of type SIM is DONE and cannot become FAILED: %splace a new one where it is needed", order, stays)},
		"termination": {func(tx store.Tx, b *catalogue.Brand) error {
			_, err := customer.RefuseTermination(tx, b, ended, "")
			return err
		}, fmt.Sprintf("termination %s of subscription %s is CANCELLED, not PENDING: %sschedule a new one where it is needed", ended, c.subscription, stays)},
	} {
		err := s.Update(t.Context(), func(tx store.Tx) error { return c.deed(tx, brand(t, tx, "DEMO")) })
		if want := "WRONG_STATE: the state does not allow this: " + c.says; fmt.Sprint(err) != want {
			t.Errorf("%s:\n  %v\nwant\n  %s", what, err, want)
		}
	}
}
