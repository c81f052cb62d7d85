package customer

import (
	"fmt"

	"rator/catalogue"
	"rator/failure"
	"rator/store"
)

// Tally is how many customers of a brand are listed, and how many were deleted.
type Tally struct {
	store.Base
	Brand           string
	Listed, Deleted int64
}

// byTallyBrand finds the tally of a brand.
const byTallyBrand = "brand"

var tallies = store.Define("account_tally", nil, func(t *Tally) *store.Base { return &t.Base },
	store.Index[Tally]{Name: byTallyBrand, Value: func(t *Tally) string { return t.Brand }, Taken: failure.TryAgain})

// TallyOf says how many customers a brand has, without reading them; known is
// false in a store that was made before they were counted, until the next sign-up.
func TallyOf(tx store.Tx, brand *catalogue.Brand) (t *Tally, known bool, err error) {
	for t, err := range tallies.All(tx, byTallyBrand, brand.Key) {
		return t, err == nil, err
	}
	for _, err := range accounts.All(tx, byListed, listedKey(brand.Key)) {
		return nil, false, err
	}
	return &Tally{Brand: brand.Key}, true, nil
}

// tallied moves the counts of a brand, after the change that they count.
func tallied(tx store.Tx, brand *catalogue.Brand, listed, deleted int64) error {
	for t, err := range tallies.All(tx, byTallyBrand, brand.Key) {
		if err != nil {
			return err
		}
		t.Listed, t.Deleted = t.Listed+listed, t.Deleted+deleted
		return tallies.Put(tx, t)
	}
	t, err := recount(tx, brand.Key)
	if err != nil {
		return err
	}
	return tallies.Insert(tx, t)
}

// recount goes through the customers of a brand.
func recount(tx store.Tx, brand string) (*Tally, error) {
	t := &Tally{Brand: brand}
	for a, err := range accounts.Scan(tx) {
		if err != nil {
			return nil, err
		}
		if a.Brand == brand {
			t.count(a)
		}
	}
	return t, nil
}

func (t *Tally) count(a *Account) {
	if a.Deleted.IsZero() {
		t.Listed++
	} else {
		t.Deleted++
	}
}

// verifyTallies compares the tallies with what there is.
func verifyTallies(tx store.Tx, report func(error)) {
	counted := map[string]*Tally{}
	for a, err := range accounts.Scan(tx) {
		if err != nil {
			report(err)
			return
		}
		if counted[a.Brand] == nil {
			counted[a.Brand] = &Tally{}
		}
		counted[a.Brand].count(a)
	}
	for t, err := range tallies.Scan(tx) {
		if err != nil {
			report(err)
			return
		}
		c := counted[t.Brand]
		if c == nil {
			c = &Tally{}
		}
		if t.Listed != c.Listed || t.Deleted != c.Deleted {
			report(fmt.Errorf("brand %s has %d customers and %d deleted ones, its tally says %d and %d", t.Brand, c.Listed, c.Deleted, t.Listed, t.Deleted))
		}
	}
}
