package access

import (
	"context"
	"log/slog"
	"net/netip"
	"sync"
	"time"

	"rator/store"
)

// ReadBehindConfig is what a ReadBehind is made of; Store and Log are mandatory.
type ReadBehindConfig struct {
	Store    store.Store
	Log      *slog.Logger
	Sync     bool          // keep each row before Write returns
	Interval time.Duration // how long a row waits at most; 0 = a second
	Queue    int           // rows that may wait; 0 = 16,384
}

// ReadBehind keeps the audit rows of calls that changed nothing: those that
// only read, and those that were refused. They have no transaction that commits,
// so their rows are collected and kept many at a time, and a read costs no
// commit. Calls of who was not recognised are counted, and kept as a row a minute for
// each place that they came from (Refused). Rows that find the queue full, or that the store refuses, are lost,
// counted and logged. Safe for concurrent use.
type ReadBehind struct {
	config ReadBehindConfig
	stop   chan struct{} // closed by Close
	done   chan struct{} // closed when the last row is kept
	full   chan struct{} // a batch is together, do not wait for more

	strangers strangers

	mu      sync.Mutex
	waiting []AuditRow
	closed  bool
	lost    int64 // since the start
	told    int64 // of these, how many the log knows of
}

// mostLoggedSources is how many places of strangers the log names in a minute.
const mostLoggedSources = 20

const batchRows = 512 // so that one batch does not hold up the calls that write

// NewReadBehind starts a ReadBehind; Close ends it.
func NewReadBehind(c ReadBehindConfig) *ReadBehind {
	if c.Interval == 0 {
		c.Interval = time.Second
	}
	if c.Queue == 0 {
		c.Queue = 16_384
	}
	b := &ReadBehind{config: c, stop: make(chan struct{}), done: make(chan struct{}), full: make(chan struct{}, 1)}
	go b.run()
	return b
}

// Write hands over a row, with At set. It never waits and never fails, except
// with Sync: then it returns once the row is durable, or with the store's error,
// and the caller must not answer what it read. A caller who hangs up is audited
// all the same, hence no context.
func (b *ReadBehind) Write(row AuditRow) error {
	if b.config.Sync {
		return b.keep([]AuditRow{row})
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed || len(b.waiting) >= b.config.Queue {
		b.lost++
		return nil
	}
	b.waiting = append(b.waiting, row)
	if len(b.waiting)%batchRows == 0 {
		select {
		case b.full <- struct{}{}:
		default:
		}
	}
	return nil
}

// Refused counts a call of who was not recognised, or was refused before that was
// known: the face it came by, from where, the operator it named ("" = none), without
// what must not be kept, and the outcome as AuditRow has it. It never waits and never
// fails, and keeps nothing by itself, with Sync neither: strangers must not make the
// server write. What was counted is kept once a minute and by Close, with the names
// of at most 1,000 places and 10 names of each.
func (b *ReadBehind) Refused(face string, remote netip.Addr, named, outcome string) {
	b.strangers.refused(face, remote, named, outcome)
}

// Strangers is how many calls Refused has counted since the start.
func (b *ReadBehind) Strangers() int64 {
	b.strangers.mu.Lock()
	defer b.strangers.mu.Unlock()
	return b.strangers.total
}

// Lost is how many rows were lost since the start.
func (b *ReadBehind) Lost() int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.lost
}

// Close keeps what waits and returns when that is durable. Rows written later are
// lost. It may be called more than once.
func (b *ReadBehind) Close() {
	b.mu.Lock()
	if !b.closed {
		b.closed = true
		close(b.stop)
	}
	b.mu.Unlock()
	<-b.done
}

func (b *ReadBehind) run() {
	defer close(b.done)
	tick := time.NewTicker(b.config.Interval)
	defer tick.Stop()
	minute := time.NewTicker(time.Minute)
	defer minute.Stop()
	for stopped := false; !stopped; {
		select {
		case <-b.stop:
			stopped = true
			b.flushStrangers()
		case <-minute.C:
			b.flushStrangers()
		case <-tick.C:
		case <-b.full:
		}
		b.flush()
	}
}

// flushStrangers lines up the rows of strangers, whether the queue is full or not:
// they are few.
func (b *ReadBehind) flushStrangers() {
	rows := b.strangers.rows()
	for _, row := range rows[:min(len(rows), mostLoggedSources)] {
		b.config.Log.Warn("callers were not recognised", "remote", row.From, "face", row.Face, "operator", row.Who, "outcome", row.Outcome, "notes", row.Notes)
	}
	if more := len(rows) - mostLoggedSources; more > 0 {
		b.config.Log.Warn("callers were not recognised, from further places; the audit has them", "places", more)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.waiting = append(b.waiting, rows...)
}

func (b *ReadBehind) flush() {
	b.mu.Lock()
	rows := b.waiting
	b.waiting = nil
	b.mu.Unlock()
	for len(rows) > 0 {
		batch := rows[:min(batchRows, len(rows))]
		rows = rows[len(batch):]
		if err := b.keep(batch); err != nil {
			b.config.Log.Error("audit rows of reading calls not kept", "rows", len(batch), "error", err)
			b.mu.Lock()
			b.lost += int64(len(batch))
			b.told += int64(len(batch))
			b.mu.Unlock()
		}
	}
	b.tell()
}

func (b *ReadBehind) keep(rows []AuditRow) error {
	return b.config.Store.Update(context.Background(), func(tx store.Tx) error {
		for _, row := range rows {
			if err := Record(tx, row); err != nil {
				return err
			}
		}
		return nil
	})
}

// tell logs what was lost since it last did, so that a flood of rows is no flood
// of lines.
func (b *ReadBehind) tell() {
	b.mu.Lock()
	fresh := b.lost - b.told
	b.told = b.lost
	b.mu.Unlock()
	if fresh > 0 {
		b.config.Log.Warn("audit rows of reading calls lost: the queue was full or closed", "rows", fresh, "queue", b.config.Queue)
	}
}
