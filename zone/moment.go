package zone

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// ParseMoment reads what people write for a moment: a time as ParseTime does, or how long
// before now it was, as ParseAge does.
func ParseMoment(text string, now time.Time) (time.Time, error) {
	if at, err := ParseTime(text); err == nil {
		return at, nil
	}
	ago, err := ParseAge(text)
	if err != nil {
		return time.Time{}, fmt.Errorf("%.64q is neither a duration such as 1h or 2d nor a time such as 2026-11-24T12:00:00Z", text)
	}
	return now.Add(-ago), nil
}

// ParseTime reads a time as RFC 3339 has it, or a day, which begins in UTC.
func ParseTime(text string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, nil
		}
	}
	return time.Time{}, fmt.Errorf("%.64q is no time such as 2026-11-24T12:00:00Z and no day", text)
}

// ParseAge reads how long something lasts: a duration of Go, such as 36h or 90s, or days,
// such as 7d. None is less than nothing.
func ParseAge(text string) (time.Duration, error) {
	if digits, ok := strings.CutSuffix(text, "d"); ok {
		if days, err := strconv.ParseUint(digits, 10, 16); err == nil {
			return time.Duration(days) * 24 * time.Hour, nil
		}
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return 0, fmt.Errorf("%.64q is no duration such as 7d, 36h or 90s", text)
	}
	return d, nil
}
