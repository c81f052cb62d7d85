package store

import (
	"context"
	"io"
)

// Progress is how far something that takes long has come.
type Progress struct {
	Of          string // what is counted, in the plural
	Done, Total int64
}

type tellingKey struct{}

// Telling is a context in which Verify, and what else takes long and says so, tells how far
// it is: now and then, from any goroutine, and sometimes from two at a time.
func Telling(ctx context.Context, told func(Progress)) context.Context {
	return context.WithValue(ctx, tellingKey{}, told)
}

// Tell tells who wants to know, if anybody does.
func Tell(ctx context.Context, p Progress) {
	if told, ok := ctx.Value(tellingKey{}).(func(Progress)); ok {
		told(p)
	}
}

// Reader reads from r until ctx ends.
func Reader(ctx context.Context, r io.Reader) io.Reader { return reader{ctx, r} }

type reader struct {
	ctx context.Context
	io.Reader
}

func (r reader) Read(b []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(b)
}
