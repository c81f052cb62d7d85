package load_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/replay/load"
)

// quick is how long an answer takes while nothing is wrong.
const quick = time.Millisecond

// served is a caller of a server that exists in the time of synctest: it answers after
// the time that takes says of a call begun so long after the first.
type served struct {
	first *atomic.Int64 // when the first call began, in nanoseconds
	takes func(after time.Duration) time.Duration
}

func (s *served) Call(ctx context.Context) load.Call {
	c := load.Call{Operation: "ECHO", Outcome: "OK", Expected: true, Begun: time.Now()}
	s.first.CompareAndSwap(0, c.Begun.UnixNano())
	select {
	case <-time.After(s.takes(c.Begun.Sub(time.Unix(0, s.first.Load())))):
	case <-ctx.Done():
		c.Err = ctx.Err()
	}
	c.Ended = time.Now()
	return c
}

// run has a load run against a server that takes so long.
func run(t *testing.T, ctx context.Context, plan load.Plan, takes func(after time.Duration) time.Duration) *load.Result {
	t.Helper()
	var first atomic.Int64
	l := &load.Load{Plan: plan, NewCaller: func() load.Caller { return &served{&first, takes} }}
	r, err := l.Run(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// stalls is a server that stands still from the third to the fifth second.
func stalls(after time.Duration) time.Duration {
	if after >= 3*time.Second && after < 5*time.Second {
		return 5*time.Second - after
	}
	return quick
}

// near says that a quantile is d, as far as a histogram knows.
func near(d, want time.Duration) bool { return d >= want*93/100 && d <= want*108/100 }

// TestStallIsSeen: at a rate the calls that were due while the server stood still count
// from then, whether there were callers for them or one that had to wait. A closed loop
// does not see it.
func TestStallIsSeen(t *testing.T) {
	for name, callers := range map[string]int{"many callers": 1000, "one caller": 1} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := run(t, t.Context(), load.Plan{Rate: 100, Callers: callers, For: 10 * time.Second}, stalls)
				if r.All.Count != 1000 || r.Answered != 1000 || r.All.Errors != 0 {
					t.Fatalf("%+v", r)
				}
				p50, p90, p99 := r.All.Quantile(0.5), r.All.Quantile(0.9), r.All.Quantile(0.99)
				if !near(p50, quick) || p90 < 900*time.Millisecond || p90 > 1400*time.Millisecond || p99 < 1800*time.Millisecond || r.All.Max < 1990*time.Millisecond {
					t.Errorf("p50 %s, p90 %s, p99 %s, max %s", p50, p90, p99, r.All.Max)
				}
				if waited := r.Late.Quantile(0.9) > time.Second/2; waited != (callers == 1) {
					t.Errorf("sent late: p90 %s, %d callers", r.Late.Quantile(0.9), callers)
				}
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		r := run(t, t.Context(), load.Plan{Callers: 1, For: 10 * time.Second}, stalls)
		if p99 := r.All.Quantile(0.99); !near(p99, quick) || r.All.Count < 7900 || r.All.Max < 1990*time.Millisecond {
			t.Errorf("closed: %d calls, p99 %s, max %s", r.All.Count, p99, r.All.Max)
		}
	})
}

func steady(time.Duration) time.Duration { return quick }

// TestWarmUp: what was due while warming up is not counted, and the time neither.
func TestWarmUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := func(after time.Duration) time.Duration {
			if after < 2*time.Second {
				return 500 * time.Millisecond
			}
			return quick
		}
		begun := time.Now()
		for _, plan := range []load.Plan{
			{Rate: 50, Callers: 100, WarmUp: 4 * time.Second, For: 6 * time.Second},
			{Callers: 2, WarmUp: 4 * time.Second, For: 6 * time.Second},
		} {
			r := run(t, t.Context(), plan, slow)
			if r.All.Max > 2*quick || r.Took < 6*time.Second || r.Took > 6*time.Second+2*quick || plan.Rate > 0 && r.All.Count != 300 {
				t.Errorf("%+v: %d calls in %s, max %s", plan, r.All.Count, r.Took, r.All.Max)
			}
			if plan.Rate > 0 && (r.PerSecond() < 49.9 || r.PerSecond() > 50.1) {
				t.Errorf("%g a second", r.PerSecond())
			}
		}
		if took := time.Since(begun); took < 20*time.Second || took > 22*time.Second {
			t.Errorf("both took %s", took)
		}
	})
}

