package hub

import (
	"slices"
	"strings"
	"time"

	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
	"rator/tmf/problem"
	"rator/tmf/query"
)

// bracket is a group of comparisons that one and the same object must hold:
// contactMedium=(type=Email&preferred=true) (tmf-customer.md 3). Only queries of
// hubs have them.
type bracket struct {
	path   query.Path
	filter *query.Filter
}

// takeBrackets takes the groups out of a query; rest is what else it says. A value
// in brackets of an attribute that is no object is a text. It fails with a *problem.Error.
func takeBrackets(text string, shape *dialect.Shape, zone *time.Location) (rest string, brackets []bracket, err error) {
	var parts []string
	for _, part := range outside(text) {
		name, inner, found := strings.Cut(part, "=(")
		inner, closed := strings.CutSuffix(inner, ")")
		p, known := query.Resolve(shape, name)
		if !found || !closed || !known || p.Leaf.Shape == nil {
			parts = append(parts, part)
			continue
		}
		q, err := query.Parse(inner, p.Leaf.Shape, nil, zone)
		switch {
		case err != nil:
			return "", nil, err
		case q.Filter.Empty() || q.Paged || len(q.Sort) > 0 || q.Selection != nil:
			return "", nil, problem.BadQuery.With("%s=(…) must hold comparisons and nothing else", name)
		}
		brackets = append(brackets, bracket{p, q.Filter})
	}
	return strings.Join(parts, "&"), brackets, nil
}

// outside cuts a query at each & that is in no brackets; where they do not close,
// at every one.
func outside(text string) []string {
	var parts []string
	depth, from := 0, 0
	for i := range len(text) {
		switch text[i] {
		case '(':
			depth++
		case ')':
			depth--
		case '&':
			if depth == 0 {
				parts, from = append(parts, text[from:i]), i+1
			}
		}
	}
	if depth != 0 {
		return strings.Split(text, "&")
	}
	return append(parts, text[from:])
}

// matches reports whether an object at the path, from its step on, holds the group.
func (b *bracket) matches(v jsondoc.Value, from int) bool {
	switch {
	case v.Kind() == jsondoc.Array:
		return slices.ContainsFunc(v.Items(), func(item jsondoc.Value) bool { return b.matches(item, from) })
	case from < len(b.path.Steps):
		member, found := b.path.Steps[from].In(v)
		return found && b.matches(member, from+1)
	}
	return v.Kind() == jsondoc.Object && b.filter.Match(v)
}
