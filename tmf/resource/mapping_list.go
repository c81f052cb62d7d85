package resource

import (
	"iter"
	"slices"

	"rator/tmf/query"
)

// How many things one look reads at most: of a list, and of those of which little is
// wanted. Between two looks others get to run.
const (
	listed   = yieldEvery
	scanPage = yieldEvery
)

// scanner is a mapping that can tell what a filter asks for without making the
// whole of each thing.
type scanner interface {
	// scan is a way through the things that may match, in the list's order, of
	// which the attributes are wanted beside what the filter asks for.
	scan(call *Call, f *query.Filter, attributes []string) scan
}

// scan is a way that is gone once, a page in a transaction. next gives nothing
// more after a page that was the last.
type scan interface {
	next(u *Work, limit int) (items []Item, last bool, err error)
}

// fullScan are those of a mapping that makes its things whole.
type fullScan[T any] struct {
	c     *collection[T]
	of    wanted
	after []byte
	pages int // so far
}

// mostPages is how many pages a list takes that an index bounds.
const mostPages = 10

func (g *fullScan[T]) next(u *Work, _ int) ([]Item, bool, error) {
	if g.pages++; u.Bounded && g.pages > mostPages {
		return nil, false, ErrUnbounded
	}
	things, next, err := g.c.mapping.page(u, g.of, g.after, 0, listed)
	if err != nil {
		return nil, false, err
	}
	items, err := g.c.items(u, things)
	if err == nil {
		g.after = next
	}
	return items, next == nil, err
}

func (c *collection[T]) items(u *Work, things []*entity[T]) ([]Item, error) {
	if err := readOverlays(u, things); err != nil {
		return nil, err
	}
	items := make([]Item, len(things))
	for n, t := range things {
		if t.taken {
			items[n] = Item{ID: t.id, Taken: true}
			continue
		}
		var err error
		if _, items[n], err = c.item(u, t); err != nil {
			return nil, err
		}
	}
	return items, nil
}

func (c *collection[T]) Bounded(call *Call, f *query.Filter) bool {
	return c.mapping.bounded(call.Dialect, f)
}

func (c *collection[T]) Count(u *Work, f *query.Filter) (n int, known bool, err error) {
	err = u.newest(func(u *Work) (err error) {
		n, known, err = c.mapping.count(u, f)
		return err
	})
	return n, known, err
}

func (c *collection[T]) List(u *Work, skip, most int) iter.Seq2[Item, error] {
	var after []byte
	return paged(u, func(u *Work) ([]Item, bool, error) {
		things, next, err := c.mapping.page(u, wanted{whole: true}, after, skip, min(listed, most))
		if err != nil {
			return nil, false, err
		}
		items, err := c.items(u, things)
		if err == nil {
			after, skip, most = next, 0, most-len(things)
		}
		return items, next == nil || most <= 0, err
	})
}

func (c *collection[T]) Scan(u *Work, f *query.Filter, attributes []string) iter.Seq2[Item, error] {
	var way scan = &fullScan[T]{c: c, of: wanted{filter: f, whole: len(attributes) > 0}}
	if m, ok := c.mapping.(scanner); ok {
		way = m.scan(u.Call, f, attributes)
	}
	return paged(u, func(u *Work) ([]Item, bool, error) { return way.next(u, scanPage) })
}

func (c *collection[T]) Pick(u *Work, ids iter.Seq2[string, error]) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		read := func(some []string) bool {
			for i, err := range paged(u, func(u *Work) ([]Item, bool, error) {
				items, err := c.picked(u, some)
				return items, true, err
			}) {
				if !yield(i, err) || err != nil {
					return false
				}
			}
			return true
		}
		var some []string
		for id, err := range ids {
			if err != nil {
				yield(Item{}, err)
				return
			}
			if some = append(some, id); len(some) < listed {
				continue
			}
			if !read(some) {
				return
			}
			some = some[:0]
		}
		if len(some) > 0 {
			read(some)
		}
	}
}

func (c *collection[T]) picked(u *Work, ids []string) ([]Item, error) {
	things, err := c.mapping.find(u, ids)
	if err != nil {
		return nil, err
	}
	return c.items(u, slices.DeleteFunc(things, func(t *entity[T]) bool { return t == nil }))
}

// paged gives what page gives, a page in each look, up to the last. No look is going
// on while the caller has an item, unless u is one.
func paged(u *Work, page func(*Work) (items []Item, last bool, err error)) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		for {
			var (
				items []Item
				last  bool
			)
			err := u.newest(func(u *Work) (err error) {
				items, last, err = page(u)
				return err
			})
			if err != nil {
				yield(Item{}, err)
				return
			}
			for _, i := range items {
				if !yield(i, nil) {
					return
				}
			}
			if last {
				return
			}
		}
	}
}
