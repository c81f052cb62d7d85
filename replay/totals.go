package replay

import (
	"errors"
	"sync"
	"time"

	"rator/replay/fixture"
)

// totals grows into the summary.
type totals struct {
	mu   sync.Mutex
	s    Summary
	done int // exchanges
	bad  int // of them
}

func newTotals(endpoint string, planned int) *totals {
	return &totals{s: Summary{
		Endpoint: endpoint, Planned: planned, Started: time.Now(),
		Scenarios: map[Outcome]int{}, Exchanges: map[Outcome]int{}, Operations: map[string]*Histogram{},
	}}
}

// took counts one exchange that got an answer.
func (t *totals) took(operation string, d time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	h := t.s.Operations[operation]
	if h == nil {
		h = &Histogram{}
		t.s.Operations[operation] = h
	}
	h.Add(d)
}

// next counts an exchange that is done and says how many are.
func (t *totals) next(o Outcome) (done, bad int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.done++
	if o != Equal {
		t.bad++
	}
	if o != NotPlayed {
		t.s.Played++
	}
	return t.done, t.bad
}

// add counts the outcomes of a scenario.
func (t *totals) add(r *Result) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.s.Scenarios[r.Outcome()]++
	for i := range r.Exchanges {
		t.s.Exchanges[r.Exchanges[i].Outcome]++
	}
	t.s.Interrupted = t.s.Interrupted || errors.Is(r.Err, ErrInterrupted)
	var gone *unreachableError
	t.s.Unreachable = t.s.Unreachable || errors.As(r.Err, &gone)
	var mistake *fixture.Error
	t.s.Misused = t.s.Misused || errors.As(r.Err, &mistake)
}

// withhold counts answers that --update does not write.
func (t *totals) withhold(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.s.Withheld += n
}

func (t *totals) summary() *Summary {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.s.Took = time.Since(t.s.Started)
	return &t.s
}
