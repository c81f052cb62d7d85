// Package zone knows time zones by their names, and which moment a clock shows a
// time at in one. The IANA database is in the binary, for machines without one.
//
// Every room may use it; it knows none.
package zone

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // for machines that have no zoneinfo
)

// name is what names of the database are made of.
var name = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$`)

var known sync.Map // name → *time.Location

// Named finds a zone by its name in the IANA database, such as Europe/Oslo or UTC.
// The error says what a name looks like.
func Named(text string) (*time.Location, error) {
	if loc, ok := known.Load(text); ok {
		return loc.(*time.Location), nil
	}
	wrong := fmt.Errorf("%.60q is no name of the IANA time zone database, such as Europe/Oslo, America/Denver or UTC", text)
	// right/ counts leap seconds, and only some machines have it and posix/.
	if !name.MatchString(text) || text == "Local" || strings.HasPrefix(text, "right/") || strings.HasPrefix(text, "posix/") {
		return nil, wrong
	}
	loc, err := time.LoadLocation(text)
	if err != nil {
		return nil, wrong
	}
	known.Store(text, loc)
	return loc, nil
}

// Clock is the moment at which a clock in loc shows a time. One that is shown twice,
// when clocks go back, is the first of the two. One that clocks pass over when they go
// forward is as long after that: so the first moment of a day whose midnight is passed
// over is in that day, where time.Date gives one in the day before.
func Clock(year int, month time.Month, day, hour, minute, second, nanosecond int, loc *time.Location) time.Time {
	wanted := time.Date(year, month, day, hour, minute, second, nanosecond, time.UTC)
	t := time.Date(year, month, day, hour, minute, second, nanosecond, loc)
	if passed := wanted.Sub(shown(t)); passed > 0 {
		return t.Add(passed)
	}
	_, offset := t.Zone()
	_, before := t.AddDate(0, 0, -1).Zone()
	if first := t.Add(time.Duration(offset-before) * time.Second); before > offset && shown(first).Equal(wanted) {
		return first
	}
	return t
}

// shown is what a clock shows at t, as if it were in UTC.
func shown(t time.Time) time.Time {
	_, offset := t.Zone()
	return t.UTC().Add(time.Duration(offset) * time.Second)
}

// Midnight is the first moment of a calendar day in loc.
func Midnight(year int, month time.Month, day int, loc *time.Location) time.Time {
	return Clock(year, month, day, 0, 0, 0, 0, loc)
}

// Same reports whether two zones have had the same clocks since 1900, and will while
// rules reach: two names of one zone, such as UTC and Etc/UTC.
func Same(a, b *time.Location) bool {
	const week = 7 * 24 * time.Hour
	end := time.Date(2038, 1, 1, 0, 0, 0, 0, time.UTC)
	for t := time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC); t.Before(end); t = t.Add(week) {
		_, offsetA := t.In(a).Zone()
		if _, offsetB := t.In(b).Zone(); offsetA != offsetB {
			return false
		}
	}
	return true
}
