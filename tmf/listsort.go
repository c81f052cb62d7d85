package tmf

import (
	"slices"

	"rator/tmf/query"
	"rator/tmf/resource"
)

// place is where an item stands under ?sort.
type place struct {
	id    string
	ranks []query.Rank
}

// sorted gives the ids of the items that a filter takes in their order; equal ones
// keep that of the list. Of each only its id and what it is sorted by is held.
func (x *exchange) sorted(u *resource.Work, f *query.Filter, keys []query.SortKey) ([]string, error) {
	var attributes []string
	filled := false
	for i := range keys {
		attributes = keys[i].Path.AppendAttributes(attributes)
		filled = filled || keys[i].Path.Filled
	}
	var pageIndex []place
	for item, err := range x.scan(u, f, attributes) {
		if err != nil {
			return nil, err
		}
		doc := x.seen(item, filled)
		p := place{id: item.ID, ranks: make([]query.Rank, len(keys))}
		for i := range keys {
			p.ranks[i] = keys[i].RankOf(doc)
		}
		pageIndex = append(pageIndex, p)
	}
	slices.SortStableFunc(pageIndex, func(a, b place) int {
		for i := range keys {
			if order := keys[i].Compare(a.ranks[i], b.ranks[i]); order != 0 {
				return order
			}
		}
		return 0
	})
	ids := make([]string, len(pageIndex))
	for i, p := range pageIndex {
		ids[i] = p.id
	}
	return ids, nil
}
