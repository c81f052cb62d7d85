package catalogue

import (
	"regexp"
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Place is where a tax holds: a country, or less of it.
type Place struct {
	Country string `key:"COUNTRY"` // ISO 3166-1 alpha-2
	State   string `key:"STATE"`   // as ADDRESS_STATE, in capitals; "" = all
	City    string `key:"CITY"`    // letter case aside; "" = all
	ZIP     string `key:"ZIP"`     // a zip code or the start of some; "" = all
}

var zipStart = regexp.MustCompile(`^[A-Z0-9]{1,10}$`)

const zipRule = "at most 10 capitals and digits, without spaces: a zip code or the start of some"

func (p *Place) check(c *checker, e *Entry) {
	c.country(e, p.Country)
	if e.source.has("state") {
		c.match(e, "state", p.State, stateCode, "1 to 3 capitals or digits, such as CO")
	}
	if e.source.has("city") && c.present(e, "city", p.City) && strings.TrimSpace(p.City) != p.City {
		c.mistake(e, "city", "city %q must not start or end with a space", p.City)
	}
	if e.source.has("zip") {
		c.match(e, "zip", p.ZIP, zipStart, zipRule)
	}
}

// unknownCountry is in no table.
const unknownCountry = "?"

// Understood brings a place as clients write it into the words of the tax table:
// country and state as codes, city and zip code as the table compares them. The
// country of a brand's place without one is the brand's; what is not understood
// stays "?", and a state "".
func (p Place) Understood(brand *Brand) Place {
	if p.Country = strings.TrimSpace(p.Country); p.Country == "" {
		p.Country = brand.Country
	} else if code, understood := Country(p.Country); understood {
		p.Country = code
	} else {
		p.Country = unknownCountry
	}
	if code, understood := stateOf(p.Country, p.State); understood {
		p.State = code
	} else {
		p.State = ""
	}
	p.City, p.ZIP = plainCity(p.City), plainZIP(p.ZIP)
	return p
}

// plainCity is what two spellings of a city that count as the same have in common.
func plainCity(text string) string {
	return cases.Fold().String(norm.NFC.String(strings.Join(strings.Fields(text), " ")))
}

// maxZIP is how much of a zip code is looked at.
const maxZIP = 10

// plainZIP is a zip code as the tables have it: capitals and digits only, so
// that "SW1A 1AA" and "80202-1234" are found by how they start.
func plainZIP(text string) string {
	var b strings.Builder
	for _, r := range strings.ToUpper(text) {
		if (r >= '0' && r <= '9' || r >= 'A' && r <= 'Z') && b.Len() < maxZIP {
			b.WriteRune(r)
		}
	}
	return b.String()
}
