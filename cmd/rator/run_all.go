package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"rator/unit"
)

// all runs the script for each row that is not done yet, and says what came of
// the whole.
func (p *plan) all(t *terminal) (err error) {
	name := p.Results
	if name == "" {
		name = p.Rows + ".results.jsonl"
	}
	res, err := openResults(name, resultsHead{Run: p.id, Script: filepath.Base(p.Script), Rows: filepath.Base(p.Rows), Endpoint: p.Endpoint, Begun: p.now, Contents: p.data.contents()}, &p.data, p.RetryFailed)
	if err != nil {
		return err
	}
	p.now, p.id = res.Begun, res.Run
	done := res.ok + res.failed
	if done+res.again > 0 {
		fmt.Fprintf(t.err, "%s: %d of %d rows are done, going on with the others\n", name, done, len(p.data.rows))
	}
	if res.again > 0 {
		fmt.Fprintf(t.err, "%s: %d of the others failed before and begin again\n", name, res.again)
	}
	if time.Since(res.Begun) > unit.KeptFor && done < len(p.data.rows) {
		fmt.Fprintf(t.err, "rator: warning: this run was begun on %s; the server no longer knows its requests, so what a row had done when it was cut off or failed may be done twice\n", res.Begun.Format(time.DateOnly))
	}
	shown := newProgress(t.err, len(p.data.rows), done)
	p.warn = shown.say
	repeated, stop := p.work(t.ctx, res, shown)
	shown.end()
	if err := res.close(); err != nil && stop == nil {
		stop = unreachable(err)
	}
	if err := p.conclude(t, name, res, repeated, stop); err != nil {
		return err
	}
	switch {
	case errors.Is(stop, context.Canceled):
		return fmt.Errorf("interrupted; the same command goes on where this one ended")
	case stop != nil:
		return stop
	case res.failed > 0:
		return failed()
	}
	return nil
}

// work hands the rows out in order. The error is the one that ended it early:
// rows that were running then are not done.
func (p *plan) work(ctx context.Context, res *results, shown *progress) (repeated int, err error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var next, again atomic.Int64
	var enough atomic.Bool
	worker := func() {
		for !enough.Load() && ctx.Err() == nil {
			i := int(next.Add(1)) - 1
			if i >= len(p.data.rows) {
				return
			}
			if res.tries[i].result != nil {
				continue
			}
			one, err := p.run(ctx, p.data.rows[i], res.tries[i])
			if err == nil {
				err = res.add(one)
			}
			if err != nil {
				stop(err)
				return
			}
			again.Add(int64(one.Repeated))
			if one.Error != nil && p.StopOnError {
				enough.Store(true)
			}
			shown.add(p.Rows, one)
		}
	}
	var jobs sync.WaitGroup
	for range min(p.Jobs, len(p.data.rows)) {
		jobs.Go(worker)
	}
	jobs.Wait()
	if res.ok+res.failed == len(p.data.rows) {
		return int(again.Load()), nil // whatever came after the last row
	}
	return int(again.Load()), context.Cause(ctx)
}

// conclude prints the numbers of the whole run, earlier ones of it included.
func (p *plan) conclude(t *terminal, name string, res *results, repeated int, stop error) error {
	left := len(p.data.rows) - res.ok - res.failed
	if repeated > 0 {
		fmt.Fprintf(t.err, "%d calls had been made before; the answers kept from then were taken, nothing was done twice\n", repeated)
	}
	if p.JSON {
		said := ""
		if stop != nil {
			said = stop.Error()
		}
		return json.NewEncoder(t.out).Encode(struct {
			Rows     int    `json:"rows"`
			OK       int    `json:"ok"`
			Failed   int    `json:"failed"`
			Left     int    `json:"left"`
			Repeated int    `json:"repeated"` // calls that got a kept answer
			Results  string `json:"results"`
			Stopped  string `json:"stopped,omitempty"`
		}{len(p.data.rows), res.ok, res.failed, left, repeated, name, said})
	}
	_, err := fmt.Fprintf(t.out, "%d rows: %d ok, %d failed, %d left; results in %s\n", len(p.data.rows), res.ok, res.failed, left, name)
	return err
}
