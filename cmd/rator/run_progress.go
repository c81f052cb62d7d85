package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"
)

// progress tells how far a run over many things, such as the rows of a file, has
// come: a bar that redraws itself on a terminal, else a line now and then. Safe
// for concurrent use.
type progress struct {
	out   io.Writer
	noun  string // of the things
	bad   string // what those are called that did not go well
	bar   bool
	every time.Duration // between two lines, or two drawings of the bar
	now   func() time.Time
	total int
	// before are the things that an earlier run did.
	before int

	mu           sync.Mutex
	done, failed int
	begun, shown time.Time
	complaints   int
}

// maxComplaints is how many failed rows are told one by one; the results file
// has all of them.
const maxComplaints = 20

func newProgress(out io.Writer, total, before int) *progress {
	p := &progress{out: out, noun: "rows", bad: "failed", every: 10 * time.Second, now: time.Now, total: total, before: before, done: before}
	if isTerminal(out) {
		p.bar, p.every = true, 100*time.Millisecond
	}
	p.begun = p.now()
	p.shown = p.begun
	return p
}

// isTerminal reports whether somebody sits at the other end of a stream.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// add counts a row, and tells one that failed.
func (p *progress) add(file string, r *rowResult) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
	if r.Error != nil {
		p.failed++
		if p.complaints++; p.complaints <= maxComplaints {
			p.line(fmt.Sprintf("%s:%d: row %d: %s", file, r.Line, r.Row, r.Error))
		} else if p.complaints == maxComplaints+1 {
			p.line("more rows failed; the results file has them all")
		}
	}
	p.tick()
}

// set says how many are done, and how many of them did not go well.
func (p *progress) set(done, failed int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done, p.failed = done, failed
	p.tick()
}

// tick shows where the run is when it is time to.
func (p *progress) tick() {
	if now := p.now(); now.Sub(p.shown) >= p.every || p.bar && p.done == p.total {
		p.shown = now
		p.show(now)
	}
}

// line writes a line of its own, over the bar.
func (p *progress) line(text string) {
	if p.bar {
		text = "\r\x1b[K" + text
	}
	fmt.Fprintln(p.out, text)
}

func (p *progress) show(now time.Time) {
	text := fmt.Sprintf("%d of %d %s, %d %s%s", p.done, p.total, p.noun, p.failed, p.bad, p.left(now))
	if !p.bar {
		fmt.Fprintln(p.out, text)
		return
	}
	const width = 30
	full := width
	if p.total > 0 {
		full = min(width, width*p.done/p.total)
	}
	fmt.Fprintf(p.out, "\r[%s%s] %s\x1b[K", strings.Repeat("#", full), strings.Repeat(" ", width-full), text)
}

// left is a guess at the time that is still needed.
func (p *progress) left(now time.Time) string {
	took, did := now.Sub(p.begun), p.done-p.before
	if did == 0 || took < time.Second || p.done == p.total {
		return ""
	}
	rest := time.Duration(float64(took) / float64(did) * float64(p.total-p.done)).Round(time.Second)
	return fmt.Sprintf(", %s left", rest)
}

// end leaves the bar's line.
func (p *progress) end() {
	if p.bar {
		fmt.Fprintln(p.out)
	}
}
