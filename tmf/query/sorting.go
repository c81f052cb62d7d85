package query

import (
	"cmp"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
	"rator/tmf/problem"
)

// SortKey is one attribute of ?sort.
type SortKey struct {
	Path       Path
	descending bool
	zone       *time.Location // of date-times that come without one
}

// parseSort reads -lastModified,name. A + before a name, or the space that a
// query string makes of it, changes nothing. It fails with a *problem.Error.
func parseSort(shape *dialect.Shape, list string, zone *time.Location) ([]SortKey, error) {
	var keys []SortKey
	for name := range strings.SplitSeq(list, ",") {
		name = strings.TrimSpace(name)
		name, descending := strings.CutPrefix(name, "-")
		name = strings.TrimSpace(strings.TrimPrefix(name, "+"))
		if name == "" {
			continue
		}
		p, ok := Resolve(shape, name)
		switch {
		case !ok:
			return nil, problem.BadQuery.With("sort: %s has no attribute %.80q", shape.Name, name)
		case p.Leaf.Type == dialect.OfObject:
			return nil, problem.BadQuery.With("sort: %s is an object", name)
		case len(keys) == MaxTerms:
			return nil, problem.BadQuery.With("sort has more than %d attributes", MaxTerms)
		}
		keys = append(keys, SortKey{p, descending, zone})
	}
	return keys, nil
}

// Rank is what one document is sorted by under one key: the first value at its
// path.
type Rank struct {
	present bool
	text    string
	number  decimal.Decimal
	instant time.Time
}

// RankOf keeps no more of the document than it must.
func (k *SortKey) RankOf(doc jsondoc.Value) Rank {
	v, found := k.Path.first(doc, 0)
	if !found {
		return Rank{}
	}
	r := Rank{present: true}
	switch k.Path.Leaf.Type {
	case dialect.OfNumber, dialect.OfInteger:
		literal, ok := k.Path.Leaf.Number(v)
		if r.present = ok; ok {
			r.number = jsondoc.Decimal(literal)
		}
	case dialect.OfDateTime:
		r.instant, _, r.present = dialect.ParseInstant(v.Text(), k.zone)
	default:
		if r.text = strings.Clone(v.Text()); k.Path.Leaf.Fold {
			r.text = strings.ToLower(r.text)
		}
	}
	return r
}

// Compare puts documents without the attribute last, whatever the direction.
func (k *SortKey) Compare(a, b Rank) int {
	if !a.present || !b.present {
		switch {
		case a.present:
			return -1
		case b.present:
			return 1
		}
		return 0
	}
	order := cmp.Compare(a.text, b.text)
	switch k.Path.Leaf.Type {
	case dialect.OfNumber, dialect.OfInteger:
		order = a.number.Cmp(b.number)
	case dialect.OfDateTime:
		order = a.instant.Compare(b.instant)
	}
	if k.descending {
		order = -order
	}
	return order
}
