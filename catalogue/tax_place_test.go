package catalogue_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"rator/catalogue"
	"rator/failure"
	"rator/store"
)

func split(list string) []string { return strings.Split(list, "|") }

// TestPlacesThatMayBeWritten: what nobody can find in a tax table is refused, with a
// word on what is understood; a country that has no row is not.
func TestPlacesThatMayBeWritten(t *testing.T) {
	s := open(t)
	importFile(t, s, brandOf(taxTable))
	view(t, s, func(tx store.Tx) error {
		demo := brand(t, tx, "DEMO")
		for _, test := range []struct {
			country, state string
			want           *failure.Code
		}{
			{"", "", nil}, {"US", "CO", nil}, {"usa", "Colorado", nil}, {"SE", "Skåne län", nil}, {"Norge", "", nil}, {" ", " ", nil},
			{"Nowhere", "", catalogue.PlaceNotUnderstood}, {"EU", "", catalogue.PlaceNotUnderstood},
			{"US", "Kolorado", catalogue.PlaceNotUnderstood}, {"", "ZZ", catalogue.PlaceNotUnderstood},
			{"GB", "Kent County", nil}, {"CA", "Kolorado", nil}, // no taxes of states there
		} {
			err := catalogue.CheckPlace(tx, demo, catalogue.Place{Country: test.country, State: test.state})
			if failure.CodeOf(err) != test.want {
				t.Errorf("%q, %q: %v, want %v", test.country, test.state, err, test.want)
			}
			if err != nil && !strings.Contains(err.Error(), "write") {
				t.Errorf("%v does not say what to write", err)
			}
		}
		return nil
	})
	s = open(t)
	importFile(t, s, brandOf(""))
	view(t, s, func(tx store.Tx) error {
		wantCode(t, "a brand without taxes", catalogue.CheckPlace(tx, brand(t, tx, "DEMO"), catalogue.Place{Country: "Nowhere", State: "None"}), nil)
		return nil
	})
}

// TestTaxesAt: the run and the preview are told the same of a place.
func TestTaxesAt(t *testing.T) {
	s := open(t)
	importFile(t, s, brandOf(taxTable))
	view(t, s, func(tx store.Tx) error {
		demo := brand(t, tx, "DEMO")
		for _, test := range []struct {
			what    catalogue.Taxable
			covered bool
			want    *failure.Code
		}{
			{catalogue.Taxable{State: "CO"}, true, nil},
			{catalogue.Taxable{Country: "GB", ZIP: "SW1A"}, true, nil},
			{catalogue.Taxable{Country: "GB", ZIP: "80202"}, false, nil}, // the country has rows
			{catalogue.Taxable{Country: "SE", City: "Malmö"}, true, nil},
			{catalogue.Taxable{Country: "SE", City: "Lund"}, false, nil},
			{catalogue.Taxable{Country: "DK"}, false, catalogue.UnknownTaxArea}, // its row is retired
			{catalogue.Taxable{Country: "Norge"}, false, catalogue.UnknownTaxArea},
			{catalogue.Taxable{Country: "Nowhere"}, false, catalogue.UnknownTaxArea},
			{catalogue.Taxable{State: "Kolorado"}, false, catalogue.PlaceNotUnderstood},
		} {
			taxes, err := catalogue.TaxesAt(tx, demo, test.what)
			if failure.CodeOf(err) != test.want || err == nil && taxes.Covered != test.covered {
				t.Errorf("%+v: %+v, %v; want %t, %v", test.what, taxes, err, test.covered, test.want)
			}
			test.what.Date = tx.Now()
			_, previewed := catalogue.PreviewTaxes(tx, demo, test.what, catalogue.Money{Amount: decimal.NewFromInt(1), Currency: "USD"})
			if failure.CodeOf(previewed) != test.want {
				t.Errorf("%+v: the preview says %v, the run %v", test.what, previewed, test.want)
			}
		}
		return nil
	})
}

func TestDaysOnWhichTaxesChange(t *testing.T) {
	s := open(t)
	importFile(t, s, brandOf(rows("tax", `code = "OLD"; country = "US"; rate = 25; valid_to = "2026-02-28"`,
		`code = "NEW"; country = "US"; rate = 30; valid_from = "2026-03-01"`, `code = "CO"; country = "US"; state = "CO"; rate = 1; valid_from = "2026-02-10"; valid_to = "2026-02-10"`)))
	day := func(text string) time.Time {
		d, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	view(t, s, func(tx store.Tx) error {
		for _, test := range []struct{ state, from, until, want string }{
			{"", "2026-01-01", "2026-04-01", "2026-03-01"},
			{"", "2026-03-01", "2026-04-01", ""}, {"", "2026-02-01", "2026-03-01", ""},
			{"CO", "2026-01-01", "2026-04-01", "2026-02-10 2026-02-11 2026-03-01"},
		} {
			taxes, err := catalogue.TaxesAt(tx, brand(t, tx, "DEMO"), catalogue.Taxable{State: test.state})
			if err != nil {
				return err
			}
			var got []string
			for _, d := range taxes.Changes(day(test.from), day(test.until)) {
				got = append(got, d.Format(time.DateOnly))
			}
			if diff := cmp.Diff(test.want, strings.Join(got, " ")); diff != "" {
				t.Errorf("%+v (-want +got):\n%s", test, diff)
			}
			if n := len(taxes.On(day("2026-02-10"))); n != 1+len(test.state)/2 {
				t.Errorf("%s: %d taxes on 10 February", test.state, n)
			}
		}
		return nil
	})
}
