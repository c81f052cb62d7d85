package event

import (
	"fmt"
	"slices"

	"rator/store"
)

// Reader reads the stream of events in its order, from a cursor on. It keeps no
// transaction and no place: who reads keeps the cursor of the last page.
type Reader struct {
	Patterns Patterns // of the topics; none = all that hold no secret
	// Brands are whose events are read, by key; "" stands for those that are no brand's.
	// nil = of every brand and of none.
	Brands  []string
	Account store.ID // whose events are read; 0 = of every account and of none
}

// Page is a part of the stream.
type Page struct {
	Events []store.Event // what the reader asked for, maybe none
	Cursor int64         // to go on after; never less than the one asked for
	End    bool          // nothing follows yet
}

// After reads on after a cursor, looking at no more than limit events (at least one). It
// fails with *GoneError when some after the cursor are not kept any more, and with
// *BeyondError when there was never such an event.
func (r *Reader) After(tx store.Tx, cursor int64, limit int) (Page, error) {
	span, err := tx.EventSpan()
	if err != nil {
		return Page{}, err
	}
	if err := inSpan(cursor, span); err != nil {
		return Page{}, err
	}
	limit = max(limit, 1)
	var events []store.Event
	if r.Account != 0 {
		events, err = tx.EventsOf(r.Account, cursor, limit)
	} else {
		events, err = tx.EventsAfter(cursor, limit)
	}
	if err != nil {
		return Page{}, err
	}
	p := Page{Cursor: span.Newest, End: len(events) < limit}
	if !p.End {
		p.Cursor = events[len(events)-1].Cursor
		p.End = p.Cursor == span.Newest
	}
	p.Events = slices.DeleteFunc(events, func(e store.Event) bool { return !r.wants(e) })
	return p, nil
}

func (r *Reader) wants(e store.Event) bool {
	return (r.Brands == nil || slices.Contains(r.Brands, e.Brand)) && (r.Account == 0 || e.Account == r.Account) && r.Patterns.Match(e.Topic)
}

// GoneError says that events that were asked for are not kept any more.
type GoneError struct {
	After int64 // the cursor asked from
	Lost  int64 // how many events that were there after it are gone, of whatever topic and brand; 0 = nobody knows
	Kept  int64 // the cursor after which everything is kept
}

func (e *GoneError) Error() string {
	if e.Lost == 0 {
		return fmt.Sprintf("events after cursor %d are not kept any more: go on after cursor %d", e.After, e.Kept)
	}
	return fmt.Sprintf("%d events after cursor %d are not kept any more: go on after cursor %d", e.Lost, e.After, e.Kept)
}

// BeyondError says that a cursor is none that any event had.
type BeyondError struct{ After, Newest int64 }

func (e *BeyondError) Error() string {
	return fmt.Sprintf("cursor %d: the newest event has %d; was it of another store, or of this one before it was restored?", e.After, e.Newest)
}

func inSpan(cursor int64, span store.EventSpan) error {
	switch {
	case cursor > span.Newest || cursor < 0:
		return &BeyondError{cursor, span.Newest}
	case cursor < span.Kept:
		return gone(cursor, span)
	}
	return nil
}

// gone says that those between a cursor and what is kept are not.
func gone(cursor int64, span store.EventSpan) *GoneError {
	e := &GoneError{After: cursor, Kept: span.Kept}
	if !span.Sparse {
		e.Lost = span.Kept - cursor
	}
	return e
}
