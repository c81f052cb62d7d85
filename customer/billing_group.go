package customer

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"rator/catalogue"
	"rator/event"
	"rator/store"
)

// BillingGroup is a set of subscriptions of an account that are paid together;
// balance and invoicing live here (rator-api.md 2.2, 2.5).
type BillingGroup struct {
	Part
	Owner           store.ID                   `key:"OWNER_ID"` // the user who gets the bill
	Type            catalogue.BillingGroupType `key:"TYPE"`
	BillingCycle    catalogue.BillingCycle     `key:"BILLING_CYCLE"` // "" for a prepaid one; see TermsOn
	CreditDays      int                        // from invoice to due date; see TermsOn
	Created         time.Time                  // zero: by a version that did not keep it
	Balance         catalogue.Money            `key:"BALANCE"`     // sum of billing's postings; negative = the customer owes
	LaterTerms      []BillingTerms             `json:",omitempty"` // in place of BillingCycle and CreditDays, each from its day on, oldest first
	ReceiversBefore []ReceiverUntil            `json:",omitempty"` // whom its bills went to before, oldest first
	DunningPause    *DunningPause              `json:",omitempty"` // nil while it is dunned as it is late
	BillingGroupFields
}

// BillingGroupFields are what a request may say of a billing group, at creation
// and later.
type BillingGroupFields struct {
	Name                  string   `key:"NAME"`               // unique within the account; by default CUSTOMER_NUMBER-n
	BillingAddress        store.ID `key:"BILLING_ADDRESS_ID"` // a user of the account, or none
	BankAccountNumber     string   `key:"BANK_ACCOUNT_NUMBER"`
	BankRegNumber         string   `key:"BANK_REG_NUMBER" out:"-"`
	BankIdentifierCode    string   `key:"BANK_IDENTIFIER_CODE"`
	IBANNumber            string   `key:"IBAN_NUMBER"`
	PBSNumber             string   `key:"PBS_NUMBER" out:"-"` // Danish direct debit
	EANNumber             string   `key:"EAN_NUMBER" out:"-"` // Danish e-invoice
	InvoiceDeliveryType   string   `key:"INVOICE_DELIVERY_TYPE" out:"-"`
	InvoiceDeliveryTypeID string   `key:"INVOICE_DELIVERY_TYPE_ID" out:"-"` // 1 e-mail, 2 postal, 3 EHF
	AddBillingFee         string   `key:"ADD_BILLING_FEE" out:"-"`          // Y or N
}

const (
	byName      = "name"       // within an account
	byPlainName = "plain_name" // whoever's
)

var billingGroups = define[BillingGroup]("billing_group", UnknownBillingGroup,
	store.Index[BillingGroup]{Name: byName, Value: func(g *BillingGroup) string { return store.Compose(g.Account.String(), g.Name) }, Taken: BillingGroupNameNotUnique,
		Told: func(g *BillingGroup) string { return "NAME " + g.Name }},
	store.Index[BillingGroup]{Name: byPlainName, Value: func(g *BillingGroup) string { return g.Name }}).
	watched(noteGroup)

// NewBillingGroup is what CreateBillingGroup needs.
type NewBillingGroup struct {
	ID          store.ID // one that the store gave and that no billing group has; 0 = a new one
	Account     store.ID
	Owner       store.ID // a user of the account
	ProductCode string   // decides type, currency, billing cycle and credit days
	BillingGroupFields
}

// CreateBillingGroup adds a billing group to an account, with a balance of 0.
func CreateBillingGroup(tx store.Tx, brand *catalogue.Brand, n NewBillingGroup) (*BillingGroup, error) {
	a, err := openAccount(tx, brand, n.Account)
	if err != nil {
		return nil, err
	}
	if _, err := present(tx, brand, a, n.Owner); err != nil {
		return nil, err
	}
	product, err := soldProduct(tx, brand, n.ProductCode)
	if err != nil {
		return nil, err
	}
	return createGroup(tx, brand, a, n, product)
}

