package billing

import (
	"time"

	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// A day of billing is a calendar day in the brand's zone (catalogue.Brand.Day), kept
// as that day's midnight in UTC, so that every day is 24 hours here.

// period is a span of whole days, the last one not included. A billing group is
// billed for one calendar week (from Monday), month, quarter or year after the
// other, each when it is over.
type period struct{ from, until time.Time }

// periodOf is the period of a billing cycle that holds a day.
func periodOf(cycle catalogue.BillingCycle, day time.Time) period {
	y, m, d := day.Date()
	switch cycle {
	case catalogue.Weekly:
		monday := date(y, m, d-(int(day.Weekday())+6)%7)
		return period{monday, monday.AddDate(0, 0, 7)}
	case catalogue.Quarterly:
		m -= (m - 1) % 3
		return period{date(y, m, 1), date(y, m+3, 1)}
	case catalogue.Yearly:
		return period{date(y, 1, 1), date(y+1, 1, 1)}
	}
	return period{date(y, m, 1), date(y, m+1, 1)}
}

// dayOfUTC is the calendar day of a moment in UTC.
func dayOfUTC(t time.Time) time.Time {
	y, m, d := t.UTC().Date()
	return date(y, m, d)
}

func date(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

// days is how many days the period has; an empty one has none.
func (p period) days() int64 { return max(0, int64(p.until.Sub(p.from)/(24*time.Hour))) }

// within is the part of p from one day to another; a zero until is open. The day
// something starts counts, the day it ends does not, so that two things that
// follow each other make no day twice.
func (p period) within(from, until time.Time) period {
	if from.After(p.from) {
		p.from = from
	}
	if !until.IsZero() && until.Before(p.until) {
		p.until = until
	}
	return p
}

// madeAt is when an id was made.
func madeAt(id store.ID) time.Time {
	t, err := time.Parse("20060102150405", id.String()[:14])
	if err != nil {
		panic("billing: " + err.Error()) // the store makes ids of valid times only
	}
	return t
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// periodAt is the period that a billing group is billed for with a day in it: the
// calendar period of its cycle, as far as that cycle holds.
func periodAt(g *customer.BillingGroup, day time.Time) period {
	terms, until := g.TermsOn(day)
	return periodOf(terms.BillingCycle, day).within(terms.From, until)
}

func (p period) holds(day time.Time) bool { return !day.Before(p.from) && day.Before(p.until) }

// day is a date as keys have it.
func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
