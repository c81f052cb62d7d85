package tmf_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"rator/billing"
	"rator/billing/ledger"
	"rator/catalogue"
	"rator/customer"
	"rator/store"
	"rator/suite"
)

// crowd makes n customers of whom each has an e-mail address of its own, the first
// five are companies, and the next five blocked.
func (s *shop) crowd(t testing.TB, n int) (accounts, owners []store.ID) {
	t.Helper()
	const batch = 500
	for from := 0; from < n; from += batch {
		s.update(t, func(tx store.Tx, b *catalogue.Brand) error {
			for i := from; i < min(n, from+batch); i++ {
				kind, f := customer.Private, owner
				if i < 5 {
					kind, f.Company = customer.Company, fmt.Sprint("Firm ", i)
				}
				f.LastName, f.Email, f.Email2 = fmt.Sprint("Nr", i), fmt.Sprintf("c%d@example.com", i), ""
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
				kindOfLine := 2
				if i >= 5 && i < 10 {
					kindOfLine = 3
				}
				if err := s.live(tx, b, g, u, kindOfLine); err != nil {
					return err
				}
				accounts, owners = append(accounts, a.ID), append(owners, u.ID)
			}
			return nil
		})
	}
	return accounts, owners
}

// TestListsByAnIndexDoNotScan: what a list reads grows with what it shows, not with
// the store.
func TestListsByAnIndexDoNotScan(t *testing.T) {
	if suite.Apart(t) {
		return
	}
	s := newShop(t)
	const n = 3000
	accounts, owners := s.crowd(t, n)
	for i := range 3 {
		s.create(t, v2014+"/customer", fmt.Sprintf(`{"name":"Told %d","status":"Vip","relatedParty":{"id":"p%d"},"contactMedium":[{"type":"Email","medium":{"emailAddress":"a%d@example.org"}},{"type":"Email","medium":{"emailAddress":"b%d@example.org"}},{"type":"Email","medium":{"emailAddress":"told%d@example.org"}}]}`, i, i, i, i, i))
	}
	for _, c := range []struct {
		target       string
		total, reads int
	}{
		{v2014 + "/customer?limit=20", n + 3, 600},
		{v2014 + "/customer?limit=20&offset=500", n + 3, 1200}, // from the thousand before
		{v2014 + "/customer?id=c" + accounts[2000].String(), 1, 30},
		{v2014 + "/customer?name=%C3%85se%20Nr1999", 1, 60},
		{v2014 + "/customer?status=Suspended", 5, 200},
		{v2014 + "/customer?status=vip&limit=2", 3, 80},
		{v2014 + "/customer?status=Terminated", 0, 20},
		{v2014 + "/customer?relatedParty.id=" + owners[1500].String(), 1, 30},
		{v2014 + "/customer?relatedParty.id=p1", 1, 30},
		{v2014 + "/customer?contactMedium.medium.emailAddress=c2500@example.com", 1, 30},
		{v2014 + "/customer?contactMedium.medium.emailAddress=b1@example.org", 1, 30},
		{v2014 + "/customer?contactMedium.medium.emailAddress=told1@example.org", 1, 30},
		{v2014 + "/customer?status=Active&contactMedium.medium.emailAddress=c2500@example.com", 1, 30},
		{v2014 + "/customer?characteristic.name=rator.customerNumber&characteristic.value=101000", 1, 30},
		{v3 + "/customer?contactMedium.characteristic.emailAddress=c2500@example.com", 1, 30},
		{v4 + "/customer?engagedParty.id=" + owners[1500].String(), 1, 30},
		{v2014 + "/customerAccount?limit=20", n + 3, 1800},
		{v2014 + "/customerAccount?customer.id=c" + accounts[1500].String(), 1, 40},
		{v2014 + "/customerAccount?name=102500-1", 1, 40},
		{v2014 + "/customerAccount?accountType=Business", 5, 200},
		{v2014 + "/customerAccount?accountType=Joint", 0, 20},
	} {
		s.counts.Reset()
		a := s.do(t, "GET", c.target, "")
		if got := a.header.Get("X-Total-Count"); a.status/100 != 2 || got != strconv.Itoa(c.total) {
			t.Errorf("%s: %d, %s in all, want %d", c.target, a.status, got, c.total)
		}
		if got := s.counts.Records(); got > int64(c.reads) {
			t.Errorf("%s: %d records were read, more than %d", c.target, got, c.reads)
		} else {
			t.Logf("%s: %d records", c.target, got)
		}
	}
}

