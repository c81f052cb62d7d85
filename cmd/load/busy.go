package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"rator/bench/rig"
)

// shares are what took the processors from one moment to another: figures of a
// machine that was busy with other things tell little.
type shares struct {
	server            *rig.Server
	start             time.Time
	its, ours, others time.Duration
}

// sharesFromNow begins to count; String, while the server runs, tells.
func sharesFromNow(s *rig.Server) shares {
	its, ours := s.CPU(), rig.CPUOf("self")
	return shares{server: s, start: time.Now(), its: its, ours: ours, others: machineBusy() - its - ours}
}

func (s shares) String() string {
	now := sharesFromNow(s.server)
	wall := now.start.Sub(s.start).Seconds()
	of := func(before, after time.Duration) float64 { return max(0, (after-before).Seconds()/wall) }
	return fmt.Sprintf("of %d processors the server took %.2f, the generator %.2f, others %.2f", runtime.NumCPU(),
		of(s.its, now.its), of(s.ours, now.ours), of(s.others, now.others))
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
