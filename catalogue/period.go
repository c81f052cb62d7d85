package catalogue

import "time"

// Period is the days on which something holds, first and last day included. A
// day that is not given sets no bound. Embed it.
type Period struct {
	ValidFrom string `key:"VALID_FROM"` // yyyy-MM-dd
	ValidTo   string `key:"VALID_TO"`   // yyyy-MM-dd
}

// Holds reports whether the calendar day of t, in t's own zone, is in the period.
func (p Period) holds(t time.Time) bool {
	return p.on(t.Format(time.DateOnly))
}

func (p Period) on(day string) bool {
	return (p.ValidFrom == "" || p.ValidFrom <= day) && (p.ValidTo == "" || day <= p.ValidTo)
}

// Bounds are the first and the last day as instants in UTC, midnight; the zero
// time where there is none.
func (p Period) Bounds() (from, to time.Time) {
	from, _ = time.Parse(time.DateOnly, p.ValidFrom)
	to, _ = time.Parse(time.DateOnly, p.ValidTo)
	return from, to
}

// changes are the first day on which it holds and the first on which it holds no more.
func (p Period) changes() (days []string) {
	if p.ValidFrom != "" {
		days = append(days, p.ValidFrom)
	}
	if _, last := p.Bounds(); !last.IsZero() {
		days = append(days, last.AddDate(0, 0, 1).Format(time.DateOnly))
	}
	return days
}

func (p Period) check(c *checker, e *Entry) {
	good := true
	for _, day := range []struct{ key, text string }{{"valid_from", p.ValidFrom}, {"valid_to", p.ValidTo}} {
		if !e.source.has(day.key) {
			continue
		}
		if _, err := time.Parse(time.DateOnly, day.text); c.present(e, day.key, day.text) && err != nil {
			c.mistake(e, day.key, `%s %q must be a day, such as "2026-01-31"`, day.key, day.text)
			good = false
		}
	}
	if good && p.ValidFrom != "" && p.ValidTo != "" && p.ValidTo < p.ValidFrom {
		c.mistake(e, "valid_to", "valid_to %s is before valid_from %s", p.ValidTo, p.ValidFrom)
	}
}
