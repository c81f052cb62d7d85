package unit

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"slices"
	"time"

	"rator/access"
	"rator/card"
	"rator/store"
)

// Told is what is told of a call once it is over: to metrics, to the log, to its face.
type Told struct {
	At        time.Time
	Took      time.Duration // the whole call
	Face      string
	Operation string // "" when what was asked for is not there
	Outcome   string // OK, REPLAYED, OUTCOME_UNKNOWN, or a failure code's name
	Code      int    // as its face answers it; 0 = fine
	Operator  string // as recognised, else as named
	Remote    netip.Addr
	RequestID string
	Brand     string     // key; "" = it did not come so far
	Objects   []store.ID // that were read or changed
	Accounts  []store.ID // of the customers whose these are, as far as they were looked at
	Replayed  bool       // the kept answer was given
	DryRun    bool       // everything was undone

	// What faces that run scripts tell besides.
	Script   time.Duration // the script's own share, components left out
	Warnings int           // values that did not read and became null
	Unknown  int           // entries of the request that the contract does not know
	Ran      []string      // hookpoints that ran, each once
	Dropped  []string      // topics of ours that scripts told of, each time; the server told itself
	Attrs    []slog.Attr   // for the log line
}

// outcome notes how the call ended so far.
func (c *call) outcome(err error) {
	switch {
	case errors.Is(err, ErrOutcomeUnknown):
		c.told.Outcome = "OUTCOME_UNKNOWN"
	case c.told.Replayed:
		c.told.Outcome = "REPLAYED"
	default:
		c.told.Outcome = access.Outcome(err)
	}
	c.told.Took = c.took()
	if c.unit != nil {
		c.told.Objects = c.unit.objects
		if c.unit.tells != nil {
			c.unit.tells(&c.told)
		}
	}
	if c.ask.Tell != nil {
		c.ask.Tell(&c.told, err)
	}
}

// auditRow tells what happened so far.
func (c *call) auditRow() access.AuditRow {
	row := access.AuditRow{
		Who: c.told.Operator, From: c.ask.Remote, Face: c.ask.Face, Hookpoint: c.named(),
		Brand: c.told.Brand, Outcome: c.told.Outcome, Duration: c.told.Took, RequestID: c.ask.RequestID, Notes: c.ask.Notes,
	}
	if len(c.told.Accounts) > 0 {
		row.Account = c.told.Accounts[0]
	}
	if u := c.unit; u != nil {
		row.Objects, row.Notes = u.objects, slices.Concat(row.Notes, u.notes)
		if u.trace != nil {
			row.Trace = u.trace()
		}
	}
	switch {
	case c.undone:
		row.Notes = append([]string{"dry run: everything was undone"}, row.Notes...)
	case c.ask.DryRun:
		row.Notes = append([]string{"dry run"}, row.Notes...)
	}
	return row
}

// tell ends the call: the audit row that is not written yet, one log line, the metrics.
// Its error is the call's: that of an audit row that must be durable first is one.
//
// What floods has metrics alone, and no row or line each: calls of who is not
// recognised, which are counted and kept once a minute, and calls that too many came
// before.
func (c *call) tell(err error) error {
	c.outcome(err)
	var busy *BusyError
	flood := true
	switch {
	case c.operator == nil:
		c.told.Operator = card.Mask(c.ask.Credentials.Named(err))
		c.gate.Behind.Refused(c.told.Face, c.told.Remote, c.told.Operator, c.told.Outcome)
	case errors.As(err, &busy):
	default:
		flood = false
		err = c.record(err)
	}
	c.told.Took = c.took()
	c.gate.Observe(&c.told)
	if !flood {
		c.log()
	}
	return err
}

// record hands the audit row over that is not written yet.
func (c *call) record(err error) error {
	if c.audited || errors.Is(err, ErrOutcomeUnknown) {
		return err
	}
	row := c.auditRow()
	row.At = c.told.At.UTC()
	lost := c.gate.Behind.Write(row)
	if lost == nil {
		return err
	}
	c.gate.Log.Error("audit row not kept", "hookpoint", row.Hookpoint, "cause", lost)
	if err == nil {
		err = lost
	}
	return err
}

func (c *call) log() {
	t := &c.told
	line := make([]slog.Attr, 0, 9+len(t.Attrs))
	line = append(line, slog.String("face", t.Face), slog.String("hookpoint", t.Operation), slog.String("outcome", t.Outcome), slog.Int("error_code", t.Code),
		slog.String("operator", t.Operator), slog.String("remote", t.Remote.String()),
		slog.String("request_id", t.RequestID), slog.Duration("took", t.Took))
	if t.DryRun {
		line = append(line, slog.Bool("dry_run", true))
	}
	c.gate.Log.LogAttrs(context.Background(), slog.LevelInfo, "call", append(line, t.Attrs...)...)
}
