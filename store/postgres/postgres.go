// Package postgres keeps the store in a PostgreSQL database. It knows records, keys and
// the questions of store.Tx, and no business.
//
// A View is a transaction of the database, REPEATABLE READ and read only, which begins
// with its first question. An Update is none until its end: each question is a statement
// of its own, and what is written waits in memory (own.go). Then one batch, one trip,
// locks what was read and what is written, looks whether what was read is still so,
// writes, and commits (flush.go). What was not so any more is run again (retry.go).
package postgres

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"rator/store"
)

// Options are how Open opens a database; the zero Options are fine.
type Options struct {
	// Now is the clock of transactions and ids, to which is added what the database's is
	// ahead of the system's; nil is the system's.
	Now func() time.Time
	// Observe is told of every transaction that is over, also of one that failed. It is
	// called by whoever runs it, so it must be quick.
	Observe func(Done)
	// Fenced is told of each transaction of the database, be it whose it may, that has held up
	// events for longer than 10 s, once; nil = nobody looks.
	Fenced func(Fence)
	// Connections is how many the store has at most beside two for ids and numbers; 0 is what
	// the address says (pool_max_conns), else 16.
	Connections int
	// Migrating is told how many records of a kind have new indexes, while Open builds them:
	// after each 10,240, so never of a small store.
	Migrating func(kind string, records int64)
	// Name is what the database's people see the program under (application_name); "" is
	// rator.
	Name string
	// As is how the process stands to the servers of the store. Open fails with
	// *ServedError where another does not suffer it, and Ready says when that is lost.
	As Standing

	// Read is the address of a standby of the database, where Views run that may be behind
	// (store.Behind), when it is there and not further behind than ReadLag; 0 is a second.
	Read    string
	ReadLag time.Duration
	// Standby is told why the standby is not there, and with nil that it is again.
	Standby func(err error)

	real  func() time.Time // the system's clock; tests have it be wrong
	fills bool             // the schema is left as it is, to be filled
	dial  pgconn.DialFunc  // tests have connections break; nil = the usual one
}

// Done is what Options.Observe is told of a transaction.
type Done struct {
	Update     bool
	Trips      int // to the database and back, those of tries that were repeated included
	Statements int
	Retries    int
	Read       string   // of a View that may be behind, with a standby: "standby" or "primary", where it ran
	Causes     []string // of each retry: a code of PostgreSQL, or "moved" or "connection"
	Err        error
}

// DB is a store.Store in a schema of a database.
type DB struct {
	options      Options
	schema       schema
	pool         *pgxpool.Pool
	aside        *pgxpool.Pool // for what is not of a transaction: ids, numbers
	ids          ids
	sequences    sequences
	settled      settled
	where        string // the database, for errors
	heard        heard
	clock        skewed
	endListening func()
	leases       leases
	endLeases    func()
	stable       *stables
	standby      *standby // nil = Views run on the primary
	base         int64    // what is added to the number of a transaction, for cursors of events
	serving      *serving // nil = it is beside them
	room         room
	fence        fence
	older        []kindLayout // kinds that have a table, those of programs before included
	closed       atomic.Bool
}

var _ store.Store = (*DB)(nil)

// View runs fn over the state of its first question. ErrClosed after Close.
func (d *DB) View(ctx context.Context, fn func(store.Tx) error) error {
	var done Done
	if d.standby != nil && store.MayBeBehind(ctx) {
		over, tried, err := d.standby.view(ctx, fn)
		if over {
			return err
		}
		done = tried
	}
	t, err := d.look(ctx)
	if err != nil {
		return err
	}
	t.base.done = done
	defer t.end()
	if err := t.run(fn); err != nil {
		return err
	}
	t.runAfter()
	return nil
}

// look begins what is read only, of one state.
func (d *DB) look(ctx context.Context) (*tx, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if d.closed.Load() {
		return nil, store.ErrClosed
	}
	return &tx{db: d, base: newBase(ctx, d, true), now: d.now()}, nil
}

// Rehearse runs fn over one state, and forgets what it wrote.
func (d *DB) Rehearse(ctx context.Context, fn func(store.Tx) error) error {
	t, err := d.look(ctx)
	if err != nil {
		return err
	}
	defer t.end()
	t.own, t.fresh, t.updates, t.rehearsal = newOwn(), map[store.ID]bool{}, true, &rehearsal{numbers: map[string]int64{}}
	return t.run(func(store.Tx) error {
		if err := fn(t); err != nil {
			return err
		}
		return t.told.Finish(t)
	})
}

// Look runs fn over the copies, and in a View when they lack what it asks for.
func (d *DB) Look(ctx context.Context, fn func(store.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	known := d.stable.all()
	if len(known) == 0 || d.heard.within(hearing) != nil {
		return d.View(ctx, fn)
	}
	t := &tx{db: d, copies: known, now: d.now()}
	err := func() error {
		defer t.end()
		return fn(t)
	}()
	if t.missed {
		return d.View(ctx, fn)
	}
	if err == nil {
		t.runAfter()
	}
	return err
}

// Close waits for the transactions under way and lets the database go.
func (d *DB) Close() error {
	if !d.closed.Swap(true) {
		d.endListening()
		d.endLeases()
		d.standby.close()
		d.stable.forget()
		d.pool.Close()
		d.returnIDs(context.Background())
		d.aside.Close()
		d.endServing()
	}
	return nil
}

// Pool is how the connections of transactions stand.
type Pool struct {
	Open, Most int           // connections
	Waits      int64         // transactions that waited for one
	Waited     time.Duration // they together
}

// Pool is how the connections of transactions stand now.
func (d *DB) Pool() Pool {
	s := d.pool.Stat()
	return Pool{int(s.TotalConns()), int(s.MaxConns()), s.EmptyAcquireCount(), s.EmptyAcquireWaitTime()}
}

func (d *DB) endServing() {
	if d.serving != nil {
		d.serving.close()
	}
}

func (d *DB) now() time.Time {
	return d.options.Now().Add(time.Duration(d.clock.added.Load())).UTC().Truncate(time.Microsecond)
}

// errNotCopied is what a Look hears over copies that lack an answer; it is run anew
// then, so nobody else does.
var errNotCopied = errors.New("store: no copy of it")
