package customer_test

import (
	"context"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"rator/catalogue"
	"rator/customer"
	"rator/customer/option"
	"rator/failure"
	"rator/store"
	"rator/store/bolt"
)

// Ids of demo.toml.
const (
	planA, planB  = "201401010000000202", "201401010000000203"
	data500       = "201401010000000212"
	voiceMail     = "201401010000000220"
	norwegianPlan = "201401010000001202" // brand DEMO2
	secretHash    = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$QQCd8VPOryZiCF3MtwQnPTK7odKCaPcXJGplgNEuj1A"
)

// open gives a store with the demo catalogue; at the end of the test the store
// and every customer in it must be right.
func open(t testing.TB) store.Store { return openWith(t, time.Now, string(catalogue.Demo())) }

// openAt is open with a clock that the test sets.
func openAt(t testing.TB, now *time.Time) store.Store {
	return openWith(t, func() time.Time { return *now }, string(catalogue.Demo()))
}

func openWith(t testing.TB, now func() time.Time, demo string) store.Store {
	t.Helper()
	s, err := bolt.Open(filepath.Join(t.TempDir(), "test.db"), bolt.Options{Unsynced: true, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		verify(t, s)
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	importDemo(t, s, demo)
	return s
}

func importDemo(t testing.TB, s store.Store, src string) {
	t.Helper()
	file, mistakes := catalogue.Load("demo.toml", []byte(src))
	for _, m := range mistakes {
		t.Fatal(m)
	}
	update(t, s, func(tx store.Tx) error {
		_, err := catalogue.Import(tx, file)
		return err
	})
}

func verify(t testing.TB, s store.Store) {
	t.Helper()
	report := func(err error) { t.Errorf("verify: %v", err) }
	if _, err := s.Verify(context.Background(), report); err != nil {
		t.Error(err)
	}
	if err := s.View(context.Background(), func(tx store.Tx) error {
		customer.Verify(store.Looks{Txs: []store.Tx{tx}}, report)
		return nil
	}); err != nil {
		t.Error(err)
	}
}

func update(t testing.TB, s store.Store, fn func(store.Tx) error) {
	t.Helper()
	if err := s.Update(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

// in runs fn in a unit of its own, in brand DEMO.
func in(t testing.TB, s store.Store, fn func(tx store.Tx, demo *catalogue.Brand) error) {
	t.Helper()
	update(t, s, func(tx store.Tx) error { return fn(tx, brand(t, tx, "DEMO")) })
}

func brand(t testing.TB, tx store.Tx, key string) *catalogue.Brand {
	t.Helper()
	b, err := catalogue.BrandByKey(tx, key)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// refused runs fn in a unit of its own and checks the code it fails with.
func refused(t testing.TB, s store.Store, want *failure.Code, fn func(tx store.Tx, demo *catalogue.Brand) error) {
	t.Helper()
	err := s.Update(context.Background(), func(tx store.Tx) error { return fn(tx, brand(t, tx, "DEMO")) })
	if failure.CodeOf(err) != want {
		t.Errorf("error %v, want %s", err, want.Name)
	}
}

// sample is a complete customer: the ids of its parts.
type sample struct{ account, owner, group, subscription, service store.ID }

// signUp makes a customer of DEMO with a post-paid line whose number is drawn.
func signUp(t testing.TB, s store.Store, username string) sample {
	t.Helper()
	var c sample
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) (err error) {
		c, err = signUpIn(tx, demo, username)
		return err
	})
	return c
}

func signUpIn(tx store.Tx, b *catalogue.Brand, username string) (c sample, err error) {
	a, err := customer.CreateAccount(tx, b, customer.AccountFields{Type: customer.Private})
	if err != nil {
		return c, err
	}
	u, err := customer.CreateUser(tx, b, customer.NewUser{Account: a.ID, Username: username, PasswordHash: secretHash, UserFields: customer.UserFields{FirstName: "Åse & <Øre> €"}})
	if err != nil {
		return c, err
	}
	if _, err := customer.SetOwner(tx, b, a.ID, u.ID); err != nil {
		return c, err
	}
	g, err := customer.CreateBillingGroup(tx, b, customer.NewBillingGroup{Account: a.ID, Owner: u.ID, ProductCode: "POST_PAID"})
	if err != nil {
		return c, err
	}
	sub, err := customer.CreateSubscription(tx, b, customer.NewSubscription{BillingGroup: g.ID, User: u.ID, ProductCode: "POST_PAID"})
	if err != nil {
		return c, err
	}
	line, err := customer.CreateService(tx, b, customer.NewService{Subscription: sub.ID})
	if err != nil {
		return c, err
	}
	return sample{a.ID, u.ID, g.ID, sub.ID, line.ID}, customer.CheckAccount(tx, b, a.ID)
}

// takeOptions gives a subscription more options; none it has makes room for them.
func takeOptions(tx store.Tx, brand *catalogue.Brand, subscription store.ID, names []string) ([]*customer.SubscribedOption, error) {
	p, err := option.PlanToSubscribe(tx, brand, subscription, names, false)
	if err != nil {
		return nil, err
	}
	return p.Subscribe(tx)
}

// serviceByID finds a service of a customer.
func serviceByID(tx store.Tx, brand *catalogue.Brand, account, id store.ID) (*customer.Service, error) {
	w, err := customer.LoadWhole(tx, brand, account)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(w.Services, func(s *customer.Service) bool { return s.ID == id })
	if i < 0 {
		return nil, customer.UnknownService.With("%s", id)
	}
	return w.Services[i], nil
}
