package main

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"rator/bench/rig"
)

const (
	rampTime  = time.Second // until a crowd is there
	quietTime = 3 * time.Second
	floodTime = 5 * time.Second
	honestGap = 20 * time.Millisecond // between an honest caller's calls
)

// wrongPasswords has strangers try passwords, a new one each time, as fast as they
// are answered and whatever they are told, beside an honest caller that the server
// knows: does its median stay what it is when all is quiet?
func wrongPasswords(ctx context.Context, b *rig.Binary) ([]figure, error) {
	invented := func(i int) string { return fmt.Sprintf("stranger%03d", i) }
	own := func(int) string { return rig.Honest }
	var figures []figure
	for _, load := range []struct {
		name, from string
		operator   func(int) string
		manners    rig.Manners
	}{
		{"150 connections of wrong passwords, 150 names, another address: honest p50", elsewhere, invented, rig.Rude},
		{"the same from the honest caller's address", rig.Here, invented, rig.Rude},
		{"the same with the honest caller's name, another address", elsewhere, own, rig.Rude},
		{"the first, but who is refused waits 0.2 s", elsewhere, invented, rig.Hasty},
	} {
		f, err := besideWrongPasswords(ctx, b, load.name, load.from, load.operator, load.manners)
		if err != nil {
			return nil, err
		}
		figures = append(figures, f)
	}
	return figures, nil
}

// wrong is a crowd of strangers; operator is the name that each connection gives.
func wrong(s *rig.Server, from string, size int, operator func(int) string) rig.Crowd {
	return rig.Crowd{To: s.Address, From: from, Size: size, Number: rig.UpTo(1e8 - 1), Message: func(i int) *rig.Message {
		return rig.Search(operator(i), "wrong-"+rig.NumberMark)
	}}
}

func besideWrongPasswords(ctx context.Context, b *rig.Binary, name, from string, operator func(int) string, m rig.Manners) (f figure, err error) {
	s, err := b.StartCopy(ctx)
	if err != nil {
		return f, err
	}
	defer s.Discard()
	start := time.Now()
	caller := errand{To: s.Address, Operators: []string{rig.Honest}, Begin: start.Add(rampTime), End: start.Add(rampTime + quietTime), Pause: honestGap}
	quiet, err := caller.do(ctx)
	if err != nil {
		return f, err
	}
	start = time.Now()
	caller.Begin, caller.End = start.Add(rampTime), start.Add(rampTime+floodTime)
	strangers := wrong(s, from, 150, operator)
	strangers.Manners = m
	shares := rig.SharesFromNow(s.Process)
	theirs := make(chan rig.Tally, 1)
	go func() { theirs <- strangers.Run(caller.Begin, caller.End) }()
	flooded, err := caller.do(ctx)
	t := <-theirs
	if err != nil {
		return f, err
	}
	before, under := quiet.Tally.Quantile(0.5), flooded.Tally.Quantile(0.5)
	target := atMost(1.5, "≤ 1.5 × quiet")
	return newFigure(name, under/before, fmt.Sprintf("%s → %s (%.1f ×)", inMillis(before), inMillis(under), under/before), target,
		"honest: "+flooded.Tally.String()+", p99 "+inMillis(flooded.Tally.Quantile(0.99)),
		"strangers: "+t.String(), shares.String()), nil
}

