package server

import (
	"context"
	"errors"

	"rator/access"
	"rator/catalogue"
	"rator/failure"
	"rator/password"
	"rator/store"
	"rator/workflow/value"
)

// The demo's operator, as README.md names it.
const (
	DemoOperator = "demo"
	DemoPassword = "demo"
	DemoBrand    = "DEMO"
)

// PrepareDemo brings the demo catalogue and operator in; a second time it
// changes nothing. The operator is marked: everybody knows its password.
func PrepareDemo(ctx context.Context, st store.Store) error {
	f, mistakes := catalogue.Load("demo.toml", catalogue.Demo())
	if len(mistakes) > 0 {
		return errors.New(mistakes[0].String())
	}
	hash, err := password.Hash(DemoPassword) // weaker than access takes it
	if err != nil {
		return err
	}
	return st.Update(ctx, func(tx store.Tx) error {
		if _, err := catalogue.Import(tx, f); err != nil {
			return err
		}
		_, err := access.OperatorByName(tx, DemoOperator)
		if failure.CodeOf(err) == access.UnknownOperator {
			_, err = access.Add(tx, access.CommandLine, access.NewOperator{Name: DemoOperator, PasswordHash: hash, Brands: []string{DemoBrand, access.Any}, Rights: []string{"*"}, Demo: true})
		}
		return err
	})
}

// DemoOperatorIn is the demo's operator, whose password is DemoPassword as long as it
// is marked (access.Operator.Demo).
func DemoOperatorIn(ctx context.Context, st store.Store) (o *access.Operator, err error) {
	err = st.View(ctx, func(tx store.Tx) (err error) {
		o, err = access.OperatorByName(tx, DemoOperator)
		return err
	})
	return o, err
}

// DemoCustomer is a whole customer: account, owner, billing group, subscription
// and service.
func DemoCustomer() value.Tree {
	return value.Tree{
		value.OfString("ACCOUNT_TYPE", "0"),
		value.OfString("PRODUCT_CODE", "POST_PAID"),
		value.Of("USER",
			value.OfString("FIRST_NAME", "Åse"), value.OfString("LAST_NAME", "Øre"),
			value.OfString("STREET", "Algade"), value.OfString("STREET_NUMBER", "7"),
			value.OfString("CITY", "Odense"), value.OfString("ZIP", "5000"),
			value.OfString("EMAIL", "aase.oere@example.com"), value.OfString("USERNAME", "aase.oere"), value.OfString("PASSWORD", "secret"),
			value.OfString("BIRTHDAY", "1980-01-31")),
		value.Of("SIGNUP_SERVICES", value.Of("CDMA_SERVICE", value.OfString("ORDER_ID", "1001"))),
		value.Of("CONTEXT",
			value.OfString("LANGUAGE", "EN"), value.OfString("OPERATOR", DemoOperator), value.OfString("PASSWORD", DemoPassword), value.OfString("BRAND_KEY", DemoBrand)),
	}
}
