package storetest

import (
	"context"
	"errors"

	"rator/store"
)

// Twice is a store that runs every closure of Update twice and undoes what the
// first run did, as a driver that repeats a transaction does. So it does with those of
// Views that may be behind.
func Twice(s store.Store) store.Store { return twice{s} }

type twice struct{ store.Store }

var errUndo = errors.New("storetest: undo the first run")

func (s twice) View(ctx context.Context, fn func(store.Tx) error) error {
	return again(ctx, store.MayBeBehind(ctx), s.Store.View, fn)
}

func (s twice) Update(ctx context.Context, fn func(store.Tx) error) error {
	return again(ctx, true, s.Store.Update, fn)
}

func again(ctx context.Context, again bool, run func(context.Context, func(store.Tx) error) error, fn func(store.Tx) error) error {
	if !again {
		return run(ctx, fn)
	}
	err := run(ctx, func(tx store.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return errUndo
	})
	if !errors.Is(err, errUndo) {
		return err // fn failed, or the store did
	}
	return run(ctx, fn)
}
