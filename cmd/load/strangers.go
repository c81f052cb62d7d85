package main

import (
	"context"
	"fmt"
	"time"
)

// strangers has callers without an account ask 10,000 times and counts what the
// store holds afterwards that it did not before.
func strangers(ctx context.Context, b *binary) ([]figure, error) {
	s, err := b.serve(ctx)
	if err != nil {
		return nil, err
	}
	defer s.discard()
	before, err := s.records(ctx)
	if err != nil {
		return nil, err
	}
	const overREST, overSOAP = 9500, 500
	start := time.Now()
	end := start.Add(20 * time.Second)
	soap := make(chan tally, 1)
	go func() {
		c := wrong(s, elsewhere, 32, func(int) string { return "nobody" + numberMark })
		c.number = upTo(overSOAP)
		soap <- c.run(time.Time{}, end)
	}()
	c := crowd{to: s.address, from: elsewhere, size: 16, number: upTo(overREST), message: func(int) *message {
		return rest(customersPath, "Bearer unknown-"+numberMark, "")
	}}
	tmf := c.run(time.Time{}, end)
	other := <-soap
	minutes := max(1, time.Since(start).Minutes())
	// What is counted in memory is written when the server stops.
	if err := s.stop(); err != nil {
		return nil, err
	}
	after, err := s.records(ctx)
	if err != nil {
		return nil, err
	}
	asked := tmf.all() + other.all()
	perMinute := float64(after-before) / minutes
	return []figure{newFigure("10,000 requests without an account: records written a minute", perMinute, fmt.Sprintf("%.0f", perMinute), atMost(20, "≤ 20"),
		fmt.Sprintf("%d requests, %d records", asked, after-before), "TM Forum: "+tmf.String(), "SOAP: "+other.String())}, nil
}
