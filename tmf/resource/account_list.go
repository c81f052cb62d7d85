package resource

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"rator/billing"
	"rator/catalogue"
	"rator/customer"
	"rator/store"
	"rator/tmf/dialect"
	"rator/tmf/query"
)

// The list of accounts: billing groups and those that wait for their customer, in
// the order in which they were made, which is that of their ids.

func groupEntry(g *customer.BillingGroup) accountEntry {
	return accountEntry{id: g.ID, account: g.Account, read: accountRead{group: &accountParts{group: g}}}
}

func waitingEntry(w *waitingAccount) accountEntry {
	return accountEntry{id: w.ID, read: accountRead{waiting: w}}
}

func (m accountMapping) page(u *Work, of wanted, after []byte, skip, limit int) ([]*accountEntity, []byte, error) {
	from, likely, with := placeAfter(after), likelyOf(skip, limit), &accountOpener{accountPrefilterOf(of)}
	if sources, found, err := m.indexed(u, of.filter); found || err != nil {
		if err != nil {
			return nil, nil, err
		}
		for i := range sources {
			sources[i] = beyond(sources[i], from)
		}
		return newMerged(sources...).page(u, with, of, skip, limit)
	}
	if u.Bounded && (!of.filter.Empty() || skip > MaxBounded) { // what is left out is gone through
		return nil, nil, ErrUnbounded
	}
	var ahead store.Ahead
	customer.AheadBillingGroups(&ahead, from, likely)
	WaitingAccounts.AheadSome(&ahead, from, likely)
	if err := u.Tx.Ahead(ahead); err != nil {
		return nil, nil, err
	}
	return newMerged(
		entriesOf(customer.BillingGroupsAfter(u.Tx, from, likely), groupEntry),
		entriesOf(WaitingAccounts.ScanSome(u.Tx, from, likely), waitingEntry),
	).page(u, with, of, skip, limit)
}

// accountOpener makes accounts of those that its filter may take; nil is none.
type accountOpener struct{ filter *accountPrefilter }

func (*accountOpener) listed(u *Work, some []accountEntry) ([]string, error) {
	if err := readCustomers(u, new(store.Batch), some); err != nil {
		return nil, err
	}
	ids := make([]string, len(some))
	for i := range some {
		e := &some[i]
		listed, err := e.isListed(u)
		if err != nil {
			return nil, err
		}
		if w := e.read.waiting; listed && (w == nil || w.Brand == u.Brand.Key) {
			ids[i] = accountID(e.id)
		}
	}
	return ids, nil
}

func (o *accountOpener) open(u *Work, some []accountEntry) ([]*accountEntity, error) {
	all, overlays := make([]*accountEntity, len(some)), make([]*overlay, len(some))
	wanted, err := o.passing(u, some, all, overlays)
	if err != nil {
		return nil, err
	}
	var (
		b         store.Batch
		wholes    = map[store.ID]*customer.Whole{}
		standings = make([]*billing.Standing, len(some))
		made      = make([]*madeMean, len(some))
	)
	for _, i := range wanted {
		e := &some[i]
		if overlays[i] == nil {
			askOverlay(&b, "customerAccount", e.id, &overlays[i])
		}
		if e.read.waiting != nil {
			continue
		}
		if wholes[e.account] == nil {
			a, err := e.customer.Whole()
			if err != nil {
				return nil, err
			}
			wholes[e.account] = customer.AskPayment(&b, a)
		}
		standings[i] = billing.AskStanding(&b, e.id)
		MadeMeans.AskNewest(&b, byMeanGroup, e.id.String(), &made[i])
	}
	if err := b.Answer(u.Tx); err != nil {
		return nil, err
	}
	for _, i := range wanted {
		if w := some[i].read.waiting; w != nil {
			all[i] = w.entity()
		} else {
			all[i] = accountEntityOf(u, wholes[some[i].account], some[i].read.group.group, standings[i], made[i])
		}
		all[i].overlay = overlays[i]
	}
	return all, nil
}

// passing gives the places of those that are to be made. It reads overlays where the filter
// asks for them, and sets those of all that are wanted with no more than their ids.
func (o *accountOpener) passing(u *Work, some []accountEntry, all []*accountEntity, overlays []*overlay) (wanted []int, err error) {
	if o.filter != nil && len(o.filter.clauses) > 0 {
		var b store.Batch
		for i := range some {
			askOverlay(&b, "customerAccount", some[i].id, &overlays[i])
		}
		if err := b.Answer(u.Tx); err != nil {
			return nil, err
		}
	}
	for i := range some {
		if o.filter == nil || some[i].read.waiting != nil {
			wanted = append(wanted, i)
			continue
		}
		passes, sure := o.filter.passes(&some[i], overlays[i])
		switch {
		case passes && sure:
			all[i] = &accountEntity{id: accountID(some[i].id), taken: true}
		case passes:
			wanted = append(wanted, i)
		}
	}
	return wanted, nil
}

// indexedAccounts are the attributes for which there is an index.
var indexedAccounts = []string{"id", "name", "customer.id", "accountType"}

func (accountMapping) bounded(_ *dialect.Dialect, f *query.Filter) bool {
	return f.Empty() || slices.ContainsFunc(f.Equalities(), isIndexedAccount)
}

func isIndexedAccount(e query.Equality) bool {
	return !e.Fold && len(e.Values) <= maxIndexed && slices.Contains(indexedAccounts, e.Attribute)
}

