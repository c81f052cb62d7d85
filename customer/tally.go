package customer

import (
	"errors"
	"fmt"

	"rator/catalogue"
	"rator/failure"
	"rator/store"
)

// Tally is how many customers of a brand are listed, and how many were deleted. What is
// kept is how many there were when the brand's were first counted; what came since is in
// the store's counters, which sign-ups add to without waiting for each other.
type Tally struct {
	store.Base
	Brand           string
	Listed, Deleted int64
}

// byTallyBrand finds the tally of a brand.
const byTallyBrand = "brand"

var tallies = store.Define("account_tally", nil, func(t *Tally) *store.Base { return &t.Base },
	store.Index[Tally]{Name: byTallyBrand, Value: func(t *Tally) string { return t.Brand }, Taken: failure.TryAgain}).
	Stable()

// listedCounter and deletedCounter name the counters of a brand.
func listedCounter(brand string) string  { return store.Compose("customers_listed", brand) }
func deletedCounter(brand string) string { return store.Compose("customers_deleted", brand) }

// TallyOf says in a View how many customers a brand has, without reading them; known is
// false in a store that was made before they were counted, until the next sign-up.
func TallyOf(tx store.Tx, brand *catalogue.Brand) (t *Tally, known bool, err error) {
	for t, err := range tallies.All(tx, byTallyBrand, brand.Key) {
		if err == nil {
			err = t.addSums(tx)
		}
		return t, err == nil, err
	}
	if some, err := accounts.Has(tx, byListed, listedKey(brand.Key)); err != nil || some {
		return nil, false, err
	}
	return &Tally{Brand: brand.Key}, true, nil
}

// AheadTally tells of TallyOf, but for a brand that has been tallied.
func AheadTally(a *store.Ahead, brand *catalogue.Brand) {
	tallies.AheadAll(a, byTallyBrand, brand.Key)
	accounts.AheadBy(a, byListed, listedKey(brand.Key))
}

// CountCustomers says in a View how many customers of a brand are listed.
func CountCustomers(tx store.Tx, brand *catalogue.Brand) (int, error) {
	t, known, err := TallyOf(tx, brand)
	if err == nil && !known {
		t, err = recount(tx, brand.Key)
	}
	if err != nil {
		return 0, err
	}
	return int(t.Listed), nil
}

// ListedOf says in a View how many customers of a brand are listed, as TallyOf does.
func ListedOf(tx store.Tx, brand *catalogue.Brand) (n int64, known bool, err error) {
	for t, err := range tallies.All(tx, byTallyBrand, brand.Key) {
		if err == nil {
			n, err = tx.Sum(listedCounter(brand.Key))
			n += t.Listed
		}
		return n, err == nil, err
	}
	t, known, err := TallyOf(tx, brand)
	if !known || err != nil {
		return 0, false, err
	}
	return t.Listed, true, nil
}

// tallied moves the counts of a brand, after the change that they count.
func tallied(tx store.Tx, brand *catalogue.Brand, listed, deleted int64) error {
	for _, err := range tallies.All(tx, byTallyBrand, brand.Key) {
		if err != nil {
			return err
		}
		return errors.Join(tx.Add(listedCounter(brand.Key), listed), tx.Add(deletedCounter(brand.Key), deleted))
	}
	return newTally(tx, brand)
}

// StartTally has the customers of the brand counted, if they are not yet: before many are
// loaded each by itself, of which each would have to.
func (w *Whole) StartTally(tx store.Tx, brand *catalogue.Brand) error {
	for _, err := range tallies.All(tx, byTallyBrand, brand.Key) {
		return err
	}
	return newTally(tx, brand)
}

func newTally(tx store.Tx, brand *catalogue.Brand) error {
	t, err := recount(tx, brand.Key)
	if err != nil {
		return err
	}
	return tallies.Insert(tx, t)
}

// addSums adds what came since the brand's customers were first counted, to be asked
// for in a View.
func (t *Tally) addSums(tx store.Tx) error {
	listed, err := tx.Sum(listedCounter(t.Brand))
	if err != nil {
		return err
	}
	deleted, err := tx.Sum(deletedCounter(t.Brand))
	t.Listed, t.Deleted = t.Listed+listed, t.Deleted+deleted
	return err
}

// recount goes through the customers of a brand.
func recount(tx store.Tx, brand string) (*Tally, error) {
	t := &Tally{Brand: brand}
	for _, index := range []string{byListed, byDeleted} {
		for a, err := range accounts.All(tx, index, listedKey(brand)) {
			if err != nil {
				return nil, err
			}
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

// verifyTallies compares the tallies with what was counted, by brand.
func verifyTallies(tx store.Tx, counted map[string]*Tally, report func(error)) {
	for t, err := range tallies.Scan(tx) {
		if err == nil {
			err = t.addSums(tx)
		}
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

// Takers are how many subscriptions that are not terminated have something of the
// catalogue, and how many customers these are of.
type Takers struct{ Subscriptions, Customers int }

// CountTakers counts who has product configurations, rate plans and options, by their
// catalogue ids. It goes through the subscriptions of all brands; what nobody has is not
// in the answer.
func CountTakers(tx store.Tx, ids map[string]bool) (map[string]Takers, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	counts, seen := map[string]Takers{}, map[string]map[store.ID]bool{}
	count := func(id string, account store.ID) {
		if !ids[id] {
			return
		}
		if seen[id] == nil {
			seen[id] = map[store.ID]bool{}
		}
		t := counts[id]
		if t.Subscriptions++; !seen[id][account] {
			t.Customers++
		}
		seen[id][account], counts[id] = true, t
	}
	for s, err := range subscriptions.Scan(tx) {
		if err != nil {
			return nil, err
		}
		if s.State != Terminated {
			count(s.ProductID, s.Account)
			count(s.RatePlanID, s.Account)
		}
	}
	for o, err := range subscribedOptions.Scan(tx) {
		if err != nil {
			return nil, err
		}
		if o.open() {
			count(o.OptionID, o.Account)
		}
	}
	return counts, nil
}
