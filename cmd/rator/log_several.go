package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"

	"rator/calllog"
)

// logs are call logs that are read together, as those of the servers of a database.
type logs []*calllog.Reader

// calls gives those that a query wants, the newest first and at most limit, 0 = all; and of
// each log the newest that it had then.
func (l logs) calls(q *calllog.Query, limit int) (found []*calllog.Kept, newest []calllog.ID, err error) {
	next, first := make([]*calllog.Kept, len(l)), make([]calllog.ID, len(l))
	pull := make([]func() error, len(l))
	for i, r := range l {
		more, stop := iter.Pull2(r.Calls(q))
		defer stop()
		pull[i] = func() error {
			k, err, some := more()
			if next[i] = k; !some {
				next[i] = nil
			}
			return err
		}
		if err := pull[i](); err != nil {
			return nil, nil, err
		}
		if next[i] != nil {
			first[i] = next[i].ID
		}
	}
	for limit == 0 || len(found) < limit {
		at := -1
		for i, k := range next {
			if k != nil && (at < 0 || k.At.After(next[at].At)) {
				at = i
			}
		}
		if at < 0 {
			break
		}
		found = append(found, next[at])
		if err := pull[at](); err != nil {
			return nil, nil, err
		}
	}
	return found, first, nil
}

// follow gives what comes behind the newest of each log to each, one after the other, until
// ctx ends or one of them fails.
func (l logs) follow(ctx context.Context, q *calllog.Query, newest []calllog.ID, each func(*calllog.Kept) error) error {
	ctx, end := context.WithCancel(ctx)
	defer end()
	var one sync.Mutex
	ended := make(chan error, len(l))
	for i, r := range l {
		go func() {
			ended <- r.Follow(q, newest[i]).Run(ctx, func(k *calllog.Kept) error {
				one.Lock()
				defer one.Unlock()
				return each(k)
			})
			end()
		}()
	}
	var all error
	for range l {
		all = errors.Join(all, <-ended)
	}
	return all
}

// find finds a call by its id, or the newest by its request id, and the log that has it.
func (l logs) find(id string) (*calllog.Reader, *calllog.Kept, error) {
	numbered, err := calllog.ParseID(id)
	isID := err == nil
	var in *calllog.Reader
	var found *calllog.Kept
	for _, r := range l {
		if !isID {
			break
		}
		switch k, err := r.Call(numbered); {
		case errors.Is(err, calllog.ErrUnknown):
		case err != nil:
			return nil, nil, err
		case found != nil:
			return nil, nil, fmt.Errorf("%s is a call of %s and one of %s: name the call log of one of them alone", id, cell(found.Server), cell(k.Server))
		default:
			in, found = r, k
		}
	}
	if found != nil {
		return in, found, nil
	}
	for _, r := range l {
		for k, err := range r.Calls(&calllog.Query{RequestID: id}) {
			if err != nil {
				return nil, nil, err
			}
			if found == nil || k.At.After(found.At) {
				in, found = r, k
			}
			break
		}
	}
	if found == nil {
		return nil, nil, fmt.Errorf("%s is neither an id nor a request id of a call in the log; old calls go", id)
	}
	return in, found, nil
}

// complain says on standard error what the logs do not hold.
func (l logs) complain(t *terminal) {
	for _, r := range l {
		if r.Lost > 0 {
			fmt.Fprintf(t.err, "rator: %d calls of that time are not in the log: they came faster than they could be written\n", r.Lost)
		}
		for _, place := range r.Damaged {
			fmt.Fprintf(t.err, "rator: %s\n", place)
		}
	}
}
