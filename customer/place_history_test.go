package customer_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// places tells where the bill of each day of January 2026 and after goes to.
func places(t *testing.T, s store.Store, c sample) string {
	t.Helper()
	var told []string
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		w, err := customer.LoadWhole(tx, demo, c.account)
		if err != nil {
			return err
		}
		until := time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
		for _, p := range w.Places(demo, w.BillingGroup(c.group), time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), until) {
			told = append(told, fmt.Sprintf("%d-%d %s", p.From.Day(), p.Until.AddDate(0, 0, -1).Day(), strings.Join(strings.Fields(p.Country+" "+p.State+" "+p.City), " ")))
		}
		return nil
	})
	return strings.Join(told, ", ")
}

func moveTo(user store.ID, place catalogue.Place) func(store.Tx, *catalogue.Brand) error {
	return func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.UpdateUser(tx, demo, user, func(f *customer.UserFields) error {
			f.Country, f.State, f.City, f.ZIP = place.Country, place.State, place.City, place.ZIP
			return nil
		})
		return err
	}
}

// TestPlacesOfTheDays: a bill's place is each day's, whatever changes: where the
// receiver is, who that is, and who is no more.
func TestPlacesOfTheDays(t *testing.T) {
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	s := openAt(t, &now)
	c := signUp(t, s, "aase")
	bo := addUser(t, s, c.account, customer.NewUser{UserFields: customer.UserFields{LastName: "Berg", Country: "NO"}})
	billTo := func(user store.ID) func(store.Tx, *catalogue.Brand) error {
		return func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := customer.SetBillingAddress(tx, demo, c.group, user)
			return err
		}
	}
	wants := func(want string) {
		t.Helper()
		if diff := cmp.Diff(want, places(t, s, c)); diff != "" {
			t.Errorf("on the %d. (-want +got):\n%s", now.Day(), diff)
		}
	}
	wants("1-31 US")
	on := func(day int, do func(store.Tx, *catalogue.Brand) error) {
		t.Helper()
		now = time.Date(2026, 1, day, 12, 0, 0, 0, time.UTC)
		in(t, s, do)
	}
	on(5, moveTo(c.owner, catalogue.Place{Country: "US", State: "CO"}))
	wants("1-4 US, 5-31 US CO")
	on(6, moveTo(c.owner, catalogue.Place{Country: "usa", State: "Colorado"})) // the same in other words
	wants("1-4 US, 5-31 usa Colorado")
	on(8, moveTo(c.owner, catalogue.Place{State: "NY"}))
	on(8, moveTo(c.owner, catalogue.Place{State: "NJ"})) // the last one of a day counts
	wants("1-4 US, 5-7 usa Colorado, 8-31 NJ")
	on(12, billTo(bo))
	wants("1-4 US, 5-7 usa Colorado, 8-11 NJ, 12-31 NO")
	on(15, moveTo(bo, catalogue.Place{Country: "SE"}))
	on(16, moveTo(bo, catalogue.Place{Country: "SE", City: "Lund"}))
	on(18, billTo(0))
	wants("1-4 US, 5-7 usa Colorado, 8-11 NJ, 12-14 NO, 15-15 SE, 16-17 SE Lund, 18-31 NJ")
	on(20, moveTo(bo, catalogue.Place{Country: "FI"}))
	on(21, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.DeleteUser(tx, demo, bo)
		return err
	})
	wants("1-4 US, 5-7 usa Colorado, 8-11 NJ, 12-14 NO, 15-15 SE, 16-17 SE Lund, 18-31 NJ")
	cy := addUser(t, s, c.account, customer.NewUser{UserFields: customer.UserFields{LastName: "Ek", Country: "DK"}})
	on(31, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.ChangeOwner(tx, demo, customer.Ownership{BillingGroup: c.group}, cy)
		return err
	})
	wants("1-4 US, 5-7 usa Colorado, 8-11 NJ, 12-14 NO, 15-15 SE, 16-17 SE Lund, 18-30 NJ, 31-31 DK")
	on(31, func(tx store.Tx, demo *catalogue.Brand) error { return customer.CheckAccount(tx, demo, c.account) })
}

// TestPlacesThatAreNotUnderstood are refused when they are written, and only then.
func TestPlacesThatAreNotUnderstood(t *testing.T) {
	s := open(t)
	c := signUp(t, s, "aase")
	refused(t, s, catalogue.PlaceNotUnderstood, moveTo(c.owner, catalogue.Place{Country: "Nowhere"}))
	refused(t, s, catalogue.PlaceNotUnderstood, moveTo(c.owner, catalogue.Place{State: "Kolorado"}))
	refused(t, s, catalogue.PlaceNotUnderstood, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.CreateUser(tx, demo, customer.NewUser{Account: c.account, UserFields: customer.UserFields{Country: "Nowhere"}})
		return err
	})
	in(t, s, moveTo(c.owner, catalogue.Place{Country: "Norge", State: "Viken"}))
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		u, err := customer.UserByID(tx, demo, c.owner)
		if err == nil && u.Country != "Norge" {
			t.Errorf("the country is kept as %s", u.Country)
		}
		return err
	})
}
