package tmf_test

import (
	"context"
	"fmt"
	"testing"

	"rator/catalogue"
	"rator/customer"
	"rator/store"
	"rator/store/storetest"
	"rator/suite"
)

// noticing is a store that notes changes, and counts what that reads: what is taken
// from the store under it once a change is done.
func noticing(reads *storetest.Trips) func(store.Store) store.Store {
	return func(under store.Store) store.Store {
		return &changed{noteChanges(&countedUpdates{under, storetest.Counted(under, reads)}), reads}
	}
}

type countedUpdates struct {
	store.Store
	counted store.Store
}

func (c *countedUpdates) Update(ctx context.Context, fn func(store.Tx) error) error {
	return c.counted.Update(ctx, fn)
}

type changed struct {
	store.Store
	reads *storetest.Trips
}

func (c *changed) Update(ctx context.Context, fn func(store.Tx) error) error {
	return c.Store.Update(ctx, func(tx store.Tx) error {
		err := fn(tx)
		c.reads.Reset()
		return err
	})
}

// company is a customer with n billing groups, each with a subscription and bank
// details.
func (s *branch) company(t *testing.T, n int) (g guest) {
	t.Helper()
	g = s.signUp(t, customer.Company, "POST_PAID")
	const batch = 100
	for from := 1; from < n; from += batch {
		s.in(t, func(tx store.Tx, demo *catalogue.Brand) error {
			demo.MaxSubscriptions = 0 // no limit
			for i := from; i < min(n, from+batch); i++ {
				made, err := customer.CreateBillingGroup(tx, demo, customer.NewBillingGroup{Account: g.account, Owner: g.owner, ProductCode: "POST_PAID",
					BillingGroupFields: customer.BillingGroupFields{IBANNumber: "DK5000400440116243"}})
				if err != nil {
					return err
				}
				line, err := customer.CreateSubscription(tx, demo, customer.NewSubscription{BillingGroup: made.ID, User: g.owner, ProductCode: "POST_PAID"})
				if err != nil {
					return err
				}
				if _, err := customer.CreateService(tx, demo, customer.NewService{Subscription: line.ID}); err != nil {
					return err
				}
			}
			return nil
		})
	}
	s.in(t, setGroup(g.group, func(f *customer.BillingGroupFields) { f.IBANNumber = "DK5000400440116243" }))
	return g
}

type deed func(tx store.Tx, demo *catalogue.Brand) error

func setGroup(id store.ID, change func(*customer.BillingGroupFields)) deed {
	return func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.UpdateBillingGroup(tx, demo, id, func(f *customer.BillingGroupFields) error { change(f); return nil })
		return err
	}
}

func setUser(id store.ID, change func(*customer.UserFields)) deed {
	return func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.UpdateUser(tx, demo, id, func(f *customer.UserFields) error { change(f); return nil })
		return err
	}
}

// TestNoticingReadsWhatChanged: what it takes to notice a change grows with the customer's
// billing groups only where a document is told that names them all, and then not by more
// than a few reads each; and nothing is looked at while nobody listens.
func TestNoticingReadsWhatChanged(t *testing.T) {
	if suite.Apart(t) {
		return
	}
	const (
		few, some, many  = 5, 100, 500
		maxRelatedGroups = 100 // that a change of all of them is told of
		named            = 5   // reads of each that a document names
		shown            = 45  // reads of each that is told of
		beside           = 10  // reads of a customer with more than few
	)
	took := map[int][]int64{}
	all := smallChanges()
	for _, n := range []int{few, some, many} {
		counts := new(storetest.Trips)
		s := newTellerOver(t, noticing(counts))
		reads := func() int64 { return counts.Records() + int64(len(counts.Asked())) }
		g := s.company(t, n)
		for _, c := range all {
			if c.do(t, s, g, 0); reads() > 1 {
				t.Errorf("%s, of %d billing groups: %d reads though nobody listens", c.name, n, reads())
			}
		}
		s.register(t)
		for _, c := range all {
			c.do(t, s, g, 1)
			took[n] = append(took[n], reads())
		}
	}
	for i, c := range all {
		got := [3]int64{took[few][i], took[some][i], took[many][i]}
		t.Logf("%s: %d reads of %d, %d and %d billing groups", c.name, got, few, some, many)
		if got[0] < 10 {
			t.Errorf("%s: %d reads cannot notice anything", c.name, got[0])
		}
		for i, n := range []int{few, some, many} {
			most := got[0] + beside
			if c.names || c.related {
				most += int64(n) * named
			}
			if looked := min(n, maxRelatedGroups); c.related {
				most += int64(looked) * shown
			}
			if got[i] > most {
				t.Errorf("%s: %d reads of %d billing groups, %d at most", c.name, got[i], n, most)
			}
		}
	}
}

