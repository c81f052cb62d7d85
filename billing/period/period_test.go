package period

import (
	"testing"
	"time"

	"rator/catalogue"
)

// TestPeriodOf: the calendar week, month, quarter or year that holds a day.
func TestPeriodOf(t *testing.T) {
	for _, c := range []struct {
		cycle catalogue.BillingCycle
		day   string
		want  string
	}{
		{catalogue.Weekly, "2026-01-01", "2025-12-29..2026-01-05"}, // a Thursday
		{catalogue.Weekly, "2026-01-05", "2026-01-05..2026-01-12"}, // a Monday
		{catalogue.Weekly, "2026-01-11", "2026-01-05..2026-01-12"}, // a Sunday
		{catalogue.Monthly, "2026-01-31", "2026-01-01..2026-02-01"},
		{catalogue.Monthly, "2026-02-28", "2026-02-01..2026-03-01"},
		{catalogue.Monthly, "2028-02-29", "2028-02-01..2028-03-01"},
		{catalogue.Monthly, "2026-12-31", "2026-12-01..2027-01-01"},
		{catalogue.Quarterly, "2026-03-31", "2026-01-01..2026-04-01"},
		{catalogue.Quarterly, "2026-05-15", "2026-04-01..2026-07-01"},
		{catalogue.Quarterly, "2026-12-01", "2026-10-01..2027-01-01"},
		{catalogue.Yearly, "2026-01-01", "2026-01-01..2027-01-01"},
		{catalogue.Yearly, "2026-12-31", "2026-01-01..2027-01-01"},
	} {
		of, err := time.Parse(time.DateOnly, c.day)
		if err != nil {
			t.Fatal(err)
		}
		p := Of(c.cycle, of)
		if got := Format(p.From) + ".." + Format(p.Until); got != c.want {
			t.Errorf("%s of %s: %s, want %s", c.cycle, c.day, got, c.want)
		}
	}
}

// TestPeriodsFollowEachOther: over ten years no day is in two periods, or in none.
func TestPeriodsFollowEachOther(t *testing.T) {
	for _, cycle := range []catalogue.BillingCycle{catalogue.Weekly, catalogue.Monthly, catalogue.Quarterly, catalogue.Yearly} {
		last := Of(cycle, Date(2020, 1, 1))
		for d := last.From; d.Before(Date(2030, 1, 1)); d = d.AddDate(0, 0, 1) {
			p := Of(cycle, d)
			if p != last && !p.From.Equal(last.Until) {
				t.Fatalf("%s: after %s..%s comes %s..%s", cycle, Format(last.From), Format(last.Until), Format(p.From), Format(p.Until))
			}
			if d.Before(p.From) || !d.Before(p.Until) {
				t.Fatalf("%s: %s is not in %s..%s", cycle, Format(d), Format(p.From), Format(p.Until))
			}
			last = p
		}
	}
}

// TestWithin: the day something starts counts, the day it ends does not.
func TestWithin(t *testing.T) {
	january := Between(Date(2026, 1, 1), Date(2026, 2, 1))
	on := func(d int) time.Time { return Date(2026, 1, d) }
	for _, c := range []struct {
		name        string
		from, until time.Time
		days        int64
	}{
		{"all of it", time.Time{}, time.Time{}, 31},
		{"from before to after", on(-10), on(60), 31},
		{"from the middle", on(21), time.Time{}, 11},
		{"from the last day", on(31), time.Time{}, 1},
		{"until the middle", time.Time{}, on(11), 10},
		{"a day", on(10), on(11), 1},
		{"within a day", on(10), on(10), 0},
		{"before", on(-20), on(-10), 0},
		{"until its first day", on(-20), on(1), 0},
		{"after", on(40), time.Time{}, 0},
		{"turned round", on(20), on(10), 0},
	} {
		if got := january.Within(c.from, c.until).Days(); got != c.days {
			t.Errorf("%s: %d days, want %d", c.name, got, c.days)
		}
	}
}
