package main

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"strings"
	"time"

	"rator/bench/rig"
)

// errand is what an honest caller does. It has a process of its own: in that of the
// crowd its answers would lie and wait for the crowd's, and it would measure the
// generator.
type errand struct {
	To         string // HOST:PORT
	Operators  []string
	Begin, End time.Time
	Pause      time.Duration
	// First has each operator call once, one after the other a Pause apart, until
	// it is answered; else the only one calls from Begin to End with a Pause between.
	First bool
}

// told is what an honest caller found.
type told struct {
	Tally rig.Tally
	First []float64 // milliseconds until answered rightly, by operator; -1 = not until End
}

// errandFlag is the command line that do starts itself with.
const errandFlag = "-errand"

// do sends an honest caller and waits for it.
func (e errand) do(ctx context.Context) (t told, err error) {
	self, err := os.Executable()
	if err != nil {
		return t, err
	}
	text, err := json.Marshal(e)
	if err != nil {
		return t, err
	}
	out, err := rig.Output(ctx, self, errandFlag, string(text))
	if err != nil {
		return t, err
	}
	return t, json.NewDecoder(strings.NewReader(out)).Decode(&t)
}

// run is the errand in the process of its own.
func (e errand) run() (t told) {
	if !e.First {
		c := rig.Crowd{To: e.To, From: rig.Here, Size: 1, Pause: e.Pause, Manners: rig.Decent, Message: func(int) *rig.Message { return rig.Search(e.Operators[0], rig.Password) }}
		t.Tally = c.Run(e.Begin, e.End)
		return t
	}
	time.Sleep(time.Until(e.Begin))
	times := make([]chan float64, len(e.Operators))
	for i, operator := range e.Operators {
		times[i] = make(chan float64, 1)
		go func() { times[i] <- e.untilAnswered(operator) }()
		time.Sleep(e.Pause)
	}
	for _, took := range times {
		t.First = append(t.First, <-took)
	}
	return t
}

// untilAnswered is how long an operator needs that nobody knows yet, refusals and
// what they ask to wait included.
func (e errand) untilAnswered(operator string) float64 {
	k := &rig.Caller{To: e.To, From: rig.Here, End: e.End}
	defer k.HangUp()
	m := rig.Search(operator, rig.Password)
	for start := time.Now(); time.Now().Before(e.End); {
		if k.Ask(m) == rig.Done {
			return rig.Millis(time.Since(start))
		}
		time.Sleep(max(k.Wait, 50*time.Millisecond))
	}
	return -1
}

// slowest is the largest of times, infinite when one was not answered.
func slowest(times []float64) float64 {
	most := 0.0
	for _, t := range times {
		if t < 0 {
			return math.Inf(1)
		}
		most = max(most, t)
	}
	return most
}

// runErrand does what do asked for, when this process was started so.
func runErrand(args []string) (asked bool, err error) {
	if len(args) != 3 || args[1] != errandFlag {
		return false, nil
	}
	var e errand
	if err := json.Unmarshal([]byte(args[2]), &e); err != nil {
		return true, err
	}
	return true, json.NewEncoder(os.Stdout).Encode(e.run())
}
