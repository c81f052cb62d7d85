package query

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"rator/tmf/dialect"
	"rator/tmf/problem"
)

// Query is a query string, understood (tmf-customer.md 3).
type Query struct {
	Filter    *Filter
	Selection *Selection
	Sort      []SortKey
	offset    int
	limit     int  // noLimit for none
	Paged     bool // offset or limit was given
}

const noLimit = -1

// What a query may cost.
const (
	maxQueryBytes = 16 << 10
	MaxTerms      = 100
	maxOperands   = 1000 // of all terms
)

// Parse reads a raw query string about objects of a shape. selected are the
// attributes that every selection has; date-times without a zone are of zone, in the
// query and in what it is held against. It fails with a *problem.Error that names the
// parameter, attribute, operator or value at fault.
func Parse(raw string, shape *dialect.Shape, selected []string, zone *time.Location) (*Query, error) {
	q := &Query{Filter: &Filter{}, limit: noLimit}
	if len(raw) > maxQueryBytes {
		return nil, problem.BadQuery.With("the query has more than %d bytes", maxQueryBytes)
	}
	p := queryParser{q: q, shape: shape, selected: selected, zone: zone}
	for group := range strings.SplitSeq(raw, "&") {
		if group == "" {
			continue
		}
		if err := p.group(group); err != nil {
			return nil, err
		}
	}
	return q, nil
}

type queryParser struct {
	q        *Query
	shape    *dialect.Shape
	selected []string
	zone     *time.Location
	terms    int
	operands int
	seen     []string // parameters that may come once
}

// group reads what stands between two &: a reserved parameter, or terms with a
// semicolon between them of which one must hold. A later term without an
// operator has the name and operator of the one before.
func (p *queryParser) group(group string) error {
	var (
		c        Clause
		previous parameter
	)
	for text := range strings.SplitSeq(group, ";") {
		if text == "" {
			continue
		}
		param, found, err := parseParameter(text)
		switch {
		case err != nil:
			return err
		case !found && len(c) == 0:
			return p.bare(text)
		case !found:
			param = previous
			if param.value, err = unescape(text); err != nil {
				return err
			}
		}
		if reserved, err := p.reserved(param); reserved {
			if strings.Contains(group, ";") {
				return problem.BadQuery.With("%s cannot be one of several alternatives", param.name)
			}
			return err
		}
		if p.terms++; p.terms > MaxTerms {
			return problem.BadQuery.With("there are more than %d comparisons", MaxTerms)
		}
		t, err := newTerm(p.shape, param.name, param.operator, param.value, p.zone)
		if err != nil {
			return err
		}
		if p.operands += len(t.operands); p.operands > maxOperands {
			return problem.BadQuery.With("there are more than %d values to compare with", maxOperands)
		}
		c, previous = append(c, t), param
	}
	if len(c) > 0 {
		p.q.Filter.add(c)
	}
	return nil
}

// bare refuses a parameter without an operator.
func (p *queryParser) bare(text string) error {
	name, err := unescape(text)
	if err != nil {
		return err
	}
	if _, known := Resolve(p.shape, name); known {
		return problem.BadOperator.With("%s is compared with nothing", name)
	}
	return unknownAttribute(p.shape, name)
}

var reservedNames = []string{"fields", ":fields", "sort", "offset", "limit", "filter", cacheBuster}

// cacheBuster is a parameter that scripts in browsers add so that no cache answers;
// it means nothing.
const cacheBuster = "_"

// reserved reads a parameter that is no comparison.
func (p *queryParser) reserved(param parameter) (bool, error) {
	switch {
	case !slices.Contains(reservedNames, param.name):
		return false, nil
	case param.name == cacheBuster:
		return true, nil
	case param.operator != Equal:
		return true, problem.BadOperator.With("%s has no operator %s", param.name, param.operator)
	}
	switch param.name {
	case "fields", ":fields":
		if p.q.Selection == nil {
			p.q.Selection = newSelection(p.shape, p.selected)
		}
		p.q.Selection.add(param.value)
		return true, nil
	case "sort":
		keys, err := parseSort(p.shape, param.value, p.zone)
		p.q.Sort = append(p.q.Sort, keys...)
		return true, err
	case "offset":
		return true, p.count(param, &p.q.offset)
	case "limit":
		return true, p.count(param, &p.q.limit)
	}
	return true, problem.BadQuery.With("filter is not served; compare attributes by their names")
}

func (p *queryParser) count(param parameter, field *int) error {
	n, err := strconv.ParseUint(param.value, 10, 31)
	if err != nil {
		return problem.BadFormat.With("%s must be a number from 0, not %.40q", param.name, param.value)
	}
	if slices.Contains(p.seen, param.name) {
		return problem.BadQuery.With("%s is there twice", param.name)
	}
	p.seen = append(p.seen, param.name)
	*field, p.q.Paged = int(n), true
	return nil
}
