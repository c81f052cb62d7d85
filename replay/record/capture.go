package record

import (
	"io"
	"sync"
	"time"
)

// capture is a body that is passed on, and keeps what went through up to a limit.
// Who sends it on and who asks for what was kept may be different goroutines.
type capture struct {
	io.ReadCloser
	limit   int64
	expects int64 // bytes, -1 = until it ends
	// waits is called with true before something is awaited from the other side,
	// and with false when it is there.
	waits func(bool)
	whole func() // is called when all of it went through, if it is not nil

	reading sync.Mutex // one reads at a time, so that what is kept is in order

	mu    sync.Mutex
	kept  []byte
	long  bool // there was more than limit
	count int64
	ended bool  // all of it went through
	err   error // it broke off
}

func (c *capture) Read(p []byte) (int, error) {
	c.reading.Lock()
	defer c.reading.Unlock()
	c.waits(true)
	n, err := c.ReadCloser.Read(p)
	c.waits(false)
	c.keep(p[:n], err)
	if _, _, ended, _ := c.body(); ended && c.whole != nil {
		c.whole()
	}
	return n, err
}

// keep notes what one read gave.
func (c *capture) keep(read []byte, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count += int64(len(read))
	switch {
	case c.long:
	case c.count > c.limit:
		c.kept, c.long = nil, true
	default:
		c.kept = append(c.kept, read...)
	}
	switch {
	case c.err != nil: // behind a body that broke off net/http says io.EOF as well
	case err == io.EOF:
		c.ended = true
	case err != nil:
		c.err = err
	case c.expects >= 0 && c.count == c.expects:
		c.ended = true
	}
}

// body is what was kept, and how the body went.
func (c *capture) body() (kept []byte, long, ended bool, err error) {
	if c == nil {
		return nil, false, true, nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.kept, c.long, c.ended, c.err
}

// untouched reports whether nothing of it was read.
func (c *capture) untouched() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.count == 0
}

// watch ends what does not come: stalled is called once the other side was
// awaited for as long as it may take.
type watch struct {
	after time.Duration
	timer *time.Timer
}

func newWatch(after time.Duration, stalled func()) *watch {
	return &watch{after, time.AfterFunc(after, stalled)}
}

// awaits says whether the other side is awaited now.
func (w *watch) awaits(yes bool) {
	if yes {
		w.timer.Reset(w.after)
	} else {
		w.timer.Stop()
	}
}
