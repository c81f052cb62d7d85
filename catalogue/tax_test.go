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

// taxTable has a row for each way a tax can be bound.
var taxTable = rows("tax",
	`code = "US"; country = "US"; rate = 1`,
	`code = "CO"; country = "US"; state = "CO"; rate = 1`,
	`code = "DENVER"; country = "US"; state = "CO"; city = "Denver"; rate = 1`,
	`code = "ANY_DENVER"; country = "US"; city = "DENVER"; rate = 1`,
	`code = "ZIP802"; country = "US"; zip = "802"; rate = 1`,
	`code = "ZIP80202"; country = "US"; state = "CO"; zip = "80202"; rate = 1`,
	`code = "TYPES"; country = "US"; state = "TX"; transaction_types = [10, 11]; service_types = [15]; rate = 1`,
	`code = "PRIVATE"; country = "US"; state = "NY"; customers = "PRIVATE"; rate = 1`,
	`code = "BUSINESS"; country = "US"; state = "NY"; customers = "BUSINESS"; rate = 1`,
	`code = "OLD"; country = "US"; state = "UT"; valid_to = "2014-06-30"; rate = 1`,
	`code = "NEW"; country = "US"; state = "UT"; valid_from = "2014-07-01"; rate = 1`,
	`code = "RETIRED"; country = "US"; rate = 1; retired = true`,
	`code = "GB"; country = "GB"; zip = "SW1A"; rate = 1`,
	`code = "MALMO"; country = "SE"; city = "Malmö"; rate = 1`,
	`code = "DK"; country = "DK"; rate = 1; retired = true`)

// codesOf are the taxes that hold.
func codesOf(t *testing.T, tx store.Tx, b *catalogue.Brand, what catalogue.Taxable) string {
	t.Helper()
	lines, err := catalogue.TaxLines(tx, b, what, catalogue.Money{Amount: decimal.NewFromInt(100), Currency: "USD"})
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	for _, l := range lines {
		codes = append(codes, l.Code)
	}
	return strings.Join(codes, " ")
}

func TestTaxesThatHold(t *testing.T) {
	s := open(t)
	importFile(t, s, brandOf(taxTable))
	june := time.Date(2014, 6, 30, 23, 59, 59, 0, time.UTC)
	tests := []struct {
		name string
		what catalogue.Taxable
		want string
	}{
		{"nothing said", catalogue.Taxable{}, "US"},
		{"country of three letters", catalogue.Taxable{Country: "usa"}, "US"},
		{"country by number", catalogue.Taxable{Country: "840"}, "US"},
		{"state", catalogue.Taxable{State: " co "}, "US CO"},
		{"state unknown", catalogue.Taxable{State: "ZZ"}, "US"},
		{"state by name", catalogue.Taxable{State: "Colorado \x1f"}, "US CO"},
		{"country and state by name", catalogue.Taxable{Country: "United States", State: "new york"}, "US PRIVATE"},
		{"state that is none", catalogue.Taxable{State: "Kolorado"}, "US"},
		{"city in its state", catalogue.Taxable{State: "CO", City: "denver"}, "US CO DENVER ANY_DENVER"},
		{"city elsewhere", catalogue.Taxable{State: "IA", City: "Denver "}, "US ANY_DENVER"},
		{"another city", catalogue.Taxable{State: "CO", City: "Denver City"}, "US CO"},
		{"zip without its state", catalogue.Taxable{ZIP: "80202"}, "US ZIP802"},
		{"zip", catalogue.Taxable{State: "CO", ZIP: "80202"}, "US CO ZIP802 ZIP80202"},
		{"zip with extension", catalogue.Taxable{State: "CO", ZIP: "80202-1234"}, "US CO ZIP802 ZIP80202"},
		{"zip next to it", catalogue.Taxable{State: "CO", ZIP: "80203"}, "US CO ZIP802"},
		{"zip cut short", catalogue.Taxable{State: "CO", ZIP: "80"}, "US CO"},
		{"zip of letters", catalogue.Taxable{Country: "GBR", ZIP: "sw1a 1aa"}, "GB"},
		{"country by its other name", catalogue.Taxable{Country: "UK", ZIP: "SW1A1AA"}, "GB"},
		{"zip of another country", catalogue.Taxable{Country: "GB", ZIP: "80202"}, ""},
		{"types", catalogue.Taxable{State: "TX", TransactionType: 11, ServiceType: 15}, "US TYPES"},
		{"another transaction type", catalogue.Taxable{State: "TX", TransactionType: 12, ServiceType: 15}, "US"},
		{"another service type", catalogue.Taxable{State: "TX", TransactionType: 10, ServiceType: 14}, "US"},
		{"a transaction type beyond 32 bits", catalogue.Taxable{State: "TX", TransactionType: 1<<32 + 10, ServiceType: 15}, "US"},
		{"private", catalogue.Taxable{State: "NY"}, "US PRIVATE"},
		{"business", catalogue.Taxable{State: "NY", Business: true}, "US BUSINESS"},
		{"last day", catalogue.Taxable{State: "UT", Date: june}, "US OLD"},
		{"day after", catalogue.Taxable{State: "UT", Date: june.Add(time.Second)}, "US NEW"},
		{"day after here, last day there", catalogue.Taxable{State: "UT", Date: june.Add(time.Second).In(time.FixedZone("", -6*3600))}, "US OLD"},
		{"city composed otherwise", catalogue.Taxable{Country: "SE", City: "MALMO\u0308"}, "MALMO"},
		{"retired", catalogue.Taxable{Country: "DK"}, ""},
		{"no country", catalogue.Taxable{Country: "Nowhere"}, ""},
		{"a region that is no country", catalogue.Taxable{Country: "EU"}, ""},
	}
	view(t, s, func(tx store.Tx) error {
		demo := brand(t, tx, "DEMO")
		for _, test := range tests {
			if test.what.Date.IsZero() {
				test.what.Date = june
			}
			if got := codesOf(t, tx, demo, test.what); got != test.want {
				t.Errorf("%s: %q, want %q", test.name, got, test.want)
			}
		}
		return nil
	})
}

