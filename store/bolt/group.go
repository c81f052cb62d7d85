package bolt

import (
	"errors"
	"fmt"
	"runtime/debug"
	"sync/atomic"
	"syscall"
	"time"

	"go.etcd.io/bbolt"

	"rator/store"
)

// maxGroup is how many closures one commit holds at most (store.md).
const maxGroup = 256

// group is closures that are committed together.
type group struct {
	db      *DB
	tx      *bbolt.Tx // that writes it
	layer   *layer    // what they wrote
	members []*request
	wrote   kindSet // stable kinds that they wrote to
	changed bool
	newest  store.ID
	err     error         // why nothing of the group is kept, or nobody knows; final once landed is closed
	landed  chan struct{} // closed when the commit is over
	told    atomic.Bool
}

func newGroup(d *DB) *group {
	return &group{db: d, layer: newLayer(nil), landed: make(chan struct{})}
}

// run runs one closure over what the ones before it left.
func (g *group) run(r *request, c copies) {
	g.members = append(g.members, r)
	if r.tx == nil {
		if r.err = r.ctx.Err(); r.err != nil {
			return
		}
	}
	if g.db.broken.Load() {
		r.err = store.NoWrites()
		return
	}
	l := newLayer(g.layer)
	c.wrote = c.wrote.and(g.wrote)
	r.tx = &tx{db: g.db, clock: &g.db.clock, rows: l, base: g.layer, copies: c, writable: true, updates: true, now: g.db.now()}
	r.run()
	if r.err != nil || r.panicked != nil || l.empty() && r.tx.newest == 0 {
		return
	}
	g.changed = true
	g.newest = max(g.newest, r.tx.newest)
	g.wrote = g.wrote.and(r.tx.wrote)
	if err := l.apply(); err != nil {
		g.err = errors.Join(g.err, err)
	}
}

// run runs fn and notes how it ended.
func (r *request) run() {
	r.err, r.panicked, r.exited = nil, nil, true
	defer r.tx.end()
	defer func() {
		if v := recover(); v != nil {
			r.exited, r.panicked = false, &store.Panic{Value: v, Stack: debug.Stack()}
		}
	}()
	r.err = r.tx.run(r.fn)
	r.exited = false
}

// close gives the layer its last rows, after which it says the same over the state that
// it was made over and over that which it makes.
func (g *group) close() error {
	if g.err != nil || !g.changed {
		return g.err
	}
	return unpanicked(func() error { return errors.Join(g.layer.given(g.newest), g.layer.flush()) })
}

// tell tells the members how it went, once. When the group failed, they are all told so,
// even those that failed by themselves: what they saw of the others may not be durable.
func (g *group) tell(err error) {
	if !g.told.CompareAndSwap(false, true) {
		return
	}
	for _, r := range g.members {
		if err != nil {
			r.err = err
		}
		close(r.done)
	}
}

func tooLong(wait time.Duration) error {
	return fmt.Errorf("%w: the commit takes longer than %s", store.ErrOutcomeUnknown, wait)
}

// commit writes the group to the disk and tells its members, also when that takes long.
func (g *group) commit(long time.Duration) {
	debug.SetPanicOnFault(true) // as in View
	alarm := time.AfterFunc(long, func() { g.tell(tooLong(long)) })
	g.err = g.write()
	alarm.Stop()
	g.db.idle.written()
	close(g.landed)
	g.tell(g.err)
}

func (g *group) write() error {
	begun, number := time.Now(), g.tx.ID()
	rows := newFileRows(g.tx)
	g.layer.below = rows
	if err := unpanicked(g.layer.apply); err != nil {
		return errors.Join(err, g.tx.Rollback())
	}
	g.db.unsettle(g.wrote)
	if err := unpanicked(func() error { return g.db.commit(g.tx) }); err != nil {
		_ = g.tx.Rollback() // for what a panic left; else it is over already
		if err = g.db.failed(err, uint64(number)); !g.db.broken.Load() {
			g.db.settle(g.wrote)
		}
		return err
	}
	g.db.settle(g.wrote)
	if g.db.options.Observe != nil {
		stats := g.tx.Stats()
		c := Commit{Closures: len(g.members), Buckets: len(rows.written), Pages: stats.GetWrite(), Took: time.Since(begun)}
		for _, n := range rows.written {
			c.Rows += n
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
