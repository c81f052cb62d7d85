package customer_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"rator/catalogue"
	"rator/customer"
	"rator/store"
	"rator/store/bolt"
)

// renamed is the customer of a sample with names and ids of its own.
func renamed(w *customer.Whole, n int) *customer.Whole {
	second := w.Account.ID.Time().Add(-time.Duration(n) * time.Second)
	ids := map[store.ID]store.ID{0: 0}
	is := func(id *store.ID) {
		if _, known := ids[*id]; !known {
			ids[*id] = store.FirstIDAt(second) + store.ID(len(ids))
		}
		*id = ids[*id]
	}
	is(&w.Account.ID)
	is(&w.Account.Owner)
	w.Account.CustomerNumber = fmt.Sprint(200_000 + n)
	for _, u := range w.Users {
		is(&u.ID)
		is(&u.Account)
		u.Username, u.FirstName, u.LastName, u.Email = fmt.Sprint("user", n), fmt.Sprint("First", n%999), fmt.Sprint("Last", n%9999), fmt.Sprintf("u%d@example.com", n)
	}
	for _, g := range w.BillingGroups {
		is(&g.ID)
		is(&g.Account)
		is(&g.Owner)
		is(&g.BillingAddress)
	}
	for _, s := range w.Subscriptions {
		is(&s.ID)
		is(&s.Account)
		is(&s.User)
		is(&s.DeliveryAddress)
	}
	for _, m := range w.Memberships {
		is(&m.ID)
		is(&m.Account)
		is(&m.Subscription)
		is(&m.BillingGroup)
	}
	for _, s := range w.Services {
		is(&s.ID)
		is(&s.Account)
		is(&s.Subscription)
		s.Number = fmt.Sprint(4_520_000_000 + n)
		s.MSISDN = s.Number
	}
	for _, o := range w.Options {
		is(&o.ID)
		is(&o.Account)
		is(&o.Subscription)
	}
	return w
}

// BenchmarkLoad is loads of 500 customers in a durable transaction each, and rehearsals of
// them with their check.
func BenchmarkLoad(b *testing.B) {
	const group = 500
	s, err := bolt.Open(filepath.Join(b.TempDir(), "bench.db"), bolt.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	importDemo(b, s, string(catalogue.Demo()))
	first := signUp(b, s, "anna")
	loaded := 0
	for _, way := range []struct {
		name string
		run  func(customers []*customer.Whole) func(store.Tx) error
		in   func(fn func(store.Tx) error) error
	}{
		{"load", func(customers []*customer.Whole) func(store.Tx) error {
			return func(tx store.Tx) error {
				demo, err := catalogue.BrandByKey(tx, "DEMO")
				for _, w := range customers {
					if err == nil {
						err = w.Load(tx, demo)
					}
				}
				return err
			}
		}, func(fn func(store.Tx) error) error { return s.Update(b.Context(), fn) }},
		{"check", func(customers []*customer.Whole) func(store.Tx) error {
			return func(tx store.Tx) error {
				demo, err := catalogue.BrandByKey(tx, "DEMO")
				for _, w := range customers {
					if err == nil {
						err = w.Load(tx, demo)
					}
				}
				for _, w := range customers {
					w.Verify(tx, func(fault error) { b.Error(fault) })
				}
				return err
			}
		}, func(fn func(store.Tx) error) error { return s.Rehearse(b.Context(), fn) }},
	} {
		b.Run(way.name, func(b *testing.B) {
			took, n := time.Duration(0), 0
			for b.Loop() {
				b.StopTimer()
				var customers []*customer.Whole
				for range group {
					loaded++
					customers = append(customers, renamed(takeOut(b, s, first.account).Whole, loaded))
				}
				fn := way.run(customers)
				b.StartTimer()
				begun := time.Now()
				if err := way.in(fn); err != nil {
					b.Fatal(err)
				}
				took, n = took+time.Since(begun), n+group
			}
			b.ReportMetric(float64(n)/took.Seconds(), "customers/s")
		})
	}
}
