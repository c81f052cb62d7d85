package event

import (
	"fmt"
	"strconv"
	"time"

	"rator/store"
	"rator/zone"
)

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

// ParseSince reads where to read from: a cursor, a time as RFC 3339 has it, a day of UTC,
// or how long before now, such as 90m or 7d; "" is FromStart.
func ParseSince(text string, now time.Time) (Since, error) {
	if text == "" {
		return FromStart(), nil
	}
	if cursor, err := strconv.ParseInt(text, 10, 64); err == nil && cursor >= 0 {
		return FromCursor(cursor), nil
	}
	if at, err := zone.ParseMoment(text, now); err == nil {
		return FromTime(at), nil
	}
	return Since{}, fmt.Errorf("since %.64q: give a cursor, a time such as 2026-05-02T10:11:12Z, or how long ago, such as 90m or 7d", text)
}

// Cursor is the cursor to read after. It fails with *GoneError and *BeyondError as
// Reader.After does; of a time from which on some are not kept, Lost counts every event
// that is gone.
func (s Since) Cursor(tx store.Tx) (int64, error) {
	span, err := tx.EventSpan()
	if err != nil {
		return 0, err
	}
	switch s.by {
	case 'c':
		return s.cursor, inSpan(s.cursor, span)
	case 't':
		return s.search(tx, span)
	}
	return span.Kept, nil
}

// search finds the last event before a time by halving: ids grow with cursors.
func (s Since) search(tx store.Tx, span store.EventSpan) (int64, error) {
	first := store.FirstIDAt(s.at)
	oldest := span.Kept + 1
	low, high := oldest, span.Newest+1 // the first from s.at on is one of low … high
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
			return 0, gone(0, span)
		}
	}
	return low - 1, nil
}
