package tmf

import (
	"errors"
	"iter"
	"net/http"
	"strconv"
	"time"

	"rator/catalogue"
	"rator/tmf/jsondoc"
	"rator/tmf/query"
	"rator/tmf/resource"
	"rator/unit"
)

// list answers the items that the query asks for. One that an index or its limit
// bounds is one look, and leaves when that is over. Every other leaves as it comes: no
// more than a part of the answer is held.
func (x *exchange) list() error {
	var (
		q   *query.Query
		p   query.Page
		out *listWriter
	)
	a := x.ask(nil)
	a.Apart = true
	receive := a.Receive
	a.Receive = func() error {
		err := receive()
		a.Slow = err == nil && !x.boundedList()
		return err
	}
	a.Prepare = func(b *catalogue.Brand) (_ unit.Question, err error) {
		if q, err = x.query(b.Zone()); err == nil {
			p, err = query.PageOf(x.r, q)
		}
		return nil, err
	}
	err := x.through(a, func(u *resource.Work) (err error) {
		out, err = x.listOf(u, q, p)
		return err
	})
	if err != nil {
		return err
	}
	return out.end()
}

// boundedList reports whether an index or the page may bound what is looked at for a
// list. What cannot be read is refused before anything is looked at.
func (x *exchange) boundedList() bool {
	q, err := x.query(time.UTC)
	return err != nil || (len(q.Sort) == 0 || !q.Filter.Empty()) && x.collection().Bounded(x.call, q.Filter)
}

// listOf finds the items of a list.
func (x *exchange) listOf(u *resource.Work, q *query.Query, p query.Page) (out *listWriter, err error) {
	defer func() {
		if out != nil {
			u.Unit.Note("listed " + strconv.Itoa(out.length))
		}
	}()
	if !u.Unit.Ask.Slow {
		err := u.LookBehind(func(u *resource.Work) error {
			u.Bounded, out = true, &listWriter{exchange: x, page: p}
			return x.fill(u, out, q)
		})
		switch {
		case errors.Is(err, resource.ErrUnbounded):
			if err := u.Unit.Slow(); err != nil {
				return nil, err
			}
		case !errors.Is(err, errTooMuch):
			return out, err
		}
	}
	out = &listWriter{exchange: x, page: p, pause: u.Unit.Pause}
	return out, x.fill(u, out, q)
}

// fill writes the items of a page.
func (x *exchange) fill(u *resource.Work, out *listWriter, q *query.Query) error {
	p := out.page
	found, err := x.survey(u, q, p)
	if err != nil {
		return err
	}
	if err := p.Check(found.total); err != nil {
		return err
	}
	out.total = found.total
	if x.r.Method == http.MethodHead || p.Length(found.total) == 0 {
		out.promised = p.Length(found.total)
		return nil
	}
	if u.Bounded && p.Length(found.total) > resource.MaxBounded {
		return resource.ErrUnbounded
	}
	for item, err := range found.items {
		if err != nil {
			return err
		}
		if err := out.add(q.Selection.Apply(x.show.Show(item))); err != nil {
			return err
		}
	}
	out.promised = out.length
	return nil
}

// survey is what is known of a list before it is written.
type survey struct {
	total int                             // matches
	items iter.Seq2[resource.Item, error] // those of the page, whole
}

// heldIDs is how many ids of what a page shows are held. A page that is longer is
// gone to again.
const heldIDs = 1000

// survey counts the items that match, without reading them where that can be, and
// finds those of the page.
func (x *exchange) survey(u *resource.Work, q *query.Query, p query.Page) (*survey, error) {
	total, known, err := x.collection().Count(u, q.Filter)
	if err != nil {
		return nil, err
	}
	if !known {
		if u.Bounded && q.Filter.Empty() {
			return nil, resource.ErrUnbounded
		}
		total = 0
	}
	s := &survey{total: total}
	switch {
	case len(q.Sort) > 0:
		ids, err := x.sorted(u, q.Filter, q.Sort)
		if err != nil {
			return nil, err
		}
		s.total = len(ids)
		s.items = x.pick(u, q.Filter, resource.Each(ids[min(p.First, len(ids)):min(p.End, len(ids))]))
	case known && q.Filter.Empty():
		s.items = x.attended(x.collection().List(u, p.First, p.Length(total)))
	case known:
		s.items = x.pick(u, q.Filter, idsOf(x.scan(u, q.Filter, nil), p.First, p.Length(total)))
	default:
		var ids []string
		for item, err := range x.scan(u, q.Filter, nil) {
			if err != nil {
				return nil, err
			}
			if s.total >= p.First && s.total < p.End && len(ids) <= heldIDs {
				ids = append(ids, item.ID)
			}
			if s.total++; u.Bounded && s.total > resource.MaxBounded {
				return nil, resource.ErrUnbounded
			}
		}
		if s.items = x.pick(u, q.Filter, resource.Each(ids)); len(ids) > heldIDs {
			s.items = x.pick(u, q.Filter, idsOf(x.scan(u, q.Filter, nil), p.First, p.Length(s.total)))
		}
	}
	return s, nil
}

// scan gives the items that a filter takes, with no more of them than it and
// attributes ask for.
func (x *exchange) scan(u *resource.Work, f *query.Filter, attributes []string) iter.Seq2[resource.Item, error] {
	return x.taken(f, x.collection().Scan(u, f, attributes))
}

// pick gives the items with these ids that a filter takes still.
func (x *exchange) pick(u *resource.Work, f *query.Filter, ids iter.Seq2[string, error]) iter.Seq2[resource.Item, error] {
	return x.taken(f, x.collection().Pick(u, ids))
}

// taken leaves out what a filter does not take.
func (x *exchange) taken(f *query.Filter, all iter.Seq2[resource.Item, error]) iter.Seq2[resource.Item, error] {
	filled := f.Filled()
	return func(yield func(resource.Item, error) bool) {
		for item, err := range x.attended(all) {
			if (err != nil || item.Taken || f.Match(x.seen(item, filled))) && !yield(item, err) {
				return
			}
		}
	}
}

// attended ends a list, with an error, when nobody waits for it any more.
func (x *exchange) attended(all iter.Seq2[resource.Item, error]) iter.Seq2[resource.Item, error] {
	return func(yield func(resource.Item, error) bool) {
		for item, err := range all {
			if err == nil && x.r.Context().Err() != nil {
				err = errHungUp
			}
			if !yield(item, err) || err != nil {
				return
			}
		}
	}
}

// idsOf are those of items but the first skip, at most so many.
func idsOf(items iter.Seq2[resource.Item, error], skip, most int) iter.Seq2[string, error] {
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
func (x *exchange) seen(item resource.Item, filled bool) jsondoc.Value {
	if filled {
		return x.show.Show(item)
	}
	return item.Document
}
