package main

import (
	"context"
	"fmt"
	"time"

	"rator/bench/rig"
)

// longLists has clients ask TM Forum lists with a filter that no index serves, so
// that each looks at every customer: do SOAP calls of the same operator go on?
func longLists(ctx context.Context, b *rig.Binary) ([]figure, error) {
	var figures []figure
	for _, load := range []struct {
		name    string
		manners rig.Manners
	}{
		{"600 TM Forum lists that no index serves: p99 of honest SOAP calls", rig.Hasty},
		{"the same, at once again when refused", rig.Rude},
	} {
		f, err := besideLists(ctx, b, load.name, load.manners)
		if err != nil {
			return nil, err
		}
		figures = append(figures, f)
	}
	return figures, nil
}

func besideLists(ctx context.Context, b *rig.Binary, name string, m rig.Manners) (f figure, err error) {
	s, err := b.StartCopy(ctx)
	if err != nil {
		return f, err
	}
	defer s.Discard()
	if err := s.Know(rig.Honest); err != nil {
		return f, err
	}
	start := time.Now()
	caller := errand{To: s.Address, Operators: []string{rig.Honest}, Begin: start.Add(rampTime), End: start.Add(rampTime + 6*time.Second), Pause: honestGap / 2}
	shares := rig.SharesFromNow(s.Process)
	theirs := make(chan rig.Tally, 1)
	go func() {
		theirs <- rig.Crowd{To: s.Address, From: rig.Here, Size: 600, Manners: m, Message: func(int) *rig.Message {
			return rig.REST(rig.CustomersPath+"?contactMedium.medium.city=Nowhere", rig.Basic(rig.Honest, rig.Password), "")
		}}.Run(caller.Begin, caller.End)
	}()
	found, err := caller.do(ctx)
	t := <-theirs
	if err != nil {
		return f, err
	}
	p99 := found.Tally.Quantile(0.99)
	return newFigure(name, p99, inMillis(p99), target{reach: "≤ 30 ms, ≤ 1/10 of base", based: true, reached: func(this, base float64) bool {
		return this <= 30 && this <= base/10
	}}, "honest: "+found.Tally.String()+", p50 "+inMillis(found.Tally.Quantile(0.5)),
		fmt.Sprintf("lists: %s, refused after p99 %s", t, inMillis(t.QuantileOf(rig.Busy, 0.99))), shares.String()), nil
}
