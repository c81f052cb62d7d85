package event_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"rator/event"
	"rator/store"
)

// needed is what the subscribers of the tests need: up to the cursor they have been told.
var needed struct {
	some   bool
	cursor int64
	err    error
}

func init() {
	event.NeededBy("tests", func(store.Tx) (int64, bool, error) { return needed.cursor, needed.some, needed.err })
}

func (h *house) span() string {
	h.t.Helper()
	var span string
	h.view(func(tx store.Tx) error {
		now, err := tx.EventSpan()
		if span = fmt.Sprint(now.Kept+1, " ", now.Newest); now.Kept == now.Newest {
			span = fmt.Sprint(0, " ", now.Newest)
		}
		return err
	})
	return span
}

func (h *house) sweep(age time.Duration, want int, span string) {
	h.t.Helper()
	n, err := event.Sweep(h.t.Context(), h, age)
	if got := h.span(); err != nil || n != want || got != span {
		h.t.Errorf("%d went, %v, and there are %s; want %d and %s", n, err, got, want, span)
	}
}

func TestSweep(t *testing.T) {
	h := open(t)
	h.sweep(time.Hour, 0, "0 0")
	h.opens(10)
	h.now = begins.Add(time.Hour)
	h.sweep(time.Hour, 0, "1 10")
	h.now = h.now.Add(3 * time.Second) // the first three are older than an hour by now
	h.sweep(time.Hour, 3, "4 10")
	h.sweep(time.Hour, 0, "4 10")

	needed.some, needed.cursor = true, 5
	defer func() { needed.some, needed.err = false, nil }()
	h.now = h.now.Add(24 * time.Hour)
	h.sweep(time.Hour, 2, "6 10") // what was told goes
	needed.cursor = 3
	h.sweep(time.Hour, 0, "6 10")
	needed.err = errors.New("broken")
	if n, err := event.Sweep(t.Context(), h, time.Hour); n != 0 || !errors.Is(err, needed.err) {
		t.Errorf("nobody knows what is needed: %d, %v", n, err)
	}
	needed.some, needed.err = false, nil
	h.sweep(time.Hour, 5, "0 10")
	h.opens(1)
	h.sweep(time.Hour, 0, "11 11")
}

// TestSweepGoesBySmallSteps: others may write in between.
func TestSweepGoesBySmallSteps(t *testing.T) {
	h := open(t)
	const many = 450
	h.update(func(tx store.Tx) error {
		for range many {
			if err := opened.Emit(tx, event.Whose{}, event.ID("DOOR_ID", 1)); err != nil {
				return err
			}
		}
		return nil
	})
	h.now = h.now.Add(time.Hour)
	var steps []int64
	last := int64(1)
	n, err := event.Sweep(t.Context(), &between{h, func() {
		h.view(func(tx store.Tx) error {
			span, err := tx.EventSpan()
			oldest := span.Kept + 1
			steps = append(steps, oldest-last)
			last = oldest
			return err
		})
	}}, time.Minute)
	if fmt.Sprint(steps) != "[200 200 50]" || n != many || err != nil {
		t.Errorf("%d went in steps of %v, %v", n, steps, err)
	}
}

func TestSinceATimeThatIsNotKept(t *testing.T) {
	h := open(t)
	h.opens(9) // of 10:11:12 to 10:11:20
	h.now = begins.Add(time.Hour + 4*time.Second)
	h.sweep(time.Hour, 4, "5 9")
	since := func(at time.Time) (cursor int64, err error) {
		h.view(func(tx store.Tx) error {
			cursor, err = event.FromTime(at).Cursor(tx)
			return nil
		})
		return cursor, err
	}
	if cursor, err := since(begins.Add(4 * time.Second)); cursor != 4 || err != nil {
		t.Errorf("from the first that is kept: %d, %v", cursor, err)
	}
	if cursor, err := since(begins.Add(3*time.Second + 1)); cursor != 4 || err != nil {
		t.Errorf("after the last that is gone: %d, %v", cursor, err)
	}
	var gone *event.GoneError
	if cursor, err := since(begins.Add(3 * time.Second)); !errors.As(err, &gone) || gone.Lost != 4 || gone.Kept != 4 {
		t.Errorf("from the last that is gone: %d, %v", cursor, err)
	}
	h.now = h.now.Add(time.Hour)
	h.sweep(time.Hour, 5, "0 9")
	if cursor, err := since(begins.Add(8 * time.Second)); !errors.As(err, &gone) || gone.Lost != 9 || gone.Kept != 9 {
		t.Errorf("everything is gone: %d, %v", cursor, err)
	}
	if cursor, err := since(begins.Add(9 * time.Second)); cursor != 9 || err != nil {
		t.Errorf("everything before is gone: %d, %v", cursor, err)
	}
}
