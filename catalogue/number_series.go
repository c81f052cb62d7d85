package catalogue

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"rator/phone"
	"rator/store"
)

// NumberSeries is a run of phone numbers a brand may give out: each is Prefix
// followed by the digits of From, From+1 … To, the digits of E.164 (package phone).
// A file may spell Prefix as numbers are spelled.
type NumberSeries struct {
	Entry
	Code    string `key:"CODE"`
	Country string `key:"COUNTRY"` // ISO 3166-1 alpha-2
	Prefix  string `key:"PREFIX"`  // with the country calling code
	From    string `key:"FROM"`    // as many digits as To
	To      string `key:"TO"`      // inclusive
	NumberPolicy
}

const byPrefix = "prefix"

// NumberSerieses are the number series kept.
var NumberSerieses = define[NumberSeries]("number_series", UnknownNumberSeries,
	store.Index[NumberSeries]{Name: byPrefix, Value: func(s *NumberSeries) string { return s.Prefix }})

// Of a file that was imported when a prefix was kept as it was spelled.
func init() {
	NumberSerieses.Fill(func(_ store.Tx, s *NumberSeries) error {
		s.spellPrefix()
		return nil
	})
}

func (s *NumberSeries) code() string { return s.Code }

// inherit gives a series what it does without a policy of its own.
func (s *NumberSeries) inherit(*Offer) { s.NumberPolicy.complete(s.source) }

// NumberSeriesByCode finds a number series of a brand, or fails with
// UNKNOWN_NUMBER_SERIES.
func NumberSeriesByCode(tx store.Tx, brand *Brand, code string) (*NumberSeries, error) {
	return findByCode(tx, NumberSerieses, brand, code)
}

// NextNumber gives the next number of a series, never the same one twice; when
// there is none left it fails with NO_FREE_NUMBER. It knows no customers:
// whoever takes the number sees to it that nobody came by it on another way.
func NextNumber(tx store.Tx, s *NumberSeries) (string, error) {
	n, err := tx.Next(s.sequence())
	if err != nil {
		return "", err
	}
	from, to, err := s.bounds()
	if err != nil {
		return "", err
	}
	if n > to-from+1 {
		return "", NoFreeNumber.With("%s: %s%s to %s%s", s.Code, s.Prefix, s.From, s.Prefix, s.To)
	}
	return s.At(n)
}

// PassNumbers has the next number of a series come after the one at a place.
func PassNumbers(tx store.Tx, s *NumberSeries, place int64) error {
	return tx.AtLeast(s.sequence(), place)
}

// Place is where in the series one of its numbers is, from 1.
func (s *NumberSeries) Place(number string) (int64, error) {
	from, _, err := s.bounds()
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseInt(number[len(s.Prefix):], 10, 64)
	return n - from + 1, err
}

// At is the number at a place of the series.
func (s *NumberSeries) At(place int64) (string, error) {
	from, _, err := s.bounds()
	return fmt.Sprintf("%s%0*d", s.Prefix, len(s.From), from+place-1), err
}

// sequence is the range's own, so that a series whose range moved starts anew.
func (s *NumberSeries) sequence() string {
	return "number_series/" + s.Brand + "/" + s.Code + "/" + s.Prefix + s.From
}

func (s *NumberSeries) bounds() (from, to int64, err error) {
	if from, err = strconv.ParseInt(s.From, 10, 64); err != nil {
		return 0, 0, err
	}
	to, err = strconv.ParseInt(s.To, 10, 64)
	return from, to, err
}

var (
	digits        = regexp.MustCompile(`^[0-9]{1,15}$`)
	spelledPrefix = regexp.MustCompile(`^[-+(). /0-9]{1,40}$`)
)

// maxMSISDN is E.164's limit in digits.
const maxMSISDN = 15

// spellPrefix makes the digits of E.164 of a prefix that is spelled in another way:
// one that has neither + nor the country's calling code in front, by what the first
// number of the series means there. It reports one that means none, which stays as
// it is.
func (s *NumberSeries) spellPrefix() bool {
	prefix, code := phone.Digits(s.Prefix), phone.CallingCode(s.Country)
	if !strings.Contains(s.Prefix, "+") && (code == "" || !strings.HasPrefix(prefix, code)) {
		first, err := phone.Read(s.Prefix+s.From, s.Country, nil)
		if prefix, _ = strings.CutSuffix(first, s.From); err != nil || prefix == first {
			return false
		}
	}
	if prefix == "" {
		return false
	}
	s.Prefix = prefix
	return true
}

func (s *NumberSeries) check(c *checker, _ *Offer) {
	c.named(&s.Entry)
	c.code(&s.Entry, "code", s.Code)
	c.country(&s.Entry, s.Country)
	good := c.match(&s.Entry, "prefix", s.Prefix, spelledPrefix, "digits, starting with the country calling code")
	good = c.match(&s.Entry, "from", s.From, digits, "digits") && good
	good = c.match(&s.Entry, "to", s.To, digits, "digits") && good
	switch {
	case !good:
	case len(s.From) != len(s.To):
		c.mistake(&s.Entry, "to", "from and to must have equally many digits, not %d and %d", len(s.From), len(s.To))
	case s.From > s.To:
		c.mistake(&s.Entry, "to", "to %s is below from %s", s.To, s.From)
	case !s.spellPrefix():
		c.mistake(&s.Entry, "prefix", "%s%s is no phone number of %s; start prefix with the country calling code", s.Prefix, s.From, s.Country)
	case len(s.Prefix)+len(s.To) > maxMSISDN:
		c.mistake(&s.Entry, "to", "numbers have %d digits, E.164 allows %d", len(s.Prefix)+len(s.To), maxMSISDN)
	default:
		c.numbers(s)
	}
	s.NumberPolicy.check(c, &s.Entry)
}

// overlaps reports whether a number is in both series. Both were checked.
func (s *NumberSeries) overlaps(other *NumberSeries) bool {
	lo, hi, otherLo, otherHi := s.Prefix+s.From, s.Prefix+s.To, other.Prefix+other.From, other.Prefix+other.To
	return len(lo) == len(otherLo) && lo <= otherHi && otherLo <= hi
}
