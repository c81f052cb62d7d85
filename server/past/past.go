// Package past makes a demo's past: customers with a year behind them, as they would have
// come to be, by calls of the API under a test clock that is put forward. It writes no
// record itself, and what the calls do is none of its business. Names, addresses and
// numbers are invented.
package past

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"rator/clock"
	"rator/server"
	"rator/workflow"
)

// years is how long the past is.
const years = 1

// Make makes a store in file, which is not there yet, whose customers have a past that ends
// at a time, where its test clock is then. zone is that of brands that have none, an IANA
// name. The file comes whole or not at all. The same time makes the same customers with
// the same ids.
func Make(ctx context.Context, file string, end time.Time, zone string) error {
	part := file + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	defer os.Remove(part)
	if err := fill(ctx, part, end, zone); err != nil {
		return err
	}
	f, err := os.OpenFile(part, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(part, file)
}

// fill makes the store. The clock stands between two steps, so that ids do not depend on
// how fast the machine is.
func fill(ctx context.Context, file string, end time.Time, zone string) (err error) {
	now := time.Now()
	clk := &clock.Clock{Real: func() time.Time { return now }}
	st, closeStore, err := server.OpenToFill(file, clk)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeStore()) }()
	if err := clk.Begin(ctx, st, end.AddDate(-years, 0, 0)); err != nil {
		return err
	}
	if err := server.PrepareDemo(ctx, st); err != nil {
		return err
	}
	if _, err := server.ServeIn(ctx, st, zone); err != nil {
		return err
	}
	s, err := server.New(server.Config{
		Store: st, Now: clk.Now, GuardNow: time.Now, Metrics: server.NewMetrics(), Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Layers: []workflow.Layer{server.Shipped()}, Demo: true,
		AuditSync: true, // rows that are written behind take ids when they can
	})
	if err != nil {
		return err
	}
	defer s.Close()
	m := &maker{ctx: ctx, end: end, clk: clk, engine: s.Engine, advance: &server.Advance{Store: st, Engine: s.Engine, Clock: clk, Told: func(server.Advanced) error { return nil }}}
	m.year()
	if m.err != nil {
		return fmt.Errorf("the demo's past cannot be made: %w", m.err)
	}
	return nil
}
