package bolt

import (
	"errors"
	"sync"

	berrors "go.etcd.io/bbolt/errors"

	"rator/store"
)

// idle are looks at the state of the last commit that nobody uses now, with the buckets that
// they opened: to open one takes about as long as to find a record in it. They are kept only
// while nobody writes. A look that is open keeps pages from being used again, and the file
// from growing, so who writes ends them first; and so they are never of an older state.
type idle struct {
	mu      sync.Mutex
	looks   []*fileRows
	writers int
	changes int64 // writers that began, and that ended
	closed  bool
}

// mostIdle is how many are kept: about as many as are used at a time.
const mostIdle = 16

// read runs fn over the rows of the state of the last commit. ErrClosed after Close.
func (d *DB) read(fn func(*fileRows) error) error {
	rows, began := d.idle.take()
	if rows == nil {
		tx, err := d.file.Begin(false)
		if errors.Is(err, berrors.ErrDatabaseNotOpen) {
			return store.ErrClosed
		}
		if err != nil {
			return err
		}
		rows = newFileRows(tx)
	}
	ended := false
	defer func() {
		if !ended || !d.idle.give(rows, began) {
			rows.leave()
		}
	}()
	err := fn(rows)
	ended = true
	return err
}

// take gives an idle look, or nil, and what give wants to know of when a look began.
func (i *idle) take() (rows *fileRows, began int64) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if last := len(i.looks) - 1; last >= 0 {
		rows, i.looks = i.looks[last], i.looks[:last]
	}
	return rows, i.changes
}

// give keeps a look for the next to take, and says whether it did: not when somebody writes,
// or did since it began.
func (i *idle) give(rows *fileRows, began int64) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.closed || i.writers > 0 || began != i.changes || len(i.looks) >= mostIdle {
		return false
	}
	i.looks = append(i.looks, rows)
	return true
}

// writing ends the idle looks; none are kept until written is called.
func (i *idle) writing() {
	i.mu.Lock()
	i.writers++
	i.mu.Unlock()
	i.leave(false)
}

func (i *idle) written() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.writers--
	i.changes++
}

// leave ends the idle looks, the last time none are kept any more.
func (i *idle) leave(last bool) {
	i.mu.Lock()
	looks := i.looks
	i.looks, i.closed = nil, i.closed || last
	i.changes++
	i.mu.Unlock()
	for _, rows := range looks {
		rows.leave()
	}
}

// leave ends a look at rows that are not written to.
func (f *fileRows) leave() { _ = f.tx.Rollback() }
