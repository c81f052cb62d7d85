package value

import (
	"fmt"
	"strings"
	"time"

	"rator/zone"
)

// dateParts is a date as it is written.
type dateParts struct {
	year, month, day                 int
	hour, minute, second, nanosecond int
	zoned                            bool
	offset                           int  // from UTC, in seconds
	whole                            bool // an xs:dateTime with a zone, in the form that every client reads
}

// ParseDate reads an xs:dateTime of XML Schema 1.0, an xs:date, or a time without
// seconds. Without a zone it is loc's; without a time it is the midnight that the day
// begins with (rator-api.md 1.3). Years are 0001 to 9999, zones reach to 14:00: clients
// read no others.
func ParseDate(s string, loc *time.Location) (time.Time, error) {
	p, ok := readDate(strings.Trim(s, space))
	if ok {
		if t := p.in(loc); t.Year() <= 9999 { // 24:00 of the last day is not
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is not a date", clip(s))
}

// WholeDate is what ParseDate reads as a whole xs:dateTime, with seconds and zone. What
// is whole keeps its literal, but for white space round it, and without a copy.
func WholeDate(s string, loc *time.Location) (string, error) {
	trimmed := strings.Trim(s, space)
	p, ok := readDate(trimmed)
	if ok && p.whole {
		return trimmed, nil
	}
	t, err := ParseDate(trimmed, loc)
	return FormatDate(t), err
}

// FormatDate writes t as xs:dateTime with offset, and with milliseconds when there are
// any (rator-api.md 1.3). The clocks of before standard time that were further from UTC
// than an xs:dateTime may be are written in UTC.
func FormatDate(t time.Time) string {
	if _, offset := t.Zone(); max(offset, -offset) > maxOffset {
		t = t.UTC()
	}
	if t.Nanosecond()/1e6 != 0 {
		return t.Format("2006-01-02T15:04:05.000Z07:00")
	}
	return t.Format("2006-01-02T15:04:05Z07:00")
}

const maxOffset = 14 * 60 * 60

// in is the moment that is meant; loc counts where no zone is written.
func (p *dateParts) in(loc *time.Location) time.Time {
	switch {
	case p.zoned && p.offset == 0:
		loc = time.UTC
	case p.zoned:
		loc = time.FixedZone("", p.offset)
	}
	return zone.Clock(p.year, time.Month(p.month), p.day, p.hour, p.minute, p.second, p.nanosecond, loc)
}

// readDate reads yyyy-MM-dd, with or without T and hh:mm, :ss and a fraction, with or
// without a zone at the end.
func readDate(s string) (p dateParts, ok bool) {
	r := dateReader{rest: s, ok: true}
	p.year = r.digits(4)
	r.one('-')
	p.month = r.digits(2)
	r.one('-')
	p.day = r.digits(2)
	if r.next('T') {
		p.hour = r.digits(2)
		r.one(':')
		p.minute = r.digits(2)
		if r.next(':') {
			p.second, p.whole = r.digits(2), p.hour < 24
			if r.next('.') {
				p.nanosecond = r.fraction()
			}
		}
	}
	p.zoned, p.offset = r.zone()
	p.whole = p.whole && p.zoned
	return p, r.ok && r.rest == "" && p.possible()
}

// possible reports whether there is such a day and time; 24:00 is the end of a day.
func (p *dateParts) possible() bool {
	day := time.Date(p.year, time.Month(p.month), p.day, 0, 0, 0, 0, time.UTC)
	return p.year > 0 && p.month > 0 && p.month <= 12 && p.day > 0 && day.Day() == p.day &&
		p.minute < 60 && p.second < 60 && (p.hour < 24 || p.hour == 24 && p.minute+p.second+p.nanosecond == 0)
}

// dateReader reads a date from its start; ok is false once something was not there.
type dateReader struct {
	rest string
	ok   bool
}

func (r *dateReader) digits(n int) (number int) {
	if len(r.rest) < n {
		r.ok = false
		return 0
	}
	for i := range n {
		if r.rest[i] < '0' || r.rest[i] > '9' {
			r.ok = false
			return 0
		}
		number = number*10 + int(r.rest[i]-'0')
	}
	r.rest = r.rest[n:]
	return number
}

// next takes a byte off when it is the next one.
func (r *dateReader) next(b byte) bool {
	if r.rest == "" || r.rest[0] != b {
		return false
	}
	r.rest = r.rest[1:]
	return true
}

func (r *dateReader) one(b byte) { r.ok = r.next(b) && r.ok }

// fraction reads the digits behind the point, as many as there are.
func (r *dateReader) fraction() (nanosecond int) {
	n := len(r.rest) - len(strings.TrimLeft(r.rest, "0123456789"))
	nanosecond = (&dateReader{rest: (r.rest[:n] + "000000000")[:9]}).digits(9)
	r.ok, r.rest = r.ok && n > 0, r.rest[n:]
	return nanosecond
}

// zone reads Z or an offset, which may be missing.
func (r *dateReader) zone() (zoned bool, offset int) {
	sign := 1
	switch {
	case r.rest == "":
		return false, 0
	case r.next('Z'):
		return true, 0
	case r.next('-'):
		sign = -1
	default:
		r.one('+')
	}
	hours := r.digits(2)
	r.one(':')
	minutes := r.digits(2)
	offset = (hours*60 + minutes) * 60
	r.ok = r.ok && minutes < 60 && offset <= maxOffset
	return true, sign * offset
}
