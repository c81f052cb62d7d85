package value_test

import (
	"testing"
	"time"

	"rator/workflow/value"
	"rator/zone"
)

func in(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := zone.Named(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// TestWholeDate: every date becomes an xs:dateTime of XML Schema 1.0 with seconds and
// zone; "" is what is none.
func TestWholeDate(t *testing.T) {
	for zone, literals := range map[string]map[string]string{
		"America/Denver": {
			"1990-05-06":                     "1990-05-06T00:00:00-06:00",
			"1990-01-06T10:11":               "1990-01-06T10:11:00-07:00",
			"1990-05-06T00:00:00":            "1990-05-06T00:00:00-06:00",
			" 1990-05-06T00:00:00.25\n":      "1990-05-06T00:00:00.250-06:00",
			"1990-05-06Z":                    "1990-05-06T00:00:00Z",
			"1990-05-06+02:00":               "1990-05-06T00:00:00+02:00",
			"1990-05-06T10:11Z":              "1990-05-06T10:11:00Z",
			"1990-05-06T10:11-14:00":         "1990-05-06T10:11:00-14:00",
			"1990-12-31T24:00:00":            "1991-01-01T00:00:00-07:00",
			"1990-12-31T24:00:00+01:00":      "1991-01-01T00:00:00+01:00",
			"1990-12-31T24:00:00.000Z":       "1991-01-01T00:00:00Z",
			"2026-03-08T02:30:00":            "2026-03-08T03:30:00-06:00", // clocks pass over it
			"0001-01-01T00:00:00Z":           "0001-01-01T00:00:00Z",
			"9999-12-31T23:59:59+14:00":      "9999-12-31T23:59:59+14:00",
			"1990-05-06T10:11:12.1234567Z":   "1990-05-06T10:11:12.1234567Z", // whole: the literal stays
			"\t1990-05-06T10:11:12+00:00 ":   "1990-05-06T10:11:12+00:00",
			"1990-05-06T00:00:00+14:01":      "",
			"1990-05-06T00:00:00+15:00":      "",
			"1990-05-06T00:00:00+24:00":      "",
			"1990-05-06T00:00:00+01:60":      "",
			"1990-05-06T00:00:00+0100":       "",
			"1990-05-06T00:00:00+01":         "",
			"1990-05-06T00:00:00z":           "",
			"1990-05-06t00:00:00Z":           "",
			"1990-05-06 00:00:00":            "",
			"1990-05-06T00:00:00,5Z":         "",
			"1990-05-06T00:00:00.Z":          "",
			"1990-05-06T00:00:60Z":           "",
			"1990-05-06T00:60:00Z":           "",
			"1990-05-06T25:00:00Z":           "",
			"1990-05-06T24:00:00.001Z":       "",
			"1990-05-06T1:00:00Z":            "",
			"1990-05-06T":                    "",
			"1990-05-06T10":                  "",
			"1990-5-6":                       "",
			"1990-02-29":                     "",
			"1990-13-01":                     "",
			"1990-00-01":                     "",
			"1990-01-00":                     "",
			"0000-01-01T00:00:00Z":           "",
			"-0001-01-01T00:00:00Z":          "",
			"10000-01-01T00:00:00Z":          "",
			"9999-12-31T24:00:00Z":           "",
			"20141209":                       "",
			"201412Tue":                      "",
			"１990-05-06":                     "",
			"":                               "",
			"1990-05-06T00:00:00Z, or later": "",
		},
		"America/Sao_Paulo": {"1990-10-21": "1990-10-21T01:00:00-02:00"}, // its midnight is passed over
		"UTC":               {"1990-05-06": "1990-05-06T00:00:00Z"},
		"America/Juneau":    {"1850-01-01T15:02:19": "1850-01-01T00:00:00Z"}, // 15:02:19 ahead of UTC
	} {
		for literal, want := range literals {
			got, err := value.WholeDate(literal, in(t, zone))
			if (err != nil) != (want == "") || err == nil && got != want {
				t.Errorf("%q in %s is %q, %v; want %q", literal, zone, got, err, want)
			}
			if again, err := value.WholeDate(got, time.UTC); want != "" && (err != nil || again != got) {
				t.Errorf("%q is not whole: %q, %v", got, again, err)
			}
		}
	}
}

func TestWholeDateIsNotCopied(t *testing.T) {
	denver := in(t, "America/Denver")
	for _, literal := range []string{"1990-05-06T00:00:00Z", "1990-05-06T10:11:12.5+02:00"} {
		if n := testing.AllocsPerRun(100, func() { _, _ = value.WholeDate(literal, denver) }); n != 0 {
			t.Errorf("%s takes %v allocations", literal, n)
		}
	}
}
