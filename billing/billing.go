// Package billing is the money of a customer: postings on a billing group, the
// balance they add up to, payments, invoices and the billing run
// (rator-api.md 2.5, 2.7, 5.3). Who the customer is is customer's, what things
// cost and how they are taxed is catalogue's.
//
// The ledger is the one truth: every movement of a balance is a posting, and a
// posting is never changed but for the invoice that bills it, nor deleted. An
// invoice is a number, a date and the postings it bills; its detail lines are
// those postings. So at any time, for each billing group,
//
//	balance = sum of its postings
//	        = what is paid and not used − what its invoices are still owed + what is not billed yet
//
// and Verify checks both. Amounts are signed as balances are: negative = the
// customer owes. Only an invoice's own figures (Total, Settled) are positive for
// what is owed, as people read them.
//
// Operations take the caller's brand, as in customer; a billing group of another
// brand is unknown to it.
package billing

import (
	"github.com/shopspring/decimal"

	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// MaxAmount is the most that one charge, credit or payment may be, whatever its
// currency.
var MaxAmount = decimal.New(10_000_000, 0)

// CheckAmount sees to it that a request's amount is money of a currency: neither
// more decimals than it has (INVALID_AMOUNT) nor more than MaxAmount, of either
// sign (AMOUNT_BEYOND_LIMIT). what names the amount in the error.
func CheckAmount(what string, d decimal.Decimal, currency string) error {
	if d.Abs().GreaterThan(MaxAmount) {
		return AmountBeyondLimit.With("%s is more than %s", what, MaxAmount)
	}
	if units := catalogue.MinorUnits(currency); !d.Equal(d.Truncate(units)) {
		return InvalidAmount.With("%s has more than the %d decimals of %s", what, units, currency)
	}
	return nil
}

// CheckPositive is CheckAmount for what must be above 0.
func CheckPositive(what string, d decimal.Decimal, currency string) error {
	if !d.IsPositive() {
		return InvalidAmount.With("%s must be above 0", what)
	}
	return CheckAmount(what, d, currency)
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
