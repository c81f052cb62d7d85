package rig

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// Shares are what took the processors from one moment to another: figures of a machine
// that was busy with other things tell little.
type Shares struct {
	process           *Process
	start             time.Time
	its, ours, others time.Duration
}

// SharesFromNow begins to count; String and Others, while the process runs, tell.
func SharesFromNow(p *Process) Shares {
	its, ours := p.CPU(), cpuOf("self")
	return Shares{process: p, start: time.Now(), its: its, ours: ours, others: machineBusy() - its - ours}
}

// until are the shares of a time, in processors.
func (s Shares) until(now Shares) (its, ours, others float64) {
	wall := now.start.Sub(s.start).Seconds()
	of := func(before, after time.Duration) float64 { return max(0, (after-before).Seconds()/wall) }
	return of(s.its, now.its), of(s.ours, now.ours), of(s.others, now.others)
}

// Others is how many processors others took than the process and this one.
func (s Shares) Others() float64 {
	_, _, others := s.until(SharesFromNow(s.process))
	return others
}

func (s Shares) String() string {
	its, ours, others := s.until(SharesFromNow(s.process))
	return fmt.Sprintf("of %d processors the server took %.2f, the generator %.2f, others %.2f", runtime.NumCPU(), its, ours, others)
}

// machineBusy is what all processes took so far, and what the machine's host took
// from it; 0 where /proc/stat is none.
func machineBusy() time.Duration {
	text, _ := os.ReadFile("/proc/stat")
	line, _, _ := strings.Cut(string(text), "\n")
	var ticks int64
	for i, field := range strings.Fields(line) {
		const idle, waiting, guest = 4, 5, 9 // guest is within user
		if i == 0 || i == idle || i == waiting || i >= guest {
			continue
		}
		n, _ := strconv.ParseInt(field, 10, 64)
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}
