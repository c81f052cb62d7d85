package catalogue_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/catalogue"
)

// priced is a catalogue with the one option LINE, which has some more lines.
func priced(lines string) string {
	return `[[brand]]
key = "DEMO"
id = "201401010000000001"
name = "Demo"
currency = "DKK"
country = "DK"
language = "DK"
time_zone = "Europe/Copenhagen"

[[brand.product_option]]
option_key = "LINE"
id = "201401010000000010"
name = "Line"
` + lines
}

func day(t *testing.T, text string) time.Time {
	t.Helper()
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// written is prices as the tests write them: "2026-02-01 50+620 MONTHLY".
func written(prices ...catalogue.Price) []string {
	var all []string
	for _, p := range prices {
		all = append(all, strings.TrimSpace(fmt.Sprintf("%s %s+%s %s", p.From, p.Initial, p.Recurrent, p.Per)))
	}
	return all
}

func TestPricesOfDays(t *testing.T) {
	o := load(t, priced(`
initial_price = 50
recurrent_price = 310
per = "month"
price = [
  {valid_from = "2026-02-01", recurrent_price = 620},
  {valid_from = "2026-03-01", initial_price = 0, per = "cycle"},
  {valid_from = "2026-03-02", recurrent_price = 0, per = "year"},
]`)).Brands[0].Options[0]
	for _, test := range []struct{ day, want string }{
		{"2001-01-01", "50+310 MONTHLY"},
		{"2026-01-31", "50+310 MONTHLY"},
		{"2026-02-01", "2026-02-01 50+620 MONTHLY"},
		{"2026-02-28", "2026-02-01 50+620 MONTHLY"},
		{"2026-03-01", "2026-03-01 0+620"},
		{"2026-03-02", "2026-03-02 0+0 YEARLY"},
		{"2099-12-31", "2026-03-02 0+0 YEARLY"},
	} {
		if got := written(o.PriceOn(day(t, test.day)))[0]; got != test.want {
			t.Errorf("price on %s: %s, want %s", test.day, got, test.want)
		}
	}
	for _, test := range []struct {
		from, until string
		want        []string
	}{
		{"2026-01-01", "2026-02-01", []string{"50+310 MONTHLY"}},
		{"2026-01-31", "2026-02-02", []string{"50+310 MONTHLY", "2026-02-01 50+620 MONTHLY"}},
		{"2026-02-15", "2026-03-02", []string{"2026-02-01 50+620 MONTHLY", "2026-03-01 0+620"}},
		{"2026-03-05", "2026-04-01", []string{"2026-03-02 0+0 YEARLY"}},
	} {
		got := written(o.PricesBetween(day(t, test.from), day(t, test.until))...)
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("prices from %s to before %s (-want +got):\n%s", test.from, test.until, diff)
		}
	}
}

// An option without dated prices costs the same on every day, as it did before there were any.
func TestOnePriceHoldsForEver(t *testing.T) {
	o := load(t, priced("recurrent_price = 310")).Brands[0].Options[0]
	for _, text := range []string{"2001-01-01", "2026-02-01", "2099-12-31"} {
		if got := written(o.PriceOn(day(t, text)))[0]; got != "0+310" {
			t.Errorf("price on %s: %s, want 0+310", text, got)
		}
	}
	if !o.HasPrice() || load(t, priced("")).Brands[0].Options[0].HasPrice() {
		t.Error("HasPrice: LINE at 310 has one, LINE at nothing has none")
	}
}
