package resource

import (
	"iter"
	"slices"
	"strings"

	"rator/customer"
	"rator/customer/search"
	"rator/failure"
	"rator/store"
	"rator/tmf/dialect"
	"rator/tmf/query"
)

// maxIndexHits is how many customers an index may lead to: beyond that the list
// is gone through, which needs no memory.
const maxIndexHits = 500

// indexLookup finds the customers that may have one of the values at an attribute,
// by an index. found is false where it leads to too many, or the index does not
// know the value.
type indexLookup func(u *Work, values []string) (ids []store.ID, found bool, err error)

// indexedAttribute is an attribute for which there is an index.
type indexedAttribute struct {
	earlier, later string
	find           indexLookup
}

// customerIndexes are the attributes for which there is an index, by the names of the
// 2014 dialect and of the later ones, the narrowest first.
var customerIndexes = []indexedAttribute{
	{"id", "id", identified},
	{"relatedParty.id", "engagedParty.id", owning},
	{"contactMedium.medium.emailAddress", "contactMedium.characteristic.emailAddress", mailed},
	{"name", "name", calledLike},
	{"status", "status", inState},
}

// lookUp gives the customers that may match, in order, where an index leads to
// them: by an attribute of customerIndexes, and by customer number when both name and
// value of a characteristic are asked for, which then are of the same one.
func (c *customers) lookUp(u *Work, f *query.Filter) (ids []store.ID, found bool, err error) {
	equal := equalities(f)
	if isNumbered(equal) {
		ids, err = numbered(u, equal["characteristic.value"])
		found = true
	}
	for _, n := range customerIndexes {
		if values := equal[n.attribute(u.Call.Dialect)]; values != nil && !found && err == nil {
			ids, found, err = n.find(u, values)
		}
	}
	switch {
	case err != nil:
		return nil, false, err
	case !found && u.Bounded:
		return nil, false, ErrUnbounded
	case !found:
		return nil, false, nil
	}
	slices.Sort(ids)
	return slices.Compact(ids), true, nil
}

// hasIndex reports whether there is an index for what a filter asks for.
func (c *customers) hasIndex(d *dialect.Dialect, f *query.Filter) bool {
	equal := equalities(f)
	return isNumbered(equal) || slices.ContainsFunc(customerIndexes, func(n indexedAttribute) bool { return equal[n.attribute(d)] != nil })
}

// equalities are the values that an attribute must have one of, where they are few.
func equalities(f *query.Filter) map[string][]string {
	equal := map[string][]string{}
	for _, e := range f.Equalities() {
		if len(e.Values) <= maxIndexHits {
			equal[e.Attribute] = e.Values
		}
	}
	return equal
}

func isNumbered(equal map[string][]string) bool {
	names := equal["characteristic.name"]
	return len(names) == 1 && names[0] == rNumber && equal["characteristic.value"] != nil
}

func (n indexedAttribute) attribute(d *dialect.Dialect) string {
	if d == dialect.V2014 {
		return n.earlier
	}
	return n.later
}

func identified(_ *Work, values []string) (ids []store.ID, found bool, err error) {
	for _, text := range values {
		if id, ok := ParseID(CustomerPrefix, text); ok {
			ids = append(ids, id)
		}
	}
	return ids, true, nil
}

// owning gives the customers whose owners these users are, or are said to be.
func owning(u *Work, values []string) (ids []store.ID, found bool, err error) {
	if ids, found, err = saidBy(u.Tx, byToldParty, values); !found || err != nil {
		return nil, false, err
	}
	for _, text := range values {
		id, err := store.ParseID(text)
		if err != nil || id == 0 {
			continue
		}
		user, err := customer.UserByID(u.Tx, u.Brand, id)
		if failure.CodeOf(err) == customer.UnknownUser {
			continue
		}
		if err != nil {
			return nil, false, err
		}
		ids = append(ids, user.Account)
	}
	return ids, true, nil
}

// mailed gives the customers whose owners have one of these e-mail addresses, or
// are said to.
func mailed(u *Work, values []string) (ids []store.ID, found bool, err error) {
	if ids, found, err = saidBy(u.Tx, byToldEmail, values); !found || err != nil {
		return nil, false, err
	}
	for _, address := range values {
		if strings.TrimSpace(address) == "" {
			return nil, false, nil
		}
		for account, err := range customer.AccountsWithEmail(u.Tx, u.Brand, address) {
			if err != nil {
				return nil, false, err
			}
			if ids = append(ids, account); len(ids) > maxIndexHits {
				return nil, false, nil
			}
		}
	}
	return ids, true, nil
}

// inState gives the customers with a status that few have: one that clients gave
// them, or that says that they are blocked or have left. The others are most.
func inState(u *Work, values []string) (ids []store.ID, found bool, err error) {
	if ids, found, err = saidBy(u.Tx, byToldStatus, values); !found || err != nil {
		return nil, false, err
	}
	for _, status := range values {
		var accounts iter.Seq2[store.ID, error]
		switch {
		case strings.EqualFold(status, statusActive), strings.EqualFold(status, statusCreated):
			return nil, false, nil
		case strings.EqualFold(status, statusSuspended):
			accounts = customer.BlockedAccounts(u.Tx)
		case strings.EqualFold(status, statusTerminated):
			accounts = customer.ClosedAccounts(u.Tx, u.Brand)
		default:
			continue // the business has no such word
		}
		for account, err := range accounts {
			if err != nil {
				return nil, false, err
			}
			if ids = append(ids, account); len(ids) > maxIndexHits {
				return nil, false, nil
			}
		}
	}
	return ids, true, nil
}

func numbered(u *Work, numbers []string) (ids []store.ID, err error) {
	for _, n := range numbers {
		a, _, err := customer.FindByCustomerNumber(u.Tx, u.Brand, n)
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
func calledLike(u *Work, names []string) (ids []store.ID, found bool, err error) {
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
			hits, next, err := search.Users(u.Tx, u.Brand, search.Criteria{Name: name}, after, 100)
			if code := failure.CodeOf(err); code == failure.InvalidRequest || code == search.NothingToFind {
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
			if len(ids) > maxIndexHits {
				return nil, false, nil
			}
			if after = next; next == nil {
				break
			}
		}
	}
	return ids, true, nil
}
