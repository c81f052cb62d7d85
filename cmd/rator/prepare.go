package main

import (
	"fmt"
	"time"

	"rator/access"
	"rator/catalogue"
	"rator/server"
	"rator/store"
)

// prepare brings in the catalogue that is named, refuses to be open to a network that
// nobody has been given access from, and says what is not safe.
func (c *serveCommand) prepare(t *terminal, st store.Store, named *catalogue.File) error {
	loopback, err := c.loopback()
	if err != nil {
		return err
	}
	if c.Demo {
		if err := server.PrepareDemo(t.ctx, st); err != nil {
			return err
		}
	}
	if named != nil {
		if _, err := importCatalogue(t, st, named, time.Time{}); err != nil {
			return err
		}
	}
	if err := serveIn(t, st, c.TimeZone); err != nil {
		return err
	}
	if err := access.MarkDemo(t.ctx, st, local, server.DemoOperator, server.DemoPassword); err != nil {
		return err
	}
	var operators []*access.Operator
	brands := 0
	err = st.View(t.ctx, func(tx store.Tx) (err error) {
		for _, err := range catalogue.Brands.Scan(tx) {
			if err != nil {
				return err
			}
			brands++
		}
		operators, err = access.Operators(tx)
		return err
	})
	if err != nil {
		return err
	}
	if brands == 0 {
		fmt.Fprintln(t.err, "rator: the store has no catalogue; import one: rator catalogue import FILE")
	}
	switch {
	case len(operators) == 0 && !loopback:
		return misused(fmt.Errorf("--listen %s: without an operator only loopback is served; add one first: rator operator add NAME --store %s", c.Listen, c.Store))
	case len(operators) == 0:
		fmt.Fprintln(t.err, "rator: the store has no operator, so every call will be refused; add one: rator operator add NAME")
	}
	c.warn(t, operators, loopback)
	return nil
}

// warn says what makes the server less safe, or an operator of no use, than somebody
// may think.
func (c *serveCommand) warn(t *terminal, operators []*access.Operator, loopback bool) {
	for _, o := range operators {
		if o.Demo && o.Enabled && !c.Demo {
			fmt.Fprintf(t.err, "rator: warning: everybody knows the password of operator %s, which --demo made, so it is refused; give it another: rator operator passwd %[1]s --store %s (or shut it out: rator operator disable %[1]s --store %[2]s)\n", o.Name, c.Store)
		}
	}
	if !loopback && c.TLSCert == "" {
		fmt.Fprintf(t.err, "rator: warning: --listen %s is plain HTTP beyond this machine, where passwords and customers can be read on the way; use --tls-cert and --tls-key, or listen on loopback behind a proxy that has TLS\n", c.Listen)
	}
}
