package billing_test

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"rator/billing"
	"rator/billing/ledger"
	"rator/billing/verify"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
	"rator/store/bolt"
)

// shelf is a store with the demo catalogue, a clock that tests set, and a
// customer of DEMO. At the end of a test all money must be right.
type shelf struct {
	testing.TB
	store.Store
	now                    time.Time
	account, group, second store.ID
}

func newShelf(t testing.TB) *shelf {
	t.Helper()
	s := &shelf{TB: t, now: time.Date(2020, 1, 15, 12, 0, 0, 0, time.UTC)}
	st, err := bolt.Open(filepath.Join(t.TempDir(), "test.db"), bolt.Options{Unsynced: true, Now: func() time.Time { return s.now }})
	if err != nil {
		t.Fatal(err)
	}
	s.Store = st
	t.Cleanup(func() {
		if err := st.View(context.Background(), func(tx store.Tx) error {
			verify.Money(store.Looks{Txs: []store.Tx{tx}}, func(err error) { t.Errorf("verify: %v", err) })
			return nil
		}); err != nil {
			t.Error(err)
		}
		st.Close()
	})
	file, mistakes := catalogue.Load("demo.toml", catalogue.Demo())
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	if err := st.Update(context.Background(), func(tx store.Tx) error { _, err := catalogue.Import(tx, file); return err }); err != nil {
		t.Fatal(err)
	}
	s.do(func(tx store.Tx, demo *catalogue.Brand) error {
		a, err := customer.CreateAccount(tx, demo, customer.AccountFields{Type: customer.Private})
		if err != nil {
			return err
		}
		u, err := customer.CreateUser(tx, demo, customer.NewUser{Account: a.ID, Username: "aase"})
		if err != nil {
			return err
		}
		s.account = a.ID
		for _, group := range []*store.ID{&s.group, &s.second} {
			g, err := customer.CreateBillingGroup(tx, demo, customer.NewBillingGroup{Account: a.ID, Owner: u.ID, ProductCode: "POST_PAID"})
			if err != nil {
				return err
			}
			*group = g.ID
		}
		return nil
	})
	return s
}

func (s *shelf) do(fn func(tx store.Tx, demo *catalogue.Brand) error) {
	s.Helper()
	err := s.Update(context.Background(), func(tx store.Tx) error {
		demo, err := catalogue.BrandByKey(tx, "DEMO")
		if err != nil {
			return err
		}
		return fn(tx, demo)
	})
	if err != nil {
		s.Fatal(err)
	}
}

// fill lets five years go by: charges and payments of both billing groups at odd
// times, some dated back, and the billing runs.
func (s *shelf) fill() {
	s.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	for range 120 {
		s.now = s.now.Add(time.Duration(r.IntN(30*24)) * time.Hour)
		group := []store.ID{s.group, s.group, s.second}[r.IntN(3)]
		amount := decimal.New(int64(1+r.IntN(10000)), -2)
		s.do(func(tx store.Tx, demo *catalogue.Brand) (err error) {
			switch r.IntN(3) {
			case 0:
				_, err = billing.SavePayment(tx, demo, group, ledger.PaymentFields{Amount: amount, Fee: decimal.New(1, 0), Captured: true, Date: s.now.AddDate(0, 0, -r.IntN(40))})
			default:
				for range 1 + r.IntN(2) { // with ids that follow each other
					if _, err = billing.AddCharge(tx, demo, billing.NewCharge{Group: group, ChargeItem: "FEE", Amount: &amount}); err != nil {
						return err
					}
				}
			}
			return err
		})
		if r.IntN(4) == 0 {
			day := s.now.Truncate(24 * time.Hour)
			if _, err := (&billing.Run{AsOf: day}).Do(context.Background(), s.Store); err != nil {
				s.Fatal(err)
			}
		}
	}
}

// line is what a test compares of a posting.
type line struct {
	ID      store.ID
	Balance string
}

func TestTransactionsGiveEveryPostingOnceNewestFirst(t *testing.T) {
	s := newShelf(t)
	s.fill()
	spans := []billing.Days{{}, {First: day("2021-03-01")}, {Last: day("2022-06-30")}, {First: day("2021-03-01"), Last: day("2021-03-31")}, {First: day("2035-01-01")}}
	for _, days := range spans {
		var want []line
		s.do(func(tx store.Tx, demo *catalogue.Brand) error {
			all, _, err := ledger.Postings.Page(tx, ledger.ByGroup, s.group.String(), nil, 10_000)
			balance := decimal.Zero
			for _, p := range all {
				balance = balance.Add(p.Amount)
				if on := p.Date.Truncate(24 * time.Hour); !on.Before(days.First) && (days.Last.IsZero() || !on.After(days.Last)) {
					want = append(want, line{p.ID, balance.String()})
				}
			}
			slices.Reverse(want)
			return err
		})
		if days == (billing.Days{}) && len(want) < 100 {
			t.Fatalf("only %d postings to list", len(want))
		}
		for _, size := range []int{1, 7, 1000} {
			var got []line
			place := ""
			for pages := 0; pages == 0 || place != ""; pages++ {
				s.do(func(tx store.Tx, demo *catalogue.Brand) error {
					from, err := billing.ParsePlace(place)
					if err != nil {
						return err
					}
					page, next, err := billing.Transactions(tx, demo, s.group, days, from, size)
					for _, p := range page {
						got = append(got, line{p.ID, p.Balance.String()})
					}
					if len(page) > size {
						t.Errorf("a page of %d has %d", size, len(page))
					}
					place = next.String()
					return err
				})
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%+v, pages of %d (-want +got):\n%s", days, size, diff)
			}
		}
	}
}

