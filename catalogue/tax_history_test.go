package catalogue_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"rator/catalogue"
	"rator/failure"
	"rator/store"
)

// taxedBy is a catalogue with the one tax VAT, which has some more lines; "" = without it.
func taxedBy(lines string) string {
	if lines == "" {
		return priced("")
	}
	return priced("") + `
[[brand.tax]]
code = "VAT"
id = "201401010000000020"
name = "VAT"
` + lines
}

// rates are what VAT takes on some days: "-" for nothing.
func (s *shelf) rates(days ...string) string {
	s.Helper()
	var all []string
	view(s.T, s, func(tx store.Tx) error {
		for _, text := range days {
			what := catalogue.Taxable{Country: "DK", Date: day(s.T, text)}
			lines, err := catalogue.TaxLines(tx, brand(s.T, tx, "DEMO"), what, catalogue.Money{Amount: decimal.NewFromInt(100), Currency: "DKK"})
			if err != nil {
				return err
			}
			rate := "-"
			for _, line := range lines {
				rate = line.Amount.Amount.String()
			}
			all = append(all, rate)
		}
		return nil
	})
	return strings.Join(all, " ")
}

func TestImportKeepsTaxesOfThePast(t *testing.T) {
	type step struct {
		at, lines, from string
		want            string // on 1, 9, 10, 19, 20 and 29 January
		fault           *failure.Code
	}
	const vat25, vat22 = "country = \"DK\"\nrate = 25", "country = \"DK\"\nrate = 22"
	for _, test := range []struct {
		name  string
		steps []step
	}{
		{"another rate", []step{
			{"2026-01-01 12:00:00", vat25, "", "25 25 25 25 25 25", nil},
			{"2026-01-10 12:00:00", vat22, "", "25 25 22 22 22 22", nil},
			{"2026-01-20 12:00:00", vat25, "", "25 25 22 22 25 25", nil},
		}},
		{"from a day to come", []step{
			{"2026-01-01 12:00:00", vat25, "", "25 25 25 25 25 25", nil},
			{"2026-01-10 12:00:00", vat22, "2026-01-20", "25 25 25 25 22 22", nil},
			{"2026-01-11 12:00:00", vat22, "", "25 25 25 25 22 22", nil},
			{"2026-01-11 12:00:00", vat22, "2026-01-10", "25 25 25 25 22 22", catalogue.ValidFromPast},
		}},
		{"left out and back again", []step{
			{"2026-01-01 12:00:00", vat25, "", "25 25 25 25 25 25", nil},
			{"2026-01-10 12:00:00", "", "", "25 25 - - - -", nil},
			{"2026-01-20 12:00:00", vat25, "", "25 25 - - 25 25", nil},
		}},
		{"left out from a day to come, and back before", []step{
			{"2026-01-01 12:00:00", vat25, "", "25 25 25 25 25 25", nil},
			{"2026-01-10 12:00:00", "", "2026-01-20", "25 25 25 25 - -", nil},
			{"2026-01-11 12:00:00", vat25, "", "25 25 25 25 25 25", nil},
		}},
		{"whom it is of", []step{
			{"2026-01-01 12:00:00", vat25, "", "25 25 25 25 25 25", nil},
			{"2026-01-01 12:00:00", vat25 + "\nvalid_from = \"2026-01-02\"", "", "25 25 25 25 25 25", catalogue.PastChanged},
			{"2026-01-10 12:00:00", "country = \"SE\"\nrate = 25", "", "25 25 25 25 25 25", catalogue.PastChanged},
			{"2026-01-10 12:00:00", vat25 + "\ncustomers = \"PRIVATE\"", "", "25 25 25 25 25 25", catalogue.PastChanged},
			{"2026-01-10 12:00:00", vat25 + "\nservice_types = [1]", "", "25 25 25 25 25 25", catalogue.PastChanged},
			{"2026-01-11 12:00:00", vat25 + "\nvalid_to = \"2026-01-09\"", "", "25 25 25 25 25 25", catalogue.PastChanged},
			{"2026-01-10 12:00:00", vat25 + "\nvalid_to = \"2026-01-09\"", "", "25 25 - - - -", nil},
			{"2026-01-20 12:00:00", vat25 + "\nvalid_to = \"2026-01-20\"", "", "25 25 - - - -", catalogue.PastChanged},
		}},
		{"earlier rates of the file", []step{
			{"2026-01-15 12:00:00", vat25 + earlier("2026-01-10", "22"), "", "22 22 25 25 25 25", nil},
			{"2026-01-15 12:00:00", vat25 + earlier("2026-01-10", "21"), "", "22 22 25 25 25 25", catalogue.PastChanged},
			{"2026-01-15 12:00:00", vat25 + earlier("2026-01-09", "22"), "", "22 22 25 25 25 25", catalogue.PastChanged},
			{"2026-01-20 12:00:00", vat22 + earlier("2026-01-10", "22"), "", "22 22 25 25 22 22", nil},
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := openAt(t, test.steps[0].at)
			for n, step := range test.steps {
				s.at(step.at)
				_, err := s.take(taxedBy(step.lines), step.from)
				wantCode(t, fmt.Sprintf("step %d", n), err, step.fault)
				if got := s.rates("2026-01-01", "2026-01-09", "2026-01-10", "2026-01-19", "2026-01-20", "2026-01-29"); got != step.want {
					t.Errorf("step %d: rates %s, want %s", n, got, step.want)
				}
				if again, err := s.take(export(t, s), ""); err != nil || again.Any() {
					t.Errorf("step %d: importing the export: %+v, %v\n%s", n, again, err, export(t, s))
				}
				if step.fault != nil {
					continue
				}
				if again, err := s.take(taxedBy(step.lines), ""); err != nil || again.Any() {
					t.Errorf("step %d: once more: %+v, %v", n, again, err)
				}
				other := openAt(t, step.at)
				if _, err := other.take(export(t, s), ""); err != nil || cmp.Diff(export(t, s), export(t, other)) != "" {
					t.Errorf("step %d: elsewhere the export is another one, %v", n, err)
				}
			}
		})
	}
}

func earlier(until, rate string) string {
	return "\n\n[[brand.tax.earlier]]\nuntil = \"" + until + "\"\nrate = " + rate + "\n"
}
