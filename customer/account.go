package customer

import (
	"strconv"
	"time"

	"rator/catalogue"
	"rator/customer/internal/record"
	"rator/event"
	"rator/failure"
	"rator/store"
)

// Account is the customer's primary object; nothing of a customer exists without
// it (rator-api.md 2.2, 2.3).
type Account struct {
	store.Base
	Brand           string    // key of its brand
	CustomerNumber  string    `key:"CUSTOMER_NUMBER"` // unique within the brand
	Owner           store.ID  `key:"OWNER_ID"`        // the user who is legally responsible
	DeliveryAddress store.ID  // a user of the account, or none
	State           State     `key:"STATUS"`
	Closed          time.Time // when it was; zero before
	Deleted         time.Time `json:",omitzero"` // when it was taken off the list; zero before
	Modified        time.Time `json:",omitzero"` // as in Part
	AccountFields
}

// AccountFields are what a sign-up says of an account.
type AccountFields struct {
	Type         string `key:"ACCOUNT_TYPE"` // "0" private, "1" company
	ReferencedBy string `key:"REFERENCED_BY"`
	SalesChannel string `key:"SALES_CHANNEL"`
	SalesAgentID string `key:"SALES_AGENT_ID"`
}

// What AccountFields.Type says.
const (
	Private = "0"
	Company = "1"
)

// Role is what a user is to an account, answered as ROLE.
type Role string

// The roles.
const (
	OwnerRole Role = "OWNER"
	UserRole  Role = "USER"
)

const byNumber = "customer_number"

var accounts = record.Keep(store.Define("account", UnknownAccount, func(a *Account) *store.Base { return &a.Base },
	store.Index[Account]{Name: byNumber, Value: func(a *Account) string { return store.Compose(a.Brand, a.CustomerNumber) }, Taken: CustomerNumberTaken,
		Told: func(a *Account) string { return a.CustomerNumber }},
	store.Index[Account]{Name: byListed, Value: (*Account).listedKey, Append: true},
	store.Index[Account]{Name: byClosed, Value: (*Account).closedKey, Append: true},
	store.Index[Account]{Name: byCompanies, Value: (*Account).companyKey, Append: true},
	store.Index[Account]{Name: byDeleted, Value: (*Account).deletedKey, Append: true}).
	Audited().
	Stamp(func(tx store.Tx, a *Account) { a.Modified = tx.Now() }))

func init() { // what is told of an account is whose it is, which the account says
	accounts.Watch(func(tx store.Tx, a *Account, c store.Change) error { return NoteCustomer(tx, a.ID, c) })
}

// firstCustomerNumber is a brand's first CUSTOMER_NUMBER.
const firstCustomerNumber = 100001

// customerNumbers names the sequence of a brand's CUSTOMER_NUMBERs.
func customerNumbers(brand *catalogue.Brand) string { return "customer_number/" + brand.Key }

// passNumber has the brand's next numbers be above the account's. One that is no number,
// or is out of their reach, is in nobody's way.
func (a *Account) passNumber(tx store.Tx, brand *catalogue.Brand) error {
	n, err := strconv.ParseInt(a.CustomerNumber, 10, 62)
	if err != nil || strconv.FormatInt(n, 10) != a.CustomerNumber {
		return nil
	}
	return tx.AtLeast(customerNumbers(brand), n-firstCustomerNumber+1)
}

// CreateAccount makes an account without owner; give it a user, SetOwner and a
// billing group in the same unit (CheckAccount).
func CreateAccount(tx store.Tx, brand *catalogue.Brand, fields AccountFields) (*Account, error) {
	if fields.Type != Private && fields.Type != Company {
		return nil, failure.InvalidRequest.With("ACCOUNT_TYPE %q must be %s (private) or %s (company)", fields.Type, Private, Company)
	}
	number, err := NextCustomerNumber(tx, brand)
	if err != nil {
		return nil, err
	}
	a := &Account{Brand: brand.Key, CustomerNumber: number, State: Active, AccountFields: fields}
	if err := accounts.Insert(tx, a); err != nil {
		return nil, err
	}
	return a, tallied(tx, brand, 1, 0)
}

// NextCustomerNumber takes the next CUSTOMER_NUMBER of a brand.
func NextCustomerNumber(tx store.Tx, brand *catalogue.Brand) (string, error) {
	n, err := tx.Next(customerNumbers(brand))
	return strconv.FormatInt(firstCustomerNumber-1+n, 10), err
}

// AccountByID finds an account of the brand, or fails with UNKNOWN_ACCOUNT.
func AccountByID(tx store.Tx, brand *catalogue.Brand, id store.ID) (*Account, error) {
	a, err := accounts.Get(tx, id)
	if err == nil && a.Brand != brand.Key {
		return nil, UnknownAccount.With("%s", id)
	}
	return a, err
}

