package access_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/access"
	"rator/store"
)

// failing is a store that takes no changes while broken.
type failing struct {
	store.Store
	broken atomic.Bool
}

func (f *failing) Update(ctx context.Context, fn func(store.Tx) error) error {
	if f.broken.Load() {
		return errors.New("full")
	}
	return f.Store.Update(ctx, fn)
}

func TestSealerSealsWithinASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newChain(t)
		var log bytes.Buffer
		f := &failing{Store: c}
		s := access.NewSealer(access.SealerConfig{Store: f, Log: slog.New(slog.NewTextHandler(&log, nil))})
		ctx, stop := context.WithCancel(context.Background())
		done := make(chan struct{})
		go func() {
			s.Run(ctx)
			close(done)
		}()
		synctest.Wait()
		if s.Sealed() != 2 {
			t.Errorf("%d rows sealed at the start", s.Sealed())
		}
		f.broken.Store(true)
		c.write(t, 3)
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if s.Sealed() != 2 || s.Failed() < 9 || strings.Count(log.String(), "\n") != 4 {
			t.Errorf("%d sealed, %d failures, log:\n%s", s.Sealed(), s.Failed(), &log)
		}
		f.broken.Store(false)
		time.Sleep(time.Second)
		synctest.Wait()
		if s.Sealed() != 5 {
			t.Errorf("%d rows sealed", s.Sealed())
		}
		stop()
		<-done
		if faults, state := c.faults(t, access.Anchor{}); len(faults) > 0 || state.Unsealed != 0 {
			t.Errorf("%q, %+v", faults, state)
		}
	})
}

// losing is a store whose leases another server takes while something is changed under them.
type losing struct {
	store.Store
	took context.CancelCauseFunc
}

func (l *losing) Hold(ctx context.Context, _ string) (context.Context, func(), error) {
	held, cancel := context.WithCancelCause(ctx)
	l.took = cancel
	return held, func() { cancel(nil) }, nil
}

func (l *losing) Update(ctx context.Context, _ func(store.Tx) error) error {
	l.took(store.ErrLeaseLost)
	return ctx.Err()
}

// TestSealerLosesItsLease: a server that was stopped while another went on with what it did has
// not failed.
func TestSealerLosesItsLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newChain(t)
		c.now = noon.Add(48 * time.Hour) // some are to end
		var log bytes.Buffer
		l := &losing{Store: c}
		s := access.NewSealer(access.SealerConfig{Store: l, Log: slog.New(slog.NewTextHandler(&log, nil)), Age: time.Hour})
		ctx, stop := context.WithCancel(context.Background())
		done := make(chan struct{})
		go func() { s.Run(ctx); close(done) }()
		synctest.Wait()
		stop()
		<-done
		if l.took == nil || s.Failed() != 0 || log.Len() > 0 {
			t.Errorf("%d failures, log:\n%s", s.Failed(), &log)
		}
	})
}

// lagging is a store that has things settle late.
type lagging struct {
	store.Store
	upTo store.ID
}

func (l lagging) Settled(context.Context) (store.ID, error) { return l.upTo, nil }

// A row below one that is sealed could not be sealed any more: so what is not settled waits.
func TestSealerWaits(t *testing.T) {
	c := newChain(t)
	for _, step := range []struct{ settled, want int }{{14, 0}, {15, 1}, {15, 0}, {16, 1}} {
		if n, err := access.Seal(t.Context(), lagging{c, c.rows[step.settled]}); n != step.want || err != nil {
			t.Errorf("%d rows sealed while row %d is settled, want %d, %v", n, step.settled, step.want, err)
		}
	}
	if faults, state := c.faults(t, c.anchor); len(faults) > 0 || state.Unsealed != 0 {
		t.Errorf("%q, %+v", faults, state)
	}
}

