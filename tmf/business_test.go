package tmf_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"rator/access"
	"rator/catalogue"
	"rator/customer"
	"rator/server/servertest"
	"rator/store"
	"rator/store/storetest"
	"rator/tmf"
	"rator/tmf/resource"
)

// shop is a Handler over a real store with the demo catalogue.
type shop struct {
	*server
	store  store.Store
	behind *access.ReadBehind
	now    time.Time
	counts *storetest.Trips // what lists and reads asked the store
}

// newShop has an operator for every brand. The store, and every customer in it, is
// verified when the test ends.
func newShop(t testing.TB, edit ...func(*tmf.Config)) *shop {
	t.Helper()
	s := &shop{now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	st := servertest.Store(t, func() time.Time { return s.now })
	s.store = st
	s.behind = access.NewReadBehind(access.ReadBehindConfig{Store: st, Log: slog.New(slog.DiscardHandler), Sync: true})
	t.Cleanup(func() {
		s.behind.Close()
		report := func(err error) { t.Errorf("verify: %v", err) }
		if _, err := st.Verify(context.Background(), report); err != nil {
			t.Error(err)
		}
		s.view(t, func(tx store.Tx) error {
			customer.Verify(store.Looks{Txs: []store.Tx{tx}}, report)
			resource.Verify(store.Looks{Txs: []store.Tx{tx}}, report)
			return nil
		})
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	f, mistakes := catalogue.Load("demo.toml", catalogue.Demo())
	for _, m := range mistakes {
		t.Fatal(m)
	}
	s.update(t, func(tx store.Tx, _ *catalogue.Brand) error {
		_, err := catalogue.Import(tx, f)
		return err
	})
	s.counts = new(storetest.Trips)
	s.update(t, func(tx store.Tx, _ *catalogue.Brand) error { return addOperator(tx, "demo", "TMF_*") })
	gate := newGate(t, storetest.Counted(st, s.counts), s.behind, func() time.Time { return s.now })
	b := stepped(t, &resource.Business{}, gate)
	c := tmf.Config{
		Collection: b.Collection,
		Gate:       gate,
		Log:        slog.New(slog.DiscardHandler), NewNumber: func() string { return "4711" },
	}
	for _, e := range edit {
		e(&c)
	}
	b.Strict = c.Strict
	s.server = &server{handler: newFace(t, c)}
	return s
}

func (s *shop) view(t testing.TB, fn func(store.Tx) error) {
	t.Helper()
	if err := s.store.View(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

// update is a change from another side: SOAP, the scheduler.
func (s *shop) update(t testing.TB, fn func(store.Tx, *catalogue.Brand) error) {
	t.Helper()
	if err := s.store.Update(context.Background(), func(tx store.Tx) error {
		b, _ := catalogue.BrandByKey(tx, "DEMO")
		return fn(tx, b)
	}); err != nil {
		t.Fatal(err)
	}
}

// signUp makes a customer as SOAP does, and gives its resource id.
func (s *shop) signUp(t testing.TB, n int, kind string, f customer.UserFields) (id string, account store.ID) {
	t.Helper()
	s.update(t, func(tx store.Tx, b *catalogue.Brand) error {
		a, err := customer.CreateAccount(tx, b, customer.AccountFields{Type: kind})
		if err != nil {
			return err
		}
		u, err := customer.CreateUser(tx, b, customer.NewUser{Account: a.ID, UserFields: f})
		if err != nil {
			return err
		}
		if _, err := customer.SetOwner(tx, b, a.ID, u.ID); err != nil {
			return err
		}
		g, err := customer.CreateBillingGroup(tx, b, customer.NewBillingGroup{Account: a.ID, Owner: u.ID, ProductCode: "POST_PAID"})
		if err != nil {
			return err
		}
		id, account = "c"+a.ID.String(), a.ID
		return s.live(tx, b, g, u, n)
	})
	return id, account
}

// live gives a customer subscriptions of all kinds, by n.
func (s *shop) live(tx store.Tx, b *catalogue.Brand, g *customer.BillingGroup, u *customer.User, n int) error {
	if n%5 == 0 {
		return nil
	}
	sub, err := customer.CreateSubscription(tx, b, customer.NewSubscription{BillingGroup: g.ID, User: u.ID, ProductCode: "POST_PAID"})
	if err != nil {
		return err
	}
	if _, err := customer.CreateService(tx, b, customer.NewService{Subscription: sub.ID}); err != nil {
		return err
	}
	if n%5 > 1 {
		if _, err := customer.ActivateSubscription(tx, b, sub.ID); err != nil {
			return err
		}
	}
	if n%5 == 3 {
		if _, err := customer.BlockSubscription(tx, b, sub.ID, customer.NewBlock{BlockFields: customer.BlockFields{BlockType: customer.BlockByOperator}}); err != nil {
			return err
		}
	}
	if n%5 == 4 {
		if _, err := customer.TerminateSubscription(tx, b, sub.ID); err != nil {
			return err
		}
		if n%2 == 0 {
			_, err := customer.CloseAccount(tx, b, g.Account)
			return err
		}
	}
	return nil
}
