package main

import (
	"errors"
	"fmt"
	"time"

	"rator/zone"
)

// farthest is how far a clock is put forward at once.
const farthest = 50

// target reads where a clock goes: 1 month, 10 days, 2 weeks, 1 year, or to a day or
// time. Days are of the zone.
func target(now time.Time, words []string, in *time.Location) (time.Time, error) {
	const usage = "say how far, such as 1 month, 2 weeks or 10 days, or where to, such as to 2026-03-01"
	if len(words) != 2 {
		return time.Time{}, errors.New(usage)
	}
	local := now.In(in)
	if words[0] == "to" {
		at, err := time.Parse(time.RFC3339, words[1])
		if err != nil {
			day, err := time.Parse(time.DateOnly, words[1])
			if err != nil {
				return time.Time{}, fmt.Errorf("%q is no day such as 2026-03-01 and no time such as 2026-03-01T09:00:00Z", words[1])
			}
			at = zone.Midnight(day.Year(), day.Month(), day.Day(), in)
		}
		return within(local, at)
	}
	var n int
	if _, err := fmt.Sscanf(words[0], "%d", &n); err != nil || fmt.Sprint(n) != words[0] || n < 1 || n > farthest*366 {
		return time.Time{}, fmt.Errorf("%q is no number from 1 on; %s", words[0], usage)
	}
	months, days := 0, 0
	switch words[1] {
	case "day", "days":
		days = n
	case "week", "weeks":
		days = 7 * n
	case "month", "months":
		months = n
	case "year", "years":
		months = 12 * n
	default:
		return time.Time{}, fmt.Errorf("%q is none of days, weeks, months and years; %s", words[1], usage)
	}
	first := time.Date(local.Year(), local.Month()+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	day := min(local.Day(), first.AddDate(0, 1, -1).Day()) + days // 31 January and a month is the last of February
	return within(local, zone.Clock(first.Year(), first.Month(), day, local.Hour(), local.Minute(), local.Second(), local.Nanosecond(), in))
}

func within(now, at time.Time) (time.Time, error) {
	switch {
	case !at.After(now):
		return at, fmt.Errorf("%s is not after %s, where the clock is: it goes forward only", at.Format(time.RFC3339), now.Format(time.RFC3339))
	case at.After(now.AddDate(farthest, 0, 0)):
		return at, fmt.Errorf("%s is more than %d years away", at.Format(time.RFC3339), farthest)
	}
	return at, nil
}
