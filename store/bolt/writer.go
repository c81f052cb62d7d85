package bolt

import (
	"fmt"
	"runtime/debug"
	"time"

	"go.etcd.io/bbolt"

	"rator/failure"
	"rator/store"
)

// writer runs closures, one after the other, and makes groups of them. While one group is
// on its way to the disk, the next runs over what that one wrote: it is committed, and its
// callers are told, only after that one. When that one fails, the closures of the next
// are run anew, or refused.
//
// Everything here is the writer's goroutine's; the commit has its own (group.commit).
type writer struct {
	db     *DB
	base   *base       // of the next closure; nil while nobody runs
	again  []*request  // to be run anew, before others
	next   *group      // takes closures
	flying *group      // on its way to the disk; nil: none
	late   *time.Timer // when flying takes too long
	isLate bool        // it does: the next group takes no more
}

// base is the state of the last commit, or of the one under way, open for reading. It is
// not kept open while the writer waits, because a file that must grow waits for it.
type base struct {
	tx     *bbolt.Tx
	rows   *fileRows
	copies copies
}

// write is the writer: it runs closures until Close.
func (d *DB) write(w *writer) {
	ended := false
	defer func() {
		if ended {
			close(d.stopped)
		} else {
			go d.write(w) // a closure ended this goroutine, as testing.T.FailNow does
		}
	}()
	d.writer.Store(goroutine())
	debug.SetPanicOnFault(true) // as in View
	for w.step() {
	}
	ended = true
}

func newWriter(d *DB) *writer { return &writer{db: d, next: newGroup(d)} }

// step does the next thing that is to be done. It is false after Close, when all is done.
func (w *writer) step() bool {
	if r := w.waiting(); r != nil {
		w.run(r)
		return true
	}
	if w.flying == nil && len(w.next.members) > 0 {
		w.fly()
		return true
	}
	w.leaveBase()
	var landed <-chan struct{}
	var late <-chan time.Time
	closing := w.db.closing
	if w.flying != nil {
		landed, late, closing = w.flying.landed, w.late.C, nil
	}
	select {
	case r := <-w.queue():
		w.run(r)
	case <-landed:
		w.landed()
	case <-late:
		w.isLate = true
		if len(w.next.members) > 0 {
			w.next.tell(tooLong(w.db.waits.commit))
		}
	case <-closing:
		return false
	}
	return true
}

// queue is where closures come from; nil while the next group takes none.
func (w *writer) queue() <-chan *request {
	select {
	case <-w.db.closing:
		return nil
	default:
	}
	if len(w.next.members) == maxGroup || w.isLate || w.next.told.Load() {
		return nil
	}
	return w.db.queue
}

// waiting is the next request, if there is one and a group has room for it.
func (w *writer) waiting() *request {
	if len(w.again) > 0 && w.flying == nil && len(w.next.members) < maxGroup {
		r := w.again[0]
		w.again = w.again[1:]
		return r
	}
	if len(w.again) > 0 {
		return nil
	}
	select {
	case r := <-w.queue():
		return r
	default:
		return nil
	}
}

// run runs one closure over what the ones before it left.
func (w *writer) run(r *request) {
	err := w.openBase(r)
	switch {
	case !r.begin(): // it was refused meanwhile
	case err != nil:
		r.err = err
		close(r.done)
	default:
		w.next.run(r, w.base.copies)
	}
}

// openBase opens the state that closures are to be run over. It refuses r when that
// takes too long, as it does while a commit waits for a reader to end, who may wait for r.
func (w *writer) openBase(r *request) error {
	if w.base != nil {
		return nil
	}
	if w.flying != nil {
		giveUp := time.AfterFunc(w.db.waits.queue, func() {
			r.refuse(failure.TryAgain.Because(fmt.Errorf("store: waited %s for the file to grow", w.db.waits.queue)))
		})
		defer giveUp.Stop()
	}
	b := &base{copies: copies{before: w.db.settled.Load()}}
	tx, err := w.db.file.Begin(false)
	if err != nil {
		return err
	}
	b.tx, b.rows, b.copies.after = tx, newFileRows(tx), w.db.settled.Load()
	w.base, w.next.layer.below = b, b.rows
	if w.flying != nil {
		b.copies.wrote = w.flying.wrote
		// The state may have it already, or not: it says the same over both.
		w.next.layer.below = &layer{below: b.rows, buckets: w.flying.layer.buckets}
	}
	return nil
}

func (w *writer) leaveBase() {
	if w.base != nil {
		_ = w.base.tx.Rollback() // of a transaction that only reads
		w.base = nil
	}
}

// fly sends the next group to the disk, and begins another over it.
func (w *writer) fly() {
	g := w.next
	err := w.openBase(nil)
	if err == nil {
		err = g.close()
	}
	w.leaveBase()
	w.next = newGroup(w.db)
	if err != nil || !g.changed {
		g.tell(err)
		return
	}
	w.db.idle.writing()
	if g.tx, err = w.db.file.Begin(true); err != nil {
		w.db.idle.written()
		g.tell(err)
		return
	}
	long := w.db.waits.commit
	w.flying, w.late = g, time.NewTimer(long)
	go g.commit(long)
}

// landed ends the flight of a group.
func (w *writer) landed() {
	g := w.flying
	w.flying, w.isLate = nil, false
	w.late.Stop()
	w.leaveBase()
	if g.err == nil {
		return
	}
	// What the next group was run over is gone.
	failed := w.next
	w.next = newGroup(w.db)
	if w.db.broken.Load() {
		failed.tell(store.NoWrites())
		return
	}
	if !failed.told.Load() {
		w.again = failed.members
	}
}
