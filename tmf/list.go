package tmf

import (
	"iter"
	"net/http"
	"slices"

	"rator/failure"
)

// list answers the items that the query asks for, as they come: it holds no more
// than a part of the answer.
func (x *exchange) list() error {
	q, err := x.query()
	if err != nil {
		return err
	}
	p, err := pageOf(x.r, q)
	if err != nil {
		return err
	}
	total, known, err := x.collection().Count(x.r.Context(), x.call, q.Filter)
	if err != nil {
		return err
	}
	source := x.matching(q.Filter)
	if len(q.sort) > 0 {
		ids, err := x.sorted(source, q.sort)
		if err != nil {
			return err
		}
		total, known, source = len(ids), true, x.named(ids, p.first)
	}
	if known {
		if err := p.check(total); err != nil {
			return err
		}
	}
	out := &listWriter{exchange: x, page: p, total: total, known: known}
	if known && (x.r.Method == http.MethodHead || p.length(total) == 0) {
		return out.end(p.length(total))
	}
	n := 0
	for doc, err := range source {
		if err != nil {
			return err
		}
		if n >= p.first && n < p.end {
			out.add(q.selection.apply(doc))
		}
		if n++; known && n >= p.end {
			break
		}
	}
	if !known {
		out.total = n
		if err := p.check(n); err != nil {
			return err
		}
	}
	if out.full {
		return x.again(source, q, out)
	}
	return out.end(out.length)
}

// again goes through a list that is too long to hold a second time, now that its
// length is known and the header can be written: after what is held already it
// writes the rest.
func (x *exchange) again(source iter.Seq2[Value, error], q *Query, out *listWriter) error {
	n, held := 0, out.page.first+out.length
	out.known, out.full = true, false
	for doc, err := range source {
		if err != nil {
			return err
		}
		if n >= out.page.end {
			break
		}
		if n >= held {
			out.add(q.selection.apply(doc))
		}
		n++
	}
	return out.end(out.length)
}

// matching gives the answer documents that a filter takes.
func (x *exchange) matching(f *Filter) iter.Seq2[Value, error] {
	return func(yield func(Value, error) bool) {
		for item, err := range x.collection().List(x.r.Context(), x.call, f) {
			if err == nil {
				err = x.r.Context().Err()
			}
			if err != nil {
				yield(Value{}, err)
				return
			}
			if doc := x.show.show(item); f.Match(doc) && !yield(doc, nil) {
				return
			}
		}
	}
}

// place is where a document stands under ?sort.
type place struct {
	id    string
	ranks []rank
}

// sorted gives the ids of documents in their order; equal ones keep that of the
// list. Of each document only what it is sorted by is held.
func (x *exchange) sorted(source iter.Seq2[Value, error], keys []sortKey) ([]string, error) {
	var places []place
	for doc, err := range source {
		if err != nil {
			return nil, err
		}
		id, _ := doc.Get("id")
		p := place{id: id.text, ranks: make([]rank, len(keys))}
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

// named gives the answer documents of ids, but for the first ones, which are not
// looked up. One that is gone meanwhile is left out.
func (x *exchange) named(ids []string, first int) iter.Seq2[Value, error] {
	return func(yield func(Value, error) bool) {
		for n, id := range ids {
			doc := Value{}
			if n >= first {
				item, err := x.collection().Get(x.r.Context(), x.call, id)
				if p := problemOf(err); p != nil && p.Status == http.StatusNotFound || failure.KindOf(err) == failure.NotFound {
					continue
				}
				if err != nil {
					yield(Value{}, err)
					return
				}
				doc = x.show.show(item)
			}
			if !yield(doc, nil) {
				return
			}
		}
	}
}
