package query

import (
	"slices"
	"strings"

	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
)

// Filter is the part of a query that says which documents are meant
// (tmf-customer.md 3): every clause must hold, and a clause holds when one of its
// terms does. The nil Filter and the one without clauses take every document.
type Filter struct {
	Clauses []Clause
}

// Clause holds when one of its terms does.
type Clause []Term

// Equality is a clause that an index can answer: the attribute of that dotted
// name must have one of the texts, in one element at least where the name leads
// through arrays. With Fold case does not count. The attribute is a string.
type Equality struct {
	Attribute string
	Values    []string
	Fold      bool
}

// Empty reports whether the filter takes every document.
func (f *Filter) Empty() bool { return f == nil || len(f.Clauses) == 0 }

// Match reports whether a document, as it is answered, is meant. Defaults of the
// tables count where it has no attribute.
func (f *Filter) Match(doc jsondoc.Value) bool {
	if f == nil {
		return true
	}
	for _, c := range f.Clauses {
		if !c.matches(doc) {
			return false
		}
	}
	return true
}

// Filled reports whether an attribute that the server fills in is asked for, so
// that a kept document does not do.
func (f *Filter) Filled() bool {
	return f != nil && slices.ContainsFunc(f.Clauses, func(c Clause) bool {
		return slices.ContainsFunc(c, func(t Term) bool { return t.Path.Filled })
	})
}

// Attributes are those of the document that are asked for.
func (f *Filter) Attributes() []string {
	if f == nil {
		return nil
	}
	var names []string
	for _, c := range f.Clauses {
		for i := range c {
			names = c[i].Path.AppendAttributes(names)
		}
	}
	return names
}

func (c Clause) matches(doc jsondoc.Value) bool {
	for i := range c {
		if c[i].Matches(doc, 0) {
			return true
		}
	}
	return false
}

// Equalities are the clauses that only ask one string attribute to be one of
// some texts. All of them must hold, so a Collection may use any.
func (f *Filter) Equalities() []Equality {
	if f == nil {
		return nil
	}
	var all []Equality
	for _, c := range f.Clauses {
		first := &c[0].Path
		if first.Leaf.Type != dialect.OfString || slices.ContainsFunc(c, func(t Term) bool { return t.Operator != Equal || t.Path.text != first.text }) {
			continue
		}
		e := Equality{Attribute: first.Canonical(), Fold: first.Leaf.Fold}
		for _, t := range c {
			for _, o := range t.operands {
				e.Values = append(e.Values, o.text)
			}
		}
		all = append(all, e)
	}
	return all
}

// Canonical is the path in the spelling of the tables.
func (p *Path) Canonical() string {
	names := make([]string, len(p.Steps))
	for i, s := range p.Steps {
		names[i] = s.Name
	}
	return strings.Join(names, ".")
}

// add takes a clause in. One comparison of an attribute that is made again with
// other values is one clause: status=Active&status=New means either.
func (f *Filter) add(c Clause) {
	if len(c) == 1 {
		for i := range f.Clauses {
			if f.Clauses[i].comparesAs(c[0]) {
				f.Clauses[i] = append(f.Clauses[i], c[0])
				return
			}
		}
	}
	f.Clauses = append(f.Clauses, c)
}

func (c Clause) comparesAs(t Term) bool {
	return !slices.ContainsFunc(c, func(mine Term) bool { return mine.Operator != t.Operator || mine.Path.text != t.Path.text })
}

// String is the filter as a query that means the same.
func (f *Filter) String() string {
	if f == nil {
		return ""
	}
	groups := make([]string, len(f.Clauses))
	for i, c := range f.Clauses {
		terms := make([]string, len(c))
		for n := range c {
			terms[n] = c[n].String()
		}
		groups[i] = strings.Join(terms, ";")
	}
	return strings.Join(groups, "&")
}
