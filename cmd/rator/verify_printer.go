package main

import (
	"io"

	"rator/store"
)

// verifyLine is what rator verify tells while it reads, and at its end. One that runs inside
// a server tells it as a line of JSON, and the command that forwarded it prints it as one
// that runs here does.
type verifyLine struct {
	Progress *store.Progress `json:"progress,omitempty"`
	Text     string          `json:"text,omitempty"` // to be printed
}

// verifyPrinter shows a verification to whoever started it.
type verifyPrinter struct {
	toldLines[verifyLine]
	shown *shownProgress
}

func (c *verifyCommand) printer(t *terminal) *verifyPrinter {
	p := &verifyPrinter{shown: &shownProgress{out: t.err}}
	p.toldLines = toldLines[verifyLine]{t: t, asJSON: c.Lines, print: p.print}
	return p
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
