package tmf

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
	clauses []clause
}

// clause holds when one of its terms does.
type clause []term

// Equality is a clause that an index can answer: the attribute of that dotted
// name must have one of the texts, in one element at least where the name leads
// through arrays. With Fold case does not count. The attribute is a string.
type Equality struct {
	Attribute string
	Values    []string
	Fold      bool
}

// Empty reports whether the filter takes every document.
func (f *Filter) Empty() bool { return f == nil || len(f.clauses) == 0 }

// Match reports whether a document, as it is answered, is meant. Defaults of the
// tables count where it has no attribute.
func (f *Filter) Match(doc jsondoc.Value) bool {
	if f == nil {
		return true
	}
	for _, c := range f.clauses {
		if !c.matches(doc) {
			return false
		}
	}
	return true
}

// filled reports whether an attribute that the server fills in is asked for, so
// that a kept document does not do.
func (f *Filter) filled() bool {
	return f != nil && slices.ContainsFunc(f.clauses, func(c clause) bool {
		return slices.ContainsFunc(c, func(t term) bool { return t.path.filled })
	})
}

// attributes are those of the document that are asked for.
func (f *Filter) attributes() []string {
	if f == nil {
		return nil
	}
	var names []string
	for _, c := range f.clauses {
		for i := range c {
			names = c[i].path.appendAttributes(names)
		}
	}
	return names
}

func (c clause) matches(doc jsondoc.Value) bool {
	for i := range c {
		if c[i].matches(doc, 0) {
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
	for _, c := range f.clauses {
		first := &c[0].path
		if first.leaf.Type != dialect.OfString || slices.ContainsFunc(c, func(t term) bool { return t.operator != equal || t.path.text != first.text }) {
			continue
		}
		e := Equality{Attribute: first.canonical(), Fold: first.leaf.Fold}
		for _, t := range c {
			for _, o := range t.operands {
				e.Values = append(e.Values, o.text)
			}
		}
		all = append(all, e)
	}
	return all
}

// canonical is the path in the spelling of the tables.
func (p *path) canonical() string {
	names := make([]string, len(p.steps))
	for i, s := range p.steps {
		names[i] = s.name
	}
	return strings.Join(names, ".")
}

// add takes a clause in. One comparison of an attribute that is made again with
// other values is one clause: status=Active&status=New means either.
func (f *Filter) add(c clause) {
	if len(c) == 1 {
		for i := range f.clauses {
			if f.clauses[i].comparesAs(c[0]) {
				f.clauses[i] = append(f.clauses[i], c[0])
				return
			}
		}
	}
	f.clauses = append(f.clauses, c)
}

func (c clause) comparesAs(t term) bool {
	return !slices.ContainsFunc(c, func(mine term) bool { return mine.operator != t.operator || mine.path.text != t.path.text })
}

// String is the filter as a query that means the same.
func (f *Filter) String() string {
	if f == nil {
		return ""
	}
	groups := make([]string, len(f.clauses))
	for i, c := range f.clauses {
		terms := make([]string, len(c))
		for n := range c {
			terms[n] = c[n].String()
		}
		groups[i] = strings.Join(terms, ";")
	}
	return strings.Join(groups, "&")
}
