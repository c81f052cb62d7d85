package server

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"time"
)

// lineWait is how long a line waits to be written with others.
const lineWait = 100 * time.Millisecond

// NewLog is a log of lines of JSON or of key=value. A line of a call waits for others for
// lineWait at most, since a write of its own costs more than making it does; a warning
// or an error is written at once, behind those that wait. flush writes what waits, and
// is to be called in the end.
func NewLog(w io.Writer, json bool) (log *slog.Logger, flush func()) {
	lines := &lines{w: w}
	var h slog.Handler = slog.NewTextHandler(lines, nil)
	if json {
		h = slog.NewJSONHandler(lines, nil)
	}
	return slog.New(&lineHandler{h, lines}), lines.flush
}

// lineHandler has warnings and errors written at once.
type lineHandler struct {
	slog.Handler
	lines *lines
}

func (h *lineHandler) Handle(ctx context.Context, r slog.Record) error {
	err := h.Handler.Handle(ctx, r)
	if r.Level > slog.LevelInfo {
		h.lines.flush()
	}
	return err
}

func (h *lineHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &lineHandler{h.Handler.WithAttrs(attrs), h.lines}
}

func (h *lineHandler) WithGroup(name string) slog.Handler {
	return &lineHandler{h.Handler.WithGroup(name), h.lines}
}

// lines holds lines back. An error of the writer below is nobody's to know: it is the
// log that would tell it.
type lines struct {
	w io.Writer

	mu      sync.Mutex
	waiting []byte
	due     *time.Timer // nil until the first line; it runs while any waits
}

// mostWaiting is how many bytes of lines may wait.
const mostWaiting = 64 << 10

// Write takes a line.
func (l *lines) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	begins := len(l.waiting) == 0
	l.waiting = append(l.waiting, line...)
	switch {
	case len(l.waiting) >= mostWaiting:
		l.write()
	case !begins:
	case l.due == nil:
		l.due = time.AfterFunc(lineWait, l.flush)
	default:
		l.due.Reset(lineWait)
	}
	return len(line), nil
}

func (l *lines) flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.write()
}

func (l *lines) write() {
	if len(l.waiting) == 0 {
		return
	}
	_, _ = l.w.Write(l.waiting)
	if l.waiting = l.waiting[:0]; cap(l.waiting) > 2*mostWaiting {
		l.waiting = nil
	}
}
