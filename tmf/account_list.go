package tmf

import (
	"encoding/binary"
	"iter"
	"slices"
	"strings"

	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// The list of accounts: billing groups and those that wait for their customer, in
// the order in which they were made, which is that of their ids.

// entry is a place in a list that several kinds make up.
type entry struct {
	id   store.ID
	open func(u *unit) (*thing, error) // nil: it is no part of the list
}

// entries are those of one kind, in the order of their ids.
type entries = iter.Seq2[entry, error]

// entriesOf makes entries of what a kind gives.
func entriesOf[T any](all iter.Seq2[T, error], of func(T) entry) entries {
	return func(yield func(entry, error) bool) {
		for x, err := range all {
			if err != nil {
				yield(entry{}, err)
				return
			}
			if !yield(of(x), nil) {
				return
			}
		}
	}
}

// merged brings entries of several kinds into one order.
type merged struct {
	next  []func() (entry, error, bool)
	stop  []func()
	heads []*entry
	err   error
}

func newMerged(sources ...entries) *merged {
	l := &merged{}
	for _, s := range sources {
		next, stop := iter.Pull2(s)
		l.next, l.stop = append(l.next, next), append(l.stop, stop)
		l.heads = append(l.heads, nil)
		l.advance(len(l.heads) - 1)
	}
	return l
}

func (l *merged) advance(i int) {
	e, err, ok := l.next[i]()
	l.heads[i] = nil
	if err != nil {
		l.err = err
	} else if ok {
		l.heads[i] = &e
	}
}

// take gives the entry with the smallest id; nil at the end.
func (l *merged) take() (*entry, error) {
	first := -1
	for i, h := range l.heads {
		if h != nil && (first < 0 || h.id < l.heads[first].id) {
			first = i
		}
	}
	if l.err != nil || first < 0 {
		return nil, l.err
	}
	e := l.heads[first]
	l.advance(first)
	return e, nil
}

func (l *merged) close() {
	for _, stop := range l.stop {
		stop()
	}
}

// page gives the things of a merged, at most limit, and the position to go on from.
func (l *merged) page(u *unit, skip, limit int) (things []*thing, next []byte, err error) {
	defer l.close()
	for {
		e, err := l.take()
		if err != nil || e == nil {
			return things, nil, err
		}
		t, err := e.open(u)
		if err != nil {
			return nil, nil, err
		}
		switch {
		case t == nil:
		case skip > 0:
			skip--
		default:
			things = append(things, t)
		}
		if len(things) == limit {
			return things, binary.BigEndian.AppendUint64(nil, uint64(e.id)), nil
		}
	}
}

// placeAfter reads a position.
func placeAfter(after []byte) store.ID {
	if len(after) < 8 {
		return 0
	}
	return store.ID(binary.BigEndian.Uint64(after))
}

// brandsOf remembers whose accounts are a brand's while a page is made.
type brandsOf map[store.ID]bool

func (b brandsOf) has(u *unit, account store.ID) (bool, error) {
	mine, known := b[account]
	if known {
		return mine, nil
	}
	a, err := customer.AccountByID(u.tx, u.brand, account)
	if isRefusal(err) {
		err = nil
	} else if err == nil {
		mine = a.Deleted.IsZero()
	}
	b[account] = mine
	return mine, err
}

func (m accountMapping) page(u *unit, f *Filter, after []byte, skip, limit int) ([]*thing, []byte, error) {
	from, seen := placeAfter(after), brandsOf{}
	group := func(g *customer.BillingGroup) entry {
		return entry{g.ID, func(u *unit) (*thing, error) {
			if mine, err := seen.has(u, g.Account); err != nil || !mine {
				return nil, err
			}
			return m.thing(u, g)
		}}
	}
	waiting := func(w *waitingAccount) entry {
		return entry{w.ID, func(u *unit) (*thing, error) {
			if w.Brand != u.brand.Key {
				return nil, nil
			}
			return w.thing(), nil
		}}
	}
	if sources, found, err := m.indexed(u, f, group, waiting); found || err != nil {
		if err != nil {
			return nil, nil, err
		}
		for i := range sources {
			sources[i] = beyond(sources[i], from)
		}
		return newMerged(sources...).page(u, skip, limit)
	}
	return newMerged(
		entriesOf(customer.BillingGroupsAfter(u.tx, from), group),
		entriesOf(waitingAccounts.ScanAfter(u.tx, from), waiting),
	).page(u, skip, limit)
}

// beyond leaves out what comes before a place.
func beyond(all entries, from store.ID) entries {
	return func(yield func(entry, error) bool) {
		for e, err := range all {
			if (err != nil || e.id > from) && !yield(e, err) {
				return
			}
		}
	}
}

// indexed gives what an index finds for one of the filter's equalities: id, name,
// or the customer's id.
func (m accountMapping) indexed(u *unit, f *Filter, group func(*customer.BillingGroup) entry, waiting func(*waitingAccount) entry) (sources []entries, found bool, err error) {
	for _, e := range f.Equalities() {
		if e.Fold || len(e.Values) > maxIndexed {
			continue
		}
		values := slices.Compact(slices.Sorted(slices.Values(e.Values)))
		for _, v := range values {
			switch e.Attribute {
			case "id":
				sources = append(sources, m.named(u, v))
			case "name":
				sources = append(sources,
					entriesOf(customer.BillingGroupsNamed(u.tx, v), group),
					entriesOf(waitingAccounts.All(u.tx, byWaitingName, indexText(u.brand.Key, v)), waiting))
			case "customer.id":
				sources = append(sources, entriesOf(waitingAccounts.All(u.tx, byWaitingCustomer, indexText(u.brand.Key, v)), waiting))
				if account, ok := readID("c", v); ok {
					groups, err := customer.BillingGroupsOf(u.tx, account)
					if err != nil {
						return nil, false, err
					}
					sources = append(sources, entriesOf(each(groups), group))
				}
			}
		}
		if len(sources) > 0 {
			return sources, true, nil
		}
	}
	return nil, false, nil
}

// maxIndexed is how many values of an equality are looked up one by one.
const maxIndexed = 50

// named is the account with an id, if there is one.
func (m accountMapping) named(u *unit, id string) entries {
	return oneEntry(func() (*thing, error) { return m.find(u, id) })
}

// oneEntry is what find finds.
func oneEntry(find func() (*thing, error)) entries {
	return func(yield func(entry, error) bool) {
		t, err := find()
		if p := problemOf(err); p != nil && p.Status == UnknownResource.Status {
			return
		}
		if err != nil {
			yield(entry{}, err)
			return
		}
		yield(entry{t.object, func(*unit) (*thing, error) { return t, nil }}, nil)
	}
}

func each[T any](all []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, x := range all {
			if !yield(x, nil) {
				return
			}
		}
	}
}

// count is known when nobody else's accounts are in the store: when there is one
// brand, and none of its customers is deleted.
func (accountMapping) count(u *unit, f *Filter) (int, bool, error) {
	alone, err := onlyBrand(u)
	if err != nil || !alone || !f.Empty() {
		return 0, false, err
	}
	groups, err := customer.BillingGroupCount(u.tx)
	if err != nil {
		return 0, false, err
	}
	waiting, err := waitingAccounts.Count(u.tx)
	return int(groups + waiting), err == nil, err
}

func onlyBrand(u *unit) (bool, error) {
	for b, err := range catalogue.Brands.Scan(u.tx) {
		if err != nil || b.Key != u.brand.Key {
			return false, err
		}
	}
	t, known, err := customer.TallyOf(u.tx, u.brand)
	return known && t.Deleted == 0, err
}

// sameText compares as clients' words for one of ours are compared.
func sameText(a, b string) bool { return strings.EqualFold(strings.TrimSpace(a), b) }
