package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"rator/batch"
	"rator/unit"
)

// all runs the script for each row that is not done yet, and says what came of
// the whole.
func (c *runCommand) all(t *terminal, b *batch.Batch) (err error) {
	res, err := b.Open()
	if err != nil {
		return c.exit(err)
	}
	done := res.Done()
	if done+res.Again > 0 {
		fmt.Fprintf(t.err, "%s: %d of %d rows are done, going on with the others\n", b.Results, done, b.Total())
	}
	if res.Again > 0 {
		fmt.Fprintf(t.err, "%s: %d of the others failed before and begin again\n", b.Results, res.Again)
	}
	if time.Since(res.Begun) > unit.KeptFor && done < b.Total() {
		fmt.Fprintf(t.err, "rator: warning: this run was begun on %s; the server no longer knows its requests, so what a row had done when it was cut off or failed may be done twice\n", res.Begun.Format(time.DateOnly))
	}
	shown := newProgress(t.err, b.Total(), done)
	repeated, stop := b.Run(t.ctx, res, func(r *batch.Result) { shown.add(c.Rows, r) }, func(text string) { shown.say("rator: warning: " + text) })
	shown.end()
	if err := res.Close(); err != nil && stop == nil {
		stop = err
	}
	stop = c.exit(stop)
	if err := c.conclude(t, b, res, repeated, stop); err != nil {
		return err
	}
	switch {
	case errors.Is(stop, context.Canceled):
		return fmt.Errorf("interrupted; the same command goes on where this one ended")
	case stop != nil:
		return stop
	case res.Failed > 0:
		return failed()
	}
	return nil
}

// conclude prints the numbers of the whole run, earlier ones of it included.
func (c *runCommand) conclude(t *terminal, b *batch.Batch, res *batch.Results, repeated int, stop error) error {
	left := b.Total() - res.Done()
	if repeated > 0 {
		fmt.Fprintf(t.err, "%d calls had been made before; the answers kept from then were taken, nothing was done twice\n", repeated)
	}
	if c.JSON {
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
		}{b.Total(), res.OK, res.Failed, left, repeated, b.Results, said})
	}
	_, err := fmt.Fprintf(t.out, "%d rows: %d ok, %d failed, %d left; results in %s\n", b.Total(), res.OK, res.Failed, left, b.Results)
	return err
}
