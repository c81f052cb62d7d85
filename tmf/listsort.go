package tmf

import (
	"iter"
	"net/http"
	"slices"
)

// place is where an item stands under ?sort.
type place struct {
	id    string
	ranks []rank
}

// sorted gives the ids of items in their order; equal ones keep that of the
// list. Of each only its id and what it is sorted by is held.
func (x *exchange) sorted(source iter.Seq2[Item, error], keys []sortKey) ([]string, error) {
	filled := slices.ContainsFunc(keys, func(k sortKey) bool { return k.path.filled })
	var places []place
	for item, err := range source {
		if err != nil {
			return nil, err
		}
		doc := x.seen(item, filled)
		p := place{id: item.ID, ranks: make([]rank, len(keys))}
		for i := range keys {
			p.ranks[i] = keys[i].rankOf(doc)
		}
		places = append(places, p)
	}
	slices.SortStableFunc(places, func(a, b place) int {
		for i := range keys {
			if order := keys[i].compare(a.ranks[i], b.ranks[i]); order != 0 {
				return order
			}
		}
		return 0
	})
	ids := make([]string, len(places))
	for i, p := range places {
		ids[i] = p.id
	}
	return ids, nil
}

// named gives the items with these ids. One that is gone meanwhile is left out.
func (x *exchange) named(ids []string) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		for _, id := range ids {
			item, err := x.collection().Get(x.r.Context(), x.call, id)
			if p := problemOf(err); p != nil && p.Status == http.StatusNotFound {
				continue
			}
			if !yield(item, err) || err != nil {
				return
			}
		}
	}
}
