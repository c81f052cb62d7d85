package customer

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rator/catalogue"
	"rator/customer/number"
	"rator/store"
	"rator/store/bolt"
)

// Each case is a customer as no operation would leave it; Verify and, where it
// can see it, CheckAccount must find it.
func TestVerifyFindsBrokenCustomers(t *testing.T) {
	s := openDemo(t)
	const nowhere = store.ID(201401010000009999)
	tests := []struct {
		name  string
		want  string // in a report; "" = none
		check bool   // CheckAccount sees it too
		spoil func(tx store.Tx, w *Whole) error
	}{
		{"nothing", "", false, func(store.Tx, *Whole) error { return nil }},
		{"owner is nobody", "owner 201401010000009999", true, func(tx store.Tx, w *Whole) error {
			w.Account.Owner = nowhere
			return accounts.Put(tx, w.Account)
		}},
		{"delivery address is nobody", "delivery address 201401010000009999", true, func(tx store.Tx, w *Whole) error {
			w.Account.DeliveryAddress = nowhere
			return accounts.Put(tx, w.Account)
		}},
		{"unknown brand", "UNKNOWN_BRAND", false, func(tx store.Tx, w *Whole) error {
			w.Account.Brand = "GONE"
			return accounts.Put(tx, w.Account)
		}},
		{"no user", "it has no user", true, func(tx store.Tx, w *Whole) error { return users.Delete(tx, w.Users[0]) }},
		{"user of another brand", "is of brand DEMO2", false, func(tx store.Tx, w *Whole) error {
			w.Users[0].Brand = "DEMO2"
			return users.Put(tx, w.Users[0])
		}},
		{"no billing group", "it has no billing group", true, func(tx store.Tx, w *Whole) error { return billingGroups.Delete(tx, w.BillingGroups[0]) }},
		{"group's owner is nobody", "owner 201401010000009999", true, func(tx store.Tx, w *Whole) error {
			w.BillingGroups[0].Owner = nowhere
			return billingGroups.Put(tx, w.BillingGroups[0])
		}},
		{"billing address is nobody", "billing address 201401010000009999", true, func(tx store.Tx, w *Whole) error {
			w.BillingGroups[0].BillingAddress = nowhere
			return billingGroups.Put(tx, w.BillingGroups[0])
		}},
		{"ticket of no group", "is of billing group", true, func(tx store.Tx, w *Whole) error {
			w.RechargeTickets[0].BillingGroup = nowhere
			return rechargeTickets.Put(tx, w.RechargeTickets[0])
		}},
		{"no service", "NO_SERVICE", true, func(tx store.Tx, w *Whole) error { return services.Delete(tx, w.Services[0]) }},
		{"service in another state", "is TERMINATED, its subscription", true, func(tx store.Tx, w *Whole) error {
			w.Services[0].State = Terminated
			return services.Put(tx, w.Services[0])
		}},
		{"service of no subscription", "is of subscription 201401010000009999", true, func(tx store.Tx, w *Whole) error {
			w.Services[0].Subscription = nowhere
			return services.Put(tx, w.Services[0])
		}},
		{"subscription's user is nobody", "user 201401010000009999", true, func(tx store.Tx, w *Whole) error {
			w.Subscriptions[0].User = nowhere
			return subscriptions.Put(tx, w.Subscriptions[0])
		}},
		{"subscription of no product", "UNKNOWN_PRODUCT_CODE", false, func(tx store.Tx, w *Whole) error {
			w.Subscriptions[0].ProductCode = "GONE"
			return subscriptions.Put(tx, w.Subscriptions[0])
		}},
		{"subscription of no rate plan", "UNKNOWN_RATE_PLAN", false, func(tx store.Tx, w *Whole) error {
			w.Subscriptions[0].RatePlanID = ""
			return subscriptions.Put(tx, w.Subscriptions[0])
		}},
		{"living subscription of a closed account", "it is CLOSED", true, func(tx store.Tx, w *Whole) error {
			w.Account.State = Closed
			return accounts.Put(tx, w.Account)
		}},
		{"membership of no group", "is of billing group 201401010000009999", true, func(tx store.Tx, w *Whole) error {
			w.Memberships[0].BillingGroup = nowhere
			return memberships.Put(tx, w.Memberships[0])
		}},
		{"option of no subscription", "is of subscription 201401010000009999", true, func(tx store.Tx, w *Whole) error {
			w.Options[0].Subscription = nowhere
			return subscribedOptions.Put(tx, w.Options[0])
		}},
		{"option that is not sold", "UNKNOWN_PRODUCT_OPTION", false, func(tx store.Tx, w *Whole) error {
			w.Options[0].OptionID = "201401010000009999"
			return subscribedOptions.Put(tx, w.Options[0])
		}},
		{"porting of no subscription", "is of subscription 201401010000009999", true, func(tx store.Tx, w *Whole) error {
			w.NumberPortings[0].Subscription = nowhere
			return numberPortings.Put(tx, w.NumberPortings[0])
		}},
		{"service of no account", "belongs to no account", true, func(tx store.Tx, w *Whole) error {
			w.Services[0].Account = nowhere
			return services.Put(tx, w.Services[0])
		}},
		{"reserved number in use", "is reserved, and a service has it", false, func(tx store.Tx, w *Whole) error {
			return plant(tx, "number_reservation", &number.Reservation{Brand: "DEMO", Number: w.Services[0].Number, State: number.Held})
		}},
		{"reservation used by nobody", "UNKNOWN_SERVICE", false, func(tx store.Tx, w *Whole) error {
			return plant(tx, "number_reservation", &number.Reservation{Brand: "DEMO", Number: "13035550009", State: number.Used, Service: nowhere})
		}},
		{"number given back and in use", "is given back, and a service has it", false, func(tx store.Tx, w *Whole) error {
			return plant(tx, "returned_number", &number.Returned{Brand: "DEMO", Number: w.Services[0].Number})
		}},
		{"number given back by nobody", "UNKNOWN_SUBSCRIPTION", false, func(tx store.Tx, w *Whole) error {
			return plant(tx, "returned_number", &number.Returned{Brand: "DEMO", Number: "13035550009", Subscription: nowhere})
		}},
		{"number given back and reserved", "is given back and reserved", false, func(tx store.Tx, w *Whole) error {
			if err := plant(tx, "number_reservation", &number.Reservation{Brand: "DEMO", Number: "13035550009", State: number.Held}); err != nil {
				return err
			}
			return plant(tx, "returned_number", &number.Returned{Brand: "DEMO", Number: "13035550009"})
		}},
		{"termination of nothing", "is of subscription 201401010000009999", true, func(tx store.Tx, w *Whole) error {
			return terminations.Insert(tx, &SubscriptionTermination{Part: w.Subscriptions[0].Part, Subscription: nowhere, State: TerminationPending})
		}},
		{"termination settled at no time", "is DONE since", true, func(tx store.Tx, w *Whole) error {
			return terminations.Insert(tx, &SubscriptionTermination{Part: w.Subscriptions[0].Part, Subscription: w.Subscriptions[0].ID, State: TerminationDone})
		}},
		{"termination of no account", "belongs to no account", false, func(tx store.Tx, w *Whole) error {
			return terminations.Insert(tx, &SubscriptionTermination{Part: Part{Account: nowhere}, State: TerminationPending})
		}},
		{"counted twice", "has 1 customers and 0 deleted ones, its tally says 2 and 0", false, func(tx store.Tx, w *Whole) error { return tx.Add(listedCounter("DEMO"), 1) }},
		{"account gone", "belongs to no account", false, func(tx store.Tx, w *Whole) error { return accounts.Delete(tx, w.Account) }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := s.Update(t.Context(), func(tx store.Tx) error {
				tx = summing{tx, map[string]int64{}}
				demo, w := complete(t, tx)
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
				if err := CheckAccount(tx, demo, w.Account.ID); test.name != "account gone" && test.name != "unknown brand" && (err != nil) != test.check {
					t.Errorf("CheckAccount: %v, want an error: %v", err, test.check)
				}
				return errUndo
			})
			if err != errUndo {
				t.Fatal(err)
			}
		})
	}
}

