package main

import (
	"fmt"
	"strings"

	"rator/customer"
	"rator/server"
	"rator/soap"
	"rator/store"
)

// demoSignUp has a demo have a customer, be it by another server of its database that began
// together with it.
func (c *serveCommand) demoSignUp(t *terminal, s *server.Server, shown *screen) error {
	failed := demoSignUp(t, shown.endpoint)
	if failed == nil {
		return nil
	}
	customers, err := customersIn(t, s.Store)
	if err != nil || customers == 0 {
		return failed
	}
	shown.customers = customers
	return nil
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
