package catalogue

import (
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
	"golang.org/x/text/unicode/norm"
)

// A country is written by people and by machines: as an ISO 3166-1 code of two or
// three letters or of three digits, or by its name in English or in a language that
// the server answers in. Letter case, accents, punctuation and spaces do not count.

// nameLanguages are the languages that names are understood in: those of
// failure.Text, in the tags of BCP 47.
var nameLanguages = []language.Tag{language.English, language.Danish, language.Swedish, language.MustParse("nb"), language.MustParse("nn"),
	language.French, language.German}

// otherNames are what people write beside the name that the tables of x/text have.
var otherNames = map[string][]string{
	"AE": {"UAE"}, "BA": {"Bosnia"}, "CD": {"DR Congo", "Democratic Republic of the Congo"}, "CI": {"Ivory Coast"},
	"CZ": {"Czech Republic", "Tjekkiske Republik", "Tschechische Republik", "République tchèque"}, "DE": {"Federal Republic of Germany", "Bundesrepublik Deutschland"},
	"DK": {"Kingdom of Denmark"}, "FO": {"Faroes"},
	"GB": {"Great Britain", "Britain", "England", "Scotland", "Wales", "Northern Ireland", "Grande-Bretagne", "Großbritannien", "Angleterre"},
	"HK": {"Hong Kong"}, "IE": {"Republic of Ireland", "Eire"}, "KP": {"Nordkorea"}, "KR": {"Korea", "Republic of Korea", "Sydkorea"}, "MD": {"Republic of Moldova"},
	"MK": {"North Macedonia", "Nordmakedonien", "Nord-Makedonia", "Macédoine du Nord", "Nordmazedonien"}, "MM": {"Myanmar", "Burma"}, "MO": {"Macau"},
	"NL": {"Holland", "The Netherlands", "Nederland", "Nederlandene"}, "PS": {"Palestine"}, "RU": {"Russian Federation"}, "SK": {"Slovak Republic"}, "SZ": {"Eswatini"},
	"TR": {"Türkiye"}, "TW": {"Republic of China"}, "TZ": {"United Republic of Tanzania"},
	"US": {"United States of America", "Amerikas Forenede Stater", "De Forenede Stater", "Amerikas förenta stater", "Förenta staterna", "Amerikas forente stater",
		"De forente stater", "États-Unis d'Amérique", "Vereinigte Staaten von Amerika"},
	"VA": {"Vatican", "Holy See"}, "VN": {"Viet Nam"},
}

// countryNames are the countries by the folded form of each of their names.
var countryNames = sync.OnceValue(func() map[string]string {
	names := map[string]string{}
	add := func(code, name string) {
		for _, spelling := range []string{folded(name), folded(umlauts.Replace(name))} {
			if spelling != "" {
				names[spelling] = code
			}
		}
	}
	for _, tag := range nameLanguages {
		names := display.Regions(tag)
		for first := 'A'; first <= 'Z'; first++ {
			for second := 'A'; second <= 'Z'; second++ {
				if code := string([]rune{first, second}); isCountry(code) {
					add(code, names.Name(language.MustParseRegion(code)))
				}
			}
		}
	}
	for code, more := range otherNames {
		for _, name := range more {
			add(code, name)
		}
	}
	return names
})

// umlauts writes letters as those do who have no key for them.
var umlauts = strings.NewReplacer("ä", "ae", "Ä", "ae", "ö", "oe", "Ö", "oe", "ü", "ue", "Ü", "ue", "ø", "oe", "Ø", "oe", "å", "aa", "Å", "aa")

// whole are letters that do not come apart into a letter and its accent.
var whole = strings.NewReplacer("ø", "o", "æ", "ae", "ß", "ss", "ð", "d", "ł", "l", "&", "and")

// folded is what two spellings of a name that count as the same have in common:
// letters and digits, small, without accents, and without "the" before them.
func folded(name string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(whole.Replace(strings.ToLower(name))) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(r)
		}
	}
	if rest, cut := strings.CutPrefix(strings.ToLower(strings.TrimSpace(name)), "the "); cut {
		return folded(rest)
	}
	return b.String()
}

// Country understands a country as people and clients write it, and gives its ISO
// 3166-1 code of two capitals: "no", "NOR", "578", "Norge", "Norway", "Norvège".
func Country(text string) (code string, understood bool) {
	if code, understood = countryCode(text); understood {
		return code, true
	}
	name := folded(text)
	if code, understood = countryNames()[name]; understood {
		return code, true
	}
	return countryCode(name)
}

// countryCode reads an ISO 3166-1 code, or another name of one: UK is GB.
func countryCode(text string) (string, bool) {
	if len(text) != 2 && len(text) != 3 {
		return "", false
	}
	region, err := language.ParseRegion(strings.ToUpper(text))
	if err != nil || !region.IsCountry() {
		return "", false
	}
	return region.Canonicalize().String(), true
}
