package feed

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"rator/access"
	"rator/catalogue"
	"rator/failure"
	"rator/store"
	"rator/unit"
)

// AuditPath is where rows of the audit are.
const AuditPath = "/audit"

// audit is the source of GET /audit. Its cursors are ids of rows.
type audit struct {
	since string
	asked []string // brands that are asked for; none = all that the operator may see
	query access.AuditQuery
	last  store.ID // up to which every row was looked at
	goal  store.ID // where an answer to who does not follow ends
	told  int
}

// pageRows is how many rows one page looks at.
const pageRows = 500

func (a *audit) right() string { return access.RightAudit }

func (a *audit) brand() string {
	if len(a.asked) == 0 {
		return ""
	}
	return a.asked[0]
}

func (a *audit) ask(q query) (err error) {
	if err := q.known("since", "until", "operator", "account", "object", "brand", "face", "hookpoint", "outcome", "follow"); err != nil {
		return err
	}
	if a.asked = q["brand"]; slices.Contains(a.asked, "") {
		return &queryError{"brand: give a brand's key, or leave it out"}
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
		if a.query.Until, err = timeOf(until); err != nil {
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

// timeOf reads a time or a day.
func timeOf(text string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, nil
		}
	}
	return time.Time{}, fmt.Errorf("%.40q is no time such as 2026-11-24T12:00:00Z and no day", text)
}

// since reads a time, or how long ago it was.
func since(text string, now time.Time) (time.Time, error) {
	if at, err := timeOf(text); err == nil {
		return at, nil
	}
	if digits, ok := strings.CutSuffix(text, "d"); ok {
		if days, err := strconv.ParseUint(digits, 10, 16); err == nil {
			return now.AddDate(0, 0, -int(days)), nil
		}
	}
	if ago, err := time.ParseDuration(text); err == nil && ago >= 0 {
		return now.Add(-ago), nil
	}
	return time.Time{}, &queryError{fmt.Sprintf("since %.40q is neither the id of a row, which has 18 digits, nor a time such as 2026-11-24T12:00:00Z, nor how long ago, such as 90m or 7d", text)}
}

// allow lets see the rows of the operator's brands. Those of none, such as of who made an
// operator, are for who has all brands.
func (a *audit) allow(tx store.Tx, o *access.Operator) error {
	for _, key := range a.asked {
		if !o.HasBrand(key) {
			return failure.NotAllowed.With("%s has no right to brand %s", o.Name, key)
		}
		if _, err := catalogue.BrandByKey(tx, key); failure.CodeOf(err) == catalogue.UnknownBrand {
			return &unit.UnknownBrandError{Named: unit.BrandName{Key: key}}
		} else if err != nil {
			return err
		}
	}
	switch {
	case len(a.asked) > 0:
		a.query.Brands = a.asked
	case slices.Contains(o.Brands, access.Any):
		a.query.Brands = nil
	default:
		a.query.Brands = o.Brands
	}
	return nil
}

func (a *audit) begin(tx store.Tx) (string, error) {
	var err error
	switch id, notID := store.ParseID(a.since); {
	case notID == nil:
		a.last = id
	case a.since != "":
		if a.query.Since, err = since(a.since, tx.Now()); err != nil {
			return "", err
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
	return a.goal.String(), nil
}

func (a *audit) page(tx store.Tx, follow bool) (lines []byte, end bool, err error) {
	q := a.query
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
