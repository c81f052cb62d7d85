package storetest

import (
	"encoding/json"
	"fmt"
	"testing"

	"rator/failure"
	"rator/store"
)

// Thing is what the suite keeps.
type Thing struct {
	store.Base
	Name   string
	Number string
	Group  string
	Note   string
	Shelf  string `json:",omitempty"`
}

const (
	thingKind   = "storetest_thing"
	otherKind   = "storetest_other"
	shelvedKind = "storetest_shelved"
	crowdedKind = "storetest_crowded"
)

// The codes of Things, in English only as nobody but tests meets them.
var (
	unknownThing = failure.Declare(9001, "STORETEST_UNKNOWN", failure.NotFound, failure.Text{"EN": "unknown thing"})
	nameTaken    = failure.Declare(9002, "STORETEST_NAME_TAKEN", failure.Conflict, failure.Text{"EN": "name is taken"})
	numberTaken  = failure.Declare(9003, "STORETEST_NUMBER_TAKEN", failure.Conflict, failure.Text{"EN": "number is taken"})
)

// Things has two unique indexes and one that is not.
var Things = store.Define(thingKind, unknownThing, func(x *Thing) *store.Base { return &x.Base },
	store.Index[Thing]{Name: "name", Value: func(x *Thing) string { return x.Name }, Taken: nameTaken},
	store.Index[Thing]{Name: "number", Value: func(x *Thing) string { return x.Number }, Taken: numberTaken},
	store.Index[Thing]{Name: "group", Value: func(x *Thing) string { return x.Group }},
)

// shelved has a unique index and one that nobody asks for gaps.
var shelved = store.Define(shelvedKind, unknownThing, func(x *Thing) *store.Base { return &x.Base },
	store.Index[Thing]{Name: "name", Value: func(x *Thing) string { return x.Name }, Taken: nameTaken},
	store.Index[Thing]{Name: "shelf", Value: func(x *Thing) string { return x.Shelf }, Append: true},
)

// Crowded has an index whose values many have.
var Crowded = store.Define(crowdedKind, unknownThing, func(x *Thing) *store.Base { return &x.Base },
	store.Index[Thing]{Name: "group", Value: func(x *Thing) string { return x.Group }, Common: true},
)

// Others has no index, and no code for an unknown id.
var Others = store.Define(otherKind, nil, func(x *Thing) *store.Base { return &x.Base })

// record is x as drivers see it.
func (x Thing) record() store.Record {
	doc, err := json.Marshal(x)
	if err != nil {
		panic(err) // strings only
	}
	return store.Record{ID: x.ID, Version: x.Version, Doc: doc, Keys: []store.Key{
		{Index: "name", Value: x.Name, Unique: true},
		{Index: "number", Value: x.Number, Unique: true},
		{Index: "group", Value: x.Group},
	}}
}

// insert keeps a new thing the way drivers are asked to.
func insert(tx store.Tx, x Thing) (Thing, error) {
	id, err := tx.NextID()
	if err != nil {
		return x, err
	}
	x.Base = store.Base{ID: id, Version: 1}
	return x, tx.Insert(thingKind, x.record())
}

// keep inserts named things in a transaction of their own.
func (c *trial) keep(names ...string) []Thing {
	c.Helper()
	var kept []Thing
	c.update(func(tx store.Tx) error {
		kept = nil
		for _, name := range names {
			x, err := insert(tx, Thing{Name: name})
			if err != nil {
				return err
			}
			kept = append(kept, x)
		}
		return nil
	})
	return kept
}

// fieldsOf is the thing in a record.
func fieldsOf(r store.Record) (x Thing, err error) {
	if err := json.Unmarshal(r.Doc, &x); err != nil {
		return x, fmt.Errorf("record %s: %w", r.ID, err)
	}
	x.Base = store.Base{ID: r.ID, Version: r.Version}
	return x, nil
}

func thingsOf(rs []store.Record) ([]Thing, error) {
	xs := make([]Thing, len(rs))
	for i, r := range rs {
		var err error
		if xs[i], err = fieldsOf(r); err != nil {
			return nil, err
		}
	}
	return xs, nil
}

// thing is the thing in a record; a record that is none fails the test.
func thing(t testing.TB, r store.Record) Thing {
	t.Helper()
	x, err := fieldsOf(r)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// namesOf lists records by name, for comparing.
func namesOf(t testing.TB, records []store.Record) string {
	t.Helper()
	s := make([]*Thing, len(records))
	for i, r := range records {
		x := thing(t, r)
		s[i] = &x
	}
	return names(s)
}

// expect compares by what fmt prints of them.
func expect(what string, got, want any) error {
	if g, w := fmt.Sprint(got), fmt.Sprint(want); g != w {
		return fmt.Errorf("%s: got %q, want %q", what, g, w)
	}
	return nil
}
