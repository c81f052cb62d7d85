package unit_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/access"
	"rator/customer"
	"rator/store"
	"rator/unit"
)

// TestRowsTellWhatChanged: the row of a call says whose it is and what it changed, once,
// and nothing of what was undone.
func TestRowsTellWhatChanged(t *testing.T) {
	h := newHouse(t)
	var answer string
	var account, user store.ID
	h.do(t, h.ask("what", "", &answer), func(u *unit.Unit) error {
		a, err := customer.CreateAccount(u.Tx, u.Brand, customer.AccountFields{Type: customer.Private})
		if err != nil {
			return err
		}
		p, err := customer.CreateUser(u.Tx, u.Brand, customer.NewUser{Account: a.ID, UserFields: customer.UserFields{FirstName: "Ann"}})
		if err != nil {
			return err
		}
		account, user = a.ID, p.ID
		_, err = customer.SetOwner(u.Tx, u.Brand, a.ID, p.ID)
		return err
	})
	rename := func(name string) func(*unit.Unit) error {
		return func(u *unit.Unit) error {
			_, err := customer.UpdateUser(u.Tx, u.Brand, user, func(f *customer.UserFields) error {
				f.FirstName = name
				return nil
			})
			return err
		}
	}
	h.do(t, h.ask("what", "", &answer), rename("Ane"))
	if err := h.Do(t.Context(), h.ask("what", "", &answer), func(u *unit.Unit) error { return errors.Join(rename("Eva")(u), errOwn) }); !errors.Is(err, errOwn) {
		t.Fatal(err)
	}
	dry := h.ask("what", "r-1", &answer)
	dry.DryRun = true
	h.do(t, dry, rename("Eva"))

	var got []string
	err := h.store.View(t.Context(), func(tx store.Tx) error {
		for row, err := range access.RowsOfAccount(tx, account, 0) {
			if err != nil {
				return err
			}
			got = append(got, row.Brand+" "+row.Outcome)
			changes, err := access.ChangesOf(tx, row)
			if err != nil {
				return err
			}
			for _, c := range changes {
				got = append(got, fmt.Sprintf("%s %s", c.What, c.Kind))
				for _, v := range c.Values {
					got = append(got, fmt.Sprintf("%s %s -> %s", v.Key, v.Old, v.New))
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"DEMO OK", "created account", "created user", "DEMO OK", "updated user", `FIRST_NAME "Ann" -> "Ane"`, "DEMO REQUEST_ID_REUSED", "DEMO OK"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, row := range h.rows(t, "root")[2:] {
		if len(row.Changed) > 0 {
			t.Errorf("%s, %q: %+v", row.Outcome, row.Notes, row.Changed)
		}
	}
}
