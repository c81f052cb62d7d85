package catalogue

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
	"golang.org/x/text/currency"
	"golang.org/x/text/language"

	"rator/zone"
)

// Draft is what a first catalogue is made of: the answers to Questions, by their names.
type Draft map[string]string

// Question is what is to be known before there is a catalogue.
type Question struct {
	Name  string // of the answer
	Asks  string // for people
	usual func(d Draft) string
	check func(d Draft, answer string) (taken string, err error)
}

// Usual is the answer that holds where nobody gives another, after what was answered
// before; "" = there is none.
func (q *Question) Usual(d Draft) string { return q.usual(d) }

// Take checks an answer and keeps it in d. The error names the answer and what it may be.
func (q *Question) Take(d Draft, answer string) error {
	taken, err := q.check(d, strings.TrimSpace(answer))
	if err != nil {
		return fmt.Errorf("%s %.60q: %w", q.Name, answer, err)
	}
	d[q.Name] = taken
	return nil
}

// Questions are all of them, in the order in which they are asked: what is usual may
// depend on answers before.
var Questions = []Question{
	{"brand", "Brand, as requests name it (BRAND_KEY)", none, answerBrand},
	{"name", "Its name, for people", func(d Draft) string { return d["brand"] }, answerName},
	{"country", "Country, a code or a name", none, answerCountry},
	{"currency", "Currency of all prices", usualCurrency, answerCurrency},
	{"zone", "Time zone of its days", usualZone, answerZone},
	{"tax", "Tax in percent, or none", none, answerTax},
	{"product", "First product, as sign-ups name it (PRODUCT_CODE)", always("POST_PAID"), answerCode},
	{"product-name", "Its name, for people", always("Mobile"), answerName},
	{"price", "Its price each month", always("0"), answerPrice},
}

func none(Draft) string { return "" }

func always(answer string) func(Draft) string { return func(Draft) string { return answer } }

func answerBrand(_ Draft, answer string) (string, error) {
	if !brandKey.MatchString(answer) {
		return "", errors.New("it must be 2 to 32 capitals, digits and _, beginning with a letter, such as ACME")
	}
	return answer, nil
}

func answerCode(_ Draft, answer string) (string, error) {
	if !code.MatchString(answer) {
		return "", errors.New("it must be at most 60 letters, digits and _, beginning with a letter, such as POST_PAID")
	}
	return answer, nil
}

func answerName(_ Draft, answer string) (string, error) {
	if answer == "" {
		return "", errors.New("it must be a name for people, such as Acme Mobile")
	}
	return answer, nil
}

func answerCountry(_ Draft, answer string) (string, error) {
	if found, understood := Country(answer); understood {
		return found, nil
	}
	known := slices.Sorted(maps.Values(countryNames()))
	return "", fmt.Errorf("it must be a country, by its name or its ISO 3166-1 code: %s", strings.Join(slices.Compact(known), ", "))
}

func usualCurrency(d Draft) string {
	region, err := language.ParseRegion(d["country"])
	if err != nil {
		return ""
	}
	unit, known := currency.FromRegion(region)
	if !known {
		return ""
	}
	return unit.String()
}

func answerCurrency(_ Draft, answer string) (string, error) {
	answer = strings.ToUpper(answer)
	if !isCurrency(answer) {
		return "", fmt.Errorf("it must be an ISO 4217 code of a currency in use: %s", strings.Join(currencies(), ", "))
	}
	return answer, nil
}

