package postgres

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"rator/store"
)

// What other processes commit is heard of by asking, a few times a second: which versions
// the stable kinds have, and whether the server takes writes. A Look answers from copies
// only as long as it is heard of, so it is never further behind than that. Asking is as
// quick as LISTEN where it matters, goes through poolers, and notices also a connection
// that is silently dead.

const (
	hearEach  = 250 * time.Millisecond
	hearing   = time.Second     // how long what was heard holds; a question takes no longer
	deafAfter = 2 * time.Second // without an answer writes are not expected to be taken
)

// heard is when the database was last heard of, and why not since.
type heard struct {
	mu  sync.Mutex
	at  time.Time // when the question was sent that was answered last
	err error     // of the question after that; nil = it was answered
}

func (h *heard) note(asked time.Time, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.err = err; err == nil {
		h.at = asked
	}
}

// within says whether what was heard is not older than that, and else why.
func (h *heard) within(age time.Duration) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	silent := time.Since(h.at)
	if silent <= age {
		return nil
	}
	if h.err != nil {
		return fmt.Errorf("the database was last heard of %s ago: %w", silent.Round(time.Second), h.err)
	}
	return fmt.Errorf("the database was last heard of %s ago", silent.Round(time.Second))
}

// Servers of a store go by one clock, the database's: what it is ahead of the machine's is
// added to Options.Now.
const (
	skewMatters = 100 * time.Millisecond // from what is added, else that stays
	skewMost    = 30 * time.Second       // with more the store is not ready
)

// skewed is what the database's clock is ahead of the machine's.
type skewed struct{ seen, added atomic.Int64 } // time.Duration

// saw takes in what the database's clock said at some moment of a trip that is over now.
func (c *skewed) saw(theirs, now time.Time, trip time.Duration) {
	seen := theirs.Sub(now.Add(-trip / 2))
	c.seen.Store(int64(seen))
	if off := seen - time.Duration(c.added.Load()); off.Abs() > skewMatters+trip/2 {
		c.added.Store(int64(seen))
	}
}

// bearable fails where the clocks are too far from each other.
func (c *skewed) bearable() error {
	skew := time.Duration(c.added.Load())
	switch {
	case skew > skewMost:
		return fmt.Errorf("the database's clock is %s ahead of this machine's: set the wrong one of the two (more than %s is not taken)", skew.Round(time.Second), skewMost)
	case skew < -skewMost:
		return fmt.Errorf("the database's clock is %s behind this machine's: set the wrong one of the two (more than %s is not taken)", -skew.Round(time.Second), skewMost)
	}
	return nil
}

// Skew is what the database's clock is ahead of the machine's, as it was seen last, to half
// of a trip.
func (d *DB) Skew() time.Duration { return time.Duration(d.clock.seen.Load()) }

// hear asks once.
func (d *DB) hear(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, hearing)
	defer cancel()
	asked, versions, standby := time.Now(), map[string]int64{}, false
	var theirs time.Time
	err := d.trip(ctx, d.aside, []statement{
		{sql: "select clock_timestamp()", read: func(rows pgx.Rows) error { return rows.Scan(&theirs) }},
		d.versions(versions),
		{sql: "select pg_is_in_recovery() or current_setting('default_transaction_read_only')::bool", read: func(rows pgx.Rows) error { return rows.Scan(&standby) }},
	})
	switch {
	case err != nil:
		err = sentence(err)
	case standby:
		err = errStandby
	default:
		d.clock.saw(theirs, d.options.real(), time.Since(asked))
		d.stable.saw(versions, asked)
	}
	d.heard.note(asked, err)
	if err == nil && d.room.due(asked) {
		d.room.note(d.tryRoom(ctx))
	}
	if err == nil && d.options.Fenced != nil && d.fence.due(asked) {
		d.lookAtFence(ctx)
	}
}

// often does something again and again, until it is ended.
func often(each time.Duration, do func(context.Context)) (end func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var over sync.WaitGroup
	over.Go(func() {
		tick := time.NewTicker(each)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				do(ctx)
			}
		}
	})
	return func() {
		cancel()
		over.Wait()
	}
}

// Ready is nil while the database was heard of in the last two seconds, takes writes and has
// room for them, has the time, and the process is what it was opened as to the store's servers.
func (d *DB) Ready() error {
	if d.closed.Load() {
		return store.ErrClosed
	}
	if err := d.heard.within(deafAfter); err != nil {
		return fmt.Errorf("store %s: %w", d.where, err)
	}
	if err := d.room.there(); err != nil {
		return fmt.Errorf("store %s: %w", d.where, err)
	}
	if err := d.clock.bearable(); err != nil {
		return fmt.Errorf("store %s: %w", d.where, err)
	}
	if d.serving == nil {
		return nil
	}
	return d.serving.had()
}
