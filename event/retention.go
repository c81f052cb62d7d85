package event

import (
	"context"
	"fmt"
	"sync"
	"time"

	"rator/store"
)

// step is how many events one transaction of a sweep touches at most, so that calls
// that write do not wait for it.
const step = 200

// DefaultAge is how long events are kept where nobody says otherwise.
const DefaultAge = 30 * 24 * time.Hour

// Needs says up to which cursor a sort of durable subscribers has been told everything,
// the slowest of them that is not suspended; needed is false when there is none. What
// comes after it is kept, however old it is. It is asked once for each step of a sweep.
type Needs func(store.Tx) (cursor int64, needed bool, err error)

var (
	needsMu sync.RWMutex
	needs   = map[string]Needs{}
)

// NeededBy registers a sort of durable subscribers. It panics on a duplicate.
func NeededBy(subscribers string, n Needs) {
	needsMu.Lock()
	defer needsMu.Unlock()
	if needs[subscribers] != nil {
		panic("event: needs of " + subscribers + " registered twice")
	}
	needs[subscribers] = n
}

// told is the cursor up to which no subscriber needs events any more, at most newest.
func told(tx store.Tx, newest int64) (int64, error) {
	needsMu.RLock()
	defer needsMu.RUnlock()
	for subscribers, n := range needs {
		cursor, needed, err := n(tx)
		if err != nil {
			return 0, fmt.Errorf("what %s need: %w", subscribers, err)
		}
		if needed {
			newest = min(newest, cursor)
		}
	}
	return newest, nil
}

// Sweep deletes events that are older than age and that no subscriber needs, the oldest
// first, a small step at a time, and says how many went, also when it fails.
func Sweep(ctx context.Context, st store.Store, age time.Duration) (total int, err error) {
	for {
		n, some := 0, false
		err := st.View(ctx, func(tx store.Tx) (err error) {
			upTo, _, err := droppable(tx, age)
			some = upTo > 0
			return err
		})
		if err != nil || !some {
			return total, err
		}
		err = st.Update(ctx, func(tx store.Tx) error {
			upTo, last, err := droppable(tx, age)
			if n = 0; err != nil || upTo == 0 {
				return err
			}
			if n, err = tx.DropEvents(upTo, step); err != nil {
				return err
			}
			return changeStream(tx, func(s *stream) { s.Dropped = last })
		})
		if err != nil {
			return total, err
		}
		total += n
	}
}

// droppable finds the last event that one step may drop, 0 = none, and when it happened.
func droppable(tx store.Tx, age time.Duration) (upTo int64, last time.Time, err error) {
	span, err := tx.EventSpan()
	if err != nil {
		return 0, time.Time{}, err
	}
	needed, err := told(tx, span.Newest)
	if err != nil || needed <= span.Kept {
		return 0, time.Time{}, err
	}
	events, err := tx.EventsAfter(span.Kept, step)
	if err != nil {
		return 0, time.Time{}, err
	}
	before := tx.Now().Add(-age)
	for _, e := range events {
		if e.Cursor > needed || !e.At.Before(before) {
			break
		}
		upTo, last = e.Cursor, e.At
	}
	return upTo, last, nil
}