// TestUnsent: what was due and found no caller until the end is an error that took as
// long as it waited, and nobody waits any longer.
func TestUnsent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		r := run(t, t.Context(), load.Plan{Rate: 10, Callers: 1, For: 5 * time.Second}, func(time.Duration) time.Duration { return time.Second })
		if took := time.Since(begun); took > 8*time.Second {
			t.Errorf("it took %s", took)
		}
		want := []load.Outcome{{Name: "not sent", Calls: 45, Errors: 45}, {Name: "OK", Calls: 5}}
		if d := cmp.Diff(want, r.Outcomes); d != "" || r.All.Count != 50 || r.Answered != 5 {
			t.Errorf("%s%+v", d, r.All.Count)
		}
	})
}

// TestInterrupt: what was measured until then is there, what was not answered is counted.
func TestInterrupt(t *testing.T) {
	for name, plan := range map[string]load.Plan{
		"open": {Rate: 10, Callers: 100, For: time.Hour}, "closed": {Callers: 5, For: time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second+quick/2)
				defer cancel()
				r := run(t, ctx, plan, func(after time.Duration) time.Duration {
					if after > 2*time.Second {
						return time.Hour
					}
					return 100 * time.Millisecond
				})
				if !r.Interrupted || r.All.Count == 0 || r.Unanswered < 5 || r.All.Errors != 0 || r.Took > 3*time.Second {
					t.Errorf("%+v", r)
				}
			})
		})
	}
}

// nobody is a caller that gets no answer.
type nobody struct{}

var errNobody = errors.New("nobody is there")

func (nobody) Call(context.Context) load.Call { return load.Call{Err: errNobody} }

// TestNobodyThere: nothing is measured of a server that does not answer the first call,
// and no load that cannot be is tried.
func TestNobodyThere(t *testing.T) {
	l := &load.Load{Plan: load.Plan{Rate: 10, Callers: 1, For: time.Hour}, NewCaller: func() load.Caller { return nobody{} }}
	if r, err := l.Run(t.Context()); !errors.Is(err, errNobody) || r != nil {
		t.Errorf("%v %v", r, err)
	}
	for _, plan := range []load.Plan{{Rate: 1, For: time.Second}, {Callers: 1}, {Callers: 1, For: time.Second, WarmUp: -1}, {Rate: -1, Callers: 1, For: time.Second}} {
		if _, err := (&load.Load{Plan: plan}).Run(t.Context()); err == nil {
			t.Errorf("%+v is run", plan)
		}
	}
}

// TestSoFar: how it goes can be asked for while it does.
func TestSoFar(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var first atomic.Int64
		l := &load.Load{Plan: load.Plan{Rate: 10, Callers: 9, WarmUp: 2 * time.Second, For: 8 * time.Second}, NewCaller: func() load.Caller { return &served{&first, steady} }}
		if p := l.SoFar(); p != nil {
			t.Errorf("before: %+v", p)
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			if _, err := l.Run(t.Context()); err != nil {
				t.Error(err)
			}
		}()
		time.Sleep(time.Second)
		if p := l.SoFar(); !p.Warming || p.Calls != 0 || p.Left < 8*time.Second {
			t.Errorf("warming up: %+v", p)
		}
		time.Sleep(5 * time.Second)
		if p := l.SoFar(); p.Warming || p.Calls < 39 || p.Calls > 41 || p.Rate < 9.7 || p.Rate > 10.3 || p.Median != quick && !near(p.Median, quick) {
			t.Errorf("%+v", p)
		}
		<-done
	})
}
