package tmf

import (
	"slices"
	"strings"
	"sync"

	"rator/customer"
	"rator/failure"
	"rator/store"
)

// page goes through the customers of the brand, or through those that an index
// leads to.
func (c *customers) page(u *unit, f *Filter, after []byte, skip, limit int) (things []*thing, next []byte, err error) {
	if skip == 0 && after == nil {
		ids, found, err := c.narrow(u, f)
		if err != nil {
			return nil, nil, err
		}
		if found {
			things, err = c.named(u, ids)
			return things, nil, err
		}
	}
	if skip > 0 {
		var beyond bool
		if after, skip, beyond, err = c.places.find(u, skip); err != nil || beyond {
			return nil, nil, err
		}
	}
	all, next, err := customer.ListedAccounts(u.tx, u.brand, after, limit+skip)
	if err != nil {
		return nil, nil, err
	}
	for _, a := range all[min(skip, len(all)):] {
		t, err := customerThing(u, a)
		if err != nil {
			return nil, nil, err
		}
		things = append(things, t)
	}
	return things, next, nil
}

func (c *customers) count(u *unit, f *Filter) (n int, known bool, err error) {
	if !f.Empty() {
		return 0, false, nil
	}
	t, known, err := customer.TallyOf(u.tx, u.brand)
	if err != nil || !known {
		return 0, false, err
	}
	return int(t.Listed), true, nil
}

// mostNarrowed is how many customers an index may lead to: beyond that the list
// is gone through, which needs no memory.
const mostNarrowed = 500

// narrow gives the customers that may match, in order, where an index leads to
// them: by id, by name, and by customer number when both name and value of a
// characteristic are asked for, which then are of the same one.
func (c *customers) narrow(u *unit, f *Filter) (ids []store.ID, found bool, err error) {
	equal := map[string][]string{}
	for _, e := range f.Equalities() {
		equal[e.Attribute] = e.Values
	}
	switch {
	case equal["id"] != nil:
		for _, text := range equal["id"] {
			if id, ok := idOf(customerPrefix, text); ok {
				ids = append(ids, id)
			}
		}
	case len(equal["characteristic.name"]) == 1 && equal["characteristic.name"][0] == rNumber && equal["characteristic.value"] != nil:
		ids, err = numbered(u, equal["characteristic.value"])
	case equal["name"] != nil:
		if ids, found, err = calledLike(u, equal["name"]); !found || err != nil {
			return nil, false, err
		}
	default:
		return nil, false, nil
	}
	slices.Sort(ids)
	return slices.Compact(ids), true, err
}

func numbered(u *unit, numbers []string) (ids []store.ID, err error) {
	for _, n := range numbers {
		a, _, err := customer.FindByCustomerNumber(u.tx, u.brand, n)
		if failure.CodeOf(err) == customer.UnknownCustomer {
			continue
		}
		if err != nil {
			return nil, err
		}
		ids = append(ids, a.ID)
	}
	return ids, nil
}

// calledLike gives the customers whose owners have a name like one of names. found
// is false when they are too many, or a name has nothing that the index knows.
func calledLike(u *unit, names []string) (ids []store.ID, found bool, err error) {
	for _, name := range names {
		if number, is := strings.CutPrefix(name, accountNamed); is {
			more, err := numbered(u, []string{number})
			if err != nil {
				return nil, false, err
			}
			ids = append(ids, more...)
		}
		var after []byte
		for {
			hits, next, err := customer.Search(u.tx, u.brand, customer.Criteria{Name: name}, after, 100)
			if code := failure.CodeOf(err); code == failure.InvalidRequest || code == customer.NothingToFind {
				return nil, false, nil
			}
			if err != nil {
				return nil, false, err
			}
			for _, h := range hits {
				if h.Account.Owner == h.User.ID {
					ids = append(ids, h.Account.ID)
				}
			}
			if len(ids) > mostNarrowed {
				return nil, false, nil
			}
			if after = next; next == nil {
				break
			}
		}
	}
	return ids, true, nil
}

// named reads the customers with these ids that are listed.
func (c *customers) named(u *unit, ids []store.ID) ([]*thing, error) {
	var things []*thing
	for _, id := range ids {
		t, err := c.find(u, customerPrefix+id.String())
		if p := problemOf(err); p != nil && p.ProblemCode == UnknownResource {
			continue
		}
		if err != nil {
			return nil, err
		}
		things = append(things, t)
	}
	return things, nil
}

// places remembers where in the list of a brand every thousandth customer is, so
// that a late page is not gone to from the start. New customers come last; one
// that is deleted moves the others, and what is remembered is thrown away.
type places struct {
	mu     sync.Mutex
	brands map[string]*marks
}

type marks struct {
	deleted int64    // of the tally when they were made
	after   [][]byte // positions after 1000, 2000 … customers
}

const markEvery = 1000

// find gives the position to start from for a page that leaves out skip
// customers, and how many are still to be left out from there; beyond says that
// there are not so many.
func (p *places) find(u *unit, skip int) (after []byte, rest int, beyond bool, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	tally, known, err := customer.TallyOf(u.tx, u.brand)
	if err != nil {
		return nil, 0, false, err
	}
	m := p.brands[u.brand.Key]
	if m == nil || !known || m.deleted != tally.Deleted {
		m = &marks{deleted: tally.Deleted}
		if p.brands == nil {
			p.brands = map[string]*marks{}
		}
		p.brands[u.brand.Key] = m
	}
	wanted := skip / markEvery
	for len(m.after) < wanted {
		if n := len(m.after); n > 0 {
			after = m.after[n-1]
		}
		_, next, err := customer.ListedAccounts(u.tx, u.brand, after, markEvery)
		if err != nil || next == nil {
			return nil, 0, true, err
		}
		m.after = append(m.after, next)
	}
	if wanted == 0 {
		return nil, skip, false, nil
	}
	return m.after[wanted-1], skip % markEvery, false, nil
}
