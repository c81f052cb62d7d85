package tmf_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"rator/catalogue"
	"rator/customer"
	"rator/store"
	"rator/suite"
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
	if suite.Apart(t) {
		return
	}
	s := newShop(t)
	accounts, _ := s.crowd(t, 400)
	s.payers(t, accounts)
	reads := func(target string, items int) int64 {
		t.Helper()
		s.counts.Reset()
		a := s.do(t, "GET", target, "")
		if got := len(a.value(t).Items()); a.status/100 != 2 || got != items || a.header.Get("X-Total-Count") != "400" {
			t.Fatalf("%s: %d, %d items of %s", target, a.status, got, a.header.Get("X-Total-Count"))
		}
		return s.counts.Records()
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

// TestWhatIsLeftOutIsNotMade: an offset, and a count that nothing else knows, look at
// the place of each item and no further.
func TestWhatIsLeftOutIsNotMade(t *testing.T) {
	s := newShop(t)
	accounts, _ := s.crowd(t, 400)
	s.payers(t, accounts)
	reads := func(method, target string) int64 {
		t.Helper()
		s.counts.Reset()
		if a := s.do(t, method, target, ""); a.status/100 != 2 || a.header.Get("X-Total-Count") != "400" {
			t.Fatalf("%s: %d %v", target, a.status, a.header)
		}
		return s.counts.Records()
	}
	first, late := reads("GET", v2014+"/customerAccount?limit=20"), reads("GET", v2014+"/customerAccount?limit=20&offset=250")
	if late-first > 2*250 {
		t.Errorf("accounts: %d records from the start, %d after 250", first, late)
	}
	if counted := reads("HEAD", v2014+"/paymentMean"); counted > 4*400 {
		t.Errorf("payment means: %d records to count 400", counted)
	}
}

// TestPagesOfTwoBrands: whoever's customers lie between them in the store, the pages of
// a brand together are its list, and no page has what is another brand's.
func TestPagesOfTwoBrands(t *testing.T) {
	s := newShop(t)
	made := map[string]map[string]bool{}
	for i := range 30 {
		brand := []string{"DEMO", "DEMO2"}[i%2]
		make := func(resource, body string) string {
			a := s.do(t, "POST", v2014+"/"+resource, body, "X-Brand-Key: "+brand)
			if a.status != 201 {
				t.Fatalf("%s: %d %s", brand, a.status, a.body)
			}
			if made[resource+brand] == nil {
				made[resource+brand] = map[string]bool{}
			}
			made[resource+brand][a.member(t, "id")] = true
			return a.member(t, "id")
		}
		id := make("customer", fmt.Sprintf(`{"name":"N%d","characteristic":[{"name":"rator.productCode","value":"%s"}]}`, i, s.anyProduct(t, brand)))
		make("paymentMean", fmt.Sprintf(`{"name":"M%d","type":"Cash","relatedParty":{}}`, i))
		make("customerAccount", fmt.Sprintf(`{"name":"W%d","accountType":"Residential","customer":{"id":"later"}}`, i))
		own := s.do(t, "GET", v2014+"/customer/"+id, "", "X-Brand-Key: "+brand).member(t, "customerAccount.id")
		made["customerAccount"+brand][own] = true
	}
	for _, base := range []string{v2014 + "/customer", v3 + "/customer", v4 + "/customer", v2014 + "/customerAccount", v2014 + "/paymentMean"} {
		resource := base[strings.LastIndexByte(base, '/')+1:]
		for _, brand := range []string{"DEMO", "DEMO2"} {
			want := made[resource+brand]
			for _, query := range []string{"", "name.regex=.&", "sort=-name&"} {
				seen := map[string]bool{}
				for offset := 0; offset < len(want); offset += 4 {
					a := s.do(t, "GET", fmt.Sprintf("%s?%sfields=id&limit=4&offset=%d", base, query, offset), "", "X-Brand-Key: "+brand)
					if got := a.header.Get("X-Total-Count"); got != strconv.Itoa(len(want)) {
						t.Fatalf("%s of %s: %s in all, want %d: %s", base, brand, got, len(want), a.body)
					}
					for _, item := range a.value(t).Items() {
						id, _ := item.Get("id")
						if seen[id.Text()] || !want[id.Text()] {
							t.Errorf("%s?%s of %s: %s is not its own, or twice", base, query, brand, id)
						}
						seen[id.Text()] = true
					}
				}
				if len(seen) != len(want) {
					t.Errorf("%s?%s of %s: %d items, want %d", base, query, brand, len(seen), len(want))
				}
			}
		}
	}
}

// anyProduct is a product that a brand sells.
func (s *shop) anyProduct(t testing.TB, brand string) (code string) {
	t.Helper()
	s.view(t, func(tx store.Tx) error {
		b, err := catalogue.BrandByKey(tx, brand)
		if err != nil {
			return err
		}
		sold, err := catalogue.SoldProductConfigs(tx, b)
		if err == nil {
			code = sold[0].Code
		}
		return err
	})
	return code
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
