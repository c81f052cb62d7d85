package customer

import (
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
// is not ACTIVE and TOO_MANY_SUBSCRIPTIONS. What the account owes is billing's to
// look at.
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
	return checkCount(tx, brand, a, product, 1)
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

// lengths are how many characters the texts of customers have at most, by the keys
// they travel under. They are those of the shipped contracts; a test compares them.
var lengths = map[string]int{
	"COMPANY": 200, "TITLE": 50, "FIRST_NAME": 100, "LAST_NAME": 100,
	"STREET": 200, "STREET_NUMBER": 20, "STREET_DIRECTION": 20, "STREET_UNIT": 20, "FLOOR": 20, "FLOOR_UNIT": 20,
	"ADDRESS2": 200, "CITY": 100, "ZIP": 20, "ZIP_EXTENSION": 20, "STATE": 50, "COUNTRY": 60,
	"PHONE1": 40, "PHONE2": 40, "PHONE3": 40, "FAX": 40, "EMAIL": 254, "EMAIL2": 254,
	"USERNAME": 100, "PERSONAL_ID": 40, "PERSONAL_ID_TYPE": 40, "GENDER": 10, "LANGUAGE_CODE": 10, "COMMUNICATION_TYPE": 40, "VAT_NUMBER": 40,
	"SALES_CHANNEL": 60, "SALES_AGENT_ID": 60, "REFERENCED_BY": 60, "PRODUCT_CODE": 60,
	"NAME": 100, "BANK_ACCOUNT_NUMBER": 40, "BANK_REG_NUMBER": 40, "BANK_IDENTIFIER_CODE": 11, "IBAN_NUMBER": 34, "PBS_NUMBER": 40, "EAN_NUMBER": 40,
	"INVOICE_DELIVERY_TYPE": 40,
}

// Longest is how many characters the text under a key of a customer's may have
// when it comes from outside: of a User, a Billing Group (NAME), or the sign-up
// itself. 0 is no limit of its own.
func Longest(key string) int { return lengths[key] }