// An option that ended by itself does not come back with its subscription.
func TestReactivationLeavesOptionsThatEndedEarlier(t *testing.T) {
	s := openDemo(t)
	if err := s.Update(t.Context(), func(tx store.Tx) error {
		demo, w := complete(t, tx)
		sub := w.Subscriptions[0].ID
		early := w.Options[0]
		early.Until = tx.Now().Add(-time.Hour)
		if err := subscribedOptions.Put(tx, early); err != nil {
			return err
		}
		if _, err := TerminateSubscription(tx, demo, sub); err != nil {
			return err
		}
		if _, err := ReactivateSubscription(tx, demo, sub); err != nil {
			return err
		}
		o, err := subscribedOptions.Get(tx, early.ID)
		if err == nil && !o.Until.Equal(early.Until) {
			t.Errorf("option ends %s, want %s", o.Until, early.Until)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// openDemo gives a store with the demo catalogue.
// plant keeps a record of a kind that another room declares, past that room.
func plant(tx store.Tx, kind string, x any) error {
	id, err := tx.NextID()
	if err != nil {
		return err
	}
	doc, err := json.Marshal(x)
	if err != nil {
		return err
	}
	infos := store.Infos()
	keys, err := infos[slices.IndexFunc(infos, func(i store.Info) bool { return i.Name == kind })].Keys(doc)
	if err != nil {
		return err
	}
	return tx.Insert(kind, store.Record{ID: id, Version: 1, Doc: doc, Keys: keys})
}

func openDemo(t *testing.T) store.Store {
	t.Helper()
	s, err := bolt.Open(filepath.Join(t.TempDir(), "test.db"), bolt.Options{Unsynced: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	file, mistakes := catalogue.Load("demo.toml", catalogue.Demo())
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	if err := s.Update(t.Context(), func(tx store.Tx) error {
		_, err := catalogue.Import(tx, file)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return s
}

var errUndo = IncompleteCustomer.Error()

// The unique indexes keep these from happening; what a driver loses of an index,
// Verify must see from the records.
func TestCheckFindsWhatUniqueIndexesForbid(t *testing.T) {
	account := &Account{Base: store.Base{ID: 1}, Owner: 2, State: Active}
	group := func(id store.ID, name string) *BillingGroup {
		return &BillingGroup{Part: Part{Base: store.Base{ID: id}, Account: 1}, Owner: 2, BillingGroupFields: BillingGroupFields{Name: name}}
	}
	w := &Whole{
		Account:         account,
		Users:           []*User{{Part: Part{Base: store.Base{ID: 2}, Account: 1}}},
		BillingGroups:   []*BillingGroup{group(3, "one"), group(4, "one")},
		Subscriptions:   []*Subscription{{Part: Part{Base: store.Base{ID: 5}}, User: 2, State: Active}},
		Services:        []*Service{{Subscription: 5, State: Active}},
		Memberships:     []*Membership{{Subscription: 5, BillingGroup: 3}, {Subscription: 5, BillingGroup: 4}},
		RechargeTickets: []*RechargeTicket{{BillingGroup: 3}, {BillingGroup: 3}},
	}
	var reports []string
	w.check(func(err error) { reports = append(reports, err.Error()) })
	for _, want := range []string{"two billing groups are named one", "is in two billing groups", "has two recharge tickets"} {
		if !slices.ContainsFunc(reports, func(r string) bool { return strings.Contains(r, want) }) {
			t.Errorf("reports %q, want one with %q", reports, want)
		}
	}
	if len(reports) != 3 {
		t.Errorf("%d reports, want 3: %q", len(reports), reports)
	}
	w.Memberships[0].Until = time.Unix(1, 0)
	w.BillingGroups[1].Name = "two"
	w.RechargeTickets = w.RechargeTickets[:1]
	w.check(func(err error) { t.Errorf("mended: %v", err) })
}

// summing is the Tx of an Update that gives sums, of a store that nobody else adds to.
type summing struct {
	store.Tx
	sums map[string]int64
}

func (s summing) Add(counter string, n int64) error {
	s.sums[counter] += n
	return s.Tx.Add(counter, n)
}

func (s summing) Sum(counter string) (int64, error) { return s.sums[counter], nil }

// lying is a Tx that finds the oldest record of a kind under every value of an
// index, as one would whose index is damaged.
type lying struct {
	store.Tx
	kind, index string
}

func (l lying) Find(kind, index, value string, after store.ID, limit int) ([]store.Record, error) {
	if kind == l.kind && index == l.index {
		return l.Scan(kind, 0, 1)
	}
	return l.Tx.Find(kind, index, value, after, limit)
}

func TestVerifyFindsSharedNames(t *testing.T) {
	s := openDemo(t)
	for _, test := range []struct{ kind, index, want string }{
		{"account", byNumber, "customer number 100002 of"},
		{"user", byUsername, "username otto of"},
		{"service", byLineNumber, "phone number 13035550000 of"},
	} {
		err := s.Update(t.Context(), func(tx store.Tx) error {
			demo, first := complete(t, tx)
			second, err := CreateAccount(tx, demo, AccountFields{Type: Private})
			if err != nil {
				return err
			}
			if _, err := CreateUser(tx, demo, NewUser{Account: second.ID, Username: "otto"}); err != nil {
				return err
			}
			n := NewService{Subscription: first.Subscriptions[0].ID}
			n.MSISDN = "13035550000"
			if _, err := CreateService(tx, demo, n); err != nil {
				return err
			}
			var found bool
			Verify(store.Looks{Txs: []store.Tx{lying{tx, test.kind, test.index}}}, func(err error) {
				found = found || strings.HasPrefix(err.Error(), test.want) && strings.HasSuffix(err.Error(), "belongs to another too")
			})
			if !found {
				t.Errorf("%s by %s: no report that %s … belongs to another too", test.kind, test.index, test.want)
			}
			return errUndo
		})
		if err != errUndo {
			t.Fatal(err)
		}
	}
}

// complete makes a customer that has one of everything.
func complete(t *testing.T, tx store.Tx) (*catalogue.Brand, *Whole) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	demo, err := catalogue.BrandByKey(tx, "DEMO")
	must(err)
	a, err := CreateAccount(tx, demo, AccountFields{Type: Private})
	must(err)
	u, err := CreateUser(tx, demo, NewUser{Account: a.ID, Username: "aase"})
	must(err)
	_, err = SetOwner(tx, demo, a.ID, u.ID)
	must(err)
	g, err := CreateBillingGroup(tx, demo, NewBillingGroup{Account: a.ID, Owner: u.ID, ProductCode: "POST_PAID"})
	must(err)
	_, err = CreateRechargeTicket(tx, demo, g.ID, RechargeTicketFields{TicketID: "1:2"})
	must(err)
	sub, err := CreateSubscription(tx, demo, NewSubscription{BillingGroup: g.ID, User: u.ID, ProductCode: "POST_PAID"})
	must(err)
	_, err = CreateService(tx, demo, NewService{Subscription: sub.ID})
	must(err)
	planA, err := catalogue.OptionByID(tx, demo, "201401010000000202")
	must(err)
	_, err = sub.AddOption(tx, demo, planA, "SUBSCRIBE")
	must(err)
	_, err = RequestNumberPorting(tx, demo, sub.ID, NumberPortingFields{PhoneNumber: "17205550000"})
	must(err)
	w, err := LoadWhole(tx, demo, a.ID)
	must(err)
	return demo, w
}
