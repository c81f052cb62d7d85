package postgres

import (
	"context"
	"fmt"
	"maps"
	"testing"
	"time"

	"rator/store"
	"rator/store/storetest"
)

// TestLongView: what goes through everything does not remember everything, and sees it all.
func TestLongView(t *testing.T) {
	db, ctx := openTest(t, t.TempDir(), Options{}), context.Background()
	defer db.Close()
	const all, page = mostKnown + 2000, 1000
	for n := 0; n < all; n += page {
		err := db.Update(ctx, func(tx store.Tx) error {
			for i := range page {
				if err := storetest.Others.Insert(tx, &storetest.Thing{Name: fmt.Sprint(n + i)}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	var first store.Record
	err := db.View(ctx, func(tx store.Tx) error {
		seen, most := 0, 0
		for after := store.ID(0); ; {
			rs, err := tx.Scan(storetest.Others.Name(), after, page)
			if err != nil {
				return err
			}
			if len(rs) == 0 {
				break
			}
			if seen == 0 {
				first = rs[0]
			}
			seen, after, most = seen+len(rs), rs[len(rs)-1].ID, max(most, remembered(tx))
			again, err := tx.GetMany(storetest.Others.Name(), []store.ID{first.ID, after, after + 1})
			if err != nil || again[0].ID != first.ID || again[1].ID != after {
				t.Errorf("after %d records the first is %s, the last %s, %v", seen, again[0].ID, again[1].ID, err)
			}
		}
		if seen != all || most > mostKnown+page {
			t.Errorf("%d of %d seen, %d remembered", seen, all, most)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func remembered(t store.Tx) int { return len(t.(*tx).base.known) }

// TestShownCopies: what a Look answers from is of one state, and of none that is older than
// what anybody was told of.
func TestShownCopies(t *testing.T) {
	type versions = map[string]int64
	never, later := time.Time{}, time.Now().Add(time.Hour)
	one := []string{"a"}
	for name, c := range map[string]struct {
		do   func(s *stables, before time.Time)
		want versions // what is shown in the end
	}{
		"it was asked for":        {func(s *stables, before time.Time) {}, versions{"a": 1, "b": 1}},
		"it is of an older state": {func(s *stables, before time.Time) { s.saw(versions{"a": 2, "b": 2}, never) }, versions{}},
		"a commit is under way":   {func(s *stables, before time.Time) { s.begin(one); s.saw(versions{"a": 1, "b": 1}, later) }, versions{"b": 1}},
		// Another process may have changed b before.
		"a commit": {func(s *stables, before time.Time) { s.begin(one); s.end(one, versions{"a": 2}) }, versions{"a": 2}},
		"a commit, seen before its end": {func(s *stables, before time.Time) {
			s.begin(one)
			s.saw(versions{"a": 2, "b": 2}, later)
			s.end(one, versions{"a": 2})
		}, versions{"a": 2, "b": 2}},
		"a commit, seen before its end by who shows nothing": {func(s *stables, before time.Time) {
			s.begin(one)
			s.saw(versions{"a": 2, "b": 2}, never)
			s.end(one, versions{"a": 2})
		}, versions{"a": 2}},
		// Before b became 2 another process may have changed a.
		"a commit, seen before its end, after another": {func(s *stables, before time.Time) {
			s.begin(one)
			s.saw(versions{"a": 2, "b": 1}, later)
			s.begin([]string{"b"})
			s.end([]string{"b"}, versions{"b": 2})
			s.end(one, versions{"a": 2})
		}, versions{"b": 2}},
		"two commits": {func(s *stables, before time.Time) {
			s.begin(one)
			s.begin(one)
			s.end(one, versions{"a": 2})
			s.end(one, versions{"a": 3})
		}, versions{"a": 3}},
		"two commits, the later one ends first": {func(s *stables, before time.Time) {
			s.begin(one)
			s.begin(one)
			s.end(one, versions{"a": 3})
			s.end(one, versions{"a": 2})
			s.saw(versions{"a": 2, "b": 1}, before)
		}, versions{}},
		"asked for before a commit": {func(s *stables, before time.Time) {
			s.begin(one)
			s.end(one, versions{"a": 2})
			s.saw(versions{"a": 1, "b": 1}, before)
		}, versions{"a": 2}},
		"asked for before a commit that is forgotten": {func(s *stables, before time.Time) {
			s.begin(one)
			s.end(one, versions{"a": 2})
			s.forget()
			s.saw(versions{"a": 1, "b": 1}, before)
		}, versions{}},
		"asked for before a commit whose answer is lost": {func(s *stables, before time.Time) {
			s.begin(one)
			s.end(one, nil)
			s.saw(versions{"a": 1, "b": 1}, before)
		}, versions{"b": 1}},
		"asked for after it": {func(s *stables, before time.Time) {
			s.begin(one)
			s.end(one, nil)
			s.saw(versions{"a": 2, "b": 1}, later)
		}, versions{"a": 2, "b": 1}},
		"a database that lost commits": {func(s *stables, before time.Time) {
			s.begin(one)
			s.end(one, versions{"a": 2})
			s.saw(versions{"a": 1, "b": 1}, later)
		}, versions{"a": 1, "b": 1}},
	} {
		t.Run(name, func(t *testing.T) {
			s, before := newStables(), time.Now().Add(-time.Second)
			s.saw(versions{"a": 1, "b": 1}, before)
			c.do(s, before)
			shown := versions{}
			for name, at := range s.all() {
				shown[name] = at.version
			}
			if !maps.Equal(shown, c.want) {
				t.Errorf("shown is %v, want %v", shown, c.want)
			}
		})
	}
}

// TestCopiesStay: a kind that did not change keeps its copies, whatever else is written.
func TestCopiesStay(t *testing.T) {
	s := newStables()
	first := s.saw(map[string]int64{"a": 1, "b": 1}, time.Now())
	s.begin([]string{"a"})
	s.end([]string{"a"}, map[string]int64{"a": 2})
	again := s.saw(map[string]int64{"a": 2, "b": 1}, time.Now())
	if first["b"].copies != again["b"].copies || first["a"].copies == again["a"].copies {
		t.Errorf("%v became %v", first, again)
	}
}
