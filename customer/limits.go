package customer

import (
	"github.com/shopspring/decimal"

	"rator/catalogue"
	"rator/failure"
	"rator/store"
)

// What keeps an account from taking one more subscription.
var (
	TooManySubscriptions = failure.Declare(240, "TOO_MANY_SUBSCRIPTIONS", failure.Conflict, failure.Text{
		"EN": "the account has as many subscriptions as it may have", "DK": "kontoen har så mange abonnementer, som den må have", "SE": "kontot har så många abonnemang som det får ha",
		"NO": "kontoen har så mange abonnementer som den kan ha", "FR": "le compte a atteint son nombre maximal d'abonnements", "DE": "das Kundenkonto hat so viele Verträge, wie es haben darf"})
	CreditLimitReached = failure.Declare(241, "CREDIT_LIMIT_REACHED", failure.Conflict, failure.Text{
		"EN": "the account owes more than its credit limit", "DK": "kontoen skylder mere end sin kreditgrænse", "SE": "kontot är skyldigt mer än sin kreditgräns",
		"NO": "kontoen skylder mer enn kredittgrensen", "FR": "le compte doit plus que sa limite de crédit", "DE": "das Kundenkonto schuldet mehr als sein Kreditlimit"})
)

// CheckCanAdd says whether an account may take one more subscription, as
// CreateSubscription does; productCode "" leaves the limits of the product out.
// It fails with UNKNOWN_PRODUCT_CODE, NO_LONGER_SOLD, WRONG_STATE when the account
// is not ACTIVE, TOO_MANY_SUBSCRIPTIONS and CREDIT_LIMIT_REACHED.
func CheckCanAdd(tx store.Tx, brand *catalogue.Brand, account store.ID, productCode string) error {
	a, err := openAccount(tx, brand, account)
	if err != nil {
		return err
	}
	var product *catalogue.ProductConfig
	if productCode != "" {
		if product, err = soldProduct(tx, brand, productCode); err != nil {
			return err
		}
	}
	return canAdd(tx, brand, a, product)
}

func canAdd(tx store.Tx, brand *catalogue.Brand, a *Account, product *catalogue.ProductConfig) error {
	if err := checkCount(tx, brand, a, product, 1); err != nil {
		return err
	}
	return checkCredit(tx, brand, a, product)
}

// checkCount holds the subscriptions of an account that are not TERMINATED, and
// so many more, against the brand's limit, and those of a product against its own.
func checkCount(tx store.Tx, brand *catalogue.Brand, a *Account, product *catalogue.ProductConfig, more int) error {
	ofProduct := 0
	if product != nil {
		ofProduct = product.MaxSubscriptions
	}
	if brand.MaxSubscriptions == 0 && ofProduct == 0 {
		return nil
	}
	subs, err := subscriptions.ofAccount(tx, a.ID)
	if err != nil {
		return err
	}
	all, same := more, more
	for _, s := range subs {
		if s.State == Terminated {
			continue
		}
		all++
		if product != nil && s.ProductCode == product.Code {
			same++
		}
	}
	switch {
	case brand.MaxSubscriptions > 0 && all > brand.MaxSubscriptions:
		return TooManySubscriptions.With("%d in account %s", brand.MaxSubscriptions, a.CustomerNumber)
	case ofProduct > 0 && same > ofProduct:
		return TooManySubscriptions.With("%d of %s in account %s", ofProduct, product.Code, a.CustomerNumber)
	}
	return nil
}

// checkRoom is checkCount for a subscription that lives again.
func checkRoom(tx store.Tx, brand *catalogue.Brand, s *Subscription) error {
	a, err := accounts.Get(tx, s.Account)
	if err != nil {
		return err
	}
	product, err := catalogue.ProductConfigByCode(tx, brand, s.ProductCode)
	if err != nil {
		return err
	}
	return checkCount(tx, brand, a, product, 0)
}

// checkCredit holds what an account owes, the balances of its billing groups
// together, against two limits, each of which must hold: the CREDIT_LIMIT of the
// account's owner, the brand's where the owner has none; and the product's. A
// limit is an amount of a currency, the brand's or the product's, and billing
// groups of another one do not count: there is no rate to convert by.
func checkCredit(tx store.Tx, brand *catalogue.Brand, a *Account, product *catalogue.ProductConfig) error {
	groups, err := billingGroups.ofAccount(tx, a.ID)
	if err != nil {
		return err
	}
	balance := map[string]decimal.Decimal{}
	for _, g := range groups {
		balance[g.Balance.Currency] = balance[g.Balance.Currency].Add(g.Balance.Amount)
	}
	within := func(limit decimal.Decimal, currency string) error {
		if owed := balance[currency].Neg(); limit.IsPositive() && owed.GreaterThan(limit) {
			return CreditLimitReached.With("%s > %s", catalogue.Money{Amount: owed, Currency: currency}, catalogue.Money{Amount: limit, Currency: currency})
		}
		return nil
	}
	limit := brand.CreditLimit
	if a.Owner != 0 {
		owner, err := users.Get(tx, a.Owner)
		if err != nil {
			return err
		}
		if owner.CreditLimit > 0 {
			limit = decimal.NewFromInt(owner.CreditLimit)
		}
	}
	if err := within(limit, brand.Currency); err != nil {
		return err
	}
	if product == nil {
		return nil
	}
	return within(product.CreditLimit, product.Currency)
}
