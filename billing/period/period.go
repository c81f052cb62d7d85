// Package period is billing's calendar: days of a brand and spans of them, and which
// span a billing group is billed for. What is charged for them is not its business.
package period

import (
	"time"

	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// A day of billing is a calendar day in the brand's zone (catalogue.Brand.Day), kept
// as that day's midnight in UTC, so that every day is 24 hours here.

// Period is a span of whole days, the last one not included. A billing group is
// billed for one calendar week (from Monday), month, quarter or year after the
// other, each when it is over.
type Period struct{ From, Until time.Time }

// Between is the period from a day to the one before another.
func Between(from, until time.Time) Period { return Period{from, until} }

// Of is the period of a billing cycle that holds a day.
func Of(cycle catalogue.BillingCycle, day time.Time) Period {
	y, m, d := day.Date()
	switch cycle {
	case catalogue.Weekly:
		monday := Date(y, m, d-(int(day.Weekday())+6)%7)
		return Between(monday, monday.AddDate(0, 0, 7))
	case catalogue.Quarterly:
		m -= (m - 1) % 3
		return Between(Date(y, m, 1), Date(y, m+3, 1))
	case catalogue.Yearly:
		return Between(Date(y, 1, 1), Date(y+1, 1, 1))
	}
	return Between(Date(y, m, 1), Date(y, m+1, 1))
}

// DayOfUTC is the calendar day of a moment in UTC.
func DayOfUTC(t time.Time) time.Time {
	y, m, d := t.UTC().Date()
	return Date(y, m, d)
}

// Date is a day.
func Date(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

// Days is how many days the period has; an empty one has none.
func (p Period) Days() int64 { return max(0, int64(p.Until.Sub(p.From)/(24*time.Hour))) }

// Within is the part of p from one day to another; a zero until is open. The day
// something starts counts, the day it ends does not, so that two things that
// follow each other make no day twice.
func (p Period) Within(from, until time.Time) Period {
	if from.After(p.From) {
		p.From = from
	}
	if !until.IsZero() && until.Before(p.Until) {
		p.Until = until
	}
	return p
}

// MadeAt is when an id was made.
func MadeAt(id store.ID) time.Time {
	t, err := time.Parse("20060102150405", id.String()[:14])
	if err != nil {
		panic("billing: " + err.Error()) // the store makes ids of valid times only
	}
	return t
}

func Later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

func Earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// At is the period that a billing group is billed for with a day in it: the
// calendar period of its cycle, as far as that cycle holds.
func At(g *customer.BillingGroup, day time.Time) Period {
	terms, until := g.TermsOn(day)
	return Of(terms.BillingCycle, day).Within(terms.From, until)
}

func (p Period) Holds(day time.Time) bool { return !day.Before(p.From) && day.Before(p.Until) }

// Format is a date as keys have it.
func Format(t time.Time) string { return t.UTC().Format(time.DateOnly) }