// smallChange is a change of one thing of a customer, twice. A related one is seen
// in the documents of all billing groups, of which up to a hundred are looked at; names
// says that of one document is told that names them all.
type smallChange struct {
	name    string
	related bool
	names   bool
	do      func(t *testing.T, s *teller, g guest, time int)
}

func smallChanges() []smallChange {
	ibans := []string{"DK2000400440116243", "DK5000400440116243"}
	patch := func(path func(guest) string, body string) func(*testing.T, *teller, guest, int) {
		return func(t *testing.T, s *teller, g guest, time int) {
			s.ask(t, "PATCH", path(g), fmt.Sprintf(body, time))
		}
	}
	whole := func(g guest) string { return v2014 + "/customer/c" + g.account.String() }
	mean := func(g guest) string { return meanPath + "/pm" + g.group.String() }
	return []smallChange{
		{"SOAP: a user's field", true, false, func(t *testing.T, s *teller, g guest, time int) {
			s.in(t, setUser(g.owner, func(f *customer.UserFields) { f.Email = fmt.Sprint(time, "@example.com") }))
		}},
		{"SOAP: a group's field", false, false, func(t *testing.T, s *teller, g guest, time int) {
			s.in(t, setGroup(g.group, func(f *customer.BillingGroupFields) { f.InvoiceDeliveryType = fmt.Sprint(time) }))
		}},
		{"SOAP: a group's name", true, false, func(t *testing.T, s *teller, g guest, time int) {
			s.in(t, setGroup(g.group, func(f *customer.BillingGroupFields) { f.Name = fmt.Sprint("Renamed ", time) }))
		}},
		{"SOAP: bank details", false, false, func(t *testing.T, s *teller, g guest, time int) {
			s.in(t, setGroup(g.group, func(f *customer.BillingGroupFields) { f.IBANNumber = ibans[time] }))
		}},
		{"SOAP: a recharge ticket", false, true, func(t *testing.T, s *teller, g guest, time int) {
			s.in(t, func(tx store.Tx, demo *catalogue.Brand) (err error) {
				if time == 0 {
					_, err = customer.CreateRechargeTicket(tx, demo, g.group, customer.RechargeTicketFields{TicketID: "4711"})
				} else {
					_, err = customer.DeleteRechargeTicket(tx, demo, g.group)
				}
				return err
			})
		}},
		{"TM Forum: a customer's medium", true, false, patch(whole, `{"contactMedium":[{"type":"Email","medium":{"emailAddress":"%d@example.org"}}]}`)},
		{"TM Forum: a customer's description", false, true, patch(whole, `{"description":"%d"}`)},
		{"TM Forum: an account's description", false, true, patch(guest.path, `{"description":"%d"}`)},
		{"TM Forum: a mean's IBAN", false, false, func(t *testing.T, s *teller, g guest, time int) {
			s.ask(t, "PATCH", mean(g), `{"bankAccount":{"IBAN":"`+ibans[1-time]+`"}}`)
		}},
		{"TM Forum: a mean's note", false, false, patch(mean, `{"note":"%d"}`)},
	}
}

// TestNotedOfMany: who comes to have more billing groups than are looked at is told
// of as before, and from there on with the group that was changed.
func TestNotedOfMany(t *testing.T) {
	s := newTeller(t)
	g := s.company(t, 100)
	s.register(t)
	account, group, mean := "c"+g.account.String(), "ca"+g.group.String(), "pm"+g.group.String()
	var made string
	s.in(t, func(tx store.Tx, demo *catalogue.Brand) error {
		b, err := customer.CreateBillingGroup(tx, demo, customer.NewBillingGroup{Account: g.account, Owner: g.owner, ProductCode: "POST_PAID"})
		made = "ca" + b.ID.String()
		return err
	})
	s.told(t, "the 101st", account+" Update", made+" Create")
	s.in(t, setGroup(g.group, func(f *customer.BillingGroupFields) { f.Name = "Renamed" }))
	s.told(t, "its name", account+" Update", group+" Update", mean+" Update")
	s.ask(t, "PATCH", meanPath+"/"+mean, `{"note":"mine"}`)
	s.told(t, "what lies over a mean", mean+" Update")
	s.in(t, setUser(g.owner, func(f *customer.UserFields) { f.Email = "other@example.com" }))
	s.told(t, "its owner", account+" Update")
	s.ask(t, "DELETE", accountPath+"/"+made, "")
	s.told(t, "the end of the 101st", account+" Update", made+" Delete")
}
