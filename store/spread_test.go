package store_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/store"
)

// paged is a Tx that has so many pets, the one of that number unreadable.
type paged struct {
	store.Tx
	pets, bad int
}

func (p paged) Scan(_ string, after store.ID, limit int) (found []store.Record, err error) {
	for id := int(after) + 1; id <= p.pets && len(found) < limit; id++ {
		doc := fmt.Sprintf(`{"Name":"pet %d"}`, id)
		if id == p.bad {
			doc = "{"
		}
		found = append(found, store.Record{ID: store.ID(id), Doc: []byte(doc)})
	}
	return found, nil
}

// What comes after something that cannot be read is not told, whoever has looked at it, and
// what comes before it is.
func TestSpreadEndsAtWhatCannotBeRead(t *testing.T) {
	var want []string
	for id := 1; id < 1000; id += 100 {
		want = append(want, fmt.Sprintf("pet %d", id))
	}
	for looks := 1; looks <= 4; looks++ {
		var given store.Looks
		for range looks {
			given.Txs = append(given.Txs, paged{pets: 3000, bad: 1000})
		}
		var told []string
		err := pets.Spread(given, func(fault error) { told = append(told, fault.Error()) }, nil, func(_ int, p *pet, report func(error)) {
			if p.ID%100 == 1 {
				report(errors.New(p.Name))
			}
		})
		var bad *store.BadRecordError
		if !errors.As(err, &bad) || bad.ID != 1000 {
			t.Errorf("with %d looks the error is %v", looks, err)
		}
		if diff := cmp.Diff(want, told); diff != "" {
			t.Errorf("with %d looks (-want +got):\n%s", looks, diff)
		}
	}
}
