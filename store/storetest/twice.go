package storetest

import (
	"context"
	"errors"

	"rator/store"
)

// Twice is a store that runs every closure of Update twice and undoes what the
// first run did, as a driver that repeats a transaction does.
func Twice(s store.Store) store.Store { return twice{s} }

type twice struct{ store.Store }

var errUndo = errors.New("storetest: undo the first run")

func (s twice) Update(ctx context.Context, fn func(store.Tx) error) error {
	err := s.Store.Update(ctx, func(tx store.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return errUndo
	})
	if !errors.Is(err, errUndo) {
		return err // fn failed, or the store did
	}
	return s.Store.Update(ctx, fn)
}
