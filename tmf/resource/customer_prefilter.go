package resource

import (
	"rator/customer"
	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
	"rator/tmf/query"
)

// prefilter keeps back customers that a filter does not take, as far as members of
// what is kept tell: it knows attributes that are texts of the business, unchanged
// or put together of few. It is for customers over whom nothing of a client's lies.
type prefilter []prefilterClause

// prefilterClause holds when one of its terms does.
type prefilterClause []prefilterTerm

type prefilterTerm struct {
	*query.Term
	column *column
}

// column is an attribute that members of what is kept tell.
type column struct {
	// texts gives what the attribute is in every element; "" is no value. ok is false
	// when it cannot be told without reading the whole.
	texts func(c *customer.Partial) (texts []string, ok bool, err error)
	// of are the parts of a customer that texts looks at.
	of customer.Parts
	// more says that the attribute may be without a value that texts gives.
	more bool
}

// prefilterOf makes the prefilter of a filter. exact says that it asks for all that the
// filter asks for.
func prefilterOf(f *query.Filter, d *dialect.Dialect) (s prefilter, exact bool) {
	exact = true
	if f == nil {
		return nil, true
	}
	for _, c := range f.Clauses {
		var terms prefilterClause
		for i := range c {
			if column := columnOf(d, c[i].Path.Canonical()); column != nil {
				terms = append(terms, prefilterTerm{&c[i], column})
				exact = exact && !column.more
			}
		}
		if len(terms) < len(c) {
			exact = false
			continue
		}
		s = append(s, terms)
	}
	return s, exact
}

// parts are what passes looks at.
func (s prefilter) parts() (all customer.Parts) {
	for _, clause := range s {
		for _, t := range clause {
			all |= t.column.of
		}
	}
	return all
}

// passes reports whether every clause may hold; with sure that is certain.
func (s prefilter) passes(c *customer.Partial) (passes, sure bool, err error) {
	sure = true
	for _, clause := range s {
		holds, known, err := clause.holds(c)
		if err != nil || known && !holds {
			return false, true, err
		}
		sure = sure && known
	}
	return true, sure, nil
}

func (c prefilterClause) holds(glimpse *customer.Partial) (holds, known bool, err error) {
	known = true
	for _, t := range c {
		texts, ok, err := t.column.texts(glimpse)
		if err != nil {
			return false, false, err
		}
		for _, text := range texts {
			if ok && text != "" && t.Matches(jsondoc.Text(text), len(t.Path.Steps)) {
				return true, true, nil
			}
		}
		known = known && ok
	}
	return false, known, nil
}
