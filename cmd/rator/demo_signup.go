package main

import (
	"fmt"
	"strings"

	"rator/customer"
	"rator/server"
	"rator/soap"
	"rator/store"
)

// firstCustomer signs a customer up at a demo that has none, and says how many it had before.
// Where that is refused, another server of the database, which began together with this one,
// may have been first.
func firstCustomer(t *terminal, st store.Store, endpoint string) (before int64, err error) {
	refused := demoSignUp(t, endpoint)
	if refused == nil {
		return 0, nil
	}
	if before, err = customersIn(t, st); err != nil || before == 0 {
		return 0, refused
	}
	return before, nil
}

// customersIn is how many customers a store has.
func customersIn(t *terminal, st store.Store) (customers int64, err error) {
	err = st.View(t.ctx, func(tx store.Tx) (err error) {
		customers, err = customer.Count(tx)
		return err
	})
	return customers, err
}

// demoSignUp posts one sign-up to the server itself, and shows what came back.
func demoSignUp(t *terminal, endpoint string) error {
	r, err := (&soap.Client{URL: endpoint}).Call(t.ctx, soap.Call{Hookpoint: "SOAP_SIGNUP_CUSTOMER", Values: server.DemoCustomer()})
	if err != nil {
		return err
	}
	if r.ErrorCode != 0 {
		return fmt.Errorf("the demo sign-up failed: %d %s", r.ErrorCode, r.ErrorMessage)
	}
	var b strings.Builder
	printTree(&b, r.Values, "  ")
	_, err = fmt.Fprintf(t.out, "rator: SOAP_SIGNUP_CUSTOMER answered\n%s", b.String())
	return err
}
