package event_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/event"
	"rator/store"
)

// between is a store that something is done with after each change.
type between struct {
	store.Store
	then func()
}

func (b *between) Update(ctx context.Context, fn func(store.Tx) error) error {
	err := b.Store.Update(ctx, fn)
	b.then()
	return err
}

// ofDoors says that ids from 100 to 199 are of account 100, of the brand A.
func ofDoors(_ store.Tx, ids []store.ID) (event.Whose, error) {
	if slices.ContainsFunc(ids, func(id store.ID) bool { return id >= 100 && id < 200 }) {
		return event.Whose{Brand: "A", Account: 100}, nil
	}
	return event.Whose{}, nil
}

func TestOwn(t *testing.T) {
	h := open(t)
	h.update(func(tx store.Tx) error {
		for _, e := range []store.Event{
			{Topic: "door.opened", Body: []byte(`{"ROOM_ID":"000000000000000102","DOOR_ID":"000000000000000101","ACCOUNT_ID":"000000000000000100","N":1}`)},
			{Topic: "site.made", Body: []byte(`{"THING_ID":"000000000000000101","ACCOUNT_ID":"000000000000000100"}`)},
			{Topic: "site.gone", Body: []byte(`{"ACCOUNT_ID":"000000000000000300","THING_ID":"000000000000000301","X_ID":7,"Y_ID":"7"}`)},
			{Topic: "site.none", Body: []byte(`{"A":1}`)},
			{Topic: "site.list", Body: []byte(`[1]`)},
			{Topic: "door.key", Body: []byte(`{"DOOR_ID":"000000000000000101","CODE":"1234"}`)},
			{Topic: "door.key", Body: []byte(`{"CODE":"1234"}`)},
			{Topic: "door.opened", Brand: "B", Account: 9, About: []store.ID{9}, Body: []byte(`{"DOOR_ID":"000000000000000101"}`)},
		} {
			if err := tx.Emit(e); err != nil {
				return err
			}
		}
		return nil
	})
	if n, err := event.Own(t.Context(), h, ofDoors); n != 5 || err != nil {
		t.Errorf("%d were given an owner, %v", n, err)
	}
	want := []string{
		"A 100 [101 102]", "A 100 [100 101]", " 300 [300 301]", " 0 []", " 0 []", `A 100 [101]{"DOOR_ID":"000000000000000101","CODE":""}`, ` 0 []{"CODE":""}`, "B 9 [9]",
	}
	var got []string
	h.view(func(tx store.Tx) error {
		events, err := tx.EventsAfter(0, 100)
		for _, e := range events {
			about := []int64{}
			for _, id := range e.About {
				about = append(about, int64(id))
			}
			line := fmt.Sprint(e.Brand, " ", int64(e.Account), " ", about)
			if e.Topic == "door.key" {
				line += string(e.Body)
			}
			got = append(got, line)
		}
		return err
	})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestOwnGoesOn: what was done stays done when it breaks off, and no event is looked at
// that came once it began.
func TestOwnGoesOn(t *testing.T) {
	h := open(t)
	emit := func(n int) {
		h.update(func(tx store.Tx) error {
			for range n {
				if err := tx.Emit(store.Event{Topic: "site.made", Body: []byte(`{"THING_ID":"000000000000000101"}`)}); err != nil {
					return err
				}
			}
			return nil
		})
	}
	emit(450)
	broken := errors.New("broken off")
	looked := 0
	n, err := event.Own(t.Context(), h, func(tx store.Tx, ids []store.ID) (event.Whose, error) {
		if looked++; looked > 300 {
			return event.Whose{}, broken
		}
		return ofDoors(tx, ids)
	})
	if n != 200 || !errors.Is(err, broken) {
		t.Errorf("%d were given an owner, %v", n, err)
	}
	emit(3)
	if n, err := event.Own(t.Context(), h, ofDoors); n != 253 || err != nil {
		t.Errorf("then %d were given an owner, %v", n, err)
	}
	emit(3)
	if n, err := event.Own(t.Context(), &between{h, func() { t.Error("it is done, and writes") }}, ofDoors); n != 0 || err != nil {
		t.Errorf("at last %d were given an owner, %v", n, err)
	}
}
