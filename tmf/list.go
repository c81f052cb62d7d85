package tmf

import (
	"iter"
	"net/http"
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
	found, err := x.survey(q, p)
	if err != nil {
		return err
	}
	if err := p.check(found.total); err != nil {
		return err
	}
	out := &listWriter{exchange: x, page: p, total: found.total}
	if x.r.Method == http.MethodHead || p.length(found.total) == 0 {
		for _, err := range found.none {
			if err != nil {
				return err
			}
		}
		return out.end(p.length(found.total))
	}
	for item, err := range found.items {
		if err != nil {
			return err
		}
		out.add(q.selection.apply(x.show.show(item)))
	}
	return out.end(out.length)
}

// survey is what is known of a list before it is written.
type survey struct {
	total int                    // matches
	items iter.Seq2[Item, error] // those of the page, whole
	none  iter.Seq2[Item, error] // no items, instead of items: to have it on record
}

// heldIDs is how many ids of what a page shows are held. A page that is longer is
// gone to again.
const heldIDs = 1000

// survey counts the items that match, without reading them where that can be, and
// finds those of the page.
func (x *exchange) survey(q *Query, p page) (*survey, error) {
	total, known, err := x.collection().Count(x.r.Context(), x.call, q.Filter)
	if err != nil {
		return nil, err
	}
	nothing := x.pick(q.Filter, each[string](nil))
	if !known {
		total = 0
	}
	s := &survey{total: total, none: nothing}
	switch {
	case len(q.sort) > 0:
		ids, err := x.sorted(q.Filter, q.sort)
		if err != nil {
			return nil, err
		}
		s.total = len(ids)
		s.items = x.pick(q.Filter, each(ids[min(p.first, len(ids)):min(p.end, len(ids))]))
	case known && q.Filter.Empty():
		s.items = x.attended(x.collection().List(x.r.Context(), x.call, p.first, p.length(total)))
		s.none = func(func(Item, error) bool) {}
	case known:
		s.items = x.pick(q.Filter, idsOf(x.glances(q.Filter, nil), p.first, p.length(total)))
	default:
		var ids []string
		for item, err := range x.glances(q.Filter, nil) {
			if err != nil {
				return nil, err
			}
			if s.total >= p.first && s.total < p.end && len(ids) <= heldIDs {
				ids = append(ids, item.ID)
			}
			s.total++
		}
		if s.items = x.pick(q.Filter, each(ids)); len(ids) > heldIDs {
			s.items = x.pick(q.Filter, idsOf(x.glances(q.Filter, nil), p.first, p.length(s.total)))
		}
	}
	return s, nil
}

// glances gives the items that a filter takes, with no more of them than it and
// attributes ask for.
func (x *exchange) glances(f *Filter, attributes []string) iter.Seq2[Item, error] {
	return x.taken(f, x.collection().Glance(x.r.Context(), x.call, f, attributes))
}

// pick gives the items with these ids that a filter takes still.
func (x *exchange) pick(f *Filter, ids iter.Seq2[string, error]) iter.Seq2[Item, error] {
	return x.taken(f, x.collection().Pick(x.r.Context(), x.call, ids))
}

// taken leaves out what a filter does not take.
func (x *exchange) taken(f *Filter, all iter.Seq2[Item, error]) iter.Seq2[Item, error] {
	filled := f.filled()
	return func(yield func(Item, error) bool) {
		for item, err := range x.attended(all) {
			if (err != nil || item.Taken || f.Match(x.seen(item, filled))) && !yield(item, err) {
				return
			}
		}
	}
}

// attended ends a list, with an error, when nobody waits for it any more.
func (x *exchange) attended(all iter.Seq2[Item, error]) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		for item, err := range all {
			if err == nil {
				err = x.r.Context().Err()
			}
			if !yield(item, err) || err != nil {
				return
			}
		}
	}
}

// idsOf are those of items but the first skip, at most so many.
func idsOf(items iter.Seq2[Item, error], skip, most int) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for item, err := range items {
			if skip--; (err != nil || skip < 0) && !yield(item.ID, err) || err != nil || -skip >= most {
				return
			}
		}
	}
}

// seen is the document of an item for filters and sorting: the answer document,
// which costs more, only where they ask for what the server fills in.
func (x *exchange) seen(item Item, filled bool) Value {
	if filled {
		return x.show.show(item)
	}
	return item.Document
}
