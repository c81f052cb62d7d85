package server

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
	"rator/workflow"
	"rator/workflow/value"
	"rator/zone"
)

// What is due, terminations whose day has come, is run by the scheduler of `rator
// serve` and by `rator run-due`. Both only call Invoke (architecture.md 3), with a
// request id made of the termination and its day, so that it happens once however
// many of them run, and after whatever broke them off.

// dueHookpoint runs one termination.
const dueHookpoint = "SOAP_RUN_TERMINATION"

// DueReport counts what came of what was due.
type DueReport struct {
	Done    int `json:"done"`
	Refused int `json:"refused"` // a site's hookpoint did not let it happen; it is not tried again
	Failed  int `json:"failed"`  // it is still due
}

func (r DueReport) Any() bool { return r.Done+r.Refused+r.Failed > 0 }

// DueOutcome tells one that was run.
type DueOutcome struct {
	customer.DueTermination
	Status  string // DONE, REFUSED, or FAILED, which is ours
	Message string // why not DONE
}

// Text says what came of what was due.
func (o DueOutcome) Text() string {
	line := fmt.Sprintf("%s %s %s", o.ID, o.Date.Format(time.RFC3339), o.Status)
	if o.Status != string(customer.TerminationDone) {
		line += ": " + o.Message
	}
	return line
}

// duePage is how many terminations are looked up at a time.
const duePage = 200

// AsOf is until when what is due is run: a moment, or the start of a calendar day,
// midnight UTC here, in the zone of each brand. Without either it is now.
type AsOf struct{ Moment, Day time.Time }

// latest is the last moment that is meant in any zone; none is to come.
func (a AsOf) latest(now time.Time) time.Time {
	end := a.Moment
	if !a.Day.IsZero() {
		end = a.Day.Add(farthestWest)
	}
	if end.IsZero() || end.After(now) {
		return now
	}
	return end
}

// The first and the last zone that a day begins in are this far from UTC.
const (
	FarthestEast = 14 * time.Hour
	farthestWest = 12 * time.Hour
)

// due are those of a page that are due in the zones of their brands.
func (a AsOf) due(tx store.Tx, page []customer.DueTermination) ([]customer.DueTermination, error) {
	if a.Day.IsZero() {
		return page, nil
	}
	var due []customer.DueTermination
	for _, d := range page {
		brand, err := catalogue.BrandByKey(tx, d.Brand)
		if err != nil {
			return nil, err
		}
		if !d.Date.After(zone.Midnight(a.Day.Year(), a.Day.Month(), a.Day.Day(), brand.Zone())) {
			due = append(due, d)
		}
	}
	return due, nil
}

// RunDue runs what was due at until, the longest due first; a time to come counts as
// now. It tells each outcome as it comes.
func RunDue(ctx context.Context, e *workflow.Engine, until AsOf, told func(DueOutcome)) (DueReport, error) {
	var report DueReport
	for after := []byte(nil); ; {
		var (
			page []customer.DueTermination
			next []byte
		)
		err := e.Gate.Store.View(ctx, func(tx store.Tx) (err error) {
			if page, next, err = customer.DueTerminations(tx, until.latest(tx.Now()), after, duePage); err == nil {
				page, err = until.due(tx, page)
			}
			return err
		})
		if err != nil {
			return report, err
		}
		for _, due := range page {
			outcome, err := runOneDue(ctx, e, due)
			if err != nil {
				return report, err
			}
			switch customer.TerminationState(outcome.Status) {
			case customer.TerminationDone:
				report.Done++
			case customer.TerminationRefused:
				report.Refused++
			case customer.TerminationCancelled: // somebody was faster
				continue
			default:
				report.Failed++
			}
			told(outcome)
		}
		if after = next; after == nil {
			return report, nil
		}
	}
}

// runOneDue runs one termination. Its error is that of a store that takes no more.
func runOneDue(ctx context.Context, e *workflow.Engine, due customer.DueTermination) (DueOutcome, error) {
	outcome := DueOutcome{DueTermination: due, Status: "FAILED"}
	if err := ctx.Err(); err != nil {
		return outcome, err
	}
	result, err := e.Invoke(ctx, workflow.Request{
		Hookpoint: dueHookpoint, System: true, Origin: workflow.Origin{Face: "scheduler"},
		RequestID: fmt.Sprintf("%s-%s-%s", dueHookpoint, due.ID, strconv.FormatInt(due.Date.Unix(), 10)),
		Values: value.Tree{
			value.OfString("SUBSCRIPTION_TERMINATION_ID", due.ID.String()),
			value.Of("CONTEXT", value.OfString("LANGUAGE", "EN"), value.OfString("BRAND_KEY", due.Brand)),
		},
	})
	switch code := failure.ByNumber(result.ErrorCode); {
	case err != nil:
		outcome.Message = err.Error()
	case code == customer.WrongState, code == customer.TerminationNotDue, result.Replayed:
		outcome.Status = string(customer.TerminationCancelled) // or done, or moved, between our look and our call, or by another at the same time
	case result.ErrorCode != 0:
		outcome.Message = result.ErrorMessage
	default:
		answer := result.Values.Items("SUBSCRIPTION_TERMINATION")
		outcome.Status, outcome.Message = answer.Text("STATUS"), answer.Text("REASON")
	}
	return outcome, nil
}

// dueEvery is how often the scheduler looks.
const dueEvery = time.Minute

// schedule runs what is due until ctx ends, first at once.
func (s *Server) schedule(ctx context.Context) {
	tick := time.NewTicker(dueEvery)
	defer tick.Stop()
	for {
		s.once(ctx, "what is due", s.runWhatIsDue)
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func (s *Server) runWhatIsDue(ctx context.Context) {
	if err := s.Store.Ready(); err != nil {
		s.log.Error("what is due was not run", "cause", err)
		return
	}
	report, err := RunDue(ctx, s.Engine, AsOf{}, func(o DueOutcome) {
		if o.Status != string(customer.TerminationDone) {
			s.log.Warn("termination did not happen", "termination", o.ID.String(), "status", o.Status, "why", o.Message)
		}
	})
	if err != nil && ctx.Err() == nil {
		s.log.Error("what is due was not run", "cause", err)
	}
	if report.Any() {
		s.log.Info("what was due was run", "done", report.Done, "refused", report.Refused, "failed", report.Failed)
	}
}
