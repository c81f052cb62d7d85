package billing

import (
	"strings"
	"testing"

	"rator/billing/draft"
	"rator/billing/ledger"
	"rator/billing/period"
	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

const taxes = "testdata/taxes.toml"

// signUpAt makes a customer of some place, whose line costs 310 a month.
func (b *books) signUpAt(product string, place catalogue.Place) (p person) {
	b.Helper()
	b.do(func(tx store.Tx, brand *catalogue.Brand) (err error) {
		p, err = signUpIn(tx, brand, product, customer.Private, customer.UserFields{LastName: "Øre", Country: place.Country, State: place.State, City: place.City, ZIP: place.ZIP})
		return err
	})
	return p
}

func (b *books) activate(p person, option string) {
	b.Helper()
	b.life(p, customer.ActivateSubscription)
	b.subscribe(p, option)
}

func (b *books) moves(user store.ID, place catalogue.Place) {
	b.Helper()
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := customer.UpdateUser(tx, brand, user, func(f *customer.UserFields) error {
			f.Country, f.State, f.City, f.ZIP = place.Country, place.State, place.City, place.ZIP
			return nil
		})
		return err
	})
}

// lines are the lines of a person's invoices, the taxes with the days that they are for.
func (b *books) lines(p person) string {
	b.Helper()
	var out strings.Builder
	for _, i := range b.invoicesOf(p) {
		out.WriteString(period.Format(i.From) + " " + i.Net.String() + " + " + i.Tax.String() + "\n")
		b.look(func(tx store.Tx, _ *catalogue.Brand) error {
			for p, err := range ledger.Postings.All(tx, ledger.ByInvoice, i.ID.String()) {
				if err != nil {
					return err
				}
				out.WriteString("  " + line(p))
				if p.Kind == ledger.Tax {
					out.WriteString(" for " + period.Format(p.From) + ".." + period.Format(p.Until.AddDate(0, 0, -1)))
				}
				out.WriteString("\n")
			}
			return nil
		})
	}
	return out.String()
}

func (b *books) wantLines(p person, want string) {
	b.Helper()
	if got, want := b.lines(p), outdent(want); got != want {
		b.Errorf("the lines are\n%s\nwant\n%s", got, want)
	}
}

// TestTaxOfEachDay: a charge bears the rate of its day, a recurrent price is cut where
// the rate changes and adds up to what it costs.
func TestTaxOfEachDay(t *testing.T) {
	b := openCatalogue(t, taxes, "")
	p := b.signUpAt("QUARTER", catalogue.Place{Country: "NO"})
	b.at("2026-01-05")
	b.charge(p, "DEBIT", "100")
	b.at("2026-02-10")
	b.activate(p, "ROUND")
	b.at("2026-03-05")
	b.charge(p, "CREDIT", "50")
	b.run("2026-04-01")
	b.wantLines(p, `
		2026-01-01 217.86 + 56.97
		  2026-01-05 CHARGE Debit 100
		  2026-03-05 CREDIT Credit -50
		  2026-02-10 RECURRENT Round 2026-02-10..2026-02-28 67.86
		  2026-03-01 RECURRENT Round 2026-03-01..2026-03-31 100
		  2026-02-28 TAX Mva 25% 41.97 for 2026-01-01..2026-02-28
		  2026-03-31 TAX Mva new 30% 15 for 2026-03-01..2026-03-31
	`)
}

