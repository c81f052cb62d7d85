package postgres

import (
	"context"
	"fmt"
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

// TestCopiesAfterALostAnswer: after a commit whose version nobody knows, the copies of a state
// that was asked for before its end are nobody else's; nor are those of a state that is behind.
func TestCopiesAfterALostAnswer(t *testing.T) {
	s := &stables{now: map[string]stable{}, writing: map[string]int{}, since: map[string]time.Time{}}
	k := &kind{name: "thing"}
	known := func(want int64) {
		t.Helper()
		if got := s.of(k).version; got != want {
			t.Errorf("version %d is known, want %d", got, want)
		}
	}
	before := time.Now().Add(-time.Second)
	s.saw(map[string]int64{"thing": 1}, before)
	known(1)
	s.begin([]string{"thing"})
	s.end([]string{"thing"}, nil)
	s.saw(map[string]int64{"thing": 1}, before)
	s.saw(map[string]int64{"thing": 1}, time.Time{})
	known(0)
	s.saw(map[string]int64{"thing": 2}, time.Now())
	known(2)
}
