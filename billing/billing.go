// Package billing is what is done with the money of a customer: charges, payments and
// what undoes them, the billing run, credit notes, dunning, and the lists of all of it
// (rator-api.md 2.5, 2.7, 5.3). What is kept of it is the ledger's, who the customer
// is is customer's, what things cost and how they are taxed is catalogue's.
//
// Operations take the caller's brand, as in customer; a billing group of another
// brand is unknown to it.
package billing

import (
	"github.com/shopspring/decimal"

	"rator/billing/ledger"
	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// maxAmount is the most that one charge, credit or payment may be, whatever its
// currency.
var maxAmount = decimal.New(10_000_000, 0)

// checkAmount sees to it that a request's amount is money of a currency: neither
// more decimals than it has (INVALID_AMOUNT) nor more than maxAmount, of either
// sign (AMOUNT_BEYOND_LIMIT). what names the amount in the error.
func checkAmount(what string, d decimal.Decimal, currency string) error {
	if d.Abs().GreaterThan(maxAmount) {
		return AmountBeyondLimit.With("%s is more than %s", what, maxAmount)
	}
	if units := catalogue.MinorUnits(currency); !d.Equal(d.Truncate(units)) {
		return ledger.InvalidAmount.With("%s has more than the %d decimals of %s", what, units, currency)
	}
	return nil
}

// checkPositive is checkAmount for what must be above 0.
func checkPositive(what string, d decimal.Decimal, currency string) error {
	if !d.IsPositive() {
		return ledger.InvalidAmount.With("%s must be above 0", what)
	}
	return checkAmount(what, d, currency)
}

// group gives a billing group of the brand and its account.
func group(tx store.Tx, brand *catalogue.Brand, id store.ID) (*customer.BillingGroup, *customer.Account, error) {
	g, err := customer.BillingGroupByID(tx, brand, id)
	if err != nil {
		return nil, nil, err
	}
	a, err := customer.AccountByID(tx, brand, g.Account)
	return g, a, err
}
