package tmf

import (
	"context"
	"iter"
	"net/http"
	"strconv"
)

// How many things one short transaction reads at most: of a list, and of those of
// which little is wanted.
const (
	listed  = 100
	glanced = 500
)

// glancing is a mapping that can tell what a filter asks for without making the
// whole of each thing.
type glancing interface {
	// glances is a way through the things that may match, in the list's order, of
	// which the attributes are wanted beside what the filter asks for.
	glances(call *Call, f *Filter, attributes []string) glances
}

// glances is a way that is gone once, a page in a transaction. next gives nothing
// more after a page that was the last.
type glances interface {
	next(u *unit, limit int) (items []Item, last bool, err error)
}

// wholeGlances are those of a mapping that makes its things whole.
type wholeGlances struct {
	c     *collection
	of    wanted
	after []byte
}

func (g *wholeGlances) next(u *unit, _ int) ([]Item, bool, error) {
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

func (c *collection) items(u *unit, things []*thing) ([]Item, error) {
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

func (c *collection) Count(ctx context.Context, call *Call, f *Filter) (n int, known bool, err error) {
	err = c.business.look(ctx, call, func(u *unit) (err error) {
		n, known, err = c.mapping.count(u, f)
		return err
	})
	return n, known, err
}

func (c *collection) List(ctx context.Context, call *Call, skip, most int) iter.Seq2[Item, error] {
	var after []byte
	return c.told(call, c.paged(ctx, call, func(u *unit) ([]Item, bool, error) {
		things, next, err := c.mapping.page(u, wanted{whole: true}, after, skip, min(listed, most))
		if err != nil {
			return nil, false, err
		}
		items, err := c.items(u, things)
		if err == nil {
			after, skip, most = next, 0, most-len(things)
		}
		return items, next == nil || most <= 0, err
	}))
}

func (c *collection) Glance(ctx context.Context, call *Call, f *Filter, attributes []string) iter.Seq2[Item, error] {
	var way glances = &wholeGlances{c: c, of: wanted{filter: f, whole: len(attributes) > 0}}
	if m, ok := c.mapping.(glancing); ok {
		way = m.glances(call, f, attributes)
	}
	return c.paged(ctx, call, func(u *unit) ([]Item, bool, error) { return way.next(u, glanced) })
}

func (c *collection) Pick(ctx context.Context, call *Call, ids iter.Seq2[string, error]) iter.Seq2[Item, error] {
	return c.told(call, func(yield func(Item, error) bool) {
		read := func(some []string) bool {
			for i, err := range c.paged(ctx, call, func(u *unit) ([]Item, bool, error) {
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
	})
}

func (c *collection) picked(u *unit, ids []string) ([]Item, error) {
	var things []*thing
	for _, id := range ids {
		t, err := c.mapping.find(u, id)
		if p := problemOf(err); p != nil && p.Status == http.StatusNotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		things = append(things, t)
	}
	return c.items(u, things)
}

// paged gives what page gives, each page from a transaction of its own, up to the
// last.
func (c *collection) paged(ctx context.Context, call *Call, page func(*unit) (items []Item, last bool, err error)) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		for {
			var (
				items []Item
				last  bool
			)
			err := c.business.look(ctx, call, func(u *unit) (err error) {
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

// told has a list's audit row written when it ends, whoever ends it.
func (c *collection) told(call *Call, list iter.Seq2[Item, error]) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		b := c.business
		started, given := b.now(), 0
		note := func(err error) error {
			u := &unit{call: call, notes: []string{"listed " + strconv.Itoa(given)}}
			return b.behind(u, started, outcomeOf(err))
		}
		for i, err := range list {
			if err != nil {
				_ = note(err) // the first error is what callers learn
				yield(Item{}, err)
				return
			}
			if given++; !yield(i, nil) {
				if err := note(nil); err != nil {
					b.Log.Error("audit row not kept", "hookpoint", call.Right, "cause", err)
				}
				return
			}
		}
		if err := note(nil); err != nil {
			yield(Item{}, err)
		}
	}
}