// TestOwnerMovesOnTheLastDay: each day at its place, the day of the move at the new
// one; a bill that comes late is what a punctual one is.
func TestOwnerMovesOnTheLastDay(t *testing.T) {
	b := openCatalogue(t, taxes, "")
	punctual := b.signUpAt("MONTH", catalogue.Place{State: "CO"})
	late := b.signUpAt("MONTH", catalogue.Place{State: "Colorado"})
	for _, p := range []person{punctual, late} {
		b.activate(p, "LINE")
	}
	b.at("2026-01-31")
	for _, p := range []person{punctual, late} {
		b.moves(p.owner, catalogue.Place{State: "New York"})
	}
	want := `
		2026-01-01 310 + 23.75
		  2026-01-01 RECURRENT Line 2026-01-01..2026-01-30 300
		  2026-01-31 RECURRENT Line 2026-01-31..2026-01-31 10
		  2026-01-31 TAX Federal 4.5% 13.95 for 2026-01-01..2026-01-31
		  2026-01-30 TAX Colorado 3% 9 for 2026-01-01..2026-01-30
		  2026-01-31 TAX New york 8% 0.8 for 2026-01-31..2026-01-31
	`
	b.run("2026-02-01")
	b.wantLines(punctual, want)
	b.wantLines(late, want)
	b.at("2026-02-11")
	for _, p := range []person{punctual, late} {
		b.moves(p.owner, catalogue.Place{Country: "Norge"})
	}
	b.run("2026-04-01")
	b.wantLines(late, want+`
		2026-02-01 310 + 63.66
		  2026-02-01 RECURRENT Line 2026-02-01..2026-02-10 110.71
		  2026-02-11 RECURRENT Line 2026-02-11..2026-02-28 199.29
		  2026-02-10 TAX Federal 4.5% 4.98 for 2026-02-01..2026-02-10
		  2026-02-10 TAX New york 8% 8.86 for 2026-02-01..2026-02-10
		  2026-02-28 TAX Mva 25% 49.82 for 2026-02-11..2026-02-28
		2026-03-01 310 + 93
		  2026-03-01 RECURRENT Line 2026-03-01..2026-03-31 310
		  2026-03-31 TAX Mva new 30% 93 for 2026-03-01..2026-03-31
	`)
}

// TestTaxOfThePeriodsEnd: a brand may tax a whole period as its last day.
func TestTaxOfThePeriodsEnd(t *testing.T) {
	b := openCatalogue(t, taxes, "")
	b.brand = "END"
	p := b.signUpAt("MONTH", catalogue.Place{State: "CO"})
	b.activate(p, "LINE")
	b.at("2026-02-28")
	b.moves(p.owner, catalogue.Place{Country: "NO"})
	b.at("2026-03-02")
	b.moves(p.owner, catalogue.Place{State: "NY"})
	b.run("2026-04-01")
	b.wantLines(p, `
		2026-01-01 310 + 23.25
		  2026-01-01 RECURRENT Line 2026-01-01..2026-01-31 310
		  2026-01-31 TAX Federal 4.5% 13.95 for 2026-01-01..2026-01-31
		  2026-01-31 TAX Colorado 3% 9.3 for 2026-01-01..2026-01-31
		2026-02-01 310 + 77.5
		  2026-02-01 RECURRENT Line 2026-02-01..2026-02-28 310
		  2026-02-28 TAX Mva 25% 77.5 for 2026-02-01..2026-02-28
		2026-03-01 310 + 38.75
		  2026-03-01 RECURRENT Line 2026-03-01..2026-03-31 310
		  2026-03-31 TAX Federal 4.5% 13.95 for 2026-03-01..2026-03-31
		  2026-03-31 TAX New york 8% 24.8 for 2026-03-01..2026-03-31
	`)
}

// TestTaxOfALateCredit: a credit that belongs to a day before the period is taxed as
// that day was.
func TestTaxOfALateCredit(t *testing.T) {
	b := openCatalogue(t, taxes, "")
	p := b.signUpAt("MONTH", catalogue.Place{Country: "NO"})
	b.charge(p, "DEBIT", "100")
	b.run("2026-04-01")
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		g, err := customer.BillingGroupByID(tx, brand, p.group)
		if err != nil {
			return err
		}
		return ledger.Post(tx, brand, g, &ledger.Posting{Kind: ledger.Credit, Amount: *money("40"), Text: "Late", Day: period.Date(2026, 2, 27)},
			&ledger.Posting{Kind: ledger.Charge, Amount: *money("-10"), Text: "Now"})
	})
	b.run("2026-05-01")
	b.wantLines(p, `
		2026-01-01 100 + 25
		  2026-01-01 CHARGE Debit 100
		  2026-01-31 TAX Mva 25% 25 for 2026-01-01..2026-01-31
		2026-04-01 -30 + -7
		  2026-04-01 CREDIT Late -40
		  2026-04-01 CHARGE Now 10
		  2026-02-28 TAX Mva 25% -10 for 2026-02-27..2026-02-28
		  2026-04-30 TAX Mva new 30% 3 for 2026-04-01..2026-04-30
	`)
}

