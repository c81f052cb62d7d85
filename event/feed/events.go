package feed

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"rator/access"
	"rator/event"
	"rator/store"
)

// events is the source of GET /events.
type events struct {
	topics func() []string // that sites declare

	since  string
	brands brands
	reader event.Reader
	cursor int64 // up to which everything was looked at
	goal   int64 // where an answer to who does not follow ends
	told   int
}

// pageEvents is how many events one page looks at.
const pageEvents = 200

func (e *events) right() string { return access.RightEvents }

func (e *events) brand() string { return e.brands.first() }

func (e *events) ask(q query) (err error) {
	if err := q.known("since", "topic", "brand", "account", "follow"); err != nil {
		return err
	}
	if e.brands, err = brandsIn(q); err != nil {
		return err
	}
	if e.since, err = q.one("since"); err != nil {
		return err
	}
	account, err := q.one("account")
	if err != nil {
		return err
	}
	if account != "" {
		if e.reader.Account, err = store.ParseID(account); err != nil {
			return &queryError{"account: " + err.Error()}
		}
	}
	e.reader.Patterns, err = event.ParsePatterns(q["topic"], e.topics()...)
	return err
}

func (e *events) allow(tx store.Tx, o *access.Operator) (err error) {
	e.reader.Brands, err = e.brands.of(tx, o)
	return err
}

// settle does nothing: cursors are in the order of commits.
func (*events) settle(context.Context, store.Store) error { return nil }

func (e *events) begin(tx store.Tx) (string, error) {
	since, err := event.ParseSince(e.since, tx.Now())
	if err != nil {
		return "", &queryError{err.Error()}
	}
	if e.cursor, err = since.Cursor(tx); err != nil {
		return "", err
	}
	span, err := tx.EventSpan()
	e.goal = span.Newest
	return strconv.FormatInt(e.goal, 10), err
}

func (e *events) page(tx store.Tx, follow bool) (lines []byte, end bool, err error) {
	p, err := e.reader.After(tx, e.cursor, pageEvents)
	if err != nil {
		return nil, false, err
	}
	for _, one := range p.Events {
		if !follow && one.Cursor > e.goal {
			break
		}
		doc, err := event.Document(one, event.Source)
		if err != nil {
			return nil, false, err
		}
		lines = append(append(lines, doc...), '\n')
		e.told++
	}
	e.cursor = p.Cursor
	return lines, p.End || !follow && e.cursor >= e.goal, nil
}

func (e *events) news(tx store.Tx) (bool, error) {
	span, err := tx.EventSpan()
	return span.Newest > e.cursor, err
}

func (e *events) beat() []byte {
	line, _ := json.Marshal(struct {
		Cursor string `json:"cursor"`
	}{strconv.FormatInt(e.cursor, 10)})
	return append(line, '\n')
}

func (e *events) notes() []string {
	var asked []string
	for _, pattern := range e.reader.Patterns {
		asked = append(asked, string(pattern))
	}
	notes := []string{fmt.Sprintf("told %d events up to cursor %d", e.told, e.cursor)}
	if len(asked) > 0 {
		notes = append(notes, "of "+strings.Join(asked, " "))
	}
	if e.reader.Account != 0 {
		notes = append(notes, "of account "+e.reader.Account.String())
	}
	return notes
}