// furnish gives customers all that lists show: bank details, recharge tickets, invoices,
// payment means of clients', and what clients wrote.
func (s *shop) furnish(t testing.TB, accounts []store.ID) {
	t.Helper()
	var groups []store.ID
	s.update(t, func(tx store.Tx, b *catalogue.Brand) error {
		groups = nil
		numbers := &ledger.Numbering{Brand: b}
		for _, a := range accounts {
			of, err := customer.BillingGroupsOf(tx, a)
			if err != nil {
				return err
			}
			groups = append(groups, of[0].ID)
			if err := setGroup(of[0].ID, func(f *customer.BillingGroupFields) { f.IBANNumber = "DK5000400440116243" })(tx, b); err != nil {
				return err
			}
			if _, err := customer.CreateRechargeTicket(tx, b, of[0].ID, customer.RechargeTicketFields{TicketID: "4711"}); err != nil {
				return err
			}
			amount := decimal.NewFromInt(3)
			if _, err := billing.AddCharge(tx, b, billing.NewCharge{Group: of[0].ID, ChargeItem: "MANUAL_DEBIT", Amount: &amount}); err != nil {
				return err
			}
			i := &ledger.Invoice{Brand: b.Key, Account: a, Group: of[0].ID, Date: b.Day(tx.Now()), Total: decimal.NewFromInt(7)}
			if err := numbers.Insert(tx, i); err != nil {
				return err
			}
		}
		return numbers.Keep(tx)
	})
	for n, a := range accounts {
		if n%2 == 1 {
			continue
		}
		mean := s.create(t, v2014+"/paymentMean", fmt.Sprintf(`{"name":"Mean %d","type":"BankAccountDebit","relatedParty":{"id":"p%[1]d"},"bankAccount":{"IBAN":"DK5000400440116243"}}`, n))
		s.patch(t, v2014+"/customer/c"+a.String(), `{"description":"told","paymentMean":[{"id":"`+mean+`"}]}`)
		s.patch(t, v2014+"/customerAccount/ca"+groups[n].String(), `{"description":"told"}`)
		s.patch(t, v2014+"/paymentMean/"+mean, `{"note":"told"}`)
	}
}

func (s *shop) patch(t testing.TB, path, body string) {
	t.Helper()
	if a := s.do(t, "PATCH", path, body); a.status/100 != 2 {
		t.Fatalf("%s: %d %s", path, a.status, a.body)
	}
}

// TestListsAskAtOnce: how often a list asks the store does not grow with what it shows,
// in whatever dialect, whether the page bounds it, an index, or nothing.
func TestListsAskAtOnce(t *testing.T) {
	s := newShop(t)
	accounts, owners := s.crowd(t, 50)
	s.furnish(t, accounts)
	for _, c := range []struct {
		target string
		most   int // trips
	}{
		{v2014 + "/customer", 5}, {v3 + "/customer", 5}, {v4 + "/customer", 5},
		{v2014 + "/customer?status=Active", 12},
		{v4 + "/customer?engagedParty.name=%C3%85se%20Nr7", 7},
		{v2014 + "/customer?sort=name", 8},
		{v2014 + "/customer?contactMedium.medium.city=" + owner.City, 8},
		{v2014 + "/customerAccount", 9},
		{v2014 + "/customerAccount?accountType=Business", 12},
		{v2014 + "/customerAccount?accountType=Residential", 12},
		{v2014 + "/customerAccount?sort=name", 12},
		{v2014 + "/paymentMean", 11},
		{v2014 + "/paymentMean?name.regex=Mean&sort=name", 18},
		{v2014 + "/paymentMean?type=CreditCard", 16},
		{v2014 + "/customer?relatedParty.id=" + owners[3].String(), 8},
	} {
		and := "?"
		if strings.Contains(c.target, "?") {
			and = "&"
		}
		asked := func(limit int) []string {
			s.counts.Reset()
			if a := s.do(t, "GET", fmt.Sprint(c.target, and, "limit=", limit), ""); a.status/100 != 2 {
				t.Errorf("%s: %d %s", c.target, a.status, a.body)
			}
			return s.counts.Asked()
		}
		one, fifty := asked(1), asked(50)
		if len(one) == 0 || len(fifty) > len(one) || len(fifty) > c.most {
			t.Errorf("%s, at most %d times: for one it asks %d times, for fifty %d times:\n%s\n\n%s", c.target, c.most, len(one), len(fifty), strings.Join(one, "\n"), strings.Join(fifty, "\n"))
		}
		t.Logf("%s: %d trips", c.target, len(fifty))
	}
}
