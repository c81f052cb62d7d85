package catalogue

import (
	"strings"

	"rator/failure"
	"rator/store"
)

// PlaceNotUnderstood is told whoever writes a country or a state that nobody can
// find in a tax table.
var PlaceNotUnderstood = failure.Declare(131, "PLACE_NOT_UNDERSTOOD", failure.Invalid, failure.Text{
	"EN": "the country or state is not understood", "DK": "landet eller staten forstås ikke", "SE": "landet eller delstaten förstås inte",
	"NO": "landet eller delstaten forstås ikke", "FR": "le pays ou l'état n'est pas compris", "DE": "das Land oder der Bundesstaat wird nicht verstanden"})

// CheckPlace is asked where a place is written. In a brand with a tax table it fails
// with PLACE_NOT_UNDERSTOOD for a country that is none, and for a state that is none
// in a country where the table has taxes of states. A country that is understood and
// not in the table may be written: whoever is billed there is reported by the billing
// run.
func CheckPlace(tx store.Tx, brand *Brand, place Place) error {
	if strings.TrimSpace(place.Country) != "" {
		if _, understood := Country(place.Country); !understood {
			if any, err := HasTaxes(tx, brand); err != nil || !any {
				return err
			}
			return PlaceNotUnderstood.With("COUNTRY %.40q: write an ISO 3166 code such as %s, or its name in English or a language of the server", place.Country, brand.Country)
		}
	}
	return checkState(tx, brand, place.Country, place.State)
}

// checkState fails with PLACE_NOT_UNDERSTOOD for a state that is none where that
// matters.
func checkState(tx store.Tx, brand *Brand, country, state string) error {
	if strings.TrimSpace(state) == "" {
		return nil
	}
	place := Place{Country: country, State: state}.Understood(brand)
	if place.State != "" || place.Country == unknownCountry {
		return nil
	}
	for t, err := range taxes.All(tx, byCountry, store.Compose(brand.Key, place.Country)) {
		if err != nil {
			return err
		}
		if !t.Retired && t.State != "" {
			return PlaceNotUnderstood.With("STATE %.40q: the tax table has taxes of states of %s; write a state's code such as %s%s", state, place.Country, t.State, orName(place.Country))
		}
	}
	return nil
}

// orName says where names of states are understood.
func orName(country string) string {
	if statesOf[country] != "" {
		return ", or its name"
	}
	return ""
}

// HasTaxes reports whether a brand has a tax table at all.
func HasTaxes(tx store.Tx, brand *Brand) (bool, error) {
	for t, err := range taxes.All(tx, byBrand, brand.Key) {
		if err != nil || !t.Retired {
			return err == nil, err
		}
	}
	return false, nil
}

// CheckTaxCountry fails with UNKNOWN_TAX_AREA when the tax table has nothing
// about a country.
func CheckTaxCountry(tx store.Tx, brand *Brand, country string) error {
	key := store.Compose(brand.Key, Place{Country: country}.Understood(brand).Country)
	for t, err := range taxes.All(tx, byCountry, key) {
		if err != nil || !t.Retired {
			return err
		}
	}
	return UnknownTaxArea.With("%.40s", country)
}
