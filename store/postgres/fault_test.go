package postgres

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"sync"
	"time"

	"rator/failure"
	"rator/store"
)

// cuts are connections that break: each after so many bytes, in either direction, as chance
// will have it, while on is set.
type cuts struct {
	mu    sync.Mutex
	on    bool
	rng   *rand.Rand
	after []int // at most so many bytes: one of these
	done  int   // how many there were
	late  bool  // what was written last comes to the server after the client was cut off
}

var errCut = errors.New("test: the connection is cut")

func (c *cuts) set(on bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.on = on
}

// dial is a DialFunc whose connections are cut.
func (c *cuts) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return &cutConn{Conn: conn, cuts: c, left: c.next()}, nil
}

func (c *cuts) next() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.rng.IntN(c.after[c.rng.IntN(len(c.after))])
}

// cutConn is a connection that is cut after left bytes.
type cutConn struct {
	net.Conn
	cuts *cuts
	mu   sync.Mutex
	left int
	over bool
}

// pass says how many of n bytes still pass.
func (c *cutConn) pass(n int) (int, bool) {
	c.cuts.mu.Lock()
	defer c.cuts.mu.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.over:
		return 0, true
	case !c.cuts.on:
		return n, false
	case n < c.left:
		c.left -= n
		return n, false
	}
	c.over = true
	c.cuts.done++
	return c.left, true
}

func (c *cutConn) Write(b []byte) (int, error) {
	n, cut := c.pass(len(b))
	if !cut {
		return c.Conn.Write(b)
	}
	if c.cuts.late && n > 0 {
		rest := append([]byte(nil), b...)
		conn := c.Conn
		time.AfterFunc(time.Duration(rand.IntN(30))*time.Millisecond, func() {
			_, _ = conn.Write(rest) // the server may be gone
			time.AfterFunc(time.Second, func() { _ = conn.Close() })
		})
		return n, errCut
	}
	_, _ = c.Conn.Write(b[:n])
	_ = c.Conn.Close()
	return n, errCut
}

func (c *cutConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if err != nil {
		return n, err
	}
	if pass, cut := c.pass(n); cut {
		_ = c.Conn.Close()
		return pass, errCut
	}
	return n, nil
}

func (c *cutConn) Close() error {
	c.mu.Lock()
	over := c.over
	c.mu.Unlock()
	if over && c.cuts.late {
		return nil
	}
	return c.Conn.Close()
}

// patient is a store whose Views are repeated when the database is lost in them, as those
// who call a View may.
type patient struct {
	store.Store
	cuts *cuts
}

func (p patient) again(do func() error) error {
	for {
		if err := do(); failure.CodeOf(err) != failure.TryAgain {
			return err
		}
	}
}

func (p patient) View(ctx context.Context, fn func(store.Tx) error) error {
	return p.again(func() error { return p.Store.View(ctx, fn) })
}

// Views are not cut off: what they tell, they tell once.
func (p patient) Views(ctx context.Context, looks int, fn func(store.Looks) error) error {
	p.cuts.set(false)
	defer p.cuts.set(true)
	return p.again(func() error { return p.Store.Views(ctx, looks, fn) })
}

func (p patient) Look(ctx context.Context, fn func(store.Tx) error) error {
	return p.again(func() error { return p.Store.Look(ctx, fn) })
}

func (p patient) Rehearse(ctx context.Context, fn func(store.Tx) error) error {
	return p.again(func() error { return p.Store.Rehearse(ctx, fn) })
}

func (p patient) Verify(ctx context.Context, report func(error)) (n int64, err error) {
	err = p.again(func() (err error) { n, err = p.Store.Verify(ctx, report); return err })
	return n, err
}
