package catalogue

import (
	"time"

	"github.com/shopspring/decimal"

	"rator/store"
)

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
