package access

import (
	"context"
	"errors"
	"log/slog"
	"sort"
	"sync/atomic"
	"time"

	"rator/store"
)

const (
	segmentRows = 200  // at most: what retention ends at a time
	sealStep    = 4000 // rows of one commit, at most
)

// Seal seals the rows that are not, in steps that hold nobody up, and says how many.
// Several may seal at a time.
func Seal(ctx context.Context, st store.Store) (total int, err error) {
	for {
		n, err := sealSome(ctx, st)
		if total += n; err != nil || n < sealStep {
			return total, err
		}
	}
}

// sealSome seals at most sealStep rows. It reads and hashes outside the writer, which then
// keeps a few records.
func sealSome(ctx context.Context, st store.Store) (int, error) {
	was, rows, err := unsealed(ctx, st, 1)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	upTo, err := st.Settled(ctx) // a row below one that is sealed could not be sealed any more
	if err != nil {
		return 0, err
	}
	if was, rows, err = unsealed(ctx, st, sealStep); err != nil {
		return 0, err
	}
	rows = rows[:sort.Search(len(rows), func(i int) bool { return rows[i].id > upTo })]
	if len(rows) == 0 {
		return 0, nil
	}
	n := 0
	err = st.Update(ctx, func(tx store.Tx) error {
		n = 0
		s, err := sealOf(tx)
		if err != nil || s.Number != was.Number { // somebody else sealed them
			return err
		}
		for left := rows; len(left) > 0; {
			n := min(segmentRows, len(left))
			next := newSegment(s.Number+1, s.Hash, left[:n], tx.Now())
			if err := segments.Insert(tx, next); err != nil {
				return err
			}
			s.Number, s.Hash, s.Last = next.Number, next.Hash, left[n-1].id
			left = left[n:]
		}
		n = len(rows)
		return seals.Keep(tx, s)
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// unsealed are the first rows after the seal, at most limit.
func unsealed(ctx context.Context, st store.Store, limit int) (was *sealed, rows []rowDigest, err error) {
	err = st.View(ctx, func(tx store.Tx) (err error) {
		rows = nil
		if was, err = sealOf(tx); err != nil {
			return err
		}
		kept, err := tx.Scan(auditRows.Name(), was.Last, limit)
		for _, r := range kept {
			rows = append(rows, digestOf(r))
		}
		return err
	})
	return was, rows, err
}

// SealerConfig is what a Sealer is made of; Store and Log are mandatory.
type SealerConfig struct {
	Store store.Store
	Log   *slog.Logger
	Age   time.Duration // how long rows stay; 0 = for ever
}

// Sealer seals rows within a second of their commit, or where the store is behind with what
// is settled, as soon as they are, and ends those that are older than
// its age. Safe for concurrent use.
type Sealer struct {
	config SealerConfig
	sealed atomic.Int64
	failed atomic.Int64
}

// NewSealer makes one; Run has it work.
func NewSealer(c SealerConfig) *Sealer { return &Sealer{config: c} }

// Sealed is how many rows were sealed since the start.
func (s *Sealer) Sealed() int64 { return s.sealed.Load() }

// Failed is how often sealing failed since the start: what waited was tried again a
// second later.
func (s *Sealer) Failed() int64 { return s.failed.Load() }

// Run works until ctx ends.
func (s *Sealer) Run(ctx context.Context) {
	second, hour := time.NewTicker(time.Second), time.NewTicker(time.Hour)
	defer second.Stop()
	defer hour.Stop()
	s.end(ctx)
	for {
		s.Seal(ctx)
		select {
		case <-ctx.Done():
			return
		case <-hour.C:
			s.end(ctx)
		case <-second.C:
		}
	}
}

// sealLease is had by the server that seals; another would do the same in vain.
const sealLease = "seal of the audit"

// Seal seals what waits, unless another server does; what keeps it from that is logged, once
// while it lasts.
func (s *Sealer) Seal(ctx context.Context) {
	n, err := s.once(ctx, Seal)
	s.sealed.Add(int64(n))
	if err != nil && ctx.Err() == nil && s.failed.Add(1)&(s.failed.Load()-1) == 0 { // the 1st, 2nd, 4th, 8th … time
		s.config.Log.Error("audit rows not sealed, tried again every second", "failures", s.failed.Load(), "cause", err)
	}
}

func (s *Sealer) end(ctx context.Context) {
	if s.config.Age == 0 {
		return
	}
	n, err := s.once(ctx, func(ctx context.Context, st store.Store) (int, error) { return EndRows(ctx, st, s.config.Age) })
	if err != nil && ctx.Err() == nil {
		s.config.Log.Error("old audit rows not ended", "cause", err)
	} else if n > 0 {
		s.config.Log.Info("old audit rows ended", "rows", n)
	}
}

// once does what one of all servers does, unless another one does it. Who had the lease and
// was stopped, or cut off, until another could take it, has not failed: that one goes on.
func (s *Sealer) once(ctx context.Context, do func(context.Context, store.Store) (int, error)) (n int, err error) {
	held, done, err := s.config.Store.Hold(ctx, sealLease)
	if err == nil {
		defer done()
		n, err = do(held, s.config.Store)
		if errors.Is(context.Cause(held), store.ErrLeaseLost) {
			return n, nil
		}
	}
	if errors.As(err, new(*store.HeldError)) || errors.Is(err, store.ErrLeaseLost) {
		return n, nil
	}
	return n, err
}
