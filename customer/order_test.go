package customer_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/catalogue"
	"rator/customer"
	"rator/customer/number"
	"rator/customer/option"
	"rator/failure"
	"rator/store"
)

func orderHandset(c sample, article string) func(store.Tx, *catalogue.Brand) error {
	return func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.OrderHandset(tx, demo, c.subscription, article)
		return err
	}
}

func activate(c sample) func(store.Tx, *catalogue.Brand) error {
	return func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.ActivateSubscription(tx, demo, c.subscription)
		return err
	}
}

func portIn(c sample, number string) func(store.Tx, *catalogue.Brand) error {
	return func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.RequestNumberPorting(tx, demo, c.subscription, customer.NumberPortingFields{PhoneNumber: number})
		return err
	}
}

// orders gives type and status of a subscription's orders, oldest first.
func orders(t testing.TB, s store.Store, c sample) (texts []string) {
	t.Helper()
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		texts = nil
		all, err := customer.OrdersOf(tx, demo, c.subscription)
		for _, o := range all {
			texts = append(texts, string(o.Type)+" "+string(o.Status))
		}
		return err
	})
	return texts
}

func wantOrders(t testing.TB, s store.Store, c sample, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, orders(t, s, c)); diff != "" {
		t.Errorf("orders (-want +got):\n%s", diff)
	}
}

// settle settles the first PENDING order of a type.
func settle(c sample, kind customer.OrderType, status customer.OrderStatus) func(store.Tx, *catalogue.Brand) error {
	return func(tx store.Tx, demo *catalogue.Brand) error {
		all, err := customer.OrdersOf(tx, demo, c.subscription)
		if err != nil {
			return err
		}
		for _, o := range all {
			if o.Type == kind && o.Status == customer.Pending {
				_, err := customer.SettleOrder(tx, demo, o.ID, status, "because")
				return err
			}
		}
		return customer.UnknownOrder.Error()
	}
}

// Every status from every status.
func TestOrderStateMachine(t *testing.T) {
	s := open(t)
	settled := []customer.OrderStatus{customer.Done, customer.Failed, customer.Cancelled}
	for _, from := range append(settled, customer.Pending) {
		for _, to := range append(settled, customer.Pending, "", "LOST") {
			t.Run(string(from)+" "+string(to), func(t *testing.T) {
				c := signUp(t, s, "")
				var id store.ID
				in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
					o, err := customer.OrderHandset(tx, demo, c.subscription, "4711")
					if err != nil {
						return err
					}
					if id = o.ID; from != customer.Pending {
						_, err = customer.SettleOrder(tx, demo, id, from, "first")
					}
					return err
				})
				move := func(tx store.Tx, demo *catalogue.Brand) error {
					o, err := customer.SettleOrder(tx, demo, id, to, "second")
					if err == nil && (o.Reason != "second" || !o.Settled.Equal(tx.Now())) {
						t.Errorf("settled for %q at %s", o.Reason, o.Settled)
					}
					return err
				}
				want := from
				switch {
				case to != customer.Done && to != customer.Failed && to != customer.Cancelled:
					refused(t, s, failure.InvalidRequest, move)
				case from != customer.Pending:
					refused(t, s, customer.WrongState, move)
				default:
					want = to
					in(t, s, move)
				}
				wantOrders(t, s, c, "HANDSET "+string(want))
			})
		}
	}
}

// What an order that is PENDING keeps from happening, before activation and after.
func TestPendingOrderBlocks(t *testing.T) {
	changes := []struct {
		name    string
		created *failure.Code // refusal before activation
		run     func(sample) func(store.Tx, *catalogue.Brand) error
	}{
		{"options", nil, func(c sample) func(store.Tx, *catalogue.Brand) error { return addOptions(c, voiceMail) }},
		{"end of options", nil, func(c sample) func(store.Tx, *catalogue.Brand) error {
			return func(tx store.Tx, demo *catalogue.Brand) error {
				_, err := option.PlanToUnsubscribe(tx, demo, c.subscription, []string{planA})
				return err
			}
		}},
		{"rate plan", nil, func(c sample) func(store.Tx, *catalogue.Brand) error {
			return func(tx store.Tx, demo *catalogue.Brand) error {
				_, err := option.ChangeRatePlan(tx, demo, c.subscription, prepaidPlan)
				return err
			}
		}},
		{"SIM", nil, func(c sample) func(store.Tx, *catalogue.Brand) error {
			return func(tx store.Tx, demo *catalogue.Brand) error {
				_, err := customer.OrderSIM(tx, demo, c.subscription, "HANDLER")
				return err
			}
		}},
		{"handset", customer.OrderPending, func(c sample) func(store.Tx, *catalogue.Brand) error { return orderHandset(c, "PHONE-1-BLACK") }},
	}
	s := open(t)
	for _, change := range changes {
		t.Run(change.name, func(t *testing.T) {
			c := signUp(t, s, "")
			in(t, s, addOptions(c, planA))
			in(t, s, orderHandset(c, "4711"))
			undone := func(tx store.Tx, demo *catalogue.Brand) error { // to see it allowed without keeping it
				if err := change.run(c)(tx, demo); err != nil {
					return err
				}
				return customer.IncompleteCustomer.Error()
			}
			want := change.created
			if want == nil {
				want = customer.IncompleteCustomer
			}
			refused(t, s, want, undone)
			in(t, s, activate(c))
			refused(t, s, customer.OrderPending, undone)
			in(t, s, settle(c, customer.Handset, customer.Done))
			refused(t, s, customer.IncompleteCustomer, undone)
		})
	}
}

