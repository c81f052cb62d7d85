package catalogue_test

import (
	"testing"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"rator/catalogue"
)

func TestCountriesAreUnderstood(t *testing.T) {
	for _, test := range []struct{ want, spellings string }{
		{"NO", "NO|no|NOR|nor|578|Norge|Norway|Norwegen|Norvège|NORVEGE|Noreg| norge "},
		{"SE", "SE|SWE|Sverige|Sweden|Schweden|Suède|suede"},
		{"DK", "DK|Danmark|Denmark|Dänemark|Daenemark|Danemark"},
		{"DE", "DE|DEU|Deutschland|Germany|Tyskland|Allemagne"},
		{"US", "US|USA|U.S.A.|u.s.|United States|the United States|United States of America|États-Unis|Vereinigte Staaten|840"},
		{"GB", "GB|UK|GBR|U.K.|United Kingdom|Great Britain|Storbritannien|Royaume-Uni|England"},
		{"AT", "Austria|Østrig|Österrike|Oesterreich|Østerrike|Autriche"},
		{"CZ", "Czechia|Czech Republic|Tjekkiet"}, {"TR", "Türkiye|Turkey"}, {"CI", "Côte d'Ivoire|Ivory Coast"}, {"KR", "South Korea"},
		{"", "Nowhere|Scandinavia|EU|ZZ|XXQ|123456|Norgee|?|-|1"},
	} {
		for _, text := range split(test.spellings) {
			if got, ok := catalogue.Country(text); ok != (test.want != "") || ok && got != test.want {
				t.Errorf("%q is %q, %t; want %q", text, got, ok, test.want)
			}
		}
	}
}

// TestEveryCountryIsUnderstood: each has its names in the languages of the answers,
// and no name is two countries'.
func TestEveryCountryIsUnderstood(t *testing.T) {
	for _, tag := range []string{"en", "da", "sv", "nb", "fr", "de"} {
		names, countries := display.Regions(language.MustParse(tag)), 0
		for first := 'A'; first <= 'Z'; first++ {
			for second := 'A'; second <= 'Z'; second++ {
				code := string([]rune{first, second})
				region, err := language.ParseRegion(code)
				if err != nil || !region.IsCountry() || region.Canonicalize().String() != code || names.Name(region) == "" {
					continue
				}
				countries++
				if got, _ := catalogue.Country(names.Name(region)); got != code {
					t.Errorf("%s in %s, %q, is understood as %q", code, tag, names.Name(region), got)
				}
			}
		}
		if countries < 240 {
			t.Errorf("only %d countries have a name in %s", countries, tag)
		}
	}
}

func TestStatesAreUnderstood(t *testing.T) {
	brand := &catalogue.Brand{Country: "US"}
	for _, test := range []struct{ country, want, spellings string }{
		{"", "CO", "CO|co|Colorado| COLORADO |US-CO|us co"},
		{"USA", "NY", "N.Y.|New York|new york|NY|New York State"},
		{"United States", "DC", "D.C.|Washington, D.C.|District of Columbia"},
		{"US", "WA", "Washington|WA"}, {"US", "VA", "Virginia"}, {"US", "WV", "West Virginia"},
		{"US", "", "ZZ|Kolorado|US|Ontario|-"},
		{"Canada", "QC", "QC|Quebec|Québec|CA-QC"}, {"CA", "PE", "Prince Edward Island"}, {"CA", "", "CO"},
		{"AU", "NSW", "NSW|nsw|AU-NSW"}, {"AU", "", "New South Wales"},
	} {
		for _, text := range split(test.spellings) {
			if got := (catalogue.Place{Country: test.country, State: text}).Understood(brand).State; got != test.want {
				t.Errorf("%q of %q is %q, want %q", text, test.country, got, test.want)
			}
		}
	}
}
