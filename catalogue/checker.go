package catalogue

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// Mistake is something wrong in a catalogue file, with its place.
type Mistake struct {
	File         string
	Line, Column int    // from 1
	Message      string // one sentence, with the mend where there is one
}

// String is the mistake as compilers write it: file:line:column: message.
func (m Mistake) String() string {
	return fmt.Sprintf("%s:%d:%d: %s", m.File, m.Line, m.Column, m.Message)
}

// checker collects the mistakes of one file. Its rules stay silent about values
// that decode already complained of.
type checker struct {
	file     string
	mistakes []Mistake
	ids      map[string]*Entry // over all brands and kinds
	series   []*NumberSeries   // over all brands
}

func (c *checker) at(line, column int, format string, args ...any) {
	c.mistakes = append(c.mistakes, Mistake{c.file, line, column, fmt.Sprintf(format, args...)})
}

// mistake reports at the place of a key of e, or of e where it lacks the key.
func (c *checker) mistake(e *Entry, key, format string, args ...any) {
	n := e.source
	if n.has(key) {
		n = n.fields[key]
	}
	c.at(n.line, n.column, format, args...)
}

// present reports whether a text is there to be looked at, and complains when
// its key is absent or empty.
func (c *checker) present(e *Entry, key, value string) bool {
	switch {
	case !e.source.has(key):
		c.mistake(e, key, "%s is missing", key)
	case e.source.empty(key):
		c.mistake(e, key, "%s is empty", key)
	}
	return value != ""
}

func (c *checker) match(e *Entry, key, value string, pattern *regexp.Regexp, rule string) bool {
	if !c.present(e, key, value) {
		return false
	}
	if !pattern.MatchString(value) {
		c.mistake(e, key, "%s %q must be %s", key, value, rule)
		return false
	}
	return true
}

var (
	code    = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,59}$`)
	idShape = regexp.MustCompile(`^[0-9]{18}$`)
)

func (c *checker) code(e *Entry, key, value string) {
	c.match(e, key, value, code, "at most 60 letters, digits and _, starting with a letter")
}

// named checks what every entry has.
func (c *checker) named(e *Entry) {
	c.present(e, "name", e.Name)
	if !c.match(e, "id", e.CatalogueID, idShape, "18 digits in quotes: yyyyMMddHHmmss and 4 more") {
		return
	}
	if _, err := time.Parse("20060102150405", e.CatalogueID[:14]); err != nil {
		c.mistake(e, "id", "id %s does not start with a date and time, yyyyMMddHHmmss", e.CatalogueID)
	}
	c.unique(c.ids, e, "id", e.CatalogueID)
}

func (c *checker) unique(seen map[string]*Entry, e *Entry, key, value string) {
	if other := seen[value]; other != nil {
		c.mistake(e, key, "%s %s is used twice, first in line %d", key, value, other.source.fields[key].line)
	} else if value != "" {
		seen[value] = e
	}
}

func (c *checker) oneOf(e *Entry, key, value string, known ...string) {
	if c.present(e, key, value) && !slices.Contains(known, value) {
		c.mistake(e, key, "%s %q must be one of %s%s", key, value, strings.Join(known, ", "), suggest(value, known))
	}
}

func (c *checker) reference(e *Entry, key, value string, known []string) {
	if c.present(e, key, value) && !slices.Contains(known, value) {
		c.mistake(e, key, "the brand has no %s %s%s", key, value, suggest(value, known))
	}
}

// references checks a list of codes; what names the sort of thing they mean.
func (c *checker) references(e *Entry, key, what string, values, known []string) {
	seen := map[string]bool{}
	for _, v := range values {
		if !slices.Contains(known, v) {
			c.mistake(e, key, "the brand has no %s %s%s", what, v, suggest(v, known))
		} else if seen[v] {
			c.mistake(e, key, "%s is there twice in %s", v, key)
		}
		seen[v] = true
	}
}

// types checks a list of numbers that clients name sorts of things by; none at all
// is written by leaving the key out.
func (c *checker) types(e *Entry, key string, values []int) {
	c.filled(e, key)
	seen := map[int]bool{}
	for _, v := range values {
		if v < 0 {
			c.mistake(e, key, "%s must not be negative: %d", key, v)
		} else if seen[v] {
			c.mistake(e, key, "%d is there twice in %s", v, key)
		}
		seen[v] = true
	}
}

// filled complains of an empty list where a list that is left out means all.
func (c *checker) filled(e *Entry, key string) {
	if e.source.emptyList(key) {
		c.mistake(e, key, "%s is empty; leave it out for all", key)
	}
}

func (c *checker) currency(e *Entry, value string) {
	if c.present(e, "currency", value) && !isCurrency(value) {
		c.mistake(e, "currency", "currency %q must be an ISO 4217 code, such as USD", value)
	}
}

func (c *checker) country(e *Entry, value string) {
	if c.present(e, "country", value) && !isCountry(value) {
		c.mistake(e, "country", "country %q must be an ISO 3166-1 code of two capitals, such as US", value)
	}
}

func (c *checker) price(e *Entry, key string, price decimal.Decimal, currency string) {
	if price.IsNegative() {
		c.mistake(e, key, "%s must not be negative", key)
	}
	if units := MinorUnits(currency); !price.Equal(price.Truncate(units)) {
		c.mistake(e, key, "%s %s has more than the %d decimals of %s", key, price, units, currency)
	}
}

// numbers complains of numbers that an earlier series has too.
func (c *checker) numbers(s *NumberSeries) {
	for _, other := range c.series {
		if s.overlaps(other) {
			c.mistake(&s.Entry, "from", "numbers %s%s to %s%s overlap series %s of brand %s in line %d",
				s.Prefix, s.From, s.Prefix, s.To, other.Code, other.Brand, other.source.line)
		}
	}
	c.series = append(c.series, s)
}

// suggest ends a sentence about an unknown name: the known one it is nearest
// to, or nothing when none is near.
func suggest(name string, known []string) string {
	best, least := "", len(name)/3+1
	for _, k := range known {
		if d := distance(strings.ToLower(name), strings.ToLower(k)); d <= least && (best == "" || d < least) {
			best, least = k, d
		}
	}
	if best == "" {
		return ""
	}
	return " (did you mean " + best + "?)"
}

// distance counts the letters to insert, delete or replace between a and b (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := corner
			if a[i] != b[j] {
				replaced++
			}
			corner = row[j+1]
			row[j+1] = min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

func without(names []string, name string) []string {
	var others []string
	for _, n := range names {
		if n != name {
			others = append(others, n)
		}
	}
	return others
}
