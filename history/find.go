package history

import (
	"fmt"
	"strings"

	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

// Name names a customer: by customer number, by a phone number in use, or by the account's
// id. Brand is a key; "" asks every brand.
type Name struct {
	Number, MSISDN string
	Account        store.ID
	Brand          string
}

// unknownError says that nobody has that name.
type unknownError struct{ what, brands string }

func (e *unknownError) Error() string {
	return fmt.Sprintf("no customer of %s has %s", e.brands, e.what)
}

// AmbiguousError says that customers of more than one brand have that name.
type AmbiguousError struct{ what, brands string }

func (e *AmbiguousError) Error() string {
	return fmt.Sprintf("%s is of more than one customer: brands %s; say which", e.what, e.brands)
}

// Find finds the customer that is named. It fails with *unknownError, *AmbiguousError, or
// catalogue's error when there is no such brand.
func Find(tx store.Tx, n Name) (*customer.Account, *catalogue.Brand, error) {
	brands, err := n.Brands(tx)
	if err != nil {
		return nil, nil, err
	}
	var account *customer.Account
	var of *catalogue.Brand
	var keys, found []string
	for _, brand := range brands {
		keys = append(keys, brand.Key)
		a, err := n.in(tx, brand)
		switch failure.CodeOf(err) {
		case customer.UnknownCustomer, customer.UnknownAccount:
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		account, of, found = a, brand, append(found, brand.Key)
	}
	switch len(found) {
	case 0:
		return nil, nil, &unknownError{n.String(), "brand " + strings.Join(keys, ", ")}
	case 1:
		return account, of, nil
	}
	return nil, nil, &AmbiguousError{n.String(), strings.Join(found, ", ")}
}

// Brands are those to ask. It fails with catalogue's error where the one that is named is not
// there.
func (n Name) Brands(tx store.Tx) (all []*catalogue.Brand, err error) {
	if n.Brand != "" {
		b, err := catalogue.BrandByKey(tx, n.Brand)
		return []*catalogue.Brand{b}, err
	}
	for b, err := range catalogue.AllBrands(tx) {
		if err != nil {
			return nil, err
		}
		all = append(all, b)
	}
	return all, nil
}

// in finds the customer of a brand.
func (n Name) in(tx store.Tx, brand *catalogue.Brand) (a *customer.Account, err error) {
	switch {
	case n.Account != 0:
		return customer.AccountByID(tx, brand, n.Account)
	case n.MSISDN != "":
		a, _, err = customer.FindByMSISDN(tx, brand, n.MSISDN)
	default:
		a, _, err = customer.FindByCustomerNumber(tx, brand, n.Number)
	}
	return a, err
}

// String is the name as a person says it.
func (n Name) String() string {
	switch {
	case n.Account != 0:
		return "account " + n.Account.String()
	case n.MSISDN != "":
		return "phone number " + n.MSISDN
	}
	return "customer number " + n.Number
}