// A line can be barred, opened and ended whatever is on order.
func TestPendingOrderDoesNotBlockALife(t *testing.T) {
	s := open(t)
	c := signUp(t, s, "aase")
	in(t, s, orderHandset(c, "4711"))
	in(t, s, activate(c))
	in(t, s, portIn(c, "17205550000"))
	for _, step := range []string{"block", "unblock", "terminate"} {
		in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := lifecycleSteps[step](tx, demo, c.subscription)
			return err
		})
	}
	wantOrders(t, s, c, "HANDSET CANCELLED", "PORT_IN CANCELLED")
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.ReactivateSubscription(tx, demo, c.subscription)
		return err
	})
	wantOrders(t, s, c, "HANDSET CANCELLED", "PORT_IN CANCELLED")
	in(t, s, orderHandset(c, "4711"))
}

func TestOrdersAreRefused(t *testing.T) {
	s := open(t)
	c := signUp(t, s, "aase")
	refused(t, s, catalogue.UnknownHandset, orderHandset(c, "4712"))
	refused(t, s, customer.UnknownSubscription, orderHandset(sample{subscription: c.account}, "4711"))
	refused(t, s, customer.UnknownOrder, settle(c, customer.Handset, customer.Done))
	in(t, s, orderHandset(c, "4711"))
	err := s.Update(t.Context(), func(tx store.Tx) error {
		all, err := customer.OrdersOf(tx, brand(t, tx, "DEMO"), c.subscription)
		if err != nil {
			return err
		}
		_, err = customer.SettleOrder(tx, brand(t, tx, "DEMO2"), all[0].ID, customer.Done, "")
		return err
	})
	if failure.CodeOf(err) != customer.UnknownOrder {
		t.Errorf("another brand's order: %v, want UNKNOWN_ORDER", err)
	}
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.TerminateSubscription(tx, demo, c.subscription)
		return err
	})
	refused(t, s, customer.WrongState, orderHandset(c, "4711"))
}

func TestSIMInUse(t *testing.T) {
	s := open(t)
	c := signUp(t, s, "aase")
	inUse := func(want bool) {
		t.Helper()
		in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
			o, err := customer.SIMInUse(tx, demo, c.subscription)
			if (o != nil) != want {
				t.Errorf("SIM order %+v, want one: %t", o, want)
			}
			return err
		})
	}
	inUse(false)
	in(t, s, orderHandset(c, "4711"))
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.OrderSIM(tx, demo, c.subscription, "HANDLER")
		return err
	})
	inUse(true)
	wantOrders(t, s, c, "HANDSET PENDING", "SIM DONE")
	inUse(false)
}

// A port-in that comes to nothing leaves the line with a number of the series and
// the number to be ported with nobody; unless the line has another by now.
func TestFailedPortInGivesTheNumberBack(t *testing.T) {
	s := open(t)
	numberOf := func(c sample) (msisdn string) {
		in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
			line, err := serviceByID(tx, demo, c.account, c.service)
			msisdn = line.MSISDN
			return err
		})
		return msisdn
	}
	c, other := signUp(t, s, "aase"), signUp(t, s, "otto") // draw …0000 and …0001
	in(t, s, portIn(c, "17205550000"))
	refused(t, s, customer.OrderPending, portIn(c, "17205550001"))
	refused(t, s, number.Taken, portIn(other, "17205550000"))
	in(t, s, settle(c, customer.PortIn, customer.Failed))
	if got := numberOf(c); got != "13035550002" {
		t.Errorf("the line has %s, want the next of the series, 13035550002", got)
	}
	in(t, s, portIn(other, "17205550000"))
	in(t, s, settle(other, customer.PortIn, customer.Done))
	if got := numberOf(other); got != "17205550000" {
		t.Errorf("the line has %s, want 17205550000", got)
	}
	wantOrders(t, s, c, "PORT_IN FAILED")
	wantOrders(t, s, other, "PORT_IN DONE")
}

func TestPortInNeedsAPhoneLine(t *testing.T) {
	s := open(t)
	c := signUp(t, s, "aase")
	refused(t, s, customer.NoPhoneLine, func(tx store.Tx, demo *catalogue.Brand) error {
		sub, err := customer.CreateSubscription(tx, demo, customer.NewSubscription{BillingGroup: c.group, User: c.owner, ProductCode: "POST_PAID"})
		if err != nil {
			return err
		}
		if _, err := customer.CreateService(tx, demo, customer.NewService{Subscription: sub.ID, Code: "SHARED"}); err != nil {
			return err
		}
		return portIn(sample{subscription: sub.ID}, "17205550000")(tx, demo)
	})
}

func TestPortDate(t *testing.T) {
	s := open(t)
	for _, test := range []struct {
		days int
		want *failure.Code
	}{{-3, customer.PortDateOutOfRange}, {0, nil}, {1, nil}, {365, nil}, {367, customer.PortDateOutOfRange}} {
		c := signUp(t, s, "")
		ask := func(tx store.Tx, demo *catalogue.Brand) error {
			f := customer.NumberPortingFields{PhoneNumber: "17205550000", PortDate: tx.Now().AddDate(0, 0, test.days).UTC().Format(time.DateOnly)}
			if _, err := customer.RequestNumberPorting(tx, demo, c.subscription, f); err != nil {
				return err
			}
			return customer.IncompleteCustomer.Error() // another may port it next
		}
		want := test.want
		if want == nil {
			want = customer.IncompleteCustomer
		}
		refused(t, s, want, ask)
	}
	c := signUp(t, s, "aase")
	refused(t, s, failure.InvalidRequest, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.RequestNumberPorting(tx, demo, c.subscription, customer.NumberPortingFields{PhoneNumber: "17205550000", PortDate: "soon"})
		return err
	})
}
