package bolt

import (
	"context"
	"errors"
	"io"
	"os"
	"runtime"
	"sync/atomic"

	"go.etcd.io/bbolt"

	"rator/store"
)

// walk is a look at all pages that a transaction sees, by as many goroutines as run at a
// time, in no order. It says whether they are as they should be; which are not, and in what
// way, is for checkPages to say.
type walk struct {
	path string
	tx   *bbolt.Tx
	leaf func(bucket string, rows []element, high []byte) // as of pageChecker
}

// toldEach is after how many pages somebody is told how far a walk is: a power of 2.
const toldEach = 1 << 10

// sound tells how far it is (store.Telling), and gives the pages that it reached, too. The error is for what kept it from reading.
func (w *walk) sound(ctx context.Context) (is bool, reached pageSet, err error) {
	file, err := os.Open(w.path)
	if err != nil {
		return false, nil, err
	}
	defer file.Close()
	c := newPageChecker(file, w.tx)
	c.leaf, c.free = w.leaf, make(chan struct{}, runtime.GOMAXPROCS(0)-1)
	var bad atomic.Bool
	c.report = func(error) {
		bad.Store(true)
		c.ends.Store(true)
	}
	var pages atomic.Int64
	c.each = func() {
		n := pages.Add(1)
		if n%toldEach != 0 {
			return
		}
		if ctx.Err() != nil {
			c.ends.Store(true)
		}
		store.Tell(ctx, store.Progress{Of: "MB", Done: n * c.size >> 20, Total: int64(c.end) * c.size >> 20})
	}
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		readAhead(file, int64(c.end)*c.size, &c.ends)
	}()
	c.tree(nil, uint64(w.tx.Cursor().Bucket().RootPage()), bounds{})
	c.busy.Wait()
	c.ends.Store(true)
	<-stopped
	if err := errors.Join(ctx.Err(), c.err); err != nil {
		return false, nil, err
	}
	return !bad.Load(), c.seen, nil
}

// readAhead reads a file from its begin, so that the system has it when its pages are asked
// for, in an order that a disk is slow at.
func readAhead(file io.ReaderAt, size int64, ends *atomic.Bool) {
	buffer := make([]byte, 1<<20)
	for at := int64(0); at < size && !ends.Load(); at += int64(len(buffer)) {
		if _, err := file.ReadAt(buffer, at); err != nil {
			return
		}
	}
}