// SetOwner makes a user of the account its owner.
func SetOwner(tx store.Tx, brand *catalogue.Brand, account, user store.ID) (*Account, error) {
	a, former, err := setOwner(tx, brand, account, user)
	if err != nil || former == 0 || former == user {
		return a, err
	}
	return a, tellPart(tx, ownerChanged, brand, a.ID, event.ID(ownerKey.Name, user))
}

// setOwner is SetOwner without telling of it; it gives the owner before, 0 for none.
func setOwner(tx store.Tx, brand *catalogue.Brand, account, user store.ID) (*Account, store.ID, error) {
	return updateAccount(tx, brand, account, user, func(a *Account) *store.ID { return &a.Owner })
}

// SetDeliveryAddress makes a user of the account its delivery address.
func SetDeliveryAddress(tx store.Tx, brand *catalogue.Brand, account, user store.ID) (*Account, error) {
	a, _, err := updateAccount(tx, brand, account, user, func(a *Account) *store.ID { return &a.DeliveryAddress })
	return a, err
}

// updateAccount puts a user into the place of an account that role gives, and gives who
// was there before. Nothing changes, and nothing is told, where that is the same user.
func updateAccount(tx store.Tx, brand *catalogue.Brand, account, user store.ID, role func(*Account) *store.ID) (*Account, store.ID, error) {
	a, err := AccountByID(tx, brand, account)
	if err != nil {
		return nil, 0, err
	}
	if err := a.open(); err != nil {
		return nil, 0, err
	}
	if _, err := present(tx, brand, a, user); err != nil {
		return nil, 0, err
	}
	place := role(a)
	former := *place
	if former == user {
		return a, former, nil
	}
	*place = user
	if err := accounts.Put(tx, a); err != nil {
		return nil, 0, err
	}
	return a, former, released(tx, former, user)
}

// CloseAccount ends a customer; then only its balances still move. It fails with
// LIVE_SUBSCRIPTIONS while one is not TERMINATED, and with WRONG_STATE when it is
// CLOSED already. Whether its balances may be open is the caller's to decide
// (CheckSettled).
func CloseAccount(tx store.Tx, brand *catalogue.Brand, account store.ID) (*Account, error) {
	a, err := closeAccount(tx, brand, account)
	if err != nil {
		return nil, err
	}
	return a, tx.Finally(0, a.ID, func(tx store.Tx) error {
		if a, err := accounts.Get(tx, account); err != nil || !a.Deleted.IsZero() {
			return err // customer.deleted tells it too
		}
		return tellPart(tx, accountClosed, brand, account)
	})
}

// closeAccount is CloseAccount without telling of it.
func closeAccount(tx store.Tx, brand *catalogue.Brand, account store.ID) (*Account, error) {
	a, err := AccountByID(tx, brand, account)
	if err != nil {
		return nil, err
	}
	if err := closing.move(ofAccount, a.ID, &a.State); err != nil {
		return nil, err
	}
	subs, err := subscriptions.ofAccount(tx, a.ID)
	if err != nil {
		return nil, err
	}
	for _, s := range subs {
		if s.State != Terminated {
			return nil, LiveSubscriptions.With("subscription %s is %s; terminate it first", s.ID, s.State)
		}
	}
	a.Closed = tx.Now()
	return a, accounts.Put(tx, a)
}

// CheckSettled fails with OPEN_BALANCE when a billing group of an account owes or
// is owed anything, and with what OnCheckSettled adds.
func CheckSettled(tx store.Tx, brand *catalogue.Brand, account store.ID) error {
	a, err := AccountByID(tx, brand, account)
	if err != nil {
		return err
	}
	groups, err := billingGroups.ofAccount(tx, a.ID)
	if err != nil {
		return err
	}
	for _, g := range groups {
		if !g.Balance.Amount.IsZero() {
			return OpenBalance.With("%s has %s %s", g.Name, g.Balance.Amount, g.Balance.Currency)
		}
	}
	for _, check := range settledChecks {
		if err := check(tx, brand, a); err != nil {
			return err
		}
	}
	return nil
}

// settledChecks are asked whether an account is settled.
var settledChecks []func(store.Tx, *catalogue.Brand, *Account) error

// OnCheckSettled makes fn part of CheckSettled, for rooms that know of money which no
// balance shows yet. Call it while a package is initialised.
func OnCheckSettled(fn func(store.Tx, *catalogue.Brand, *Account) error) {
	settledChecks = append(settledChecks, fn)
}

// open fails with WRONG_STATE when the account takes nothing new.
func (a *Account) open() error {
	if a.State != Active {
		return a.State.refuses(ofAccount, a.ID, "be changed")
	}
	return nil
}

// openAccount finds an account of the brand that may get something new.
func openAccount(tx store.Tx, brand *catalogue.Brand, id store.ID) (*Account, error) {
	a, err := AccountByID(tx, brand, id)
	if err != nil {
		return nil, err
	}
	return a, a.open()
}

// RoleOf says what a user of the account is to it.
func (a *Account) RoleOf(user store.ID) Role {
	if a.Owner == user {
		return OwnerRole
	}
	return UserRole
}
