package storetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"rator/store"
)

// Steady is what the suite keeps as a stable kind: with everything in it that a copy
// could share with another.
type Steady struct {
	store.Base
	Name   string
	Group  string
	Tags   []string
	Parts  []*Part
	Places map[string][]string
	First  *Part
	Raw    json.RawMessage
	Pair   [2]Part
}

// Part is a part of a Steady.
type Part struct {
	Word  string
	Marks []int
}

const steadyKind = "storetest_steady"

// Steadies are stable, with a unique index and one that is not.
var Steadies = store.Define(steadyKind, unknownThing, func(x *Steady) *store.Base { return &x.Base },
	store.Index[Steady]{Name: "name", Value: func(x *Steady) string { return x.Name }, Taken: nameTaken},
	store.Index[Steady]{Name: "group", Value: func(x *Steady) string { return x.Group }},
).Stable()

// newSteady is one whose every part says word.
func newSteady(name, group, word string) *Steady {
	part := func() Part { return Part{word, []int{len(word)}} }
	first, one := part(), part()
	return &Steady{Name: name, Group: group, Tags: []string{word}, Parts: []*Part{&one}, Places: map[string][]string{"here": {word}},
		First: &first, Raw: json.RawMessage(fmt.Sprintf("%q", word)), Pair: [2]Part{part(), part()}}
}

// say changes every part of x.
func (x *Steady) say(word string) {
	x.Tags[0], x.Places["here"][0], x.First.Word, x.Raw[1] = word, word, word, word[0]
	for _, p := range []*Part{x.Parts[0], x.First, &x.Pair[0], &x.Pair[1]} {
		p.Word, p.Marks[0] = word, -1
	}
	x.Places["there"] = []string{word}
	x.Tags = append(x.Tags, word)
}

// keepSteady inserts them in a transaction of their own, all in group g.
func (c *trial) keepSteady(names ...string) {
	c.Helper()
	c.update(func(tx store.Tx) error {
		for _, name := range names {
			if err := Steadies.Insert(tx, newSteady(name, "g", "first")); err != nil {
				return err
			}
		}
		return nil
	})
}

// reword has the one of that name say something else.
func reword(tx store.Tx, name, word string) error {
	x, err := Steadies.By(tx, "name", name)
	if err != nil {
		return err
	}
	y := newSteady(name, x.Group, word)
	y.Base = x.Base
	return Steadies.Put(tx, y)
}

// steadies is everything that is to be found of a and b, by every way of asking, as
// "a:word b:word" each; missing ones are left out.
func steadies(tx store.Tx) (string, error) {
	var ways []string
	told := func(x *Steady) string {
		got, _ := json.Marshal(x) // of strings and numbers
		if want, _ := json.Marshal(newSteady(x.Name, x.Group, x.Tags[0])); string(got) != string(want) {
			return string(got)
		}
		return x.Name + ":" + x.Tags[0]
	}
	var byName, byID, all, scanned []string
	for _, name := range []string{"a", "b"} {
		x, err := Steadies.By(tx, "name", name)
		switch {
		case err == nil:
			byName = append(byName, told(x))
			again, err := Steadies.Get(tx, x.ID)
			if err != nil {
				return "", err
			}
			byID = append(byID, told(again))
		case wantCode(err, unknownThing) != nil:
			return "", err
		}
	}
	for x, err := range Steadies.All(tx, "group", "g") {
		if err != nil {
			return "", err
		}
		all = append(all, told(x))
	}
	for x, err := range Steadies.Scan(tx) {
		if err != nil {
			return "", err
		}
		scanned = append(scanned, told(x))
	}
	for _, way := range [][]string{byName, byID, all, scanned} {
		if text := strings.Join(way, " "); len(ways) == 0 || ways[0] != text {
			ways = append(ways, text)
		}
	}
	return strings.Join(ways, " | "), nil // one way only, when all agree
}

// areSteady says that something else is to be found.
func areSteady(tx store.Tx, want string) error {
	got, err := steadies(tx)
	return errors.Join(err, expect("steadies", got, want))
}

// questions counts what a driver is asked.
type questions struct {
	store.Tx
	n int
}

func (q *questions) Get(kind string, id store.ID) (store.Record, error) {
	q.n++
	return q.Tx.Get(kind, id)
}

func (q *questions) Find(kind, index, value string, after store.ID, limit int) ([]store.Record, error) {
	q.n++
	return q.Tx.Find(kind, index, value, after, limit)
}

func (q *questions) Scan(kind string, after store.ID, limit int) ([]store.Record, error) {
	q.n++
	return q.Tx.Scan(kind, after, limit)
}