func (c *chain) end(t *testing.T, age time.Duration) int {
	t.Helper()
	n, err := access.EndRows(t.Context(), c, age)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestRetention(t *testing.T) {
	const day = 24 * time.Hour
	c := newChain(t)
	if n := c.end(t, day); n != 0 {
		t.Fatalf("%d rows ended that are young", n)
	}
	c.now = noon.Add(2*day + 2*time.Minute + 30*time.Second)
	if n := c.end(t, day); n != 12 {
		t.Errorf("%d rows ended, want those of all segments but the newest", n)
	}
	// The row of it, and the newest segment with its values.
	c.seal(t)
	faults, state := c.faults(t, access.Anchor{})
	if len(faults) > 0 || state.Segments != 2 || state.Ended != 4 || state.Rows != 6 {
		t.Errorf("%q, %+v", faults, state)
	}
	c.change(t, func(tx store.Tx) error {
		if n := len(records(tx, "audit_detail")); n != 1 {
			t.Errorf("%d values are left", n)
		}
		return nil
	})
	// An anchor of what ended cannot be compared; of the last that did, it can.
	if faults, state := c.faults(t, c.anchor); len(faults) > 0 || state.Anchored {
		t.Errorf("%q, %+v", faults, state)
	}
	rows := rowsOf(t, c, "audit")
	said, err := access.ParseAnchor(rows[0].Notes[1])
	if err != nil || len(rows) != 1 || said.Segment != 4 {
		t.Fatalf("%v: %+v", err, rows)
	}
	if faults, state := c.faults(t, said); len(faults) > 0 || !state.Anchored {
		t.Errorf("%q, %+v", faults, state)
	}
	// A second look ends nothing more, and says nothing more.
	c.end(t, day)
	if n := len(rowsOf(t, c, "audit")); n != 1 {
		t.Errorf("%d rows about it", n)
	}
	// Whoever cuts further segments off is found, whatever the seal says.
	c.write(t, 3)
	c.seal(t)
	c.change(t, func(tx store.Tx) error {
		oldest, seal := records(tx, "audit_segment")[0], records(tx, "audit_seal")[0]
		return errors.Join(cut(tx, "audit", 0, 3), cut(tx, "audit_segment", 0, 1), cut(tx, "audit_detail", 0, 1),
			rewrite(tx, "audit_seal", seal.ID, `"Ended":4`, `"Ended":5`),
			rewrite(tx, "audit_seal", seal.ID, `"EndedHash":"`+said.Hash, `"EndedHash":"`+textOf(oldest, "Hash")))
	})
	faults, _ = c.faults(t, access.Anchor{})
	if diff := cmp.Diff([]string{"audit: segments up to 5 are gone, and no row says that they ended"}, faults); diff != "" {
		t.Error(diff)
	}
}

// What was said to end ends, also when the process ended between.
func TestRetentionGoesOn(t *testing.T) {
	c := newChain(t)
	c.now = noon.Add(48*time.Hour + 10*time.Minute)
	stopped := errors.New("stopped")
	n := 0
	_, err := access.EndRows(t.Context(), stopping{c, func() error {
		if n++; n > 3 {
			return stopped
		}
		return nil
	}}, 24*time.Hour)
	if !errors.Is(err, stopped) {
		t.Fatal(err)
	}
	if faults, state := c.faults(t, access.Anchor{}); len(faults) > 0 || state.Ended != 2 {
		t.Errorf("%q, %+v", faults, state)
	}
	if n := c.end(t, 24*time.Hour); n != 6 || len(rowsOf(t, c, "audit")) != 1 {
		t.Errorf("%d rows ended", n)
	}
	if faults, state := c.faults(t, access.Anchor{}); len(faults) > 0 || state.Ended != 4 {
		t.Errorf("%q, %+v", faults, state)
	}
}

// stopping is a store whose changes stop.
type stopping struct {
	store.Store
	stop func() error
}

func (s stopping) Update(ctx context.Context, fn func(store.Tx) error) error {
	if err := s.stop(); err != nil {
		return err
	}
	return s.Store.Update(ctx, fn)
}
