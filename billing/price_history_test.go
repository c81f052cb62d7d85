package billing

import (
	"os"
	"strings"
	"testing"
	"time"

	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// importWith imports the tests' catalogue with one text in the place of another, from a
// day on unless that is "".
func (b *books) importWith(from, old, new string) {
	b.Helper()
	src, err := os.ReadFile("testdata/catalogue.toml")
	if err != nil {
		b.Fatal(err)
	}
	if !strings.Contains(string(src), old) {
		b.Fatalf("the catalogue has no %q", old)
	}
	file, mistakes := catalogue.Load("catalogue.toml", []byte(strings.Replace(string(src), old, new, 1)))
	for _, m := range mistakes {
		b.Fatal(m)
	}
	var day time.Time
	if from != "" {
		day, _ = time.Parse(time.DateOnly, from)
	}
	b.do(func(tx store.Tx, _ *catalogue.Brand) error {
		_, err := catalogue.ImportFrom(tx, file, day)
		return err
	})
}

// TestPricesOfTheirDays: LINE costs 310 a month, 10 a day in January, and 620 from
// the day of an import on.
func TestPricesOfTheirDays(t *testing.T) {
	for _, c := range []struct{ imported, from, want string }{
		{"2026-01-16 12:00:00", "", "470"},           // 15 days at 10, 16 at 20
		{"2026-01-16 12:00:00", "2026-01-31", "320"}, // 30 days at 10, 1 at 20
		{"2026-01-16 12:00:00", "2026-02-01", "310"},
		{"2026-02-01 08:00:00", "", "310"},
	} {
		t.Run(c.imported+" "+c.from, func(t *testing.T) {
			b := open(t)
			p := b.signUp("MONTH", "Øre")
			b.subscribe(p, "LINE")
			b.life(p, customer.ActivateSubscription)
			b.at(c.imported)
			b.importWith(c.from, "recurrent_price = 310 ", "recurrent_price = 620 ")
			b.run("2026-02-01")
			if got := b.invoicesOf(p)[0].Net.String(); got != c.want {
				t.Errorf("January is billed %s, want %s", got, c.want)
			}
		})
	}
}

// TestInitialPriceOfToday: who takes an option pays what it costs then, and not what
// it did or is going to cost.
func TestInitialPriceOfToday(t *testing.T) {
	b := open(t)
	p := b.signUp("MONTH", "Øre")
	b.importWith("2026-01-20", "initial_price = 50\n", "initial_price = 70\n")
	for _, c := range []struct{ at, want string }{{"2026-01-19 22:00:00", "-50"}, {"2026-01-20 12:00:00", "-70"}} {
		b.at(c.at)
		b.do(func(tx store.Tx, brand *catalogue.Brand) error {
			o, err := catalogue.OptionNamed(tx, brand, "LINE")
			if err != nil {
				return err
			}
			posted, err := ChargeInitialPrice(tx, brand, p.subscription, o)
			if err == nil && posted.Amount.String() != c.want {
				t.Errorf("at %s LINE costs %s once, want %s", c.at, posted.Amount, c.want)
			}
			return err
		})
	}
}
