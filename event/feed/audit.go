package feed

import (
	"context"
	"encoding/json"
	"fmt"

	"rator/access"
	"rator/store"
	"rator/zone"
)

// AuditPath is where rows of the audit are.
const AuditPath = "/audit"

// audit is the source of GET /audit. Its cursors are ids of rows.
type audit struct {
	since string
	asked brands
	query access.AuditQuery
	last  store.ID // up to which every row was looked at
	goal  store.ID // where an answer to who does not follow ends
	upTo  store.ID // behind which no row is told yet: one below it may yet come
	told  int
}

// pageRows is how many rows one page looks at.
const pageRows = 500

func (a *audit) right() string { return access.RightAudit }

func (a *audit) brand() string { return a.asked.first() }

func (a *audit) ask(q query) (err error) {
	if err := q.known("since", "until", "operator", "account", "object", "brand", "face", "hookpoint", "outcome", "follow"); err != nil {
		return err
	}
	if a.asked, err = brandsIn(q); err != nil {
		return err
	}
	var until, account, object string
	for name, to := range map[string]*string{
		"since": &a.since, "until": &until, "account": &account, "object": &object, "operator": &a.query.Operator, "face": &a.query.Face,
		"hookpoint": &a.query.Hookpoint, "outcome": &a.query.Outcome,
	} {
		if *to, err = q.one(name); err != nil {
			return err
		}
	}
	if until != "" {
		if a.query.Until, err = zone.ParseTime(until); err != nil {
			return &queryError{"until: " + err.Error()}
		}
	}
	for _, id := range []struct {
		name, text string
		to         *store.ID
	}{{"account", account, &a.query.Account}, {"object", object, &a.query.Object}} {
		if id.text == "" {
			continue
		}
		if *id.to, err = store.ParseID(id.text); err != nil {
			return &queryError{id.name + ": " + err.Error()}
		}
	}
	if err := a.query.Check(); err != nil {
		return &queryError{err.Error()}
	}
	return nil
}

// allow lets see the rows of the operator's brands. Those of none, such as of who made an
// operator, are for who has all brands.
func (a *audit) allow(tx store.Tx, o *access.Operator) (err error) {
	a.query.Brands, err = a.asked.of(tx, o)
	return err
}

func (a *audit) settle(ctx context.Context, st store.Store) (err error) {
	a.upTo, err = st.Settled(ctx)
	return err
}

func (a *audit) begin(tx store.Tx) (string, error) {
	var err error
	switch id, notID := store.ParseID(a.since); {
	case notID == nil:
		a.last = id
	case a.since != "":
		if a.query.Since, err = zone.ParseMoment(a.since, tx.Now()); err != nil {
			return "", &queryError{"since " + err.Error() + "; the id of a row has 18 digits"}
		}
		a.last = a.query.Begin()
	}
	if a.since != "" { // else all that is kept is asked for
		if err := access.CheckKept(tx, a.last); err != nil {
			return "", err
		}
	}
	if a.goal, err = access.NewestRow(tx); err != nil {
		return "", err
	}
	if a.last > a.goal && a.query.Since.IsZero() {
		return "", &queryError{fmt.Sprintf("since %s: the newest row is %s, and none comes before it any more", a.last, a.goal)}
	}
	a.goal = min(a.goal, a.upTo)
	return max(a.goal, a.last).String(), nil
}

func (a *audit) page(tx store.Tx, follow bool) (lines []byte, end bool, err error) {
	q := a.query
	q.Before = a.upTo + 1
	if !follow {
		q.Before = a.goal + 1
	}
	p, err := q.After(tx, a.last, pageRows)
	if err != nil {
		return nil, false, err
	}
	for _, row := range p.Rows {
		line, err := access.AuditDocument(tx, row)
		if err != nil {
			return nil, false, err
		}
		lines = append(append(lines, line...), '\n')
		a.told++
	}
	a.last = p.Last
	return lines, p.End, nil
}

func (a *audit) news(tx store.Tx) (bool, error) { return a.query.News(tx, a.last) }

// beat has the cursor alone.
func (a *audit) beat() []byte {
	line, _ := json.Marshal(struct {
		Cursor store.ID `json:"cursor"`
	}{a.last})
	return append(line, '\n')
}

func (a *audit) notes() []string {
	return []string{fmt.Sprintf("told %d rows up to %s", a.told, a.last), "asked for: " + a.query.String()}
}
