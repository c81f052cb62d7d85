package resource

import (
	"cmp"
	"slices"
	"strings"

	"rator/catalogue"
	"rator/customer"
	"rator/store"
	"rator/tmf/dialect"
	"rator/tmf/query"
)

// The list of accounts: billing groups and those that wait for their customer, in
// the order in which they were made, which is that of their ids.

// brandsOf remembers whose accounts are a brand's while a page is made.
type brandsOf map[store.ID]bool

func (b brandsOf) has(u *Work, account store.ID) (bool, error) {
	mine, known := b[account]
	if known {
		return mine, nil
	}
	mine, err := customer.IsListed(u.Tx, u.Brand, account)
	b[account] = mine
	return mine, err
}

// listed says of what is of a customer's account whether it is listed.
func (b brandsOf) listed(account store.ID, id string) func(*Work) (string, error) {
	return func(u *Work) (string, error) {
		if mine, err := b.has(u, account); err != nil || !mine {
			return "", err
		}
		return id, nil
	}
}

// listedIn says of what is a brand's own whether it is listed.
func listedIn(brand, id string) func(*Work) (string, error) {
	return func(u *Work) (string, error) {
		if brand != u.Brand.Key {
			return "", nil
		}
		return id, nil
	}
}

func (m accountMapping) page(u *Work, of wanted, after []byte, skip, limit int) ([]*accountEntity, []byte, error) {
	from, seen := placeAfter(after), brandsOf{}
	s := accountPrefilterOf(of)
	group := func(g *customer.BillingGroup) accountEntry {
		return accountEntry{g.ID, seen.listed(g.Account, accountID(g.ID)), func(u *Work) (*accountEntity, error) {
			if passes, sure, err := s.passes(u, g); err != nil || !passes {
				return nil, err
			} else if sure {
				return &accountEntity{id: accountID(g.ID), taken: true}, nil
			}
			return m.entity(u, g)
		}}
	}
	waiting := func(w *waitingAccount) accountEntry {
		return accountEntry{w.ID, listedIn(w.Brand, accountID(w.ID)), func(*Work) (*accountEntity, error) { return w.entity(), nil }}
	}
	if sources, found, err := m.indexed(u, of.filter, group, waiting); found || err != nil {
		if err != nil {
			return nil, nil, err
		}
		for i := range sources {
			sources[i] = beyond(sources[i], from)
		}
		return newMerged(sources...).page(u, of, skip, limit)
	}
	if u.Bounded && (!of.filter.Empty() || skip > MaxBounded) { // what is left out is gone through
		return nil, nil, ErrUnbounded
	}
	return newMerged(
		entriesOf(customer.BillingGroupsAfter(u.Tx, from), group),
		entriesOf(WaitingAccounts.ScanAfter(u.Tx, from), waiting),
	).page(u, of, skip, limit)
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
func (m accountMapping) indexed(u *Work, f *query.Filter, group func(*customer.BillingGroup) accountEntry, waiting func(*waitingAccount) accountEntry) (sources []entries[accountRead], found bool, err error) {
	for _, e := range f.Equalities() {
		if !isIndexedAccount(e) {
			continue
		}
		values := slices.Compact(slices.Sorted(slices.Values(e.Values)))
		found := true
		for _, v := range values {
			switch e.Attribute {
			case "id":
				sources = append(sources, m.named(u, v))
			case "name":
				sources = append(sources,
					entriesOf(customer.BillingGroupsNamed(u.Tx, v), group),
					entriesOf(WaitingAccounts.All(u.Tx, byWaitingName, indexText(u.Brand.Key, v)), waiting))
			case "customer.id":
				sources = append(sources, entriesOf(WaitingAccounts.All(u.Tx, byWaitingCustomer, indexText(u.Brand.Key, v)), waiting))
				if account, ok := readID("c", v); ok {
					groups, err := customer.BillingGroupsOf(u.Tx, account)
					if err != nil {
						return nil, false, err
					}
					sources = append(sources, entriesOf(Each(groups), group))
				}
			case "accountType":
				var more []entries[accountRead]
				if more, found, err = m.ofType(u, v, group); err != nil {
					return nil, false, err
				}
				sources = append(sources, more...)
			}
			if !found {
				sources = nil
				break
			}
		}
		if found {
			return sources, true, nil
		}
	}
	return nil, false, nil
}

// ofType are the accounts of a type that few have: those of companies, and those of
// which a client said so.
func (m accountMapping) ofType(u *Work, kind string, group func(*customer.BillingGroup) accountEntry) (sources []entries[accountRead], found bool, err error) {
	if kind == residential { // most are
		return nil, false, nil
	}
	ids, found, err := saidBy(u.Tx, byToldType, []string{kind})
	if err != nil || !found {
		return nil, false, err
	}
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		sources = append(sources, m.named(u, accountID(id)))
	}
	if kind != business {
		return sources, true, nil
	}
	var all []*customer.BillingGroup
	for account, err := range customer.CompanyAccounts(u.Tx, u.Brand) {
		if err != nil {
			return nil, false, err
		}
		groups, err := customer.BillingGroupsOf(u.Tx, account)
		if err != nil {
			return nil, false, err
		}
		if all = append(all, groups...); len(all) > maxIndexHits {
			return nil, false, nil
		}
	}
	slices.SortFunc(all, func(a, b *customer.BillingGroup) int { return cmp.Compare(a.ID, b.ID) })
	return append(sources, entriesOf(Each(all), group)), true, nil
}

// maxIndexed is how many values of an equality are looked up one by one.
const maxIndexed = 50

// named is the account with an id, if there is one.
func (m accountMapping) named(u *Work, id string) entries[accountRead] {
	return oneEntry(func() (*accountEntity, error) { return m.find(u, id) })
}

// count is known when nobody else's accounts are in the store: when no other brand
// has customers, and few of this one's are deleted.
func (accountMapping) count(u *Work, f *query.Filter) (int, bool, error) {
	alone, err := onlyBrand(u)
	if err != nil || !alone || !f.Empty() {
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
	looked := 0
	for account, err := range customer.DeletedAccounts(u.Tx, u.Brand) {
		if looked++; err != nil || looked > maxIndexHits {
			return 0, false, err
		}
		groups, err := customer.BillingGroupsOf(u.Tx, account)
		if err != nil {
			return 0, false, err
		}
		n += len(groups)
	}
	return n, true, nil
}

// sameText compares as clients' words for one of ours are compared.
func sameText(a, b string) bool { return strings.EqualFold(strings.TrimSpace(a), b) }
