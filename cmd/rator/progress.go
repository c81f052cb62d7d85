package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"

	"rator/batch"
)

// progress tells how far a run over many things, such as the rows of a file, has
// come: a bar that redraws itself on a terminal, else a line now and then. Safe
// for concurrent use.
type progress struct {
	out  io.Writer
	noun string // of the things
	bad  string // what those are called that did not go well; "" = all do
	// says is what it tells; nil = how many things are done, and how long the others take.
	says func() []string
	bar  bool
	rate bool // how many in a second is shown
	// silent shows nothing: nobody is to read it.
	silent bool
	// columns are those of the terminal, asked anew for each drawing.
	columns func() int
	every   time.Duration // between two lines, or two drawings of the bar
	now     func() time.Time
	total   int
	// before are the things that an earlier run did.
	before int

	mu           sync.Mutex
	done, failed int
	begun, shown time.Time
	complaints   int
	drawn        bool // the bar stands in the terminal's last line
	hidden       bool // it may not be drawn at the moment
}

// maxComplaints is how many failed rows are told one by one; the results file
// has all of them.
const maxComplaints = 20

func newProgress(out io.Writer, total, before int) *progress {
	p := &progress{out: out, noun: "rows", bad: "failed", every: 10 * time.Second, now: time.Now, total: total, before: before, done: before}
	p.columns = func() int { return columnsOf(out) }
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
func (p *progress) add(file string, r *batch.Result) {
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

// say writes a line between the others.
func (p *progress) say(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.line(text)
}

// line writes a line of its own, over the bar.
func (p *progress) line(text string) {
	p.clear()
	fmt.Fprintln(p.out, text)
}

func (p *progress) show(now time.Time) {
	parts := p.parts(now)
	switch {
	case p.silent:
	case !p.bar:
		fmt.Fprintln(p.out, strings.Join(parts, ", "))
	case !p.hidden:
		fmt.Fprintf(p.out, "%s%s", clearLine, barLine(parts, p.done, p.total, p.columns()))
		p.drawn = true
	}
}

// parts are what is told, the most important first.
func (p *progress) parts(now time.Time) []string {
	if p.says != nil {
		return p.says()
	}
	parts := []string{fmt.Sprintf("%d of %d %s", p.done, p.total, p.noun)}
	if p.bad != "" {
		parts = append(parts, fmt.Sprintf("%d %s", p.failed, p.bad))
	}
	if took := now.Sub(p.begun); p.rate && took >= time.Second {
		parts = append(parts, fmt.Sprintf("%.0f/s", float64(p.done-p.before)/took.Seconds()))
	}
	if left := p.left(now); left != "" {
		parts = append(parts, left)
	}
	return parts
}

// clear takes the bar away.
func (p *progress) clear() {
	if p.drawn {
		fmt.Fprint(p.out, clearLine)
		p.drawn = false
	}
}

// left is a guess at the time that is still needed; "" when there is none.
func (p *progress) left(now time.Time) string {
	took, did := now.Sub(p.begun), p.done-p.before
	if did == 0 || took < time.Second || p.done == p.total {
		return ""
	}
	rest := time.Duration(float64(took) / float64(did) * float64(p.total-p.done)).Round(time.Second)
	return fmt.Sprintf("%s left", rest)
}

// end takes the bar away: what follows is a summary, or why there is none.
func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	p.hidden = true
}
