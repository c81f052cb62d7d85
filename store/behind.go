package store

import "context"

type behindKey struct{}

// Behind is a context whose Views may see a state that is a little older than the newest, as
// the store was opened for, though never one without what this process has committed. fn of
// such a View may run twice, the second time over another state, and then nothing of the
// first counts. It is for answers that nobody writes by: who goes by Settled, or remembers
// how far it has read, asks without it.
func Behind(ctx context.Context) context.Context { return context.WithValue(ctx, behindKey{}, true) }

// MayBeBehind is whether Behind was said.
func MayBeBehind(ctx context.Context) bool { return ctx.Value(behindKey{}) != nil }
