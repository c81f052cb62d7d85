package catalogue

import (
	"regexp"
	"strings"
	"sync"
)

// stateCode is what the tax table calls a state, and ISO 3166-2 what stands after
// the country's code.
var stateCode = regexp.MustCompile(`^[A-Z0-9]{1,3}$`)

// statesOf are the states of the countries whose states are known here, each with
// its code and its names.
var statesOf = map[string]string{
	"US": `AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|CT Connecticut|DE Delaware|DC District of Columbia|DC Washington DC|FL Florida|
		GA Georgia|HI Hawaii|ID Idaho|IL Illinois|IN Indiana|IA Iowa|KS Kansas|KY Kentucky|LA Louisiana|ME Maine|MD Maryland|MA Massachusetts|MI Michigan|
		MN Minnesota|MS Mississippi|MO Missouri|MT Montana|NE Nebraska|NV Nevada|NH New Hampshire|NJ New Jersey|NM New Mexico|NY New York|NY New York State|
		NC North Carolina|ND North Dakota|OH Ohio|OK Oklahoma|OR Oregon|PA Pennsylvania|RI Rhode Island|SC South Carolina|SD South Dakota|TN Tennessee|TX Texas|
		UT Utah|VT Vermont|VA Virginia|WA Washington|WA Washington State|WV West Virginia|WI Wisconsin|WY Wyoming|
		AS American Samoa|GU Guam|MP Northern Mariana Islands|PR Puerto Rico|VI Virgin Islands|VI US Virgin Islands|UM US Minor Outlying Islands|
		AA Armed Forces Americas|AE Armed Forces Europe|AP Armed Forces Pacific`,
	"CA": `AB Alberta|BC British Columbia|BC Colombie-Britannique|MB Manitoba|NB New Brunswick|NB Nouveau-Brunswick|NL Newfoundland and Labrador|NL Newfoundland|
		NL Terre-Neuve-et-Labrador|NS Nova Scotia|NS Nouvelle-Écosse|NT Northwest Territories|NT Territoires du Nord-Ouest|NU Nunavut|ON Ontario|
		PE Prince Edward Island|PE Île-du-Prince-Édouard|QC Quebec|QC Québec|SK Saskatchewan|YT Yukon|YT Yukon Territory`,
}

// stateNames are the states of statesOf by country and by the folded form of code
// and name.
var stateNames = sync.OnceValue(func() map[string]map[string]string {
	all := map[string]map[string]string{}
	for country, list := range statesOf {
		names := map[string]string{}
		for _, state := range strings.Split(list, "|") {
			code, name, _ := strings.Cut(strings.TrimSpace(state), " ")
			names[folded(code)], names[folded(name)] = code, code
		}
		all[country] = names
	}
	return all
})

// stateOf understands a state of a country: in the US and Canada its code or its
// name, elsewhere what could be a code; "N.Y.", "US-NY" and "new york" are NY.
func stateOf(country, text string) (code string, understood bool) {
	text = strings.TrimSpace(text)
	if names, known := stateNames()[country]; known {
		name := folded(text)
		if code, understood = names[name]; understood {
			return code, true
		}
		if rest, cut := strings.CutPrefix(name, strings.ToLower(country)); cut {
			code, understood = names[rest]
		}
		return code, understood
	}
	text = strings.TrimPrefix(strings.ToUpper(text), country+"-")
	return text, stateCode.MatchString(text)
}
