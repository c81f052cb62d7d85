package main

import (
	"encoding/json"
	"io"

	"rator/history"
	"rator/store"
)

// historyJSON is what rator history --json answers. Times are RFC 3339 in UTC with
// microseconds, ids texts.
type historyJSON struct {
	Customer standingJSON        `json:"customer"`
	History  []history.EntryJSON `json:"history"` // the oldest first
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

func printHistoryJSON(out io.Writer, c *history.Customer, entries []history.Entry) error {
	h := historyJSON{standingAsJSON(c), make([]history.EntryJSON, 0, len(entries))}
	for i := range entries {
		h.History = append(h.History, entries[i].JSON())
	}
	return json.NewEncoder(out).Encode(h)
}

func standingAsJSON(c *history.Customer) standingJSON {
	s := standingJSON{
		Number: c.Account.CustomerNumber, Brand: c.Account.Brand, Account: c.Account.ID, Status: string(c.Account.State),
		Closed: history.TimeJSON(c.Account.Closed), Deleted: history.TimeJSON(c.Account.Deleted), Owner: c.Account.Owner, Erased: c.Erased, Lines: []lineJSON{},
	}
	for i := range c.Lines {
		s.Lines = append(s.Lines, lineAsJSON(&c.Lines[i]))
	}
	return s
}

func lineAsJSON(l *history.Line) lineJSON {
	j := lineJSON{
		Subscription: l.ID, Numbers: append([]string{}, l.Numbers...), Product: l.ProductCode, Status: string(l.State), Since: history.TimeJSON(l.Since), Blocks: []blockJSON{},
	}
	for _, b := range l.Blocks {
		j.Blocks = append(j.Blocks, blockJSON{Since: history.TimeJSON(b.From), Until: history.TimeJSON(b.Until), Type: b.Type, By: b.By, Reason: b.Reason})
	}
	if b := l.Block; b != nil {
		j.Block = &blockJSON{Since: history.TimeJSON(b.Since), Type: b.Type, StolenDate: b.StolenDate, By: b.By, Face: b.Face, Reason: b.Reason}
	}
	return j
}
