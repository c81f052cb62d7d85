package main

import (
	"context"
	"fmt"
	"time"
)

// longLists has clients ask TM Forum lists with a filter that no index serves, so
// that each looks at every customer: do SOAP calls of the same operator go on?
func longLists(ctx context.Context, b *binary) ([]figure, error) {
	var figures []figure
	for _, load := range []struct {
		name    string
		manners manners
	}{
		{"600 TM Forum lists that no index serves: p99 of honest SOAP calls", hasty},
		{"the same, at once again when refused", rude},
	} {
		f, err := besideLists(ctx, b, load.name, load.manners)
		if err != nil {
			return nil, err
		}
		figures = append(figures, f)
	}
	return figures, nil
}

func besideLists(ctx context.Context, b *binary, name string, m manners) (f figure, err error) {
	s, err := b.serve(ctx)
	if err != nil {
		return f, err
	}
	defer s.discard()
	if err := s.know(honest); err != nil {
		return f, err
	}
	start := time.Now()
	caller := errand{To: s.address, Operators: []string{honest}, Begin: start.Add(rampTime), End: start.Add(rampTime + 6*time.Second), Pause: honestGap / 2}
	shares := s.sharesFromNow()
	theirs := make(chan tally, 1)
	go func() {
		theirs <- crowd{to: s.address, from: here, size: 600, manners: m, message: func(int) *message {
			return rest(customersPath+"?contactMedium.medium.city=Nowhere", basic(honest, rightPassword), "")
		}}.run(caller.Begin, caller.End)
	}()
	found, err := caller.do(ctx)
	t := <-theirs
	if err != nil {
		return f, err
	}
	p99 := found.Tally.quantile(0.99)
	return newFigure(name, p99, inMillis(p99), target{reach: "≤ 30 ms, ≤ 1/10 of base", based: true, reached: func(this, base float64) bool {
		return this <= 30 && this <= base/10
	}}, "honest: "+found.Tally.String()+", p50 "+inMillis(found.Tally.quantile(0.5)),
		fmt.Sprintf("lists: %s, refused after p99 %s", t, inMillis(t.quantileOf(busy, 0.99))), shares.String()), nil
}
