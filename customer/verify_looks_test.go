package customer_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/customer"
	"rator/store"
	"rator/store/bolt"
)

// TestVerifyTellsTheSameWithAnyNumberOfLooks: what is wrong with each of many customers, in
// the same words and order, and what is counted of all of them.
func TestVerifyTellsTheSameWithAnyNumberOfLooks(t *testing.T) {
	const accounts = 1000
	s, err := bolt.Open(filepath.Join(t.TempDir(), "test.db"), bolt.Options{Unsynced: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	update(t, s, func(tx store.Tx) error {
		for n := range accounts {
			id, err := tx.NextID()
			if err != nil {
				return err
			}
			doc := fmt.Appendf(nil, `{"Brand":"GONE %d","CustomerNumber":"%d"}`, n%3, n)
			if err := tx.Insert("account", store.Record{ID: id, Doc: doc}); err != nil {
				return err
			}
			doc = fmt.Appendf(nil, `{"Brand":"GONE %d","Listed":1}`, n)
			if n < 3 {
				if err := tx.Insert("account_tally", store.Record{ID: id, Doc: doc}); err != nil {
					return err
				}
			}
		}
		return nil
	})
	var first []string
	for looks := 1; looks <= 4; looks++ {
		var told []string
		err := s.Views(t.Context(), looks, func(looks store.Looks) error {
			customer.Verify(looks, func(fault error) { told = append(told, fault.Error()) })
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if looks == 1 {
			first = told
		}
		if diff := cmp.Diff(first, told); diff != "" || len(told) < accounts {
			t.Errorf("with %d looks %d faults are told (-one +these):\n%s", looks, len(told), diff)
		}
	}
	if want := "brand GONE 2 has 333 customers and 0 deleted ones, its tally says 1 and 0"; first[len(first)-1] != want {
		t.Errorf("the last is %q, want %q", first[len(first)-1], want)
	}
}
