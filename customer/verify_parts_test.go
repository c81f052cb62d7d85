package customer

import (
	"slices"
	"strings"
	"testing"
	"time"

	"rator/store"
)

// As TestVerifyFindsBrokenCustomers, of what hangs on subscriptions.
func TestVerifyFindsBrokenParts(t *testing.T) {
	s := openDemo(t)
	const nowhere = store.ID(201401010000009999)
	order := func(change func(*Order)) func(tx store.Tx, w *Whole) error {
		return func(tx store.Tx, w *Whole) error {
			change(w.Orders[0])
			return orders.Put(tx, w.Orders[0])
		}
	}
	member := func(i int, change func(*SharedServiceMember)) func(tx store.Tx, w *Whole) error {
		return func(tx store.Tx, w *Whole) error {
			change(w.SharedMembers[i])
			return sharedServiceMembers.Put(tx, w.SharedMembers[i])
		}
	}
	// ended takes a subscription to its end and leaves what hangs on it.
	ended := func(i int) func(tx store.Tx, w *Whole) error {
		return func(tx store.Tx, w *Whole) error {
			sub := w.Subscriptions[i]
			sub.State, sub.Ended = Terminated, tx.Now()
			for _, line := range w.ServicesOf(sub.ID) {
				line.State = Terminated
				if err := services.Put(tx, line); err != nil {
					return err
				}
			}
			return subscriptions.Put(tx, sub)
		}
	}
	for _, test := range []struct {
		name  string
		want  string // in a report; "" = none
		spoil func(tx store.Tx, w *Whole) error
	}{
		{"nothing", "", func(store.Tx, *Whole) error { return nil }},
		{"order of no subscription", "is of subscription 201401010000009999", order(func(o *Order) { o.Subscription = nowhere })},
		{"order of no account", "belongs to no account", order(func(o *Order) { o.Account = nowhere })},
		{"pending since a date", "is PENDING since", order(func(o *Order) { o.Settled = time.Unix(1, 0) })},
		{"done since never", "is DONE since", order(func(o *Order) { o.Status = Done })},
		{"port-in of no porting", "is of number porting 201401010000009999", order(func(o *Order) { o.Porting = nowhere })},
		{"porting of no order", "is of order 201401010000009999", func(tx store.Tx, w *Whole) error {
			w.NumberPortings[0].Order = nowhere
			return numberPortings.Put(tx, w.NumberPortings[0])
		}},
		{"two pending of a type", "has two PORT_IN orders that are PENDING", func(tx store.Tx, w *Whole) error {
			twin := *w.Orders[0]
			twin.Base = store.Base{}
			return orders.Insert(tx, &twin)
		}},
		{"order waits for what has ended", "is PENDING, subscription", ended(0)},
		{"option of what has ended", "has no end, its subscription", ended(0)},
		{"sharing with what has ended", "is still shared with SUBSCRIPTION", ended(0)},
		{"shared beyond its end", "is still shared with ACCOUNT", ended(1)},
		{"member of no service", "is of service 201401010000009999", member(0, func(m *SharedServiceMember) { m.Service = nowhere })},
		{"shared with no subscription", "is shared with SUBSCRIPTION 201401010000009999", member(0, func(m *SharedServiceMember) { m.Target = nowhere })},
		{"shared with no billing group", "is shared with BILLING_GROUP 201401010000009999", member(1, func(m *SharedServiceMember) { m.Target = nowhere })},
		{"shared with another account", "is shared with ACCOUNT 201401010000009999", member(2, func(m *SharedServiceMember) { m.Target = nowhere })},
		{"member of no account", "belongs to no account", member(2, func(m *SharedServiceMember) { m.Account = nowhere })},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := s.Update(t.Context(), func(tx store.Tx) error {
				tx = summing{tx, map[string]int64{}}
				w := sharing(t, tx)
				if err := test.spoil(tx, w); err != nil {
					t.Fatal(err)
				}
				var reports []string
				Verify(store.Looks{Txs: []store.Tx{tx}}, func(err error) { reports = append(reports, err.Error()) })
				if test.want == "" && len(reports) > 0 {
					t.Errorf("reports %q, want none", reports)
				}
				if !slices.ContainsFunc(reports, func(r string) bool { return strings.Contains(r, test.want) }) && test.want != "" {
					t.Errorf("reports %q, want one with %q", reports, test.want)
				}
				return errUndo
			})
			if err != errUndo {
				t.Fatal(err)
			}
		})
	}
}

// sharing makes a complete customer who shares a service with a line, a billing
// group and the account.
func sharing(t *testing.T, tx store.Tx) *Whole {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	demo, w := complete(t, tx)
	sub, err := CreateSubscription(tx, demo, NewSubscription{BillingGroup: w.BillingGroups[0].ID, User: w.Users[0].ID, ProductCode: "POST_PAID"})
	must(err)
	service, err := CreateService(tx, demo, NewService{Subscription: sub.ID, Code: "SHARED"})
	must(err)
	_, err = ShareService(tx, demo, service.ID, Targets{w.Subscriptions[0].ID, w.BillingGroups[0].ID, w.Account.ID})
	must(err)
	w, err = LoadWhole(tx, demo, w.Account.ID)
	must(err)
	return w
}