// indexed gives what an index finds for one of the filter's equalities.
func (m accountMapping) indexed(u *Work, f *query.Filter) (sources []entries[accountRead], found bool, err error) {
	for _, e := range f.Equalities() {
		if !isIndexedAccount(e) {
			continue
		}
		values := slices.Compact(slices.Sorted(slices.Values(e.Values)))
		found, ids := true, []string(nil)
		for _, v := range values {
			switch e.Attribute {
			case "id":
				ids = append(ids, v)
			case "name":
				sources = append(sources,
					entriesOf(customer.BillingGroupsNamed(u.Tx, v), groupEntry),
					entriesOf(WaitingAccounts.All(u.Tx, byWaitingName, indexText(u.Brand.Key, v)), waitingEntry))
			case "customer.id":
				sources = append(sources, entriesOf(WaitingAccounts.All(u.Tx, byWaitingCustomer, indexText(u.Brand.Key, v)), waitingEntry))
				if account, ok := readID("c", v); ok {
					groups, err := customer.BillingGroupsOf(u.Tx, account)
					if err != nil {
						return nil, false, err
					}
					sources = append(sources, entriesOf(Each(groups), groupEntry))
				}
			case "accountType":
				var more []entries[accountRead]
				if more, found, err = m.ofType(u, v); err != nil {
					return nil, false, err
				}
				sources = append(sources, more...)
			}
			if !found {
				sources = nil
				break
			}
		}
		if found && len(ids) > 0 {
			named, err := m.find(u, ids)
			if err != nil {
				return nil, false, err
			}
			sources = append(sources, madeEntries(named))
		}
		if found {
			return sources, true, nil
		}
	}
	return nil, false, nil
}

// ofType are the accounts of a type that few have: those of companies, and those of
// which a client said so.
func (m accountMapping) ofType(u *Work, kind string) (sources []entries[accountRead], found bool, err error) {
	if kind == residential { // most are
		return nil, false, nil
	}
	ids, found, err := saidBy(u.Tx, byToldType, []string{kind})
	if err != nil || !found {
		return nil, false, err
	}
	slices.Sort(ids)
	var told []string
	for _, id := range slices.Compact(ids) {
		told = append(told, accountID(id))
	}
	named, err := m.find(u, told)
	if err != nil {
		return nil, false, err
	}
	sources = append(sources, madeEntries(named))
	if kind != business {
		return sources, true, nil
	}
	all, few, err := groupsOfFew(u, customer.CompanyAccounts(u.Tx, u.Brand))
	if err != nil || !few || len(all) > maxIndexHits {
		return nil, false, err
	}
	slices.SortFunc(all, func(a, b *customer.BillingGroup) int { return cmp.Compare(a.ID, b.ID) })
	return append(sources, entriesOf(Each(all), groupEntry)), true, nil
}

// maxIndexed is how many values of an equality are looked up one by one.
const maxIndexed = 50

// count is known when nobody else's accounts are in the store: when no other brand
// has customers, and few of this one's are deleted.
func (accountMapping) count(u *Work, f *query.Filter) (int, bool, error) {
	if !f.Empty() {
		return 0, false, nil
	}
	if err := aheadOfCount(u); err != nil {
		return 0, false, err
	}
	alone, err := onlyBrand(u)
	if err != nil || !alone {
		return 0, false, err
	}
	gone, few, err := groupsOfDeleted(u)
	if err != nil || !few {
		return 0, false, err
	}
	groups, err := customer.BillingGroupCount(u.Tx)
	if err != nil {
		return 0, false, err
	}
	waiting, err := WaitingAccounts.Count(u.Tx)
	return int(groups+waiting) - gone, err == nil, err
}

// aheadOfCount tells of what count asks.
func aheadOfCount(u *Work) error {
	var ahead store.Ahead
	for b, err := range catalogue.Brands.Scan(u.Tx) {
		if err != nil {
			return err
		}
		if b.Key != u.Brand.Key {
			customer.AheadTally(&ahead, b)
			WaitingAccounts.AheadPage(&ahead, byWaitingName, store.Compose(b.Key, ""), 1)
		}
	}
	customer.AheadDeleted(&ahead, u.Brand)
	customer.AheadBillingGroupCount(&ahead)
	WaitingAccounts.AheadCount(&ahead)
	return u.Tx.Ahead(ahead)
}

// onlyBrand reports whether no other brand has a customer, nor an account that waits
// for one.
func onlyBrand(u *Work) (bool, error) {
	for b, err := range catalogue.Brands.Scan(u.Tx) {
		if err != nil {
			return false, err
		}
		if b.Key == u.Brand.Key {
			continue
		}
		t, known, err := customer.TallyOf(u.Tx, b)
		if err != nil || !known || t.Listed+t.Deleted > 0 {
			return false, err
		}
		if waiting, _, err := WaitingAccounts.Page(u.Tx, byWaitingName, store.Compose(b.Key, ""), nil, 1); err != nil || len(waiting) > 0 {
			return false, err
		}
	}
	return true, nil
}

func groupsOfDeleted(u *Work) (n int, few bool, err error) {
	all, few, err := groupsOfFew(u, customer.DeletedAccounts(u.Tx, u.Brand))
	return len(all), few, err
}

// groupsOfFew are the billing groups of accounts; few is false where these are too many
// to look at.
func groupsOfFew(u *Work, accounts iter.Seq2[store.ID, error]) (all []*customer.BillingGroup, few bool, err error) {
	var ids []store.ID
	for account, err := range accounts {
		if err != nil || len(ids) == maxIndexHits {
			return nil, false, err
		}
		ids = append(ids, account)
	}
	groups, err := customer.BillingGroupsOfMany(u.Tx, ids)
	return slices.Concat(groups...), true, err
}

// sameText compares as clients' words for one of ours are compared.
func sameText(a, b string) bool { return strings.EqualFold(strings.TrimSpace(a), b) }
