package event

import (
	"fmt"
	"slices"
	"strconv"
	"time"

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
	oldest, newest, err := tx.EventSpan()
	if err != nil {
		return Page{}, err
	}
	if err := inSpan(cursor, oldest, newest); err != nil {
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
	p := Page{Cursor: newest, End: len(events) < limit}
	if !p.End {
		p.Cursor = events[len(events)-1].Cursor
		p.End = p.Cursor == newest
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
	Lost  int64 // how many events that were there after it are gone, of whatever topic and brand
	Kept  int64 // the cursor after which everything is kept
}

func (e *GoneError) Error() string {
	return fmt.Sprintf("%d events after cursor %d are not kept any more: go on after cursor %d", e.Lost, e.After, e.Kept)
}

// BeyondError says that a cursor is none that any event had.
type BeyondError struct{ After, Newest int64 }

func (e *BeyondError) Error() string {
	return fmt.Sprintf("cursor %d: the newest event has %d; was it of another store, or of this one before it was restored?", e.After, e.Newest)
}

func inSpan(cursor, oldest, newest int64) error {
	kept := oldest - 1
	if oldest == 0 {
		kept = newest
	}
	switch {
	case cursor > newest || cursor < 0:
		return &BeyondError{cursor, newest}
	case cursor < kept:
		return &GoneError{After: cursor, Lost: kept - cursor, Kept: kept}
	}
	return nil
}

// Since is where to read from.
type Since struct {
	by     byte // 'c' = the cursor, 't' = the time, 0 = from the start
	cursor int64
	at     time.Time
}

// FromStart reads everything that is kept.
func FromStart() Since { return Since{} }

// FromCursor reads what follows a cursor.
func FromCursor(cursor int64) Since { return Since{by: 'c', cursor: cursor} }

// FromTime reads what happened from the second of t on.
func FromTime(t time.Time) Since { return Since{by: 't', at: t} }

// ParseSince reads where to read from: a cursor, a time as RFC 3339 has it, or how long
// before now, such as 90m; "" is FromStart.
func ParseSince(text string, now time.Time) (Since, error) {
	if text == "" {
		return FromStart(), nil
	}
	if cursor, err := strconv.ParseInt(text, 10, 64); err == nil && cursor >= 0 {
		return FromCursor(cursor), nil
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return FromTime(t), nil
	}
	if d, err := time.ParseDuration(text); err == nil && d >= 0 {
		return FromTime(now.Add(-d)), nil
	}
	return Since{}, fmt.Errorf("since %.64q: give a cursor, a time such as 2026-05-02T10:11:12Z, or how long ago, such as 90m", text)
}

// Cursor is the cursor to read after. It fails with *GoneError and *BeyondError as
// Reader.After does; of a time from which on some are not kept, Lost counts every event
// that is gone.
func (s Since) Cursor(tx store.Tx) (int64, error) {
	oldest, newest, err := tx.EventSpan()
	if err != nil {
		return 0, err
	}
	switch {
	case s.by == 'c':
		return s.cursor, inSpan(s.cursor, oldest, newest)
	case s.by == 't':
		return s.search(tx, oldest, newest)
	case oldest == 0:
		return newest, nil
	}
	return oldest - 1, nil
}

// search finds the last event before a time by halving: ids grow with cursors.
func (s Since) search(tx store.Tx, oldest, newest int64) (int64, error) {
	first := store.FirstIDAt(s.at)
	if oldest == 0 {
		oldest = newest + 1
	}
	low, high := oldest, newest+1 // the first from s.at on is one of low … high
	for low < high {
		mid := low + (high-low)/2
		events, err := tx.EventsAfter(mid-1, 1)
		if err != nil {
			return 0, err
		}
		if len(events) == 0 || events[0].ID >= first {
			high = mid
		} else {
			low = max(mid, events[0].Cursor) + 1
		}
	}
	if low == oldest && oldest > 1 {
		switch known, err := streamOf(tx); {
		case err != nil:
			return 0, err
		case !known.Dropped.Before(s.at):
			return 0, &GoneError{Lost: oldest - 1, Kept: oldest - 1}
		}
	}
	return low - 1, nil
}
