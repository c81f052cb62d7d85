package server

import (
	"context"
	"errors"
	"os"

	"rator/calllog"
	"rator/customer"
	"rator/store"
)

// NoteErased has the call log follow an erasure soon.
func (s *Server) NoteErased() {
	select {
	case s.Erased <- struct{}{}:
	default: // it is on its way
	}
}

// forgetCalls takes the calls of who was erased out of the call log in use, and out of
// one that lies beside the store. What does not succeed is done at the next sweep or
// start: a log knows itself how far it followed.
func (s *Server) forgetCalls(ctx context.Context) {
	if s.Calls != nil {
		s.forgetIn(ctx, s.Calls.Dir(), s.Calls.Forget)
	}
	if s.usualCallLog == "" || s.Calls != nil && sameFolder(s.Calls.Dir(), s.usualCallLog) {
		return
	}
	if _, err := os.Stat(s.usualCallLog); err == nil {
		s.forgetIn(ctx, s.usualCallLog, func(objects []uint64, last uint64) (int, error) { return calllog.Forget(s.usualCallLog, objects, last) })
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

func (s *Server) forgetIn(ctx context.Context, dir string, forget func(objects []uint64, last uint64) (int, error)) {
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
func (s *Server) erasedSince(ctx context.Context, dir string) (objects []uint64, last uint64, err error) {
	if last, err = calllog.Forgotten(dir); err != nil {
		return nil, 0, err
	}
	err = s.Store.View(ctx, func(tx store.Tx) error {
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
