package event_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"rator/event"
	"rator/store"
)

func (h *house) codes() string {
	h.t.Helper()
	var codes []string
	h.view(func(tx store.Tx) error {
		events, err := tx.EventsAfter(0, 1000)
		for _, e := range events {
			_, code, _ := strings.Cut(string(e.Body), `"CODE":"`)
			code, _, _ = strings.Cut(code, `"`)
			codes = append(codes, code)
		}
		return err
	})
	return strings.Join(codes, ",")
}

// cuts emits an event with a secret in it; a topic's Life is a minute.
func (h *house) cuts(door store.ID, code string) {
	h.t.Helper()
	h.update(func(tx store.Tx) error {
		return cut.Emit(tx, event.Whose{Brand: "A", Account: 7}, event.ID("DOOR_ID", door), event.Text("CODE", code))
	})
}

func TestSecretsAreBlankedWhenTheyEnd(t *testing.T) {
	h := open(t)
	h.cuts(1, "a")
	h.cuts(2, "b")
	h.cuts(1, "c")
	h.opens(1)
	expire := func(want int) {
		t.Helper()
		if n, err := event.EndOldSecrets(t.Context(), h); n != want || err != nil {
			t.Errorf("%d ended, %v, not %d", n, err, want)
		}
	}
	expire(0)
	if got := h.codes(); got != "a,b,c," {
		t.Errorf("codes %s", got)
	}
	undo := errors.New("undone")
	h.update(func(tx store.Tx) error {
		if err := tx.Savepoint(func() error { return errors.Join(event.EndSecrets(tx, 2), undo) }); !errors.Is(err, undo) {
			return err
		}
		return event.EndSecrets(tx, 1)
	})
	if got := h.codes(); got != ",b,," {
		t.Errorf("codes after those of 1 ended: %s", got)
	}
	h.view(func(tx store.Tx) error { // the rest stays
		e, err := tx.EventsAfter(0, 1)
		if len(e) != 1 || e[0].Topic != "door.key" || e[0].Brand != "A" || e[0].Account != 7 || fmt.Sprint(e[0].About) != "[000000000000000001]" || string(e[0].Body) != `{"DOOR_ID":"000000000000000001","CODE":""}` {
			t.Errorf("%+v", e)
		}
		return err
	})
	h.now = begins.Add(time.Minute)
	expire(0)
	h.now = begins.Add(time.Minute + time.Second)
	expire(1)
	expire(0)
	if got := h.codes(); got != ",,," {
		t.Errorf("codes after a minute: %s", got)
	}
}

// TestSecretsOfEventsThatAreGone: the sweep may be faster than the end of a secret.
func TestSecretsOfEventsThatAreGone(t *testing.T) {
	h := open(t)
	h.update(func(tx store.Tx) error {
		for i := range 250 {
			if err := cut.Emit(tx, event.Whose{}, event.ID("DOOR_ID", store.ID(i%3+1)), event.Text("CODE", "a")); err != nil {
				return err
			}
		}
		return nil
	})
	h.update(func(tx store.Tx) error {
		if _, err := tx.DropEvents(10, 100); err != nil {
			return err
		}
		return event.EndSecrets(tx, 3)
	})
	h.now = h.now.Add(time.Hour)
	if n, err := event.EndOldSecrets(t.Context(), h); n != 250-83-7 || err != nil {
		t.Errorf("%d ended, %v", n, err)
	}
	h.now = h.now.Add(24 * time.Hour) // what is not seen by now is no more
	if n, err := event.EndOldSecrets(t.Context(), h); n != 10 || err != nil {
		t.Errorf("%d that are gone ended, %v", n, err)
	}
	if got := strings.Trim(h.codes(), ","); got != "" {
		t.Errorf("codes %s", got)
	}
}

// behind is a look at events that are all behind what readers are given yet, as in a database
// while a transaction lasts that began before theirs.
type behind struct{ store.Tx }

func (behind) EventsOf(store.ID, int64, int) ([]store.Event, error) { return nil, nil }

// TestSecretThatIsNotSeenYet: a secret that ends before its event is given to readers is blanked
// when it is, and one that ends in the transaction that tells it at once.
func TestSecretThatIsNotSeenYet(t *testing.T) {
	h := open(t)
	h.cuts(1, "a")
	h.update(func(tx store.Tx) error { return event.EndSecrets(behind{tx}, 1) })
	h.update(func(tx store.Tx) error {
		if err := cut.Emit(tx, event.Whose{Brand: "A", Account: 7}, event.ID("DOOR_ID", 2), event.Text("CODE", "b")); err != nil {
			return err
		}
		return event.EndSecrets(tx, 2)
	})
	if got := h.codes(); got != "a," {
		t.Errorf("codes before the event is seen: %q", got)
	}
	h.now = h.now.Add(time.Minute)
	if n, err := event.EndOldSecrets(t.Context(), h); n != 1 || err != nil {
		t.Errorf("%d ended, %v", n, err)
	}
	if got := h.codes(); got != "," {
		t.Errorf("codes: %q", got)
	}
}
