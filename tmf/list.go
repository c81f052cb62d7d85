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
	total, known, err := x.collection().Count(x.r.Context(), x.call, q.Filter)
	if err != nil {
		return err
	}
	var (
		source iter.Seq2[Item, error]
		n      int // the place of the next item of source
	)
	switch {
	case len(q.sort) > 0:
		ids, err := x.sorted(x.matching(q.Filter, 0), q.sort)
		if err != nil {
			return err
		}
		n = min(p.first, len(ids))
		total, known, source = len(ids), true, x.named(ids[n:])
	case known && q.Filter.Empty():
		n = p.first
		source = x.matching(q.Filter, n)
	default:
		source = x.matching(q.Filter, 0)
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
	for item, err := range source {
		if err != nil {
			return err
		}
		if n >= p.first && n < p.end {
			out.add(q.selection.apply(x.show.show(item)))
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
func (x *exchange) again(source iter.Seq2[Item, error], q *Query, out *listWriter) error {
	n, held := 0, out.page.first+out.length
	out.known, out.full = true, false
	for item, err := range source {
		if err != nil {
			return err
		}
		if n >= out.page.end {
			break
		}
		if n >= held {
			out.add(q.selection.apply(x.show.show(item)))
		}
		n++
	}
	return out.end(out.length)
}

// matching gives the items that a filter takes.
func (x *exchange) matching(f *Filter, skip int) iter.Seq2[Item, error] {
	filled := f.filled()
	return func(yield func(Item, error) bool) {
		for item, err := range x.collection().List(x.r.Context(), x.call, f, skip) {
			if err == nil {
				err = x.r.Context().Err()
			}
			if err != nil {
				yield(Item{}, err)
				return
			}
			if f.Match(x.seen(item, filled)) && !yield(item, nil) {
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
