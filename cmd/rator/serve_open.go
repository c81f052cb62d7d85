package main

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"rator/store"
)

// walkEach is how often the log says how far the store is read that was not closed.
const walkEach = 3 * time.Second

// opening is a context that tells, while the store is opened, how far it is in one that was
// not closed: a bar on a terminal, else lines of the log. Opened takes the bar away.
func (c *serveCommand) opening(t *terminal, logger *slog.Logger) (ctx context.Context, opened func()) {
	if isTerminal(t.err) {
		shown := &shownProgress{out: t.err}
		return store.Telling(t.ctx, shown.show), shown.end
	}
	w := &walkLog{log: logger, now: time.Now}
	w.begun = w.now()
	w.last = w.begun
	return store.Telling(t.ctx, w.tell), func() {}
}

// walkLog writes lines of the log, not more than one in walkEach.
type walkLog struct {
	log *slog.Logger
	now func() time.Time

	mu          sync.Mutex
	begun, last time.Time
}

func (w *walkLog) tell(p store.Progress) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.now()
	if now.Sub(w.last) < walkEach || p.Done == 0 {
		return
	}
	w.last = now
	left := time.Duration(float64(now.Sub(w.begun)) / float64(p.Done) * float64(p.Total-p.Done))
	w.log.Info("the store was not closed, so all its pages are read first", "percent", 100*p.Done/max(p.Total, 1), "mb", p.Done, "of_mb", p.Total, "left", left.Round(time.Second))
}
