package main

import (
	"context"
	"fmt"
	"time"

	"rator/bench/rig"
)

const (
	mostConnections = 3000
	signUpTime      = 4 * time.Second
	crowdedTime     = 6 * time.Second
)

// manySignUps compares how many sign-ups are done with 3,000 connections with the
// most that are done with a few.
func manySignUps(ctx context.Context, b *rig.Binary) ([]figure, error) {
	s, err := b.StartCopy(ctx)
	if err != nil {
		return nil, err
	}
	defer s.Discard()
	number := rig.UpTo(1e8 - 1)
	run := func(size int, m rig.Manners, long time.Duration) (perSecond float64, t rig.Tally) {
		begin := time.Now().Add(rampTime)
		t = rig.Crowd{To: s.Address, From: rig.Here, Size: size, Manners: m, Number: number, Message: func(int) *rig.Message {
			return rig.SignUp(rig.Honest, rig.Password)
		}}.Run(begin, begin.Add(long))
		return float64(t.Count(rig.Done)-t.Late) / long.Seconds(), t
	}
	most, at := 0.0, ""
	for _, size := range []int{8, 32, 128} {
		perSecond, _ := run(size, rig.Decent, signUpTime)
		at += fmt.Sprintf("%.0f/s with %d, ", perSecond, size)
		most = max(most, perSecond)
	}
	var figures []figure
	share, soon := atLeast(0.8, "≥ 80 %"), target{reach: "< 50 ms", reached: func(this, _ float64) bool { return this < 50 }}
	for _, load := range []struct {
		name        string
		manners     rig.Manners
		share, soon target
	}{
		{"sign-ups at 3,000 connections, against the most there is; who is refused waits as told", rig.Decent, share, soon},
		{"the same, who is refused waits 0.2 s", rig.Hasty, share, soon},
		// With 1,800 refused ones that come again at once each waits for all others.
		{"the same, who is refused asks again at once", rig.Rude, target{}, target{}},
	} {
		shares := rig.SharesFromNow(s.Process)
		perSecond, t := run(mostConnections, load.manners, crowdedTime)
		figures = append(figures, newFigure(load.name, perSecond/most, fmt.Sprintf("%s (%.0f of %.0f/s)", inPercent(perSecond/most), perSecond, most),
			load.share, at+t.String(), "done: p50 "+inMillis(t.QuantileOf(rig.Done, 0.5))+", p99 "+inMillis(t.QuantileOf(rig.Done, 0.99)), shares.String()),
			refusedAfter(t, load.soon))
	}
	return figures, nil
}

// refusedAfter is how long those waited that were told to come again.
func refusedAfter(t rig.Tally, to target) figure {
	const name = "  refused ones are answered, p99"
	if t.Count(rig.Busy) == 0 {
		return newFigure(name, 0, "none refused", to)
	}
	p99 := t.QuantileOf(rig.Busy, 0.99)
	return newFigure(name, p99, inMillis(p99), to, "median "+inMillis(t.QuantileOf(rig.Busy, 0.5)))
}
