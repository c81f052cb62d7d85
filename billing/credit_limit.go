package billing

import (
	"github.com/shopspring/decimal"

	"rator/billing/draft"
	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// CheckCanAdd is customer.CheckCanAdd that looks at what the account owes too: it
// fails with CREDIT_LIMIT_REACHED besides.
func CheckCanAdd(tx store.Tx, brand *catalogue.Brand, account store.ID, productCode string) error {
	if err := customer.CheckCanAdd(tx, brand, account, productCode); err != nil {
		return err
	}
	return checkCredit(tx, brand, account, productCode)
}

// CreateSubscription is customer.CreateSubscription for an account within its
// limits of credit: it fails with CREDIT_LIMIT_REACHED where CheckCanAdd would.
func CreateSubscription(tx store.Tx, brand *catalogue.Brand, n customer.NewSubscription) (*customer.Subscription, error) {
	s, err := customer.CreateSubscription(tx, brand, n)
	if err != nil {
		return nil, err
	}
	if err := checkCredit(tx, brand, s.Account, s.ProductCode); err != nil {
		return nil, err
	}
	return s, nil
}

// limit is how much an account may owe in a currency; 0 = no limit.
type limit struct {
	amount   decimal.Decimal
	currency string
}

// checkCredit holds what an account owes, the exposures of its billing groups
// together, against two limits, each of which must hold: the CREDIT_LIMIT of the
// account's owner, the brand's where the owner has none; and the product's. A
// limit is an amount of a currency, the brand's or the product's, and billing
// groups of another one do not count: there is no rate to convert by.
func checkCredit(tx store.Tx, brand *catalogue.Brand, account store.ID, productCode string) error {
	d, err := draft.New(tx, brand, account, draft.NewCache())
	if err != nil {
		return err
	}
	ofAccount := limit{brand.CreditLimit, brand.Currency}
	if owner := d.Whole.User(d.Whole.Account.Owner); owner != nil && owner.CreditLimit > 0 {
		ofAccount.amount = decimal.NewFromInt(owner.CreditLimit)
	}
	limits := []limit{ofAccount}
	if productCode != "" {
		product, err := catalogue.ProductConfigByCode(tx, brand, productCode)
		if err != nil {
			return err
		}
		limits = append(limits, limit{product.CreditLimit, product.Currency})
	}
	for _, l := range limits {
		if err := withinLimit(d, l); err != nil {
			return err
		}
	}
	return nil
}

func withinLimit(d *draft.Drafter, l limit) error {
	if !l.amount.IsPositive() {
		return nil
	}
	if err := d.ReadAhead(); err != nil {
		return err
	}
	owed := decimal.Zero
	for _, g := range d.Whole.BillingGroups {
		if g.Balance.Currency != l.currency {
			continue
		}
		of, err := d.Exposure(g)
		if err != nil {
			return err
		}
		owed = owed.Add(of)
	}
	if owed.GreaterThan(l.amount) {
		return customer.CreditLimitReached.With("%s > %s", catalogue.Money{Amount: owed, Currency: l.currency}, catalogue.Money{Amount: l.amount, Currency: l.currency})
	}
	return nil
}