// currencies are those that are somewhere in use today, in order of their codes.
func currencies() []string {
	var all []string
	for tenders := currency.Query(); tenders.Next(); {
		all = append(all, tenders.Unit().String())
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func usualZone(Draft) string {
	name, err := zone.Machine()
	if err != nil {
		return ""
	}
	return name
}

func answerZone(_ Draft, answer string) (string, error) {
	if _, err := zone.Named(answer); err != nil {
		return "", fmt.Errorf("%w; timedatectl list-timezones prints them", err)
	}
	return answer, nil
}

// noTax answers that a brand takes none.
const noTax = "none"

func answerTax(_ Draft, answer string) (string, error) {
	if answer == noTax {
		return answer, nil
	}
	rate, ok := plainNumber(strings.TrimSpace(strings.TrimSuffix(answer, "%")))
	if !ok || rate.GreaterThan(hundred) || !rate.Equal(rate.Truncate(maxTaxDecimals)) {
		return "", fmt.Errorf("it must be 0 to 100, in percent, with a point and at most %d decimals, such as 25 or 8.1; or none", maxTaxDecimals)
	}
	return rate.String(), nil
}

var plainDigits = regexp.MustCompile(`^[0-9]{1,12}(\.[0-9]{1,9})?$`)

// plainNumber reads a number that people write: digits and a point.
func plainNumber(text string) (decimal.Decimal, bool) {
	if !plainDigits.MatchString(text) {
		return decimal.Zero, false
	}
	d, err := decimal.NewFromString(text)
	return d, err == nil
}

func answerPrice(d Draft, answer string) (string, error) {
	units := MinorUnits(d["currency"])
	price, ok := plainNumber(answer)
	if !ok || !price.Equal(price.Truncate(units)) {
		return "", fmt.Errorf("it must be 0 or more, in %s, with a point and at most %d decimals, such as %s", d["currency"], units, decimal.New(199, -1).Round(units).StringFixed(units))
	}
	return price.String(), nil
}

// languages are those of countries that the server answers in; elsewhere it is English.
var languages = map[string]string{"DK": "DK", "GL": "DK", "FO": "DK", "SE": "SE", "NO": "NO", "SJ": "NO", "FR": "FR", "DE": "DE", "AT": "DE", "LI": "DE"}

// File is the catalogue that the answers make, with comments; all Questions have an answer.
// The ids of its objects begin with now.
func (d Draft) File(now time.Time) []byte {
	n := 0
	id := func() string {
		n++
		return fmt.Sprintf("%s%04d", now.UTC().Format("20060102150405"), n)
	}
	lang := languages[d["country"]]
	if lang == "" {
		lang = "EN"
	}
	var b strings.Builder
	fmt.Fprintf(&b, draftBrand, d["brand"], id(), quoted(d["name"]), d["currency"], d["country"], lang, d["zone"])
	fmt.Fprintf(&b, draftProduct, id(), d["product"]+"_MONTHLY", id(), quoted(d["product-name"]), d["price"], d["product"], id(), quoted(d["product-name"]))
	if d["tax"] == noTax {
		b.WriteString(draftNoTax)
	} else {
		fmt.Fprintf(&b, draftTax, id(), d["country"], d["tax"])
	}
	fmt.Fprintf(&b, draftRest, id(), id(), d["country"])
	return []byte(b.String())
}

// The parts of a file that Draft.File makes. %s are answers and ids.

const draftBrand = `# What is sold. Every key: docs/catalogue.md.
#
#   rator catalogue check FILE             finds every mistake, with line and suggestion
#   rator catalogue import --dry-run FILE  says what would change, and for how many customers
#   rator catalogue import FILE            takes the file over; again after each change
#
# An id, 18 digits in quotes, and a code never change: something new gets new ones. What
# is taken out of the file is no longer sold; customers who have it keep it.

[[brand]]
key = "%s"                      # BRAND_KEY in a request's CONTEXT
id = "%s"
name = %s
currency = "%s"                 # ISO 4217; of all prices below
country = "%s"                  # ISO 3166-1; of customers who give none
language = "%s"                 # of invoices and messages where a request names none
time_zone = "%s"                # of its days, and of dates without a zone
# billing_fee = "FEE"           # a charge item with a price, for each bill on paper
# retention_days = 1825         # personal data stay so long after nothing needs them
`

const draftProduct = `
# A price list for usage; every product has one.
[[brand.rate_plan]]
code = "STANDARD"
id = "%s"
name = "Standard"

# What a subscription may take. A sign-up takes it where it names the key or the id among
# its options. Another price counts from the day of its import on.
[[brand.product_option]]
option_key = "%s"
id = "%s"
name = %s
# initial_price = 10            # once, when it is taken
recurrent_price = %s
per = "month"                   # week, month, quarter, year; without it the billing cycle

# What PRODUCT_CODE names: how a customer is billed, and for which services.
[[brand.product_config]]
code = "%s"
id = "%s"
name = %s
billing_group_type = "POST_PAID"  # or PRE_PAID_ADVANCED, PRE_PAID_CARD, without the next two
billing_cycle = "MONTHLY"         # WEEKLY, MONTHLY, QUARTERLY, YEARLY
credit_days = 14                  # from invoice to due date
rate_plan = "STANDARD"
service_types = ["CDMA"]          # a phone line, as clients know it; a service without a type is of the first
# number_series = "LINES"         # gives numbers to services that come without one
`

const draftTax = `
# A tax; each that holds gives a line of its own. Another rate counts from the day of its
# import on.
[[brand.tax]]
code = "TAX"
id = "%s"
name = "Tax"                    # as invoices print it
country = "%s"                  # without state, city and zip: all of it
rate = %s                       # percent
`

const draftNoTax = `
# No tax: without a tax table nothing is taxed. One that is added counts from the day of
# its import on.
# [[brand.tax]]
# code = "TAX"
# id = "18 digits"
# name = "Tax"
# country = "two capitals"
# rate = 25
`

const draftRest = `
# What is charged beside options, by SOAP_CREATE_CHARGE and others.
[[brand.charge_item]]
code = "FEE"
id = "%s"
name = "Fee"
direction = "DEBIT"             # or CREDIT
# price = 5                     # where a request gives none

# The numbers that you were given. Take away the # once they stand here, there and above.
# [[brand.number_series]]
# code = "LINES"
# id = "%s"
# name = "Phone lines"
# country = "%s"
# prefix = "4790000"            # with the country calling code
# from = "000"                  # the first number is 4790000000
# to = "999"
`
