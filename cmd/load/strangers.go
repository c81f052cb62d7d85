package main

import (
	"context"
	"fmt"
	"time"

	"rator/bench/rig"
)

// strangers has callers without an account ask 10,000 times and counts what the
// store holds afterwards that it did not before.
func strangers(ctx context.Context, b *rig.Binary) ([]figure, error) {
	s, err := b.StartCopy(ctx)
	if err != nil {
		return nil, err
	}
	defer s.Discard()
	before, err := s.Records(ctx)
	if err != nil {
		return nil, err
	}
	const overREST, overSOAP = 9500, 500
	start := time.Now()
	end := start.Add(20 * time.Second)
	soap := make(chan rig.Tally, 1)
	go func() {
		c := wrong(s, elsewhere, 32, func(int) string { return "nobody" + rig.NumberMark })
		c.Number = rig.UpTo(overSOAP)
		soap <- c.Run(time.Time{}, end)
	}()
	c := rig.Crowd{To: s.Address, From: elsewhere, Size: 16, Number: rig.UpTo(overREST), Message: func(int) *rig.Message {
		return rig.REST(rig.CustomersPath, "Bearer unknown-"+rig.NumberMark, "")
	}}
	tmf := c.Run(time.Time{}, end)
	other := <-soap
	minutes := max(1, time.Since(start).Minutes())
	// What is counted in memory is written when the server stops.
	if err := s.Stop(); err != nil {
		return nil, err
	}
	after, err := s.Records(ctx)
	if err != nil {
		return nil, err
	}
	asked := tmf.All() + other.All()
	perMinute := float64(after-before) / minutes
	return []figure{newFigure("10,000 requests without an account: records written a minute", perMinute, fmt.Sprintf("%.0f", perMinute), atMost(20, "≤ 20"),
		fmt.Sprintf("%d requests, %d records", asked, after-before), "TM Forum: "+tmf.String(), "SOAP: "+other.String())}, nil
}
