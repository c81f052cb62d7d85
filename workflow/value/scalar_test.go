package value_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"rator/workflow/value"
)

func TestFormatDoubleIsJavas(t *testing.T) {
	for f, want := range map[float64]string{
		0: "0.0", 12.5: "12.5", -3: "-3.0", 1234567: "1234567.0", 1e7: "1.0E7", 1.5e300: "1.5E300",
		0.001: "0.001", 0.0001: "1.0E-4", math.Inf(1): "INF", math.Inf(-1): "-INF",
	} {
		if got := value.FormatDouble(f); got != want {
			t.Errorf("FormatDouble(%v) = %s, want %s", f, got, want)
		}
	}
}

func TestParse(t *testing.T) {
	long := func(s string) bool { _, err := value.ParseLong(s); return err == nil }
	dec := func(s string) bool { _, err := value.ParseDecimal(s); return err == nil }
	boolean := func(s string) bool { _, err := value.ParseBoolean(s); return err == nil }
	date := func(s string) bool { _, err := value.ParseDate(s, time.UTC); return err == nil }
	for _, c := range []struct {
		name string
		ok   func(string) bool
		good []string
		bad  []string
	}{
		{"long", long, []string{"5", " 5\n", "+5", "-9223372036854775808", "5.0", "9007199254740993"},
			[]string{"", "5.5", "0x5", "9223372036854775808", "five", "1_000"}},
		{"decimal", dec, []string{"0", "12.50", "-1e3", " 7 "}, []string{"", "INF", "NaN", "1e999999999", "0x1p4", "12,5"}},
		{"boolean", boolean, []string{"true", "1", "FALSE", "0"}, []string{"Y", "", "2"}},
		{"date", date, []string{"2014-12-09T10:11:12", "2014-12-09T10:11:12.123+01:00", "2014-12-09", "2014-12-09Z", "2014-12-31T24:00:00Z"},
			[]string{"201412Tue", "20141209", "2014-13-01", "2014-02-30", "now", "2014-12-31T24:00:01"}},
	} {
		for _, s := range c.good {
			if !c.ok(s) {
				t.Errorf("%s %q was refused", c.name, s)
			}
		}
		for _, s := range c.bad {
			if c.ok(s) {
				t.Errorf("%s %q was accepted", c.name, s)
			}
		}
	}
}

func TestParseDateKeepsTheInstant(t *testing.T) {
	oslo := time.FixedZone("", 3600)
	for s, want := range map[string]string{
		"2014-12-09T10:11:12":           "2014-12-09T09:11:12Z",
		"2014-12-09":                    "2014-12-08T23:00:00Z",
		"2014-12-09T10:11:12.123-05:00": "2014-12-09T15:11:12.123Z",
		"2014-12-31T24:00:00":           "2014-12-31T23:00:00Z",
	} {
		d, err := value.ParseDate(s, oslo)
		if got := value.FormatDate(d.UTC()); err != nil || got != want {
			t.Errorf("ParseDate(%s) = %s, %v; want %s", s, got, err, want)
		}
	}
}

func TestErrorsClipTheLiteral(t *testing.T) {
	if _, err := value.ParseLong(strings.Repeat("x", 1000)); len(err.Error()) > 200 {
		t.Errorf("an error of %d bytes", len(err.Error()))
	}
}
