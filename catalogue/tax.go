package catalogue

import (
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"rator/store"
)

// Tax is one row of the tax table: a rate that holds in a place, for some or all
// sorts of charges and customers (rator-api.md 3.2, SOAP_PREVIEW_TAXES). Taxes do
// not replace one another: every tax that holds gives a line of its own.
type Tax struct {
	Entry
	Code string `key:"CODE"`
	Place
	TransactionTypes []int           `key:"TRANSACTION_TYPES"`   // none = all
	ServiceTypes     []int           `key:"SERVICE_TYPES"`       // none = all
	Customers        string          `key:"CUSTOMERS"`           // PrivateCustomers, BusinessCustomers; "" = all
	Rate             decimal.Decimal `key:"RATE" write:"always"` // percent; 0 says that the place is known and takes nothing
	Period
}

// What Tax.Customers may say.
const (
	PrivateCustomers  = "PRIVATE"
	BusinessCustomers = "BUSINESS"
)

const (
	byPlace   = "place"   // brand, country, state and zip
	byCountry = "country" // brand and country
)

// Taxes are the taxes kept.
var Taxes = define[Tax]("tax", UnknownTax,
	store.Index[Tax]{Name: byPlace, Value: func(t *Tax) string { return placeKey(t.Brand, t.Country, t.State, t.ZIP) }},
	store.Index[Tax]{Name: byCountry, Value: func(t *Tax) string { return store.Compose(t.Brand, t.Country) }})

func (t *Tax) code() string { return t.Code }

func placeKey(brand, country, state, zip string) string {
	return store.Compose(brand, country, state, zip)
}

// Taxable says what is taxed: whose address, which sort of charge, when.
type Taxable struct {
	Country         string    // ISO 3166-1, two or three letters; "" = the brand's
	State           string    // such as CO
	City            string    //
	ZIP             string    //
	TransactionType int64     // as TRANSACTION_TYPE
	ServiceType     int64     // as SERVICE_TYPE
	Business        bool      // as IS_BUSINESS_USER
	Date            time.Time // its calendar day counts
}

// TaxLine is what one tax takes of an amount.
type TaxLine struct {
	ID     string          // the tax's CatalogueID
	Code   string          // the tax's
	Name   string          // the tax's, for people
	Rate   decimal.Decimal // percent
	Amount Money           // in whole minor units, with the sign of the amount taxed
}

// TaxLines gives the lines of an amount in order of the taxes' ids, a line of 0
// too. Each is rounded half up, away from zero, to the currency's minor unit.
// A place that the table does not know has no lines and is no error; ask
// CheckTaxCountry where it should be one.
func TaxLines(tx store.Tx, brand *Brand, what Taxable, amount Money) ([]TaxLine, error) {
	taxes, err := taxesOn(tx, brand, what)
	if err != nil {
		return nil, err
	}
	lines := make([]TaxLine, 0, len(taxes))
	for _, t := range taxes {
		share := Money{amount.Amount.Mul(t.Rate).Shift(-2), amount.Currency}
		lines = append(lines, TaxLine{t.CatalogueID, t.Code, t.Name, t.Rate, share.Rounded()})
	}
	return lines, nil
}

// taxesOn finds the taxes that hold. It asks for each start of the zip code, so
// that its cost does not grow with the table.
func taxesOn(tx store.Tx, brand *Brand, what Taxable) ([]*Tax, error) {
	what.Country = countryOf(what.Country, brand)
	what.State = strings.ToUpper(strings.TrimSpace(what.State))
	what.City = plainCity(what.City)
	what.ZIP = plainZIP(what.ZIP)
	states := []string{""}
	if stateCode.MatchString(what.State) {
		states = append(states, what.State)
	}
	var found []*Tax
	for _, state := range states {
		for n := range len(what.ZIP) + 1 {
			for t, err := range Taxes.All(tx, byPlace, placeKey(brand.Key, what.Country, state, what.ZIP[:n])) {
				if err != nil {
					return nil, err
				}
				if t.on(&what) {
					found = append(found, t)
				}
			}
		}
	}
	slices.SortFunc(found, func(a, b *Tax) int { return strings.Compare(a.CatalogueID, b.CatalogueID) })
	return found, nil
}

// on reports whether a tax of the place holds.
func (t *Tax) on(what *Taxable) bool {
	switch {
	case t.Retired, !t.Holds(what.Date):
		return false
	case t.City != "" && plainCity(t.City) != what.City:
		return false
	case t.Customers == BusinessCustomers && !what.Business, t.Customers == PrivateCustomers && what.Business:
		return false
	}
	return meant(t.TransactionTypes, what.TransactionType) && meant(t.ServiceTypes, what.ServiceType)
}

func meant(types []int, one int64) bool {
	return len(types) == 0 || slices.ContainsFunc(types, func(t int) bool { return int64(t) == one })
}

const maxTaxDecimals = 6

var hundred = decimal.NewFromInt(100)

func (t *Tax) check(c *checker, _ *Offer) {
	e := &t.Entry
	c.named(e)
	c.code(e, "code", t.Code)
	t.Place.check(c, e)
	c.types(e, "transaction_types", t.TransactionTypes)
	c.types(e, "service_types", t.ServiceTypes)
	if e.source.has("customers") {
		c.oneOf(e, "customers", t.Customers, PrivateCustomers, BusinessCustomers)
	}
	switch {
	case !e.source.has("rate"):
		c.mistake(e, "rate", "rate is missing; write 0 for a place without tax")
	case t.Rate.IsNegative() || t.Rate.GreaterThan(hundred):
		c.mistake(e, "rate", "rate %s must be 0 to 100, in percent", t.Rate)
	case !t.Rate.Equal(t.Rate.Truncate(maxTaxDecimals)):
		c.mistake(e, "rate", "rate %s has more than %d decimals", t.Rate, maxTaxDecimals)
	}
	t.Period.check(c, e)
}