// firstCalls has operators call beside strangers whom the server does not know yet:
// how long until the slowest of them is answered?
func firstCalls(ctx context.Context, b *rig.Binary) ([]figure, error) {
	s, err := b.StartCopy(ctx)
	if err != nil {
		return nil, err
	}
	defer s.Discard()
	start := time.Now()
	caller := errand{To: s.Address, First: true, Begin: start.Add(2 * rampTime), End: start.Add(2*rampTime + 12*time.Second), Pause: 500 * time.Millisecond}
	for i := range coldOperators {
		caller.Operators = append(caller.Operators, cold(i))
	}
	shares := rig.SharesFromNow(s.Process)
	theirs := make(chan rig.Tally, 1)
	var enough atomic.Bool
	go func() {
		c := wrong(s, elsewhere, 400, func(i int) string { return fmt.Sprintf("stranger%03d", i) })
		c.Enough = enough.Load
		theirs <- c.Run(start.Add(rampTime), caller.End)
	}()
	found, err := caller.do(ctx)
	enough.Store(true)
	took := shares.String()
	s.Kill() // whoever still waits
	t := <-theirs
	if err != nil {
		return nil, err
	}
	most := slowest(found.First)
	var each []string
	for _, ms := range found.First {
		if ms < 0 {
			each = append(each, "never")
		} else {
			each = append(each, inMillis(ms))
		}
	}
	return []figure{newFigure("400 connections of wrong passwords: an operator not known yet is answered after", most, inMillis(most), atMost(1000, "≤ 1 s"),
		fmt.Sprintf("the slowest of %d operators: %v", coldOperators, each), "strangers: "+t.String(), took)}, nil
}

// allCold has many connections give right passwords to a server that has just
// started: who is answered within 5 seconds, and are the others told to come again?
func allCold(ctx context.Context, b *rig.Binary) ([]figure, error) {
	var figures []figure
	one, many := func(int) string { return rig.Honest }, func(i int) string { return team(i % teamOperators) }
	for _, load := range []struct {
		name     string
		operator func(int) string
		beside   int
	}{
		{"1,000 connections, right password, all cold, one operator: answered within 5 s", one, 0},
		{"the same with 20 operators", many, 0},
		{"the same with 20 operators beside 150 connections of wrong passwords", many, 150},
	} {
		f, err := coldCrowd(ctx, b, load.name, load.operator, load.beside)
		if err != nil {
			return nil, err
		}
		figures = append(figures, f)
	}
	return figures, nil
}

func coldCrowd(ctx context.Context, b *rig.Binary, name string, operator func(int) string, beside int) (f figure, err error) {
	s, err := b.StartCopy(ctx)
	if err != nil {
		return f, err
	}
	defer s.Discard()
	shares := rig.SharesFromNow(s.Process)
	const size, soonEnough = 1000, 5 * time.Second
	var enough atomic.Bool
	theirs := make(chan rig.Tally, 1)
	go func() {
		c := wrong(s, elsewhere, beside, func(i int) string { return fmt.Sprintf("stranger%03d", i) })
		c.Enough = enough.Load
		theirs <- c.Run(time.Time{}, time.Now().Add(16*time.Second))
	}()
	if beside > 0 {
		time.Sleep(rampTime)
	}
	t := rig.Crowd{To: s.Address, From: rig.Here, Size: size, Once: true, Message: func(i int) *rig.Message {
		return rig.Search(operator(i), rig.Password)
	}}.Run(time.Time{}, time.Now().Add(15*time.Second))
	enough.Store(true)
	took := shares.String()
	s.Kill() // whoever still waits
	others := <-theirs
	soon := 0
	for _, after := range t.Took[rig.Done] {
		if after <= soonEnough {
			soon++
		}
	}
	share := float64(soon) / size
	details := []string{t.String(), "p99 " + inMillis(t.QuantileOf(rig.Done, 0.99)), took}
	if beside > 0 {
		details = append(details, "strangers: "+others.String())
	}
	if t.Count(rig.Done)+t.Count(rig.Busy) < size { // who is neither answered nor told misses it for all
		return newFigure(name, -1, fmt.Sprintf("%s, %d without an answer", inPercent(share), size-t.Count(rig.Done)-t.Count(rig.Busy)),
			atLeast(0.95, "≥ 95 %, the rest BUSY"), details...), nil
	}
	return newFigure(name, share, inPercent(share), atLeast(0.95, "≥ 95 %, the rest BUSY"), details...), nil
}
