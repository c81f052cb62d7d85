package catalogue

import (
	"slices"
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
	Customers        string          `key:"CUSTOMERS"`           // privateCustomers, businessCustomers; "" = all
	Rate             decimal.Decimal `key:"RATE" write:"always"` // percent; 0 says that the place is known and takes nothing
	Period
	// Earlier is what the tax took before imports changed it, in order of days.
	Earlier []*EarlierTax `key:"EARLIER" json:",omitempty"`
}

// What Tax.Customers may say.
const (
	privateCustomers  = "PRIVATE"
	businessCustomers = "BUSINESS"
)

const (
	byPlace   = "place"   // brand, country, state and zip
	byCountry = "country" // brand and country
)

// taxes are the taxes kept.
var taxes = define[Tax]("tax", unknownTax,
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

// place is where it is taxed, in the words of the table.
func (w *Taxable) place(brand *Brand) Place {
	return Place{w.Country, w.State, w.City, w.ZIP}.Understood(brand)
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
		c.oneOf(e, "customers", t.Customers, privateCustomers, businessCustomers)
	}
	c.rate(e, t.Rate)
	t.checkEarlier(c)
	t.Period.check(c, e)
}

// maxTaxCharge is the highest amount that is taxed, of either sign, in whole
// units of the currency.
var maxTaxCharge = decimal.New(10_000_000, 0)

// The tax table holds rates of some years; a date far from now is a mistake.
const yearsBack, yearsAhead = 30, 5

// PreviewTaxes gives the tax lines of an amount that nobody has charged yet. It fails
// with WRONG_TAX_CHARGE for an amount beyond 10,000,000 of either sign, with
// WRONG_TAX_DATE for a date more than 30 years ago or 5 ahead, and as TaxesAt.
func PreviewTaxes(tx store.Tx, brand *Brand, what Taxable, amount Money) ([]TaxLine, error) {
	if amount.Amount.Abs().GreaterThan(maxTaxCharge) {
		return nil, WrongTaxCharge.With("it is more than %s", maxTaxCharge)
	}
	if now := tx.Now(); what.Date.Before(now.AddDate(-yearsBack, 0, 0)) || what.Date.After(now.AddDate(yearsAhead, 0, 0)) {
		return nil, WrongTaxDate.With("%.20s", what.Date.Format(time.DateOnly))
	}
	taxes, err := TaxesAt(tx, brand, what)
	if err != nil {
		return nil, err
	}
	return taxes.lines(what.Date, amount), nil
}
