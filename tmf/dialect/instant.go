package dialect

import (
	"time"

	"rator/zone"
)

// ParseInstant reads the date-times that clients send (tmf-customer.md 1.0): a
// day, alone or with a time to the minute, second or any fraction of it, and
// with a zone as Z, +02:00, +0200, +02 or none, which means in. A space counts
// as the + it was before it went through a query string. day reports that there
// is no time.
func ParseInstant(s string, in *time.Location) (t time.Time, day, ok bool) {
	year, s, ok1 := digits(s, 4)
	s, ok2 := one(s, "-")
	month, s, ok3 := digits(s, 2)
	s, ok4 := one(s, "-")
	date, s, ok5 := digits(s, 2)
	if !ok1 || !ok2 || !ok3 || !ok4 || !ok5 || month < 1 || month > 12 || date < 1 || date > DaysIn(year, month) {
		return time.Time{}, false, false
	}
	if s == "" {
		return zone.Midnight(year, time.Month(month), date, in), true, true
	}
	s, ok1 = one(s, "Tt ")
	hour, s, ok2 := digits(s, 2)
	s, ok3 = one(s, ":")
	minute, s, ok4 := digits(s, 2)
	if !ok1 || !ok2 || !ok3 || !ok4 || hour > 24 || minute > 59 {
		return time.Time{}, false, false
	}
	second, nanos, s, ok1 := seconds(s)
	named := s != ""
	offset, ok2 := offsetOf(s)
	if !ok1 || !ok2 || hour == 24 && (minute > 0 || second > 0 || nanos > 0) {
		return time.Time{}, false, false
	}
	if !named {
		return zone.Clock(year, time.Month(month), date, hour, minute, second, nanos, in), false, true
	}
	return time.Date(year, time.Month(month), date, hour, minute, second, nanos, time.UTC).Add(-offset), false, true
}

func DaysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// digits reads n of them; on failure what is left makes no sense.
func digits(s string, n int) (value int, rest string, ok bool) {
	if len(s) < n {
		return 0, "", false
	}
	for i := range n {
		if s[i] < '0' || s[i] > '9' {
			return 0, "", false
		}
		value = value*10 + int(s[i]-'0')
	}
	return value, s[n:], true
}

// one reads one byte of a set.
func one(s, set string) (rest string, ok bool) {
	for i := range len(set) {
		if s != "" && s[0] == set[i] {
			return s[1:], true
		}
	}
	return s, false
}

// seconds reads :ss and a fraction, both of which may be missing. A leap second
// is the one after it.
func seconds(s string) (second, nanos int, rest string, ok bool) {
	s, found := one(s, ":")
	if !found {
		return 0, 0, s, true
	}
	second, s, ok = digits(s, 2)
	if !ok || second > 60 {
		return 0, 0, "", false
	}
	s, found = one(s, ".,")
	if !found {
		return second, 0, s, true
	}
	scale, n := 100_000_000, 0
	for ; n < len(s) && '0' <= s[n] && s[n] <= '9'; n++ {
		nanos += int(s[n]-'0') * scale
		scale /= 10
	}
	return second, nanos, s[n:], n > 0
}

// offsetOf reads what stands at the end: the offset from UTC.
func offsetOf(s string) (offset time.Duration, ok bool) {
	if s == "" || s == "Z" || s == "z" {
		return 0, true
	}
	west := s[0] == '-'
	s, ok1 := one(s, "+- ")
	hours, s, ok2 := digits(s, 2)
	s, colon := one(s, ":")
	minutes, ok3 := 0, true
	if s != "" || colon {
		minutes, s, ok3 = digits(s, 2)
	}
	if !ok1 || !ok2 || !ok3 || s != "" || hours > 23 || minutes > 59 {
		return 0, false
	}
	offset = time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
	if west {
		offset = -offset
	}
	return offset, true
}

// WriteInstant is how the server writes a date-time of its own: RFC 3339, UTC.
func WriteInstant(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
