package customer

import (
	"fmt"

	"rator/catalogue"
	"rator/customer/number"
	"rator/store"
)

// Verify is the check of all customers after a crash (security.md, "Crashes"):
// each is complete, names and numbers are unique, nothing points nowhere. It
// reports every fault, and what keeps it from reading. Checksums and indexes are
// the store's to verify.
func Verify(looks store.Looks, report func(error)) {
	var each []*verification
	for _, tx := range looks.Txs {
		each = append(each, &verification{tx: tx, seen: map[string]int64{}, tallies: map[string]*Tally{}})
	}
	ahead := func(look int, page []*Account) { each[look].ahead(page) }
	err := accounts.Spread(looks, report, ahead, func(look int, a *Account, report func(error)) {
		each[look].report = report
		each[look].account(a)
	})
	if err != nil {
		report(err)
		return
	}
	v := each[0]
	v.report = report
	for _, other := range each[1:] {
		v.add(other)
	}
	strays(v, users)
	strays(v, billingGroups)
	strays(v, memberships)
	strays(v, subscriptions)
	strays(v, services)
	strays(v, subscribedOptions)
	strays(v, rechargeTickets)
	strays(v, numberPortings)
	strays(v, orders)
	strays(v, sharedServiceMembers)
	strays(v, terminations)
	number.Verify(v.tx, report)
	verifyTallies(v.tx, v.tallies, report)
}

// verification goes through one account after the other, so that its memory does
// not grow with their number.
type verification struct {
	tx     store.Tx
	report func(error)
	seen   map[string]int64 // how many parts of a kind belong to the accounts seen
	// tallies count the accounts seen, by brand.
	tallies map[string]*Tally
	loaded  map[store.ID]*Whole // of the accounts that are looked at next
}

// ahead reads what is looked at next, all kinds at once, and then what is looked up of it.
// Where something of it cannot be read, each is read by itself, which says what.
func (v *verification) ahead(page []*Account) {
	v.loaded = map[store.ID]*Whole{}
	var b store.Batch
	for _, a := range page {
		v.loaded[a.ID] = askWhole(&b, a)
	}
	if b.Answer(v.tx) != nil {
		clear(v.loaded)
		return
	}
	var next store.Ahead
	for _, w := range v.loaded {
		w.aheadUnique(&next)
	}
	_ = v.tx.Ahead(next) // whoever asks is told why
}

// aheadUnique tells what unique asks.
func (w *Whole) aheadUnique(next *store.Ahead) {
	accounts.AheadBy(next, byNumber, store.Compose(w.Account.Brand, w.Account.CustomerNumber))
	for _, u := range w.Users {
		if key := usernameKey(u.Brand, u.Username); key != "" {
			users.AheadBy(next, byUsername, key)
		}
	}
	for _, s := range w.Services {
		if place := s.numberKey(); place != "" {
			services.AheadBy(next, byLineNumber, place)
		}
	}
}

// add takes in what was counted by another, of other accounts.
func (v *verification) add(other *verification) {
	for kind, n := range other.seen {
		v.seen[kind] += n
	}
	for brand, t := range other.tallies {
		mine := v.tally(brand)
		mine.Listed, mine.Deleted = mine.Listed+t.Listed, mine.Deleted+t.Deleted
	}
}

func (v *verification) tally(brand string) *Tally {
	if v.tallies[brand] == nil {
		v.tallies[brand] = &Tally{}
	}
	return v.tallies[brand]
}

func (v *verification) account(a *Account) {
	v.tally(a.Brand).count(a)
	w := v.loaded[a.ID]
	if w == nil {
		var err error
		if w, err = load(v.tx, a); err != nil {
			v.report(err)
			return
		}
	}
	v.count(w)
	v.whole(w)
}

// Verify is what the check of all customers says of one.
func (w *Whole) Verify(tx store.Tx, report func(error)) {
	v := &verification{tx: tx, report: report}
	v.whole(w)
}

// whole checks a customer.
func (v *verification) whole(w *Whole) {
	w.check(v.report)
	brand, err := catalogue.BrandByKey(v.tx, w.Account.Brand)
	if err != nil {
		v.report(fmt.Errorf("account %s: %w", w.Account.ID, err))
		return
	}
	v.unique(w, brand)
	v.catalogue(w, brand)
}

