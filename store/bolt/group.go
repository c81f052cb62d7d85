package bolt

import (
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"syscall"
	"time"

	"go.etcd.io/bbolt"

	"rator/store"
)

// maxGroup is how many closures one commit holds at most (store.md).
const maxGroup = 256

// write is the writer: it runs closures in groups until Close.
func (d *DB) write() {
	ended := false
	defer func() {
		if ended {
			close(d.stopped)
		} else {
			go d.write() // a closure ended this goroutine, as testing.T.FailNow does
		}
	}()
	d.writer.Store(goroutine())
	debug.SetPanicOnFault(true) // as in View
	for {
		select {
		case r := <-d.queue:
			d.runGroup(r)
		case <-d.closing:
			ended = true
			return
		}
	}
}

// runGroup runs first and whoever else is waiting, commits once, and tells them.
func (d *DB) runGroup(first *request) {
	g := &group{db: d}
	// Deferred so that a closure that ends the goroutine does not end the others.
	defer g.finish()
	for r := first; r != nil && g.run(r); r = d.waiting(len(g.members)) {
	}
}

// waiting is the next request, if there is one and the group has room for it.
func (d *DB) waiting(members int) *request {
	if members == maxGroup {
		return nil
	}
	select {
	case r := <-d.queue:
		return r
	default:
		return nil
	}
}

// group is closures that are committed together.
type group struct {
	db      *DB
	tx      *bbolt.Tx
	rows    *fileRows
	members []*request
	copies  copies // of what the group began with
	changed bool
	newest  store.ID
	err     error // why nothing of the group can be kept
}

// run runs one closure over what the ones before it left. It says whether the
// group can take another.
func (g *group) run(r *request) bool {
	g.members = append(g.members, r)
	if g.tx == nil {
		if g.tx, g.err = g.db.file.Begin(true); g.err != nil {
			return false
		}
		g.rows = newFileRows(g.tx)
		now := g.db.settled.Load() // only the writer changes it
		g.copies = copies{before: now, after: now}
	}
	if r.err = r.ctx.Err(); r.err != nil {
		return true
	}
	if g.db.broken.Load() {
		r.err = store.NoWrites()
		return true
	}
	l := newLayer(g.rows)
	r.tx = &tx{db: g.db, rows: l, base: g.rows, copies: g.copies, writable: true, updates: true, now: g.db.now()}
	r.run()
	if r.err != nil || r.panicked != nil || l.empty() && r.tx.newest == 0 {
		return true
	}
	g.changed = true
	g.newest = max(g.newest, r.tx.newest)
	g.copies.wrote = g.copies.wrote.and(r.tx.wrote)
	g.err = unpanicked(l.apply)
	return g.err == nil
}

// run runs fn and notes how it ended.
func (r *request) run() {
	r.exited = true
	defer r.tx.end()
	defer func() {
		if v := recover(); v != nil {
			r.exited, r.panicked = false, &store.Panic{Value: v, Stack: debug.Stack()}
		}
	}()
	if r.err = r.fn(r.tx); r.err == nil {
		r.err = r.tx.finish()
	}
	r.exited = false
}

// finish commits the group and tells its members. When the commit fails, they are
// all told so, even those that failed by themselves: what they saw of the others
// may not be durable.
func (g *group) finish() {
	var once sync.Once
	tell := func(err error) {
		once.Do(func() {
			for _, r := range g.members {
				if err != nil {
					r.err = err
				}
				close(r.done)
			}
		})
	}
	alarm := time.AfterFunc(g.db.waits.commit, func() {
		tell(fmt.Errorf("%w: the commit takes longer than %s", store.ErrOutcomeUnknown, g.db.waits.commit))
	})
	err := g.commit()
	alarm.Stop()
	tell(err)
}

func (g *group) commit() error {
	if g.tx == nil {
		return g.err
	}
	if g.err == nil {
		g.err = unpanicked(func() error { return errors.Join(g.rows.given(g.newest), g.rows.flush()) })
	}
	if g.err != nil || !g.changed {
		return errors.Join(g.err, g.tx.Rollback())
	}
	begun, number := time.Now(), g.tx.ID()
	g.db.unsettle(g.copies.wrote)
	if err := unpanicked(func() error { return g.db.commit(g.tx) }); err != nil {
		_ = g.tx.Rollback() // for what a panic left; else it is over already
		if err = g.db.failed(err, uint64(number)); !g.db.broken.Load() {
			g.db.settle(g.copies.wrote)
		}
		return err
	}
	g.db.settle(g.copies.wrote)
	if g.db.options.Observe != nil {
		stats := g.tx.Stats()
		c := Commit{Closures: len(g.members), Buckets: len(g.rows.written), Pages: stats.GetWrite(), Took: time.Since(begun)}
		for _, rows := range g.rows.written {
			c.Rows += rows
		}
		g.db.options.Observe(c)
	}
	return nil
}

// failed decides what a failed commit means. A full disk is known to have changed
// nothing while the file's header is as it was; after anything else nobody knows
// what is on the disk, and a later sync would not tell (store.md).
func (d *DB) failed(err error, transaction uint64) error {
	if errors.Is(err, syscall.ENOSPC) && !d.begun(transaction) {
		return store.Full.Because(err)
	}
	d.broken.Store(true)
	return fmt.Errorf("%w: %w", store.ErrOutcomeUnknown, err)
}

// unpanicked makes an error of bbolt's panic over a damaged page.
func unpanicked(fn func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("store: %v", v)
		}
	}()
	return fn()
}
