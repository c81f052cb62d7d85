package catalogue_test

import (
	"strings"
	"testing"

	"rator/catalogue"
	"rator/store"
)

// The prefix of a series is kept in one form, whichever spelling it came in; one
// that has the calling code in front is never taken for a national one.
func TestPrefixSpellings(t *testing.T) {
	for _, test := range []struct{ country, prefix, want string }{
		{"US", "1303555", "1303555"}, {"US", "+1 303 555 ", "1303555"}, {"US", "(303) 555-", "1303555"}, {"US", "303555", "1303555"},
		{"US", "001303555", "1303555"}, {"US", "0111303555", "1303555"}, {"US", "+47 4100", "474100"},
		{"US", "130", "130"},         // shorter than numbers are
		{"DE", "4915100", "4915100"}, // not in the area 0491
		{"DE", "0151 1234", "491511234"}, {"DE", "+49 4911", "494911"},
		{"NO", "47123", "47123"}, {"NO", "4100", "474100"}, {"NO", "+4758 0000000", "47580000000"},
	} {
		t.Run(test.country+" "+test.prefix, func(t *testing.T) {
			src := strings.Replace(string(catalogue.Demo()), `country = "US"
prefix = "1303555"            #`, `country = "`+test.country+`"
prefix = "`+test.prefix+`" #`, 1)
			s := open(t)
			importFile(t, s, src)
			view(t, s, func(tx store.Tx) error {
				got, err := catalogue.NumberSeriesByCode(tx, brand(t, tx, "DEMO"), "DENVER")
				if err == nil && got.Prefix != test.want {
					t.Errorf("it is kept as %q, want %q", got.Prefix, test.want)
				}
				return err
			})
			if changes := importFile(t, s, src); changes.Any() {
				t.Errorf("the same file changes %+v", changes)
			}
		})
	}
}

// Numbers of a brand are those of its own series.
func TestHasNumber(t *testing.T) {
	s := openDemo(t)
	view(t, s, func(tx store.Tx) error {
		for _, test := range []struct {
			brand, number string
			want          bool
		}{
			{"DEMO", "13035550123", true}, {"DEMO", "13035560123", false}, {"DEMO", "4799900000", false}, {"DEMO", "3035550123", false},
			{"DEMO2", "4799900000", true}, {"DEMO2", "13035550123", false}, {"DEMO", "", false}, {"DEMO", strings.Repeat("1", 90), false},
		} {
			if got, err := catalogue.HasNumber(tx, brand(t, tx, test.brand), test.number); err != nil || got != test.want {
				t.Errorf("%s has %s: %v, %v", test.brand, test.number, got, err)
			}
		}
		return nil
	})
}
