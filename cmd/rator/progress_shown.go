package main

import (
	"io"
	"sync"

	"rator/store"
)

// shownProgress shows how far a command is (store.Progress), with a bar for each thing that
// is counted. Where nobody sits at a terminal it shows nothing.
type shownProgress struct {
	out io.Writer

	mu  sync.Mutex
	of  string
	bar *progress
}

// newBar is a bar on a terminal, and nothing elsewhere.
func newBar(out io.Writer, of string, total int64) *progress {
	p := newProgress(out, int(total), 0)
	p.noun, p.bad, p.rate, p.silent = of, "", true, !p.bar
	return p
}

func (s *shownProgress) show(p store.Progress) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of != p.Of {
		if s.bar != nil {
			s.bar.end()
		}
		s.of, s.bar = p.Of, newBar(s.out, p.Of, p.Total)
	}
	s.bar.set(int(p.Done), 0)
}

// clear takes the bar away until there is more to show.
func (s *shownProgress) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.bar != nil {
		s.bar.mu.Lock()
		defer s.bar.mu.Unlock()
		s.bar.clear()
	}
}

// end takes the bar away.
func (s *shownProgress) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.bar != nil {
		s.bar.end()
	}
}

// counted shows how much of so many bytes is written to a writer.
func (s *shownProgress) counted(to io.Writer, total int64) io.Writer {
	return &countedWriter{to: to, total: total, shown: s}
}

type countedWriter struct {
	to          io.Writer
	done, total int64
	shown       *shownProgress
}

func (c *countedWriter) Write(b []byte) (int, error) {
	n, err := c.to.Write(b)
	c.done += int64(n)
	c.shown.show(store.Progress{Of: "MB copied", Done: min(c.done, c.total) >> 20, Total: c.total >> 20})
	return n, err
}