// TestPlacesInTheRun: names of countries and states are understood; where the table
// knows nothing an account is refused and told, where it has no row the invoice is.
func TestPlacesInTheRun(t *testing.T) {
	b := openCatalogue(t, taxes, "")
	for _, country := range []string{"Norge", "Norway", "Norwegen", "Norvège", "NOR", "no"} {
		p := b.signUpAt("MONTH", catalogue.Place{Country: country})
		b.charge(p, "DEBIT", "100")
		defer b.wantTax(p, country, "25")
	}
	for _, state := range []string{"Colorado", "CO", "US-CO", "colorado"} {
		p := b.signUpAt("MONTH", catalogue.Place{Country: "United States", State: state})
		b.charge(p, "DEBIT", "100")
		defer b.wantTax(p, state, "7.5")
	}
	abroad := b.signUpAt("MONTH", catalogue.Place{Country: "SE"})
	b.charge(abroad, "DEBIT", "100")
	idle := b.signUpAt("MONTH", catalogue.Place{Country: "Finland"}) // nothing to bill, nothing to tax
	city := b.signUpAt("MONTH", catalogue.Place{Country: "UK", ZIP: "EC1A"})
	b.charge(city, "DEBIT", "100")
	defer b.wantTax(city, "London", "0")
	r := b.run("2026-02-01")
	if r.Refused != 1 || r.NoPlace != 1 || len(r.Reasons) != 1 || !strings.Contains(r.Reasons[0], draft.TaxPlaceUnknown.Name) || !strings.Contains(r.Reasons[0], `COUNTRY "SE"`) {
		t.Errorf("refused: %+v", r)
	}
	if r.Untaxed != 1 || len(r.UntaxedAt) != 1 || !strings.Contains(r.UntaxedAt[0], `ZIP "EC1A"`) {
		t.Errorf("untaxed: %+v", r)
	}
	if len(b.invoicesOf(abroad))+len(b.invoicesOf(idle)) != 0 {
		t.Error("an invoice went out without the tax of its place")
	}
	b.moves(abroad.owner, catalogue.Place{Country: "Norge"}) // from today on
	if r := b.run("2026-02-02"); r.NoPlace != 1 {
		t.Errorf("refused: %+v", r)
	}
}

// wantTax looks at what a person's only invoice says.
func (b *books) wantTax(p person, what, tax string) {
	b.Helper()
	if all := b.invoicesOf(p); len(all) != 1 || !all[0].Tax.Equal(*money(tax)) {
		b.Errorf("%s: invoices %+v, want a tax of %s", what, all, tax)
	}
}

// TestUntaxedChargeItem: a credit of the whole debt, tax and all, is not taxed again.
func TestUntaxedChargeItem(t *testing.T) {
	b := open(t)
	p := b.signUp("MONTH", "Øre")
	b.charge(p, "DEBIT", "299")
	b.run("2026-02-01")
	b.balances(p, "-373.75")
	b.charge(p, "WRITE_OFF", "373.75")
	b.charge(p, "DEBIT", "8")
	b.run("2026-03-01")
	b.bills(p, `
		INV-000001 2026-02-01 due 2026-02-15 for 2026-01-01..2026-01-31: 299 + 74.75 = 373.75, PARTLY_PAID
		  2026-01-01 CHARGE Fee 299
		  2026-01-31 TAX Moms 25% 74.75
		CN-000001 2026-03-01 due 2026-03-15 for 2026-02-01..2026-02-28: -365.75 + 2 = -363.75, PAID
		  2026-02-01 CREDIT Nobody will pay this -373.75
		  2026-02-01 CHARGE Fee 8
		  2026-02-28 TAX Moms 25% 2
	`)
	b.balances(p, "-10")
}
