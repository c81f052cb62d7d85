package catalogue

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// NumberPattern says how the numbers of a series of documents are written: letters,
// digits and -._/ stand for themselves, {brand} is the brand's key, {year} the year
// of the document's date, {n} its place in the series, from 1, and {n:6} the same in
// six digits or more. A new year does not begin the series anew.
type NumberPattern string

// What patterns are when a brand gives none.
const (
	defaultInvoiceNumber    NumberPattern = "INV-{n:6}"
	defaultCreditNoteNumber NumberPattern = "CN-{n:6}"
)

var (
	patternPart = regexp.MustCompile(`\{(brand|year|n)(?::([1-9][0-9]?))?\}|[A-Za-z0-9./_-]`)
	wholeNumber = regexp.MustCompile(`\{n[:}]`)
)

const (
	maxPattern      = 40 // letters of a pattern
	maxPatternWidth = 12 // digits that {n:…} may ask for
)

// Format is the number of the n-th document of a brand's series.
func (p NumberPattern) Format(brand string, year int, n int64) string {
	return patternPart.ReplaceAllStringFunc(string(p), func(part string) string {
		found := patternPart.FindStringSubmatch(part)
		width, _ := strconv.Atoi(found[2])
		switch found[1] {
		case "brand":
			return brand
		case "year":
			return fmt.Sprintf("%04d", year)
		case "n":
			return fmt.Sprintf("%0*d", width, n)
		}
		return part
	})
}

// fault says what is wrong with a pattern; "" for nothing.
func (p NumberPattern) fault() string {
	if len(p) > maxPattern {
		return fmt.Sprintf("must be %d letters at most", maxPattern)
	}
	if rest := patternPart.ReplaceAllString(string(p), ""); rest != "" {
		return "must be letters, digits, -._/ and {brand}, {year}, {n} or {n:6}"
	}
	for _, part := range patternPart.FindAllStringSubmatch(string(p), -1) {
		if width, _ := strconv.Atoi(part[2]); part[2] != "" && (part[1] != "n" || width > maxPatternWidth) {
			return fmt.Sprintf("has %s: only {n:…} has a width, 1 to %d", part[0], maxPatternWidth)
		}
	}
	if len(wholeNumber.FindAllString(string(p), -1)) != 1 {
		return "must have {n} or {n:6} once: the place in the series"
	}
	return ""
}

// differs reports whether it is sure that no number of one pattern is one of the
// other: read from the start or from the end they come to letters that differ.
func (p NumberPattern) differs(other NumberPattern, brand string) bool {
	a, b := p.shape(brand), other.shape(brand)
	return differ(a, b) || differ(reversed(a), reversed(b))
}

// shape is a pattern with # for a digit, and * for a number of any length.
func (p NumberPattern) shape(brand string) string {
	return patternPart.ReplaceAllStringFunc(string(p), func(part string) string {
		switch {
		case part == "{brand}":
			return brand
		case part == "{year}":
			return "####"
		case strings.HasPrefix(part, "{n"):
			return "*"
		}
		return part
	})
}

func differ(a, b string) bool {
	const digits = "0123456789"
	for i := 0; i < min(len(a), len(b)); i++ {
		x, y := a[i], b[i]
		number, letter := strings.IndexByte("#*"+digits, x) >= 0, strings.IndexByte("#*"+digits, y) >= 0
		switch {
		case number != letter:
			return true
		case x == y && x != '*', x == '#' && y != '*', y == '#' && x != '*':
		case x == '*' || y == '*':
			return false
		default:
			return true
		}
	}
	return false
}

func reversed(s string) string {
	letters := []byte(s)
	for i, j := 0, len(letters)-1; i < j; i, j = i+1, j-1 {
		letters[i], letters[j] = letters[j], letters[i]
	}
	return string(letters)
}
