package catalogue

import (
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"rator/store"
)

// PlaceTaxes are the taxes of one place, for one sort of charge and customer, on
// whatever day: they are read once, and tell of each day without the store.
type PlaceTaxes struct {
	rows    []*Tax // in order of their ids
	Covered bool   // the table has a row for the place, be it for other charges, customers or days
}

// TaxRate is a tax that holds on a day.
type TaxRate struct {
	ID   string          // the tax's CatalogueID
	Code string          // the tax's
	Name string          // the tax's, for people
	Rate decimal.Decimal // percent
}

// TaxLine is what one tax takes of an amount.
type TaxLine struct {
	TaxRate
	Amount Money // in whole minor units, with the sign of the amount taxed
}

// Of is what the tax takes of an amount, rounded half up, away from zero, to the
// currency's minor unit.
func (r TaxRate) Of(amount Money) TaxLine {
	return TaxLine{r, Money{amount.Amount.Mul(r.Rate).Shift(-2), amount.Currency}.Rounded()}
}

// lines are what the taxes of a day take of an amount, in order of the taxes' ids, a line
// of 0 too. Each is rounded by itself.
func (p *PlaceTaxes) lines(day time.Time, amount Money) []TaxLine {
	rates := p.On(day)
	lines := make([]TaxLine, len(rates))
	for n, r := range rates {
		lines[n] = r.Of(amount)
	}
	return lines
}

// TaxesAt finds the taxes of a place; the date of what does not count. It fails with
// UNKNOWN_TAX_AREA when the table has nothing about the country, and with
// PLACE_NOT_UNDERSTOOD when it has taxes of states there and the state is not
// understood.
func TaxesAt(tx store.Tx, brand *Brand, what Taxable) (*PlaceTaxes, error) {
	taxes, err := taxesOf(tx, brand, what)
	if err != nil {
		return nil, err
	}
	if !taxes.Covered && len(taxes.rows) == 0 {
		if err := CheckTaxCountry(tx, brand, what.Country); err != nil {
			return nil, err
		}
	}
	if err := checkState(tx, brand, what.Country, what.State); err != nil {
		return nil, err
	}
	return taxes, nil
}

// taxesOf finds the taxes of a place. It asks for each start of the zip code, so
// that its cost does not grow with the table.
func taxesOf(tx store.Tx, brand *Brand, what Taxable) (*PlaceTaxes, error) {
	place := what.place(brand)
	states := []string{""}
	if place.State != "" {
		states = append(states, place.State)
	}
	found := &PlaceTaxes{}
	for _, state := range states {
		for n := range len(place.ZIP) + 1 {
			for t, err := range taxes.All(tx, byPlace, placeKey(brand.Key, place.Country, state, place.ZIP[:n])) {
				if err != nil {
					return nil, err
				}
				if t.gone() || t.City != "" && plainCity(t.City) != place.City {
					continue
				}
				found.Covered = found.Covered || !t.Retired
				if t.takes(&what) {
					found.rows = append(found.rows, t)
				}
			}
		}
	}
	slices.SortFunc(found.rows, func(a, b *Tax) int { return strings.Compare(a.CatalogueID, b.CatalogueID) })
	return found, nil
}

// takes reports whether a tax of the place is one of such a charge and customer.
func (t *Tax) takes(what *Taxable) bool {
	if t.Customers == businessCustomers && !what.Business || t.Customers == privateCustomers && what.Business {
		return false
	}
	return meant(t.TransactionTypes, what.TransactionType) && meant(t.ServiceTypes, what.ServiceType)
}

// On gives the taxes that hold on the calendar day of t, in t's own zone.
func (p *PlaceTaxes) On(t time.Time) []TaxRate {
	day := t.Format(time.DateOnly)
	var rates []TaxRate
	for _, row := range p.rows {
		if rate, holds := row.rateOn(day); holds {
			rates = append(rates, TaxRate{row.CatalogueID, row.Code, row.Name, rate})
		}
	}
	return rates
}

// Changes are the days after from and before until, midnights in UTC, on which what
// On says may change, each once, in order.
func (p *PlaceTaxes) Changes(from, until time.Time) []time.Time {
	var days []time.Time
	for _, row := range p.rows {
		for _, text := range row.changes() {
			if day, err := time.Parse(time.DateOnly, text); err == nil && day.After(from) && day.Before(until) {
				days = append(days, day)
			}
		}
	}
	slices.SortFunc(days, time.Time.Compare)
	return slices.CompactFunc(days, time.Time.Equal)
}
