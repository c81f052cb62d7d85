package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"

	"rator/store"
)

// verifyLine is what rator verify tells while it reads, and at its end. One that runs inside
// a server tells it as a line of JSON, and the command that forwarded it prints it as one
// that runs here does.
type verifyLine struct {
	Progress *store.Progress `json:"progress,omitempty"`
	Text     string          `json:"text,omitempty"` // to be printed
}

// verifyPrinter shows a verification to whoever started it. Safe for concurrent use.
type verifyPrinter struct {
	t     *terminal
	lines bool // as lines of JSON
	shown *shownProgress
	mu    sync.Mutex
}

func (c *verifyCommand) printer(t *terminal) *verifyPrinter {
	return &verifyPrinter{t: t, lines: c.Lines, shown: &shownProgress{out: t.err}}
}

// tell takes what a verification here tells.
func (p *verifyPrinter) tell(line verifyLine) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.lines {
		return p.print(line)
	}
	if err := json.NewEncoder(p.t.out).Encode(line); err != nil {
		return err
	}
	if f, ok := p.t.out.(http.Flusher); ok {
		f.Flush()
	}
	return nil
}

// line takes what one inside a server tells.
func (p *verifyPrinter) line(text []byte) error {
	var line verifyLine
	if err := json.Unmarshal(text, &line); err != nil {
		return fmt.Errorf("the server that has the store said %.80q: %w", text, err)
	}
	return p.print(line)
}

func (p *verifyPrinter) print(line verifyLine) error {
	if line.Progress != nil {
		p.shown.show(*line.Progress)
		return nil
	}
	p.shown.clear()
	_, err := io.WriteString(p.t.out, line.Text)
	return err
}
