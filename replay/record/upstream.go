package record

import (
	"context"
	"errors"
	"net"
	"sync/atomic"
	"syscall"
	"time"
)

// DialContext connects a proxy to its upstream within a time, for an http.Transport.
func DialContext(within time.Duration) func(ctx context.Context, network, address string) (net.Conn, error) {
	dialer := &net.Dialer{Timeout: within}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := dialer.DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &answering{Conn: c}, nil
	}
}

// answering is a connection to a server that may answer and close before it has the
// whole request: what it will not take is dropped, so that its answer is still read.
// The reader hears of a connection that is gone.
type answering struct {
	net.Conn
	closed atomic.Bool // the server takes no more
}

func (c *answering) Write(p []byte) (int, error) {
	if c.closed.Load() {
		return len(p), nil
	}
	n, err := c.Conn.Write(p)
	if errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET) {
		c.closed.Store(true)
		return len(p), nil
	}
	return n, err
}
