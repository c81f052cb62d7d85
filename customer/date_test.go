package customer_test

import (
	"testing"

	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// TestCalendarDay reads every literal that was ever kept for a day, for a brand in Oslo.
func TestCalendarDay(t *testing.T) {
	s := open(t)
	var oslo *catalogue.Brand
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		if err := catalogue.ServeIn(tx, "Europe/Oslo"); err != nil {
			return err
		}
		var err error
		oslo, err = catalogue.BrandByKey(tx, demo.Key)
		return err
	})
	for literal, want := range map[string]string{
		"1990-05-06":                   "1990-05-06",
		"1990-05-06Z":                  "1990-05-06",
		"1990-05-06T00:00:00":          "1990-05-06",
		"1990-05-06T23:59:59-10:00":    "1990-05-06",
		"1990-05-06T00:00:00+15:00":    "1990-05-06",
		"1990-05-06T00:00:00,5Z":       "1990-05-06",
		"1990-05-06T00:00:00Z":         "1990-05-06",
		"1990-05-05T22:00:00Z":         "1990-05-06",
		"1990-05-05T22:00:00.000+0000": "1990-05-06",
		"1990-05-06T01:00:00.000+0200": "1990-05-06",
		"1990-05-06 01:00":             "1990-05-06",
		"1990-02-30":                   "",
		"0000-01-01":                   "",
		"0000-01-01T00:00:00Z":         "",
		"6 May 1990":                   "",
		"":                             "",
	} {
		if got := customer.CalendarDay(oslo, literal); got != want {
			t.Errorf("%q is %q, want %q", literal, got, want)
		}
	}
}