// createGroup makes a billing group for a product, whether that is still sold or not.
func createGroup(tx store.Tx, brand *catalogue.Brand, a *Account, n NewBillingGroup, product *catalogue.ProductConfig) (*BillingGroup, error) {
	g := &BillingGroup{
		Part: Part{Account: a.ID}, Owner: n.Owner,
		Type: product.BillingGroupType, BillingCycle: product.BillingCycle, CreditDays: product.CreditDays, Created: tx.Now(),
		Balance:            catalogue.Money{Amount: decimal.Zero, Currency: product.Currency},
		BillingGroupFields: n.BillingGroupFields,
	}
	if g.Name == "" {
		name, err := nextGroupName(tx, a)
		if err != nil {
			return nil, err
		}
		g.Name = name
	}
	if err := g.check(tx, brand, a); err != nil {
		return nil, err
	}
	if err := g.insert(tx, n.ID); err != nil {
		return nil, err
	}
	if before, err := bornBefore(tx, a.ID); err != nil || !before {
		return g, err
	}
	return g, tellPart(tx, groupCreated, brand, a.ID, event.ID(groupKey.Name, g.ID))
}

// insert keeps a new billing group, under an id that the store gave; 0 = a new one.
func (g *BillingGroup) insert(tx store.Tx, id store.ID) error {
	if id != 0 {
		return billingGroups.InsertAs(tx, g, id)
	}
	return billingGroups.Insert(tx, g)
}

// BillingGroupByID finds a billing group of the brand, or fails with
// UNKNOWN_BILLING_GROUP.
func BillingGroupByID(tx store.Tx, brand *catalogue.Brand, id store.ID) (*BillingGroup, error) {
	g, _, err := billingGroups.in(tx, brand, id)
	return g, err
}

// UpdateBillingGroup lets change set fields of a billing group; it may run more
// than once. An emptied NAME becomes the default again.
func UpdateBillingGroup(tx store.Tx, brand *catalogue.Brand, id store.ID, change func(*BillingGroupFields) error) (*BillingGroup, error) {
	g, a, err := billingGroups.in(tx, brand, id)
	if err != nil {
		return nil, err
	}
	if err := a.open(); err != nil {
		return nil, err
	}
	address, receiver := g.BillingAddress, g.Receiver()
	if err := change(&g.BillingGroupFields); err != nil {
		return nil, err
	}
	if g.Name == "" {
		if g.Name, err = nextGroupName(tx, a); err != nil {
			return nil, err
		}
	}
	if err := g.check(tx, brand, a); err != nil {
		return nil, err
	}
	g.redirected(tx, brand, receiver)
	if err := billingGroups.Put(tx, g); err != nil {
		return nil, err
	}
	return g, released(tx, address, g.BillingAddress)
}

// MoveBalance adds to a billing group's balance. It is the ledger's alone to
// call: each movement is a posting of billing's, in the same unit.
func MoveBalance(tx store.Tx, brand *catalogue.Brand, id store.ID, by decimal.Decimal) (*BillingGroup, error) {
	g, _, err := billingGroups.in(tx, brand, id)
	if err != nil {
		return nil, err
	}
	g.Balance.Amount = g.Balance.Amount.Add(by)
	return g, billingGroups.Put(tx, g)
}

// SetBillingAddress makes a user of the account the group's billing address.
func SetBillingAddress(tx store.Tx, brand *catalogue.Brand, group, user store.ID) (*BillingGroup, error) {
	return UpdateBillingGroup(tx, brand, group, func(f *BillingGroupFields) error {
		f.BillingAddress = user
		return nil
	})
}

// check sees to it that the billing address is a user of the account.
func (g *BillingGroup) check(tx store.Tx, brand *catalogue.Brand, a *Account) error {
	if g.BillingAddress == 0 {
		return nil
	}
	_, err := present(tx, brand, a, g.BillingAddress)
	return err
}

// nextGroupName is CUSTOMER_NUMBER-n, n counting the account's groups and passing
// names that are taken (rator-api.md 1.7).
func nextGroupName(tx store.Tx, a *Account) (string, error) {
	groups, err := billingGroups.ofAccount(tx, a.ID)
	if err != nil {
		return "", err
	}
	taken := make(map[string]bool, len(groups))
	for _, g := range groups {
		taken[g.Name] = true
	}
	for n := len(groups) + 1; ; n++ {
		if name := fmt.Sprintf("%s-%d", a.CustomerNumber, n); !taken[name] {
			return name, nil
		}
	}
}

// soldProduct finds a product configuration that is still sold.
func soldProduct(tx store.Tx, brand *catalogue.Brand, code string) (*catalogue.ProductConfig, error) {
	p, err := catalogue.ProductConfigByCode(tx, brand, code)
	if err != nil {
		return nil, err
	}
	return p, p.CheckSold()
}
