package tmf

import (
	"slices"
	"strings"

	"rator/customer"
	"rator/failure"
	"rator/store"
)

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
