package bolt

import (
	"errors"
	"maps"
	"slices"

	"rator/store"
)

// settled are the copies of the stable kinds in the newest state: of all but those
// that a commit under way changes, or one of which nobody knows whether it did. It is
// never changed, only replaced: the writer takes the kinds of a commit out before
// anybody can see it (unsettle), and gives them new copies after everybody does
// (settle).
type settled map[string]*store.Copies

func (d *DB) unsettle(kinds kindSet) {
	if len(kinds) == 0 {
		return
	}
	next := maps.Clone(*d.settled.Load())
	for _, name := range kinds {
		delete(next, name)
	}
	d.settled.Store(&next)
}

func (d *DB) settle(kinds kindSet) {
	if len(kinds) == 0 {
		return
	}
	next := maps.Clone(*d.settled.Load())
	for _, name := range kinds {
		next[name] = store.NewCopies()
	}
	d.settled.Store(&next)
}

// copies are those of a state: what was settled before the state was taken and still
// after it, less what was written since by others of the group.
type copies struct {
	before, after *settled
	wrote         kindSet
}

func (c copies) of(kind string) *store.Copies {
	if c.before == nil || c.after == nil || slices.Contains(c.wrote, kind) {
		return nil
	}
	found := (*c.before)[kind]
	if c.before != c.after && found != (*c.after)[kind] {
		return nil
	}
	return found
}

// holdNUL reports whether some copy is of a document with U+0000.
func (c copies) holdNUL() bool {
	if c.before == nil {
		return false
	}
	for _, of := range *c.before {
		if of.HoldNUL() {
			return true
		}
	}
	return false
}

// errNotCopied is what a Look hears over copies that lack an answer; it is run anew
// then, so nobody else does.
var errNotCopied = errors.New("store: no copy of it")

func (t *tx) Copies(kind string) *store.Copies {
	if t.over || slices.Contains(t.wrote, kind) {
		return nil
	}
	return t.copies.of(kind)
}

// kindSet is names of a few kinds.
type kindSet []string

// with gives the set with a kind in it. The set it is of stays as it is.
func (s kindSet) with(kind string) kindSet {
	if slices.Contains(s, kind) {
		return s
	}
	return append(slices.Clip(s), kind)
}

func (s kindSet) and(others kindSet) kindSet {
	for _, kind := range others {
		s = s.with(kind)
	}
	return s
}
