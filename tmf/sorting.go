package tmf

import (
	"cmp"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
	"rator/tmf/problem"
)

// sortKey is one attribute of ?sort.
type sortKey struct {
	path       path
	descending bool
	zone       *time.Location // of date-times that come without one
}

// parseSort reads -lastModified,name. A + before a name, or the space that a
// query string makes of it, changes nothing. It fails with a *problem.Error.
func parseSort(shape *dialect.Shape, list string, zone *time.Location) ([]sortKey, error) {
	var keys []sortKey
	for name := range strings.SplitSeq(list, ",") {
		name = strings.TrimSpace(name)
		name, descending := strings.CutPrefix(name, "-")
		name = strings.TrimSpace(strings.TrimPrefix(name, "+"))
		if name == "" {
			continue
		}
		p, ok := resolve(shape, name)
		switch {
		case !ok:
			return nil, problem.BadQuery.With("sort: %s has no attribute %.80q", shape.Name, name)
		case p.leaf.Type == dialect.OfObject:
			return nil, problem.BadQuery.With("sort: %s is an object", name)
		case len(keys) == maxTerms:
			return nil, problem.BadQuery.With("sort has more than %d attributes", maxTerms)
		}
		keys = append(keys, sortKey{p, descending, zone})
	}
	return keys, nil
}

func sortText(keys []sortKey) string {
	names := make([]string, len(keys))
	for i, k := range keys {
		if names[i] = k.path.text; k.descending {
			names[i] = "-" + names[i]
		}
	}
	return strings.Join(names, ",")
}

// rank is what one document is sorted by under one key: the first value at its
// path.
type rank struct {
	present bool
	text    string
	number  decimal.Decimal
	instant time.Time
}

// rankOf keeps no more of the document than it must.
func (k *sortKey) rankOf(doc jsondoc.Value) rank {
	v, found := k.path.first(doc, 0)
	if !found {
		return rank{}
	}
	r := rank{present: true}
	switch k.path.leaf.Type {
	case dialect.OfNumber, dialect.OfInteger:
		literal, ok := k.path.leaf.Number(v)
		if r.present = ok; ok {
			r.number = jsondoc.Decimal(literal)
		}
	case dialect.OfDateTime:
		r.instant, _, r.present = dialect.ParseInstant(v.Text(), k.zone)
	default:
		if r.text = strings.Clone(v.Text()); k.path.leaf.Fold {
			r.text = strings.ToLower(r.text)
		}
	}
	return r
}

// compare puts documents without the attribute last, whatever the direction.
func (k *sortKey) compare(a, b rank) int {
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
	switch k.path.leaf.Type {
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
