package billing

import (
	"fmt"
	"strings"
	"testing"

	"rator/billing/ledger"
	"rator/billing/period"
	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// subscribedIn signs up a customer with a product whose billing group is another
// product's.
func (b *books) subscribedIn(group, product string) (p person) {
	b.Helper()
	b.do(func(tx store.Tx, brand *catalogue.Brand) (err error) {
		if p, err = signUpIn(tx, brand, group, customer.Private, customer.UserFields{FirstName: "Åse", LastName: "Øre"}); err == nil {
			p.subscription, err = subscribeIn(tx, brand, p.group, p.owner, product)
		}
		return err
	})
	return p
}

// nets tells the recurrent lines of each invoice: its first day, then each line's days
// and price.
func (b *books) nets(p person) string {
	b.Helper()
	var out []string
	for _, i := range b.invoicesOf(p) {
		said := period.Format(i.From) + ":"
		b.look(func(tx store.Tx, _ *catalogue.Brand) error {
			for l, err := range ledger.Postings.All(tx, ledger.ByInvoice, i.ID.String()) {
				if err != nil {
					return err
				}
				if l.Kind == ledger.Recurrent {
					said += fmt.Sprintf(" %s..%s %s", l.From.Format("0102"), l.Until.AddDate(0, 0, -1).Format("0102"), l.Amount.Neg())
				}
			}
			return nil
		})
		out = append(out, said)
	}
	return strings.Join(out, "\n")
}

// TestUnitsOfPrices: a price is for its unit, whatever cycle the billing group has:
// whole units cost the price, days of one their share, and all that a unit is split
// into adds up to its price.
func TestUnitsOfPrices(t *testing.T) {
	for _, c := range []struct {
		name, group, product, option string
		from, run                    string
		want                         string
	}{
		{"a monthly product in a yearly group", "YEAR", "MONTH", "LINE", "2026-02-01", "2027-01-01", `
			2026-01-01: 0201..1231 3289`},
		{"from the middle of a month", "YEAR", "MONTH", "LINE", "2026-02-15", "2027-01-01", `
			2026-01-01: 0215..1231 3139.5`},
		{"a monthly product in a quarterly group", "QUARTER", "MONTH", "LINE", "2026-02-01", "2026-07-01", `
			2026-01-01: 0201..0331 598
			2026-04-01: 0401..0630 897`},
		{"a monthly product in a weekly group", "WEEK", "MONTH", "ROUND", "2026-02-02", "2026-03-30", `
			2026-02-02: 0202..0208 25
			2026-02-09: 0209..0215 25
			2026-02-16: 0216..0222 25
			2026-02-23: 0223..0301 24.66
			2026-03-02: 0302..0308 22.58
			2026-03-09: 0309..0315 22.58
			2026-03-16: 0316..0322 22.58
			2026-03-23: 0323..0329 22.58`},
		{"a yearly product in a monthly group", "MONTH", "YEAR", "ROUND", "2026-01-01", "2027-01-01", `
			2026-01-01: 0101..0131 8.49
			2026-02-01: 0201..0228 7.67
			2026-03-01: 0301..0331 8.5
			2026-04-01: 0401..0430 8.22
			2026-05-01: 0501..0531 8.49
			2026-06-01: 0601..0630 8.22
			2026-07-01: 0701..0731 8.49
			2026-08-01: 0801..0831 8.5
			2026-09-01: 0901..0930 8.21
			2026-10-01: 1001..1031 8.5
			2026-11-01: 1101..1130 8.22
			2026-12-01: 1201..1231 8.49`},
		{"a price by the week in a monthly group", "MONTH", "MONTH", "BY_WEEK", "2026-01-26", "2026-03-01", `
			2026-01-01: 0126..0131 60
			2026-02-01: 0201..0228 280`},
		{"a price by the quarter in a monthly group", "MONTH", "MONTH", "BY_QUARTER", "2026-01-01", "2026-04-01", `
			2026-01-01: 0101..0131 34.44
			2026-02-01: 0201..0228 31.12
			2026-03-01: 0301..0331 34.44`},
		{"a price by the month in a weekly group of a weekly product", "WEEK", "WEEK", "BY_MONTH", "2026-01-26", "2026-02-09", `
			2026-01-26: 0126..0201 22.92
			2026-02-02: 0202..0208 25`},
		{"a price that changes, then its unit too", "MONTH", "MONTH", "STEP", "2026-01-01", "2026-05-01", `
			2026-01-01: 0101..0115 150 0116..0131 320
			2026-02-01: 0201..0228 620
			2026-03-01: 0301..0331 101.92
			2026-04-01: 0401..0430 98.63`},
		{"a price that changes inside a quarter", "QUARTER", "MONTH", "STEP", "2026-01-01", "2026-04-01", `
			2026-01-01: 0101..0115 150 0116..0228 940 0301..0331 101.92`},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := openCatalogue(t, "testdata/prices.toml", "")
			b.at(c.from)
			p := b.subscribedIn(c.group, c.product)
			b.life(p, customer.ActivateSubscription)
			b.subscribe(p, c.option)
			b.run(c.run)
			if got, want := b.nets(p), strings.ReplaceAll(strings.TrimSpace(c.want), "\t", ""); got != want {
				t.Errorf("billed\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// TestSplitPriceAddsUp: the parts of a month of one price are its price, in one billing
// group and over two.
func TestSplitPriceAddsUp(t *testing.T) {
	b := openCatalogue(t, "testdata/prices.toml", "")
	b.at("2026-04-01")
	one := b.signUp("MONTH", "Øre")
	two := b.signUp("MONTH", "Ek")
	for _, p := range []person{one, two} {
		b.life(p, customer.ActivateSubscription)
		b.subscribe(p, "ROUND")
	}
	other := b.addGroup(two)
	for _, at := range []string{"2026-04-11", "2026-04-21", "2026-04-25"} {
		b.at(at)
		b.unsubscribe(one, "ROUND")
		b.subscribe(one, "ROUND")
	}
	b.at("2026-04-11")
	b.move(two, other)
	b.at("2026-04-21")
	b.move(two, two)
	b.run("2026-05-01")
	for _, c := range []struct {
		p    person
		want string
	}{
		{one, "2026-04-01: 0401..0410 33.34 0411..0420 33.33 0421..0424 13.33 0425..0430 20"},
		{two, "2026-04-01: 0401..0410 33.33 0421..0430 33.33"},
		{other, "2026-04-01: 0411..0420 33.34"},
	} {
		if got := b.nets(c.p); got != c.want {
			t.Errorf("billed %s, want %s", got, c.want)
		}
	}
}
