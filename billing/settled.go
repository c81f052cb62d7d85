package billing

import (
	"github.com/shopspring/decimal"

	"rator/billing/draft"
	"rator/billing/ledger"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

// NotBilledYet is told where a customer cannot go because days or charges are not on an
// invoice yet.
var NotBilledYet = failure.Declare(444, "NOT_BILLED_YET", failure.Conflict, failure.Text{
	"EN": "days or charges are not billed yet", "DK": "dage eller gebyrer er endnu ikke faktureret", "SE": "dagar eller avgifter är ännu inte fakturerade",
	"NO": "dager eller gebyrer er ennå ikke fakturert", "FR": "des jours ou des frais ne sont pas encore facturés", "DE": "Tage oder Gebühren sind noch nicht abgerechnet"})

func init() {
	customer.OnCheckSettled(checkBilled)
	customer.OnErase(checkErasable)
}

// checkBilled fails with NOT_BILLED_YET when a bill would still come: for days that a
// line was used on, or for what was charged. What makes 0 together with its tax needs
// no bill.
func checkBilled(tx store.Tx, brand *catalogue.Brand, a *customer.Account) error {
	d, err := draft.New(tx, brand, a.ID, draft.NewCache())
	if err != nil {
		return err
	}
	for _, g := range d.Whole.BillingGroups {
		l, err := ledger.Of(tx, g.Account, g.ID)
		if err != nil {
			return err
		}
		periods, err := lastPeriods(d, g, l)
		if err != nil {
			return err
		}
		drafts, _, err := d.Drafts(g, periods)
		if err != nil {
			return err
		}
		sum := decimal.Zero
		for _, x := range drafts {
			sum = sum.Add(x.Net).Add(x.Tax)
		}
		if !sum.IsZero() {
			return NotBilledYet.With("%s has %s %s that are on no invoice", g.Name, sum, g.Balance.Currency)
		}
	}
	return nil
}

// checkErasable has no person erased whom a bill may still go to, or who owes or is
// owed something: a document keeps the name and the address that it needs.
func checkErasable(tx store.Tx, a *customer.Account, u *customer.User) error {
	if a.State != customer.Closed { // of an account that goes on the person is nothing
		return nil
	}
	brand, err := catalogue.BrandByKey(tx, a.Brand)
	if err != nil {
		return err
	}
	return customer.CheckSettled(tx, brand, a.ID)
}
