package tmf_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// payers gives the first n customers' billing groups bank details.
func (s *shop) payers(t testing.TB, accounts []store.ID) {
	t.Helper()
	s.update(t, func(tx store.Tx, b *catalogue.Brand) error {
		for i, a := range accounts {
			groups, err := customer.BillingGroupsOf(tx, a)
			if err != nil {
				return err
			}
			if _, err := customer.UpdateBillingGroup(tx, b, groups[0].ID, func(f *customer.BillingGroupFields) error {
				f.BankAccountNumber = strconv.Itoa(1000 + i)
				return nil
			}); err != nil {
				return err
			}
		}
		return nil
	})
}

// TestListsMakeWhatTheyAnswer: what a page reads grows with its limit, wherever it
// starts: an item is made if it is answered.
func TestListsMakeWhatTheyAnswer(t *testing.T) {
	s := newShop(t)
	accounts, _ := s.crowd(t, 400)
	s.payers(t, accounts)
	reads := func(target string, items int) int64 {
		t.Helper()
		s.reads.Store(0)
		a := s.do(t, "GET", target, "")
		if got := len(a.value(t).Items()); a.status/100 != 2 || got != items || a.header.Get("X-Total-Count") != "400" {
			t.Fatalf("%s: %d, %d items of %s", target, a.status, got, a.header.Get("X-Total-Count"))
		}
		return s.reads.Load()
	}
	for _, collection := range []string{
		v2014 + "/customer?", v3 + "/customer?", v4 + "/customer?", v2014 + "/customerAccount?", v2014 + "/paymentMean?",
		v2014 + "/customer?name.regex=.&", v4 + "/customer?sort=name&", v2014 + "/customerAccount?name.regex=.&", v2014 + "/paymentMean?name.regex=.&",
	} {
		for _, offset := range []int{0, 250} {
			page := func(limit int) int64 {
				return reads(fmt.Sprintf("%sfields=id&offset=%d&limit=%d", collection, offset, limit), limit)
			}
			page(1) // where a list is gone to is remembered
			one, twenty, hundred := page(1), page(20), page(100)
			t.Logf("%s from %d: 1: %d records, 20: %d, 100: %d", collection, offset, one, twenty, hundred)
			if each := float64(hundred-one) / 99; each < 3 || float64(twenty-one) > 20*each {
				t.Errorf("%s from %d: 1: %d records, 20: %d, 100: %d", collection, offset, one, twenty, hundred)
			}
		}
	}
}

// BenchmarkListLimit is a page of a list of 400, by its limit.
func BenchmarkListLimit(b *testing.B) {
	s := newShop(b)
	accounts, _ := s.crowd(b, 400)
	s.payers(b, accounts)
	for _, collection := range []string{"customer", "customerAccount", "paymentMean"} {
		for _, limit := range []int{1, 20, 100} {
			b.Run(fmt.Sprintf("%s/limit=%d", collection, limit), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					w := &counter{header: http.Header{}}
					s.handler.ServeHTTP(w, httptest.NewRequest("GET", fmt.Sprintf("%s/%s?fields=id&limit=%d", v2014, collection, limit), nil))
					if w.header.Get("X-Result-Count") != strconv.Itoa(limit) {
						b.Fatal(w.header)
					}
				}
			})
		}
	}
}