func TestTaxAmounts(t *testing.T) {
	s := open(t)
	importFile(t, s, brandOf(rows("tax", `code = "A"; country = "US"; rate = 4.125`, `code = "ZERO"; country = "US"; rate = 0`, `code = "B"; country = "US"; rate = 0.000001`)))
	tests := []struct {
		amount, currency string
		want             []string
	}{
		{"100", "USD", []string{"4.13", "0", "0"}}, // half up
		{"-100", "USD", []string{"-4.13", "0", "0"}},
		{"99.99", "USD", []string{"4.12", "0", "0"}},
		{"1000", "JPY", []string{"41", "0", "0"}},
		{"1012.13", "JPY", []string{"42", "0", "0"}},
		{"100", "KWD", []string{"4.125", "0", "0"}},
		{"10000000", "KWD", []string{"412500", "0", "0.1"}},
		{"0", "USD", []string{"0", "0", "0"}},
	}
	view(t, s, func(tx store.Tx) error {
		demo := brand(t, tx, "DEMO")
		for _, test := range tests {
			lines, err := catalogue.TaxLines(tx, demo, catalogue.Taxable{}, catalogue.Money{Amount: decimal.RequireFromString(test.amount), Currency: test.currency})
			if err != nil {
				return err
			}
			var got []string
			for _, l := range lines {
				if l.Amount.Currency != test.currency {
					t.Errorf("%s: a line in %s", test.currency, l.Amount.Currency)
				}
				got = append(got, l.Amount.Amount.String())
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%s %s (-want +got):\n%s", test.amount, test.currency, diff)
			}
		}
		return nil
	})
}

func TestPreviewTaxesRefusals(t *testing.T) {
	s := openDemo(t)
	now := time.Now().UTC()
	tests := []struct {
		name, country, charge string
		date                  time.Time
		want                  *failure.Code
	}{
		{"good", "US", "10000000", now, nil},
		{"country of the brand", "", "1", now, nil},
		{"amount too high", "US", "10000000.01", now, catalogue.WrongTaxCharge},
		{"amount too low", "US", "-10000000.01", now, catalogue.WrongTaxCharge},
		{"long ago", "US", "1", now.AddDate(-31, 0, 0), catalogue.WrongTaxDate},
		{"29 years ago", "US", "1", now.AddDate(-29, 0, 0), nil},
		{"far ahead", "US", "1", now.AddDate(6, 0, 0), catalogue.WrongTaxDate},
		{"no date", "US", "1", time.Time{}, catalogue.WrongTaxDate},
		{"another brand's country", "NO", "1", now, catalogue.UnknownTaxArea},
		{"another brand's country by name", "Norway", "1", now, catalogue.UnknownTaxArea},
		{"no country", "Nowhere", "1", now, catalogue.UnknownTaxArea},
		{"the brand's country by name", "États-Unis", "1", now, nil},
	}
	view(t, s, func(tx store.Tx) error {
		demo := brand(t, tx, "DEMO")
		for _, test := range tests {
			lines, err := catalogue.PreviewTaxes(tx, demo, catalogue.Taxable{Country: test.country, Date: test.date},
				catalogue.Money{Amount: decimal.RequireFromString(test.charge), Currency: "USD"})
			if failure.CodeOf(err) != test.want || (err == nil) != (len(lines) == 1) {
				t.Errorf("%s: %v, %v; want %v", test.name, lines, err, test.want)
			}
		}
		return nil
	})
	importFile(t, s, strings.Replace(string(catalogue.Demo()), `code = "MVA"`, "code = \"MVA\"\nretired = true", 1))
	view(t, s, func(tx store.Tx) error {
		wantCode(t, "a country whose only tax is retired", catalogue.CheckTaxCountry(tx, brand(t, tx, "DEMO2"), "NO"), catalogue.UnknownTaxArea)
		return nil
	})
}
