package record

import (
	"fmt"
	"sync"
	"time"

	"rator/mask"
)

// Recorder writes exchanges down behind whoever adds them. take may be called by
// many at a time.
type Recorder struct {
	options Options

	mu      sync.Mutex
	wake    *sync.Cond
	waiting []item
	bytes   int64 // of what waits
	behind  bool  // it was said that recording is behind
	closed  bool
	totals  Totals
	ended   chan struct{}

	// What follows belongs to the goroutine that writes.
	scenarios map[string]*scenario
	next      int // number of the next scenario's folder
	sessions  int // of a split by idle time
	lastSeen  time.Time
	secrets   *secrets

	asked, answered, plain *mask.Masker
	failing                bool // the last write failed
}

// item is an exchange to write, or what is to be noted instead of one.
type item struct {
	*Exchange
	missed string // why it is not recorded; "" = it is
}

// size is about how many bytes an item takes while it waits.
func (i item) size() int64 {
	if i.missed != "" {
		return 512
	}
	return i.Exchange.size()
}

// newRecorder makes a recorder that writes below o.Dir until it is closed.
func newRecorder(o Options) (*Recorder, error) {
	o.fill()
	r := &Recorder{options: o, scenarios: map[string]*scenario{}, secrets: newSecrets(), ended: make(chan struct{})}
	r.wake = sync.NewCond(&r.mu)
	r.maskers()
	if err := r.open(); err != nil {
		return nil, err
	}
	go r.write()
	return r, nil
}

// take takes an exchange to be written. It does not wait: what comes while too
// much waits for the disk is not recorded, which is said and counted.
func (r *Recorder) take(x *Exchange) { r.add(item{Exchange: x}) }

// missed notes that an exchange is not recorded, and why.
func (r *Recorder) missed(x *Exchange, why string) { r.add(item{x, why}) }

// pass counts an exchange that is not to be recorded.
func (r *Recorder) pass() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.totals.Passed++
}

func (r *Recorder) add(i item) {
	var said []string
	defer func() {
		for _, line := range said {
			r.options.Say(line)
		}
	}()
	r.mu.Lock()
	defer r.mu.Unlock()
	size := i.size()
	if i.missed == "" && (r.closed || len(r.waiting) > 0 && r.bytes+size > r.options.MaxWaiting) {
		r.totals.Failed++
		i.missed = "too much waited for the disk"
	}
	if i.missed != "" {
		r.totals.NotRecorded++
		i.Exchange = headOf(i.Exchange)
		size = i.size()
		said = append(said, fmt.Sprintf("not recorded: %s %s: %s", i.Request.Method, r.shown(i.Exchange), i.missed))
	}
	if r.closed {
		return
	}
	// Notes may go beyond the bound, but not without one: beyond that they are
	// said and counted only.
	if len(r.waiting) > 0 && r.bytes+size > 2*r.options.MaxWaiting {
		return
	}
	r.waiting = append(r.waiting, i)
	r.bytes += size
	if !r.behind && r.bytes > r.options.MaxWaiting/2 {
		r.behind = true
		said = append(said, fmt.Sprintf("recording is behind: %d exchanges wait for the disk", len(r.waiting)))
	}
	r.wake.Signal()
}

// headOf is an exchange without what was said in it.
func headOf(x *Exchange) *Exchange {
	head := &Exchange{Client: x.Client, Received: x.Received}
	head.Request.Method, head.Request.Target, head.Request.Header = x.Request.Method, x.Request.Target, x.Request.Header
	return head
}

// shown is where an exchange went, for messages: a query may hold anything.
func (r *Recorder) shown(x *Exchange) string {
	return string(r.plain.Message("text/plain", []byte(r.plain.Target(pathOf(x.Request.Target)))))
}

// write writes what is added until the recorder is closed and nothing waits.
func (r *Recorder) write() {
	defer close(r.ended)
	for {
		r.mu.Lock()
		for len(r.waiting) == 0 && !r.closed {
			r.wake.Wait()
		}
		if len(r.waiting) == 0 {
			r.mu.Unlock()
			return
		}
		i := r.waiting[0]
		r.waiting[0] = item{}
		r.waiting = r.waiting[1:]
		r.mu.Unlock()

		r.one(i)

		r.mu.Lock()
		r.bytes -= i.size()
		caughtUp := r.behind && len(r.waiting) == 0
		if caughtUp {
			r.behind = false
		}
		r.mu.Unlock()
		if caughtUp {
			r.options.Say("recording has caught up")
		}
	}
}

// one writes or notes one exchange, and counts it.
func (r *Recorder) one(i item) {
	s := r.scenario(i.Exchange)
	if i.missed != "" {
		r.told(s.note(r, i.Exchange, i.missed))
		return
	}
	path := s.pathFor(i.Exchange)
	f, name, variables, err := r.fixture(i.Exchange, path)
	if err != nil {
		r.miss(i.Exchange, s, err.Error(), false)
		return
	}
	if err := s.add(r, i.Exchange, f, name, variables); err != nil {
		r.failing = true
		r.miss(i.Exchange, s, err.Error(), true)
		return
	}
	if r.failing {
		r.failing = false
		r.options.Say("recording goes on")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.totals.Exchanges++
	if s.written == 1 {
		r.totals.Scenarios++
	}
}

// miss says at once that an exchange could not be written.
func (r *Recorder) miss(x *Exchange, s *scenario, why string, failed bool) {
	r.mu.Lock()
	r.totals.NotRecorded++
	if failed {
		r.totals.Failed++
	}
	r.mu.Unlock()
	line := fmt.Sprintf("not recorded: %s %s: %s", x.Request.Method, r.shown(x), why)
	if failed {
		line += "; clients are served all the same"
	}
	r.options.Say(line)
	if err := s.note(r, x, why); err != nil && !failed {
		r.told(err)
	}
}

// told says what went wrong beside the exchanges.
func (r *Recorder) told(err error) {
	if err == nil {
		return
	}
	r.mu.Lock()
	r.totals.Failed++
	r.mu.Unlock()
	r.options.Say("the scenario's settings are not written: " + err.Error())
}

// Totals are those up to now.
func (r *Recorder) Totals() Totals {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.totals
}

// close waits until all that was added is written, and gives the totals.
func (r *Recorder) close() Totals {
	r.mu.Lock()
	r.closed = true
	r.wake.Signal()
	r.mu.Unlock()
	<-r.ended
	return r.Totals()
}
