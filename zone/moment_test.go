package zone_test

import (
	"testing"
	"time"

	"rator/zone"
)

func TestParseMoment(t *testing.T) {
	now := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]string{
		"2026-03-01T10:00:00+02:00": "2026-03-01T08:00:00Z", "2026-03-01": "2026-03-01T00:00:00Z",
		"90m": "2026-03-04T10:30:00Z", "7d": "2026-02-25T12:00:00Z", "0s": "2026-03-04T12:00:00Z",
	} {
		if at, err := zone.ParseMoment(text, now); err != nil || at.UTC().Format(time.RFC3339) != want {
			t.Errorf("%s: %s, %v", text, at, err)
		}
	}
	for _, text := range []string{"", "yesterday", "-1h", "-1d", "1.5d", "99999d", "2026-13-01"} {
		if at, err := zone.ParseMoment(text, now); err == nil {
			t.Errorf("%q: %s", text, at)
		}
	}
	if _, err := zone.ParseTime("7d"); err == nil {
		t.Error("an age is taken for a time")
	}
}
