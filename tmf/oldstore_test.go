package tmf_test

import (
	"errors"
	"strings"
	"testing"

	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// TestStoresOfBeforeTMF have customers, but no count of them and nothing that
// clients wrote: they are listed, counted from the next change on, and erased like
// all others.
func TestStoresOfBeforeTMF(t *testing.T) {
	s := newShop(t)
	first, _ := s.signUp(t, 0, customer.Private, owner)
	second, _ := s.signUp(t, 0, customer.Private, owner)
	third, _ := s.signUp(t, 0, customer.Private, owner)
	tally := func() (known bool, listed int64) {
		t.Helper()
		err := s.store.View(t.Context(), func(tx store.Tx) error {
			demo, err := catalogue.BrandByKey(tx, "DEMO")
			if err != nil {
				return err
			}
			count, is, err := customer.TallyOf(tx, demo)
			if known = is; is {
				listed = count.Listed
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return known, listed
	}
	s.update(t, func(tx store.Tx, _ *catalogue.Brand) error {
		records, err := tx.Scan("account_tally", 0, 10)
		for _, r := range records {
			if err := tx.Delete("account_tally", r.ID, r.Version); err != nil {
				return err
			}
		}
		return errors.Join(err, tx.Add(store.Compose("customers_listed", "DEMO"), -2)) // all but the first
	})
	if known, _ := tally(); known {
		t.Fatal("the store is no old one")
	}
	for _, base := range []string{v2014, v3, v4} {
		a := s.do(t, "GET", base+"/customer", "")
		if a.status != 200 || a.header.Get("X-Total-Count") != "3" || len(a.value(t).Items()) != 3 {
			t.Errorf("%s: %d %v %s", base, a.status, a.header, a.body)
		}
		a = s.do(t, "GET", base+"/customer?offset=1&limit=1", "")
		if a.header.Get("X-Total-Count") != "3" || a.member(t, "id") != second {
			t.Errorf("%s: %d %v %s", base, a.status, a.header, a.body)
		}
	}
	var owned store.ID
	s.update(t, func(tx store.Tx, demo *catalogue.Brand) error {
		id, err := store.ParseID(second[1:])
		if err != nil {
			return err
		}
		a, err := customer.CloseAccount(tx, demo, id)
		if err == nil {
			owned = a.Owner
		}
		return err
	})
	s.now = s.now.AddDate(0, 0, catalogue.DefaultRetentionDays+1)
	s.update(t, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.ErasePerson(tx, demo, owned)
		return err
	})
	a := s.do(t, "GET", v2014+"/customer/"+second, "")
	if a.status != 200 || a.member(t, "name") != "Account 100002" || strings.Contains(a.body, owner.Email) {
		t.Errorf("%d %s", a.status, a.body)
	}
	s.do(t, "DELETE", v2014+"/customer/"+third, "").wantIn(t, 204)
	if known, listed := tally(); !known || listed != 2 {
		t.Errorf("known %v, listed %d", known, listed)
	}
	s.do(t, "GET", v4+"/customer/"+first, "").wantIn(t, 200, owner.Email)
	if a := s.do(t, "GET", v4+"/customer", ""); a.header.Get("X-Total-Count") != "2" {
		t.Errorf("%v", a.header)
	}
}