func TestInvoicesNewestFirst(t *testing.T) {
	s := newShelf(t)
	s.fill()
	var want, got []store.ID
	s.do(func(tx store.Tx, demo *catalogue.Brand) error {
		all, _, err := ledger.Invoices.Page(tx, ledger.ByGroup, s.group.String(), nil, 10_000)
		for _, i := range slices.Backward(all) {
			want = append(want, i.ID)
		}
		return err
	})
	if len(want) < 10 {
		t.Fatalf("only %d invoices to list", len(want))
	}
	for before := store.ID(0); len(got) == 0 || before != 0; {
		s.do(func(tx store.Tx, demo *catalogue.Brand) error {
			page, next, err := billing.InvoicesBefore(tx, demo, s.group, before, 4)
			for _, i := range page {
				got = append(got, i.ID)
			}
			before = next
			return err
		})
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestDetailLinesOfEachInvoiceMakeItsTotal(t *testing.T) {
	s := newShelf(t)
	s.fill()
	s.do(func(tx store.Tx, demo *catalogue.Brand) error {
		all, _, err := ledger.Invoices.Page(tx, ledger.ByGroup, s.group.String(), nil, 10_000)
		for _, i := range all {
			sum := decimal.Zero
			for after, more := store.ID(0), true; more; more = after != 0 {
				var lines []*ledger.Posting
				if lines, after, err = billing.DetailLines(tx, demo, billing.LineFilter{Invoice: i.ID, Group: s.group}, after, 2); err != nil {
					return err
				}
				for _, p := range lines {
					sum = sum.Sub(p.Amount)
				}
			}
			if !sum.Equal(i.Total) {
				t.Errorf("invoice %s asks for %s, its lines make %s", i.Number, i.Total, sum)
			}
			other, _, err := billing.DetailLines(tx, demo, billing.LineFilter{Invoice: i.ID, Group: s.second}, 0, 10)
			if err != nil || len(other) > 0 {
				t.Errorf("the other billing group has %d lines of invoice %s, %v", len(other), i.Number, err)
			}
		}
		return err
	})
}

// A page looks through so many postings and no more, and says where to go on.
func TestAPageOfFewDaysAmongMany(t *testing.T) {
	s := newShelf(t)
	amount := decimal.New(1, 0)
	charge := func(n int) {
		s.do(func(tx store.Tx, demo *catalogue.Brand) error {
			for range n {
				if _, err := billing.AddCharge(tx, demo, billing.NewCharge{Group: s.group, ChargeItem: "FEE", Amount: &amount}); err != nil {
					return err
				}
			}
			return nil
		})
	}
	charge(1)
	s.now = s.now.AddDate(0, 0, 1)
	charge(2100)
	s.do(func(tx store.Tx, demo *catalogue.Brand) error {
		first := billing.Days{Last: day("2020-01-15")}
		page, next, err := billing.Transactions(tx, demo, s.group, first, billing.Place{}, 10)
		if err != nil || len(page) != 0 || next.Before == 0 {
			t.Errorf("%d transactions, next %q, %v", len(page), next, err)
		}
		page, next, err = billing.Transactions(tx, demo, s.group, first, next, 10)
		if err != nil || len(page) != 1 || next.Before != 0 || !page[0].Balance.Equal(decimal.New(-1, 0)) {
			t.Errorf("then %d transactions, next %q, %v", len(page), next, err)
		}
		lines, after, err := billing.DetailLines(tx, demo, billing.LineFilter{Group: s.group, Days: billing.Days{First: day("2020-01-15"), Last: day("2020-01-15")}}, 0, 10)
		if err != nil || len(lines) != 1 || after == 0 {
			t.Errorf("%d lines, next %s, %v", len(lines), after, err)
		}
		return nil
	})
}

func TestPlacesThatNoListGave(t *testing.T) {
	for _, text := range []string{"x", "/", "202601020304050001", "202601020304050001/", "202601020304050001/x", "202601020304050001/1e9", "202613020304050001/1", "/1"} {
		if _, err := billing.ParsePlace(text); failure.CodeOf(err) != failure.InvalidRequest {
			t.Errorf("%q: %v", text, err)
		}
	}
	for _, text := range []string{"1", "-02601020304050001", "000000000000000000", "202601020304600001"} {
		if _, err := billing.ParseListID(text); failure.CodeOf(err) != failure.InvalidRequest {
			t.Errorf("%q: %v", text, err)
		}
	}
	place := billing.Place{Before: 202601020304050001, Balance: decimal.New(-1250, -2)}
	if got, err := billing.ParsePlace(place.String()); err != nil || got.String() != place.String() {
		t.Errorf("%s is read as %s, %v", place, got, err)
	}
}

func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}
