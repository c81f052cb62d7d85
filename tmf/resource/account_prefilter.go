package resource

import (
	"slices"

	"rator/customer"
	"rator/store"
	"rator/tmf/jsondoc"
	"rator/tmf/query"
)

// accountPrefilter keeps back billing groups that a filter does not take, as far as the
// group and its customer's account tell, and nothing of a client's lies over what
// is asked for.
type accountPrefilter struct {
	clauses []query.Clause // that can be told
	names   []string       // of the attributes that the filter asks for
	exact   bool           // clauses are all that is wanted
}

// accountColumns are the attributes that can be told.
var accountColumns = []string{"name", "accountType", "customer.id", "receivableBalance"}

// toldAccounts are the attributes that only clients know.
var toldAccounts = []string{"description", "pin", "customerAccountTaxExemption"}

func isAccountColumn(p *query.Path) bool {
	return slices.Contains(accountColumns, p.Canonical()) || slices.Contains(toldAccounts, p.Steps[0].Name)
}

func accountPrefilterOf(of wanted) *accountPrefilter {
	if of.filter.Empty() {
		return &accountPrefilter{}
	}
	s := &accountPrefilter{names: of.filter.Attributes(), exact: !of.whole}
	for _, c := range of.filter.Clauses {
		if slices.ContainsFunc(c, func(t query.Term) bool { return !isAccountColumn(&t.Path) }) {
			s.exact = false
		} else {
			s.clauses = append(s.clauses, c)
		}
	}
	return s
}

// passes reports whether the filter may take a billing group, over which o lies; with sure
// it does.
func (s *accountPrefilter) passes(e *accountEntry, o *overlay) (passes, sure bool) {
	if len(s.clauses) == 0 {
		return true, s.exact
	}
	if slices.ContainsFunc(o.Names, func(name string) bool { return slices.Contains(s.names, name) }) {
		return true, false
	}
	for _, c := range s.clauses {
		holds := false
		for i := range c {
			column, known := accountColumn(e, c[i].Path.Canonical())
			if !known {
				return true, false
			}
			holds = holds || c[i].Matches(column, len(c[i].Path.Steps))
		}
		if !holds {
			return false, false
		}
	}
	return true, s.exact
}

// accountTypeMember is the name under which a customer's type is kept.
var accountTypeMember = store.MemberName(func(a *customer.Account) *string { return &a.Type })

// accountColumn is what accountParts.project has for an attribute; null where it has
// none.
func accountColumn(e *accountEntry, path string) (column jsondoc.Value, known bool) {
	g := e.read.group.group
	switch path {
	case "name":
		return jsondoc.Text(fallback(g.Name, g.ID.String())), true
	case "customer.id":
		return jsondoc.Text(customerID(g.Account)), true
	case "receivableBalance":
		return numberOfDecimal(receivable(g)), true
	case "accountType":
		var a customer.Account
		a.Type, known = e.customer.Account.Text(accountTypeMember)
		return jsondoc.Text(accountType(&a)), known
	}
	return jsondoc.Value{}, true
}
