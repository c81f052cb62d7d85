package customer

import (
	"fmt"

	"rator/catalogue"
	"rator/failure"
	"rator/store"
)

// DeleteAccount closes a customer that is not CLOSED yet and takes it off the list
// of customers; what is known of it stays until it is erased (ErasePerson). It
// fails with LIVE_SUBSCRIPTIONS and OPEN_BALANCE, and with UNKNOWN_ACCOUNT when it
// is deleted already.
func DeleteAccount(tx store.Tx, brand *catalogue.Brand, account store.ID) (*Account, error) {
	a, err := AccountByID(tx, brand, account)
	switch {
	case err != nil:
		return nil, err
	case !a.Deleted.IsZero():
		return nil, UnknownAccount.With("%s", account)
	case a.State != Closed:
		if a, err = closeAccount(tx, brand, account); err != nil {
			return nil, err
		}
	}
	if err := CheckSettled(tx, brand, account); err != nil {
		return nil, err
	}
	a.Deleted = tx.Now()
	if err := accounts.Put(tx, a); err != nil {
		return nil, err
	}
	if err := tallied(tx, brand, -1, 1); err != nil {
		return nil, err
	}
	return a, tellPart(tx, customerDeleted, brand, a.ID)
}

// Tally is how many customers of a brand are listed, and how many were deleted.
type Tally struct {
	store.Base
	Brand           string
	Listed, Deleted int64
}

// byTallyBrand and byListed find the tally of a brand and the customers that are
// not deleted, in order of their making.
const (
	byTallyBrand = "brand"
	byListed     = "listed"
)

var tallies = store.Define("account_tally", nil, func(t *Tally) *store.Base { return &t.Base },
	store.Index[Tally]{Name: byTallyBrand, Value: func(t *Tally) string { return t.Brand }, Taken: failure.TryAgain})

// listedKey is an account's place in byListed.
func (a *Account) listedKey() string {
	if !a.Deleted.IsZero() {
		return ""
	}
	return listedKey(a.Brand)
}

func listedKey(brand string) string { return store.Compose(brand, "") }

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

// ListedAccounts gives the customers of a brand that are not deleted, oldest
// first, from the position after (nil = the start), at most limit, and the
// position to go on from: nil when nothing follows.
func ListedAccounts(tx store.Tx, brand *catalogue.Brand, after []byte, limit int) ([]*Account, []byte, error) {
	return accounts.Page(tx, byListed, listedKey(brand.Key), after, limit)
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
