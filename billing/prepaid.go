package billing

import (
	"github.com/shopspring/decimal"

	"rator/catalogue"
	"rator/customer"
	"rator/failure"
)

// PrepaidBalanceTooLow is told where a prepaid balance does not reach for a debit.
var PrepaidBalanceTooLow = failure.Declare(425, "PREPAID_BALANCE_TOO_LOW", failure.Conflict, failure.Text{
	"EN": "the prepaid balance is too low", "DK": "den forudbetalte saldo er for lav", "SE": "det förbetalda saldot är för lågt",
	"NO": "den forhåndsbetalte saldoen er for lav", "FR": "le solde prépayé est insuffisant", "DE": "das Prepaid-Guthaben reicht nicht"})

// checkPrepaid fails with PREPAID_BALANCE_TOO_LOW when a debit would take a prepaid
// billing group further below 0 than its brand allows (prepaid_overdraft). A
// post-paid one owes what it is charged.
func checkPrepaid(brand *catalogue.Brand, g *customer.BillingGroup, debit decimal.Decimal) error {
	if g.Type == catalogue.PostPaid {
		return nil
	}
	if spare := g.Balance.Amount.Add(brand.PrepaidOverdraft); debit.GreaterThan(spare) {
		return PrepaidBalanceTooLow.With("billing group %s has %s to spend, not %s", g.Name,
			catalogue.Money{Amount: decimal.Max(spare, decimal.Zero), Currency: g.Balance.Currency}, catalogue.Money{Amount: debit, Currency: g.Balance.Currency})
	}
	return nil
}
