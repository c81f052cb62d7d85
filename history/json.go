package history

import (
	"encoding/json"
	"strconv"
	"time"

	"rator/store"
)

// EntryJSON is an entry as JSON tells it. Times are RFC 3339 in UTC with microseconds, ids
// texts; what is not known is left out.
type EntryJSON struct {
	Time      string          `json:"time"`
	Kind      string          `json:"kind"` // event, audit, call
	ID        string          `json:"id"`   // cursor of the event, id of the row, id of the call
	Who       string          `json:"who,omitempty"`
	Face      string          `json:"face,omitempty"`
	What      string          `json:"what"` // topic; hookpoint, right or command
	Outcome   string          `json:"outcome,omitempty"`
	RequestID string          `json:"requestId,omitempty"`
	Objects   []store.ID      `json:"objects,omitempty"`
	Notes     []string        `json:"notes,omitempty"`
	Changes   []ChangeJSON    `json:"changes,omitempty"`
	Data      json.RawMessage `json:"data,omitempty"` // of an event
}

// ChangeJSON is what a row of the audit says changed of an object.
type ChangeJSON struct {
	Object store.ID       `json:"object"`
	Kind   string         `json:"kind"`
	What   string         `json:"what"` // created, updated, deleted
	Values []KeyValueJSON `json:"values"`
	Ended  bool           `json:"ended,omitempty"` // old and new are not kept any more
}

// KeyValueJSON is one value that changed.
type KeyValueJSON struct {
	Key string          `json:"key"`
	Old json.RawMessage `json:"old"`
	New json.RawMessage `json:"new"`
}

// What is what happened, and how it ended: an event's topic; a row's hookpoint, right of
// TM Forum or command; a call's hookpoint or right.
func (e *Entry) What() (what, outcome string) {
	switch e.Kind {
	case Event:
		return e.Event.Topic, ""
	case Audit:
		return e.Row.Hookpoint, e.Row.Outcome
	}
	return e.Call.AskedFor(), e.Call.OutcomeText()
}

// JSON is the entry as JSON tells it.
func (e *Entry) JSON() EntryJSON {
	what, outcome := e.What()
	j := EntryJSON{Time: TimeJSON(e.At), Kind: e.Kind.String(), Who: e.Who, Face: e.Face, What: what, Outcome: outcome}
	switch e.Kind {
	case Event:
		j.ID, j.Objects, j.Data = strconv.FormatInt(e.Event.Cursor, 10), e.Event.About, e.Event.Body
	case Audit:
		j.ID, j.RequestID, j.Objects, j.Notes = e.Row.ID.String(), e.Row.RequestID, e.Row.Objects, e.Row.Notes
		for _, c := range e.Changes {
			values := make([]KeyValueJSON, 0, len(c.Values))
			for _, v := range c.Values {
				values = append(values, KeyValueJSON{v.Key, v.Old, v.New})
			}
			j.Changes = append(j.Changes, ChangeJSON{c.Object, c.Kind, c.What.String(), values, c.Ended})
		}
	case Call:
		j.ID, j.RequestID = e.Call.ID.String(), e.Call.RequestID
	}
	return j
}

// TimeJSON is a time as JSON has it, of one length so that texts sort as times do; "" when
// it is not known.
func TimeJSON(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000000Z")
}