func (v *verification) count(w *Whole) {
	v.seen[users.Name()] += int64(len(w.Users))
	v.seen[billingGroups.Name()] += int64(len(w.BillingGroups))
	v.seen[memberships.Name()] += int64(len(w.Memberships))
	v.seen[subscriptions.Name()] += int64(len(w.Subscriptions))
	v.seen[services.Name()] += int64(len(w.Services))
	v.seen[subscribedOptions.Name()] += int64(len(w.Options))
	v.seen[rechargeTickets.Name()] += int64(len(w.RechargeTickets))
	v.seen[numberPortings.Name()] += int64(len(w.NumberPortings))
	v.seen[orders.Name()] += int64(len(w.Orders))
	v.seen[sharedServiceMembers.Name()] += int64(len(w.SharedMembers))
	v.seen[terminations.Name()] += int64(len(w.Terminations))
}

// unique looks names and numbers up: whoever is not found under its own shares it.
func (v *verification) unique(w *Whole, brand *catalogue.Brand) {
	if key := store.Compose(w.Account.Brand, w.Account.CustomerNumber); !has(v.tx, accounts, byNumber, key, w.Account.ID) {
		_, err := accounts.By(v.tx, byNumber, key)
		v.shared("customer number", w.Account.CustomerNumber, w.Account.ID, err)
	}
	for _, u := range w.Users {
		if u.Brand != brand.Key {
			v.report(fmt.Errorf("user %s is of brand %s, its account %s of %s", u.ID, u.Brand, w.Account.ID, brand.Key))
		}
		if key := usernameKey(u.Brand, u.Username); key != "" && !has(v.tx, users.Kind, byUsername, key, u.ID) {
			_, err := users.By(v.tx, byUsername, key)
			v.shared("username", u.Username, u.ID, err)
		}
	}
	for _, s := range w.Services {
		v.number(s)
	}
}

// has says whether the first with that value in an index is the one of that id, without
// reading what is in it.
func has[T any](tx store.Tx, kind *store.Kind[T], index, value string, id store.ID) bool {
	found, err := kind.Docs(tx, index, value, 1)
	return err == nil && len(found) > 0 && found[0].ID == id
}

// number looks the number of a service up, as unique does names, and reports one
// that an older version gave to two services in two spellings.
func (v *verification) number(s *Service) {
	if place := s.numberKey(); place != "" && !has(v.tx, services.Kind, byLineNumber, place, s.ID) {
		_, err := services.By(v.tx, byLineNumber, place)
		v.shared("phone number", s.MSISDN, s.ID, err)
	}
	number.VerifyShared(v.tx, v.report, services.Kind, byLineNumber, s.sharedKey() != "", s.MSISDN, s.Number, s.ID)
}

func (v *verification) shared(what, name string, id store.ID, err error) {
	if err != nil {
		v.report(fmt.Errorf("%s %s of %s: %w", what, name, id, err))
	} else {
		v.report(fmt.Errorf("%s %s of %s belongs to another too", what, name, id))
	}
}

// catalogue looks up what the customer has bought.
func (v *verification) catalogue(w *Whole, brand *catalogue.Brand) {
	for _, s := range w.Subscriptions {
		if _, err := catalogue.ProductConfigByCode(v.tx, brand, s.ProductCode); err != nil {
			v.report(fmt.Errorf("subscription %s: %w", s.ID, err))
		}
		if _, err := catalogue.RatePlanByID(v.tx, brand, s.RatePlanID); err != nil {
			v.report(fmt.Errorf("subscription %s: %w", s.ID, err))
		}
	}
	for _, o := range w.Options {
		if _, err := catalogue.OptionByID(v.tx, brand, o.OptionID); err != nil {
			v.report(fmt.Errorf("option %s of subscription %s: %w", o.ID, o.Subscription, err))
		}
	}
}

// strays reports parts whose account does not exist. It looks for them only when
// the accounts have fewer parts than there are.
func strays[T any, P partOf[T]](v *verification, kind parts[T, P]) {
	n, err := kind.Count(v.tx)
	if err != nil {
		v.report(err)
	}
	if err != nil || n == v.seen[kind.Name()] {
		return
	}
	for x, err := range kind.Scan(v.tx) {
		if err != nil {
			v.report(err)
			return
		}
		p := P(x).part()
		if _, err := accounts.Get(v.tx, p.Account); err != nil {
			v.report(fmt.Errorf("%s %s belongs to no account: %w", kind.Name(), p.ID, err))
		}
	}
}
