package catalogue_test

import (
	"fmt"
	"testing"
	"time"

	"rator/catalogue"
	"rator/store"
)

// zoned gives a brand of the zone of that name.
func zoned(t *testing.T, name string) *catalogue.Brand {
	t.Helper()
	s := open(t)
	importFile(t, s, fmt.Sprintf("[[brand]]\nkey = \"TEST\"\nid = \"202001010000000001\"\nname = \"Test\"\ncurrency = \"EUR\"\ncountry = \"DE\"\nlanguage = \"DE\"\ntime_zone = %q\n", name))
	var b *catalogue.Brand
	view(t, s, func(tx store.Tx) error {
		b = brand(t, tx, "TEST")
		return nil
	})
	return b
}

func TestDay(t *testing.T) {
	for _, c := range []struct{ zone, moment, want string }{
		{"Europe/Copenhagen", "2026-01-31T22:59:59Z", "2026-01-31"},
		{"Europe/Copenhagen", "2026-01-31T23:00:00Z", "2026-02-01"},
		{"Europe/Copenhagen", "2026-06-30T21:59:59Z", "2026-06-30"},
		{"Europe/Copenhagen", "2026-06-30T22:00:00Z", "2026-07-01"},
		{"Europe/Copenhagen", "2026-02-01T00:30:00+09:00", "2026-01-31"}, // whatever zone it was written in
		{"America/Denver", "2026-02-01T06:59:59Z", "2026-01-31"},
		{"America/Denver", "2026-02-01T07:00:00Z", "2026-02-01"},
		{"Asia/Tokyo", "2026-01-31T14:59:59Z", "2026-01-31"},
		{"Asia/Tokyo", "2026-01-31T15:00:00Z", "2026-02-01"},
		{"Africa/Cairo", "2026-04-23T21:59:59Z", "2026-04-23"}, // midnight is passed over: 01:00 comes next
		{"Africa/Cairo", "2026-04-23T22:00:00Z", "2026-04-24"},
		{"UTC", "2026-02-01T00:00:00Z", "2026-02-01"},
	} {
		moment, err := time.Parse(time.RFC3339, c.moment)
		if err != nil {
			t.Fatal(err)
		}
		if got := zoned(t, c.zone).Day(moment); got.Format(time.RFC3339) != c.want+"T00:00:00Z" {
			t.Errorf("%s in %s is of %s, want %s", c.moment, c.zone, got, c.want)
		}
	}
	if got := new(catalogue.Brand).Day(time.Date(2026, 2, 1, 23, 59, 59, 0, time.UTC)); got.Day() != 1 {
		t.Errorf("without a zone: %s", got)
	}
}

// TestDaysOfClockChanges: over two years each day follows the one before, and the two
// of a clock change are as long as they are: 23 and 25 hours.
func TestDaysOfClockChanges(t *testing.T) {
	for _, name := range []string{"Europe/Copenhagen", "America/Denver", "Africa/Cairo", "Australia/Lord_Howe"} {
		b := zoned(t, name)
		last, halves, lengths := time.Time{}, 0, map[int]int{}
		for at := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC); at.Year() < 2028; at = at.Add(30 * time.Minute) {
			switch day := b.Day(at); {
			case day.Equal(last):
				halves++
			case !last.IsZero() && !day.Equal(last.AddDate(0, 0, 1)):
				t.Fatalf("%s: after %s comes %s", name, last, day)
			default:
				lengths[halves]++
				last, halves = day, 1
			}
		}
		short, long := 46, 50
		if name == "Australia/Lord_Howe" {
			short, long = 47, 49
		}
		if lengths[short] != 2 || lengths[long] != 2 {
			t.Errorf("%s: days by their half hours: %v", name, lengths)
		}
	}
}
