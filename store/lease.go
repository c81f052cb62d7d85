package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Lease is the right to do what one of all processes of a store does at a time, such as
// telling a listener. A process that was stopped for a while, or cut off, may have lost one
// without having heard of it: Had says so by the clock, and an Update fails by the fence.
type Lease interface {
	// Had is nil while the process has the lease for sure, else why not. Who is about to do
	// what no transaction can undo asks it right before.
	Had() error
}

// ErrLeaseLost: another process has the lease, or may have it: what was to be done under it
// is the other's now, and nothing of the transaction is kept.
var ErrLeaseLost = errors.New("store: the lease was lost: this server was stopped, or cut off from the database, for too long, and another may go on with what it did")

// HeldError says who has a lease.
type HeldError struct {
	Lease string
	Who   string // as the database's people see the process
}

func (e *HeldError) Error() string {
	return fmt.Sprintf("store: %s is done by another process: %s", e.Lease, e.Who)
}

type leaseKey struct{}

// WithLease gives the context of what is done under a lease.
func WithLease(ctx context.Context, l Lease) context.Context {
	return context.WithValue(ctx, leaseKey{}, l)
}

// LeaseOf is the lease that a context has; nil = none.
func LeaseOf(ctx context.Context) Lease {
	l, _ := ctx.Value(leaseKey{}).(Lease)
	return l
}

// Had is nil when the lease of a context is had, or there is none.
func Had(ctx context.Context) error {
	if l := LeaseOf(ctx); l != nil {
		return l.Had()
	}
	return nil
}

// askedEach is how often Await asks.
const askedEach = time.Second

// Await is Hold for who waits until another process does it no more. It tells who has it,
// when it begins to wait and when that is another.
func Await(ctx context.Context, st Store, lease string, waits func(*HeldError)) (held context.Context, done func(), err error) {
	for who := ""; ; {
		held, done, err = st.Hold(ctx, lease)
		var other *HeldError
		if !errors.As(err, &other) {
			return held, done, err
		}
		if other.Who != who {
			who = other.Who
			waits(other)
		}
		select {
		case <-ctx.Done():
			return nil, nil, ctx.Err()
		case <-time.After(askedEach):
		}
	}
}
