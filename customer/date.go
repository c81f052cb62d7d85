package customer

import (
	"time"

	"rator/catalogue"
	"rator/failure"
	"rator/zone"
)

// Some dates are calendar days: a birthday, the day of a port. They are kept as the
// literal they came with, from SOAP or TM Forum, and say the same day on every face.

// dateTimes are the literals that name their zone.
var dateTimes = [...]string{time.RFC3339, "2006-01-02T15:04:05Z0700"}

// meant is what the literal of a day means, in the zone whose day that is
// (catalogue.Brand.Meant); without a zone, or when only its day can be read, the
// midnight in the brand's zone that the day begins with.
func meant(brand *catalogue.Brand, literal string) (time.Time, bool) {
	for _, layout := range dateTimes {
		if t, err := time.Parse(layout, literal); err == nil && t.Year() > 0 {
			return brand.Meant(t), true
		}
	}
	const n = len(time.DateOnly)
	if len(literal) < n {
		return time.Time{}, false
	}
	day, err := time.Parse(time.DateOnly, literal[:n])
	return zone.Midnight(day.Year(), day.Month(), day.Day(), brand.Zone()), err == nil && day.Year() > 0
}

// CalendarDay is the day that a literal means, as yyyy-MM-dd, the same whatever zone it
// was written in and is read in; "" when it means none.
func CalendarDay(brand *catalogue.Brand, literal string) string {
	if t, ok := meant(brand, literal); ok {
		return t.Format(time.DateOnly)
	}
	return ""
}

// dayAndToday are the day that the literal under key means, and today in the same zone.
func dayAndToday(brand *catalogue.Brand, key, literal string, now time.Time) (day, today string, err error) {
	t, ok := meant(brand, literal)
	if !ok {
		return "", "", failure.InvalidRequest.With("%s %.40q is not a date", key, literal)
	}
	return t.Format(time.DateOnly), now.In(t.Location()).Format(time.DateOnly), nil
}
