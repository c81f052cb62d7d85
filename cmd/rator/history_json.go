package main

import (
	"encoding/json"
	"io"
	"strconv"
	"time"

	"rator/history"
	"rator/store"
)

// historyJSON is what rator history --json answers. Times are RFC 3339 in UTC with
// microseconds, ids texts.
type historyJSON struct {
	Customer standingJSON       `json:"customer"`
	History  []historyEntryJSON `json:"history"` // the oldest first
}

type standingJSON struct {
	Number  string     `json:"number"`
	Brand   string     `json:"brand"`
	Account store.ID   `json:"account"`
	Status  string     `json:"status"`
	Closed  string     `json:"closed,omitempty"`
	Deleted string     `json:"deleted,omitempty"`
	Owner   store.ID   `json:"owner,omitzero"`
	Erased  bool       `json:"erased"` // the owner
	Lines   []lineJSON `json:"lines"`
}

type lineJSON struct {
	Subscription store.ID    `json:"subscription"`
	Numbers      []string    `json:"numbers"`
	Product      string      `json:"product"`
	Status       string      `json:"status"`
	Since        string      `json:"since,omitempty"`
	Block        *blockJSON  `json:"block"`  // null when it is not blocked
	Blocks       []blockJSON `json:"blocks"` // the oldest first, with that which lasts
}

type blockJSON struct {
	Since      string `json:"since,omitempty"`
	Until      string `json:"until,omitempty"`
	Type       string `json:"type"`
	StolenDate string `json:"stolenDate,omitempty"`
	By         string `json:"by,omitempty"`
	Face       string `json:"face,omitempty"`
	Reason     string `json:"reason,omitempty"`
}

type historyEntryJSON struct {
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
	Changes   []changeJSON    `json:"changes,omitempty"`
	Data      json.RawMessage `json:"data,omitempty"` // of an event
}

type changeJSON struct {
	Object store.ID       `json:"object"`
	Kind   string         `json:"kind"`
	What   string         `json:"what"` // created, updated, deleted
	Values []keyValueJSON `json:"values"`
	Ended  bool           `json:"ended,omitempty"` // old and new are not kept any more
}

type keyValueJSON struct {
	Key string          `json:"key"`
	Old json.RawMessage `json:"old"`
	New json.RawMessage `json:"new"`
}

func printHistoryJSON(out io.Writer, c *history.Customer, entries []history.Entry) error {
	h := historyJSON{standingAsJSON(c), make([]historyEntryJSON, 0, len(entries))}
	for i := range entries {
		h.History = append(h.History, entryAsJSON(&entries[i]))
	}
	return json.NewEncoder(out).Encode(h)
}

func standingAsJSON(c *history.Customer) standingJSON {
	s := standingJSON{
		Number: c.Account.CustomerNumber, Brand: c.Account.Brand, Account: c.Account.ID, Status: string(c.Account.State),
		Closed: timeJSON(c.Account.Closed), Deleted: timeJSON(c.Account.Deleted), Owner: c.Account.Owner, Erased: c.Erased, Lines: []lineJSON{},
	}
	for i := range c.Lines {
		s.Lines = append(s.Lines, lineAsJSON(&c.Lines[i]))
	}
	return s
}

func lineAsJSON(l *history.Line) lineJSON {
	j := lineJSON{
		Subscription: l.ID, Numbers: append([]string{}, l.Numbers...), Product: l.ProductCode, Status: string(l.State), Since: timeJSON(l.Since), Blocks: []blockJSON{},
	}
	for _, b := range l.Blocks {
		j.Blocks = append(j.Blocks, blockJSON{Since: timeJSON(b.From), Until: timeJSON(b.Until), Type: b.Type, By: b.By, Reason: b.Reason})
	}
	if b := l.Block; b != nil {
		j.Block = &blockJSON{Since: timeJSON(b.Since), Type: b.Type, StolenDate: b.StolenDate, By: b.By, Face: b.Face, Reason: b.Reason}
	}
	return j
}

func entryAsJSON(e *history.Entry) historyEntryJSON {
	what, outcome, _ := entryCells(e)
	j := historyEntryJSON{Time: timeJSON(e.At), Kind: e.Kind.String(), Who: e.Who, Face: e.Face, What: what, Outcome: outcome}
	switch e.Kind {
	case history.Event:
		j.ID, j.Objects, j.Data = strconv.FormatInt(e.Event.Cursor, 10), e.Event.About, e.Event.Body
	case history.Audit:
		j.ID, j.RequestID, j.Objects, j.Notes = e.Row.ID.String(), e.Row.RequestID, e.Row.Objects, e.Row.Notes
		for _, c := range e.Changes {
			values := make([]keyValueJSON, 0, len(c.Values))
			for _, v := range c.Values {
				values = append(values, keyValueJSON{v.Key, v.Old, v.New})
			}
			j.Changes = append(j.Changes, changeJSON{c.Object, c.Kind, c.What.String(), values, c.Ended})
		}
	case history.Call:
		j.ID, j.RequestID = e.Call.ID.String(), e.Call.RequestID
	}
	return j
}

// timeJSON is a time as JSON has it, of one length so that texts sort as times do; "" when
// it is not known.
func timeJSON(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000000Z")
}
