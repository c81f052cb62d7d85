package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"rator/access"
	"rator/history"
	"rator/store"
)

// printHistory prints how a customer stands, and what happened.
func printHistory(out io.Writer, c *history.Customer, entries []history.Entry) error {
	if err := printStanding(out, c); err != nil {
		return err
	}
	if len(entries) == 0 {
		_, err := fmt.Fprint(out, "\nNothing of that time is kept.\n")
		return err
	}
	fmt.Fprintln(out)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "TIME\tKIND\tWHO\tFACE\tWHAT\tOUTCOME\tABOUT")
	for i := range entries {
		e := &entries[i]
		what, outcome, about := entryCells(e)
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", stamp(e.At), e.Kind, cell(e.Who), cell(e.Face), cell(what), cell(outcome), cell(about))
	}
	return w.Flush()
}

// printStanding prints a customer and its lines. Of a blocked one it says since when, by
// whom and why; of one that was, when it was last.
func printStanding(out io.Writer, c *history.Customer) error {
	fmt.Fprintf(out, "Customer %s of brand %s, account %s: %s", c.Account.CustomerNumber, c.Account.Brand, c.Account.ID, c.Account.State)
	if !c.Account.Closed.IsZero() {
		fmt.Fprintf(out, " since %s", stamp(c.Account.Closed))
	}
	if !c.Account.Deleted.IsZero() {
		fmt.Fprintf(out, ", deleted %s", stamp(c.Account.Deleted))
	}
	fmt.Fprintln(out)
	if c.Owner != nil {
		fmt.Fprintf(out, "Owner %s: %s\n", c.Owner.ID, ownerName(c))
	}
	if len(c.Lines) == 0 {
		_, err := fmt.Fprintln(out, "No subscriptions.")
		return err
	}
	fmt.Fprintln(out)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SUBSCRIPTION\tNUMBER\tPRODUCT\tSTATE\tSINCE\tBY\tWHY")
	for i := range c.Lines {
		l := &c.Lines[i]
		by, why := blockCells(l)
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", l.ID, cell(strings.Join(l.Numbers, " ")), cell(l.ProductCode), l.State, stamp(l.Since), cell(by), cell(why))
	}
	return w.Flush()
}

// ownerName is what a person is told of who the customer is.
func ownerName(c *history.Customer) string {
	name := strings.Join(strings.Fields(c.Owner.FirstName+" "+c.Owner.LastName), " ")
	if c.Owner.Company != "" {
		name = strings.TrimPrefix(c.Owner.Company+", "+name, ", ")
	}
	switch {
	case c.Erased:
		return "erased"
	case name == "":
		return "no name"
	}
	return printable(name)
}

func blockCells(l *history.Line) (by, why string) {
	if b := l.Block; b != nil {
		if by = b.By; by == "" {
			by = "not known"
		} else if b.Face != "" {
			by += " over " + b.Face
		}
		why = b.Type
		if b.StolenDate != "" {
			why += " on " + b.StolenDate
		}
		if b.Reason != "" {
			why += ": " + b.Reason
		}
		return by, why
	}
	if n := len(l.Blocks); n > 0 {
		last := l.Blocks[n-1]
		if last.By != "" {
			by = "by " + last.By + " "
		}
		if why = last.Type; last.Reason != "" {
			why += ": " + last.Reason
		}
		return "", fmt.Sprintf("was blocked %sfrom %s until %s: %s", by, stamp(last.From), stamp(last.Until), why)
	}
	return "", ""
}

// cell is a text of a table: what came from callers cannot change the terminal.
func cell(s string) string {
	if s == "" {
		return "-"
	}
	return printable(s)
}

// entryCells are what happened, how it ended, and what it was about.
func entryCells(e *history.Entry) (what, outcome, about string) {
	what, outcome = e.What()
	switch e.Kind {
	case history.Event:
		return what, outcome, bodyText(e.Event.Body)
	case history.Audit:
		return what, outcome, rowText(e)
	}
	return what, outcome, "rator log show " + e.Call.ID.String()
}

// bodyText is an event's body as KEY=value, in its order.
func bodyText(body []byte) string {
	var parts []string
	d := json.NewDecoder(bytes.NewReader(body))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return string(body)
	}
	for d.More() {
		key, err := d.Token()
		var value json.RawMessage
		if err == nil {
			err = d.Decode(&value)
		}
		if err != nil {
			return string(body)
		}
		var text string
		if json.Unmarshal(value, &text) != nil {
			text = string(value)
		}
		parts = append(parts, fmt.Sprintf("%v=%s", key, text))
	}
	return strings.Join(parts, " ")
}

// rowText is what a row of the audit says besides: its object, what changed, notes.
func rowText(e *history.Entry) string {
	var parts []string
	if objects := e.Row.Objects; len(objects) > 0 {
		parts = append(parts, objects[0].String())
		if more := len(objects) - 1; more > 0 {
			parts = append(parts, fmt.Sprintf("and %d more", more))
		}
	}
	for i := range e.Changes {
		parts = append(parts, changeText(&e.Changes[i]))
	}
	for _, note := range e.Row.Notes {
		parts = append(parts, "("+note+")")
	}
	return strings.Join(parts, " ")
}

// changeText is a change as "subscription STATUS ACTIVE → BLOCKED"; of what was created or
// deleted no values, and none that are not kept any more.
func changeText(c *access.ObjectChange) string {
	if c.What != store.Updated {
		return c.Kind + " " + c.What.String() + ";"
	}
	var keys []string
	for _, v := range c.Values {
		if c.Ended || compound(v.Old) || compound(v.New) {
			keys = append(keys, v.Key)
			continue
		}
		keys = append(keys, v.Key+" "+valueText(v.Old)+" → "+valueText(v.New))
	}
	text := c.Kind + " " + strings.Join(keys, ", ")
	if c.Ended {
		text += " (values are not kept any more)"
	}
	return text + ";"
}

// compound reports whether a value is a list or an object, of which a line shows no more
// than that it changed.
func compound(value json.RawMessage) bool {
	return len(value) > 0 && (value[0] == '[' || value[0] == '{')
}

// longestValue is how much of a value a line of the history shows, in letters.
const longestValue = 40

func valueText(value json.RawMessage) string {
	var text string
	if value != nil && json.Unmarshal(value, &text) != nil {
		text = string(value)
	}
	if text == "" {
		return "nothing"
	}
	if letters := []rune(text); len(letters) > longestValue {
		text = string(letters[:longestValue]) + "…"
	}
	return text
}
