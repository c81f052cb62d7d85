package main

import (
	"context"
	"errors"
	"os"

	"rator/calllog"
	"rator/customer"
	"rator/store"
)

// noteErased has the call log follow an erasure soon.
func (s *server) noteErased() {
	select {
	case s.erased <- struct{}{}:
	default: // it is on its way
	}
}

// forgetCalls takes the calls of who was erased out of the call log in use, and out of
// one that lies beside the store. What does not succeed is done at the next sweep or
// start: a log knows itself how far it followed.
func (s *server) forgetCalls(ctx context.Context) {
	if s.calls != nil {
		s.forgetIn(ctx, s.calls.Dir(), s.calls.Forget)
	}
	if s.callsLie == "" || s.calls != nil && sameFolder(s.calls.Dir(), s.callsLie) {
		return
	}
	if _, err := os.Stat(s.callsLie); err == nil {
		s.forgetIn(ctx, s.callsLie, func(objects []uint64, last uint64) (int, error) { return calllog.Forget(s.callsLie, objects, last) })
	}
}

func sameFolder(one, other string) bool {
	a, err := os.Stat(one)
	if err != nil {
		return false
	}
	b, err := os.Stat(other)
	return err == nil && os.SameFile(a, b)
}

func (s *server) forgetIn(ctx context.Context, dir string, forget func(objects []uint64, last uint64) (int, error)) {
	objects, last, err := s.erasedSince(ctx, dir)
	if err == nil && len(objects) > 0 {
		var calls int
		if calls, err = forget(objects, last); err == nil {
			s.log.Info("call log: calls of erased people taken out", "folder", dir, "count", calls)
		}
	}
	if err != nil && !errors.Is(err, context.Canceled) {
		s.log.Error("call log: calls of erased people are not taken out yet; it is tried again within an hour", "folder", dir, "cause", err)
	}
}

// erasedSince gives the objects of the erasures that the log in a folder has not
// followed, and the number of the last one.
func (s *server) erasedSince(ctx context.Context, dir string) (objects []uint64, last uint64, err error) {
	if last, err = calllog.Forgotten(dir); err != nil {
		return nil, 0, err
	}
	err = s.store.View(ctx, func(tx store.Tx) error {
		erasures, err := customer.ErasuresAfter(tx, store.ID(last))
		objects = nil
		for _, e := range erasures {
			for _, id := range e.Objects {
				objects = append(objects, uint64(id))
			}
			last = uint64(e.ID)
		}
		return err
	})
	return objects, last, err
}
