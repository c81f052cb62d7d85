package bolt

import (
	"bytes"
	"slices"
)

// changes are the rows that a layer has written to a bucket, in order of key. They lie in
// runs, so that one more costs the same whether there are ten or a hundred thousand.
type changes struct {
	runs [][]change // none is empty
	// What a small one begins with, so that it is one piece of memory.
	one [1][]change
	few [4]change
}

// change is a row written; a nil value is a row dropped.
type change struct{ key, value []byte }

// longestRun is how many changes lie in a run at most.
const longestRun = 64

func byKey(c change, key []byte) int { return bytes.Compare(c.key, key) }

// find is where a key is, or would be: the change at of the run. There is no such run where
// all keys are lower.
func (cs *changes) find(key []byte) (run, at int, there bool) {
	if cs == nil {
		return 0, 0, false
	}
	if len(cs.runs) > 1 {
		run, _ = slices.BinarySearchFunc(cs.runs, key, func(r []change, key []byte) int { return byKey(r[len(r)-1], key) })
	}
	if run == len(cs.runs) {
		return run, 0, false
	}
	at, there = slices.BinarySearchFunc(cs.runs[run], key, byKey)
	if at == len(cs.runs[run]) {
		return run + 1, 0, false
	}
	return run, at, there
}

// get is what a row was changed to; known is false where it was not.
func (cs *changes) get(key []byte) (value []byte, known bool) {
	run, at, there := cs.find(key)
	if !there {
		return nil, false
	}
	return cs.runs[run][at].value, true
}

func (cs *changes) put(c change) {
	run, at, there := cs.find(c.key)
	switch {
	case there:
		cs.runs[run][at].value = c.value
		return
	case cs.runs == nil:
		cs.one[0] = append(cs.few[:0], c)
		cs.runs = cs.one[:]
		return
	case run == len(cs.runs): // the highest
		run--
		at = len(cs.runs[run])
	}
	r := cs.runs[run]
	switch {
	case len(r) < longestRun:
		cs.runs[run] = slices.Insert(r, at, c)
	case at == len(r): // what comes in order fills the runs
		cs.runs = slices.Insert(cs.runs, run+1, []change{c})
	default:
		half := len(r) / 2
		upper := append(make([]change, 0, longestRun), r[half:]...)
		clear(r[half:])
		cs.runs = slices.Insert(cs.runs, run+1, upper)
		cs.runs[run] = r[:half]
		cs.put(c)
	}
}

// each gives all, in order of key, until fn fails.
func (cs *changes) each(fn func(change) error) error {
	for _, r := range cs.runs {
		for _, c := range r {
			if err := fn(c); err != nil {
				return err
			}
		}
	}
	return nil
}

// place is a change among others, to be gone on from in either direction.
type place struct {
	of      *changes
	run, at int
}

// here is the change at the place; false where there is none.
func (p *place) here() (change, bool) {
	if p.of == nil || p.run < 0 || p.run >= len(p.of.runs) {
		return change{}, false
	}
	return p.of.runs[p.run][p.at], true
}

func (p *place) next() {
	if p.at++; p.at == len(p.of.runs[p.run]) {
		p.run, p.at = p.run+1, 0
	}
}

func (p *place) previous() {
	if p.at--; p.at < 0 {
		if p.run--; p.run >= 0 {
			p.at = len(p.of.runs[p.run]) - 1
		}
	}
}
