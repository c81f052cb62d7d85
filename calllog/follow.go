package calllog

import (
	"context"
	"time"
)

// Follower gives the calls of a log in the order they are written, as they come.
type Follower struct {
	reader  *Reader
	query   Query
	segment uint64 // the one that is read
	offset  int64  // in it
	after   ID
}

// Follow begins behind the call with the id; the zero ID begins with the oldest.
func (r *Reader) Follow(q *Query, after ID) *Follower {
	return &Follower{reader: r, query: *q, segment: after.Segment, after: after}
}

// next gives what came since the last time, the oldest first.
func (f *Follower) next() ([]*Kept, error) {
	numbers, err := segments(f.reader.dir)
	if err != nil {
		return nil, err
	}
	var came []*Kept
	for i, number := range numbers {
		if number < f.segment {
			continue
		}
		if number > f.segment {
			f.segment, f.offset = number, 0
		}
		calls, next, err := f.reader.segment(number, f.offset, i+1 < len(numbers))
		if err != nil {
			return nil, err
		}
		f.offset = next
		for k := range calls {
			if !f.after.less(calls[k].ID) {
				continue
			}
			f.after = calls[k].ID
			wanted, err := f.reader.wants(&f.query, &calls[k])
			if err != nil {
				f.reader.damaged(number, calls[k].offset, err)
			} else if wanted {
				came = append(came, &calls[k])
			}
		}
	}
	return came, nil
}

// Run gives what comes to each until ctx ends or each fails.
func (f *Follower) Run(ctx context.Context, each func(*Kept) error) error {
	const pause = 250 * time.Millisecond
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for {
		came, err := f.next()
		if err != nil {
			return err
		}
		for _, k := range came {
			if err := each(k); err != nil {
				return err
			}
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
}
