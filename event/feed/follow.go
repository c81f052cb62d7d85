package feed

import (
	"context"
	"fmt"
	"sync"
	"time"

	"rator/store"
)

// followers counts who follows, by operator.
type followers struct {
	mu  sync.Mutex
	all int
	of  map[string]int
}

// followersError says that too many follow already.
type followersError struct {
	most int
	of   string // the operator whose these are; "" = of all
}

func (e *followersError) Error() string {
	if e.of != "" {
		return fmt.Sprintf("%s follows %d times already, which is all that an operator may", e.of, e.most)
	}
	return fmt.Sprintf("%d follow already, which is all that may", e.most)
}

// enter lets one more follow. It fails with *followersError.
func (f *followers) enter(operator string, all, each int) (leave func(), err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case f.all >= all:
		return nil, &followersError{most: all}
	case f.of[operator] >= each:
		return nil, &followersError{each, operator}
	}
	if f.of == nil {
		f.of = map[string]int{}
	}
	f.all++
	f.of[operator]++
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.all--
		if f.of[operator]--; f.of[operator] == 0 {
			delete(f.of, operator)
		}
	}, nil
}

func (f *followers) number() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.all
}

// following says when the answer to who follows goes on, and when it ends.
type following struct {
	*exchange
	until time.Time
	over  bool
}

// begin fails with *followersError.
func (f *following) begin(operator string) (leave func(), err error) {
	f.until = f.Now().Add(f.FollowTime)
	return f.followers.enter(operator, f.Followers, f.EachOf)
}

// wait returns once there is more to tell, or the answer is over; with end, when nothing
// is there to be told now. It writes a beat now and then, so that whoever follows, and
// what is between, knows that somebody is there.
func (f *following) wait(end bool) error {
	if !f.follow {
		return nil
	}
	poll, beat := time.NewTicker(f.Poll), time.NewTicker(f.Beat)
	defer poll.Stop()
	defer beat.Stop()
	for {
		select {
		case <-f.stopping:
			f.over = true
			return nil
		default:
		}
		if f.over = !f.Now().Before(f.until); f.over || !end {
			return nil
		}
		select {
		case <-f.r.Context().Done():
			return errHungUp
		case <-f.stopping:
		case <-beat.C:
			f.held = append(f.held, f.source.beat()...)
			if err := f.write(); err != nil {
				return err
			}
		case <-poll.C:
			news := false
			err := f.Gate.Store.View(context.WithoutCancel(f.r.Context()), func(tx store.Tx) (err error) {
				news, err = f.source.news(tx)
				return err
			})
			if err != nil || news {
				return err
			}
		}
	}
}
