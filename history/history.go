// Package history tells what happened to one customer, in one time line: events, rows of
// the audit and calls of the call log, beside how the customer stands now. It only reads,
// and knows neither flags nor screens: rator history shows it.
package history

import (
	"cmp"
	"slices"
	"time"

	"rator/access"
	"rator/calllog"
	"rator/store"
)

// Kind says where an entry stands.
type Kind uint8

// The kinds, in the order in which they come at one moment: what was asked for, what was
// written down of it, what it changed.
const (
	Call Kind = iota
	Audit
	Event
)

// String is the kind as it is shown.
func (k Kind) String() string { return [...]string{"call", "audit", "event"}[k] }

// Entry is one thing that happened. Of Event, Row and Call that of its Kind is set.
type Entry struct {
	At   time.Time // UTC
	Kind Kind
	Who  string // the operator; "" = not known
	Face string // soap, tmf, command, scheduler …; "" = not known

	Event *store.Event
	Row   *access.AuditRow
	Call  *calllog.Call

	Changes []access.ObjectChange // of a row, with the values that are kept
}

// Query says which entries are wanted; what is zero wants all.
type Query struct {
	Since  time.Time // of that time or later
	Before time.Time
	Limit  int // the newest so many
	// Objects wants what is about one of them: events and rows about any, calls that name
	// the first.
	Objects []store.ID
}

// Timeline gathers the entries of one customer.
type Timeline struct {
	query   Query
	entries []Entry
	full    int // so many entries, and those that are too many go
}

// NewTimeline is a time line without entries.
func NewTimeline(q Query) *Timeline { return &Timeline{query: q, full: 2*q.Limit + 100} }

// Entries are those gathered so far, the oldest first. An event is told with who caused
// it when the audit has the row of its transaction.
func (t *Timeline) Entries() []Entry {
	t.sort()
	t.nameCauses()
	return t.entries[t.first():]
}

// first is the index of the oldest entry that is among the newest that are wanted.
func (t *Timeline) first() int {
	if t.query.Limit == 0 {
		return 0
	}
	return max(0, len(t.entries)-t.query.Limit)
}

// add takes an entry that is wanted, and lets go of those that are too many. Equal times
// stay together: an event's row is at its time.
func (t *Timeline) add(e Entry) {
	q := &t.query
	if e.At = e.At.UTC(); e.At.Before(q.Since) || !q.Before.IsZero() && !e.At.Before(q.Before) || !q.about(&e) {
		return
	}
	t.entries = append(t.entries, e)
	if q.Limit == 0 || len(t.entries) < t.full {
		return
	}
	t.sort()
	oldest := t.entries[t.first()].At
	keep := slices.IndexFunc(t.entries, func(e Entry) bool { return !e.At.Before(oldest) })
	t.entries = slices.Clone(t.entries[keep:])
	t.full = 2*len(t.entries) + 100
}

// about reports whether an entry is about what is wanted. Calls were asked for so.
func (q *Query) about(e *Entry) bool {
	var of []store.ID
	switch {
	case len(q.Objects) == 0 || e.Kind == Call:
		return true
	case e.Kind == Event:
		of = e.Event.About
	default:
		of = e.Row.Objects
	}
	return slices.ContainsFunc(of, func(id store.ID) bool { return slices.Contains(q.Objects, id) })
}

// sort orders what is gathered, each row of the audit once.
func (t *Timeline) sort() {
	slices.SortStableFunc(t.entries, func(a, b Entry) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.number(), b.number()))
	})
	t.entries = slices.CompactFunc(t.entries, func(a, b Entry) bool { return a.Kind == Audit && b.Kind == Audit && a.Row.ID == b.Row.ID })
}

// number orders entries of a kind at one moment.
func (e *Entry) number() int64 {
	switch e.Kind {
	case Audit:
		return int64(e.Row.ID)
	case Event:
		return e.Event.Cursor
	}
	return int64(e.Call.ID.Number)
}

// nameCauses gives events who caused them. A transaction has one time, which its events
// and its row of the audit share; where rows of different callers do, nobody is named.
func (t *Timeline) nameCauses() {
	for i := 0; i < len(t.entries); {
		end := i
		for end < len(t.entries) && t.entries[end].At.Equal(t.entries[i].At) {
			end++
		}
		moment := t.entries[i:end]
		i = end
		var row *access.AuditRow
		same := true
		for _, e := range moment {
			if e.Kind != Audit {
				continue
			}
			same = same && (row == nil || row.Who == e.Row.Who && row.Face == e.Row.Face)
			row = e.Row
		}
		if row == nil || !same {
			continue
		}
		for i := range moment {
			if moment[i].Kind == Event {
				moment[i].Who, moment[i].Face = row.Who, row.Face
			}
		}
	}
}
