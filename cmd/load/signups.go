package main

import (
	"context"
	"fmt"
	"time"
)

const (
	mostConnections = 3000
	signUpTime      = 4 * time.Second
	crowdedTime     = 6 * time.Second
)

// manySignUps compares how many sign-ups are done with 3,000 connections with the
// most that are done with a few.
func manySignUps(ctx context.Context, b *binary) ([]figure, error) {
	s, err := b.serve(ctx)
	if err != nil {
		return nil, err
	}
	defer s.discard()
	number := upTo(1e8 - 1)
	run := func(size int, m manners, long time.Duration) (perSecond float64, t tally) {
		begin := time.Now().Add(rampTime)
		t = crowd{to: s.address, from: here, size: size, manners: m, number: number, message: func(int) *message {
			return signUp(honest, rightPassword)
		}}.run(begin, begin.Add(long))
		return float64(t.count(done)-t.Late) / long.Seconds(), t
	}
	most, at := 0.0, ""
	for _, size := range []int{8, 32, 128} {
		perSecond, _ := run(size, decent, signUpTime)
		at += fmt.Sprintf("%.0f/s with %d, ", perSecond, size)
		most = max(most, perSecond)
	}
	var figures []figure
	share, soon := atLeast(0.8, "≥ 80 %"), target{reach: "< 50 ms", reached: func(this, _ float64) bool { return this < 50 }}
	for _, load := range []struct {
		name        string
		manners     manners
		share, soon target
	}{
		{"sign-ups at 3,000 connections, against the most there is; who is refused waits as told", decent, share, soon},
		{"the same, who is refused waits 0.2 s", hasty, share, soon},
		// With 1,800 refused ones that come again at once each waits for all others.
		{"the same, who is refused asks again at once", rude, target{}, target{}},
	} {
		shares := s.sharesFromNow()
		perSecond, t := run(mostConnections, load.manners, crowdedTime)
		figures = append(figures, newFigure(load.name, perSecond/most, fmt.Sprintf("%s (%.0f of %.0f/s)", inPercent(perSecond/most), perSecond, most),
			load.share, at+t.String(), "done: p50 "+inMillis(t.quantileOf(done, 0.5))+", p99 "+inMillis(t.quantileOf(done, 0.99)), shares.String()),
			refusedAfter(t, load.soon))
	}
	return figures, nil
}

// refusedAfter is how long those waited that were told to come again.
func refusedAfter(t tally, to target) figure {
	const name = "  refused ones are answered, p99"
	if t.count(busy) == 0 {
		return newFigure(name, 0, "none refused", to)
	}
	p99 := t.quantileOf(busy, 0.99)
	return newFigure(name, p99, inMillis(p99), to, "median "+inMillis(t.quantileOf(busy, 0.5)))
}
