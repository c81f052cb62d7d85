package main

import (
	"fmt"
	"time"

	"rator/catalogue"
	"rator/server"
	"rator/store"
	"rator/store/address"
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
	admission, err := server.AdmissionOf(t.ctx, st)
	if err != nil {
		return err
	}
	if admission.Brands == 0 {
		fmt.Fprintln(t.err, "rator: the store has no catalogue; import one: rator catalogue import FILE")
	}
	switch {
	case admission.Operators == 0 && !loopback:
		return misused(fmt.Errorf("--listen %s: without an operator only loopback is served; add one first: rator operator add NAME --store %s", c.Listen, address.Shown(c.Store)))
	case admission.Operators == 0:
		fmt.Fprintln(t.err, "rator: the store has no operator, so every call will be refused; add one: rator operator add NAME")
	}
	c.warn(t, admission.Known, loopback)
	return nil
}

// warn says what makes the server less safe, or an operator of no use, than somebody
// may think.
func (c *serveCommand) warn(t *terminal, known []string, loopback bool) {
	if !c.Demo {
		for _, name := range known {
			fmt.Fprintf(t.err, "rator: warning: everybody knows the password of operator %s, which --demo made, so it is refused; give it another: rator operator passwd %[1]s --store %s (or shut it out: rator operator disable %[1]s --store %[2]s)\n", name, address.Shown(c.Store))
		}
	}
	if !loopback && c.TLSCert == "" {
		fmt.Fprintf(t.err, "rator: warning: --listen %s is plain HTTP beyond this machine, where passwords and customers can be read on the way; use --tls-cert and --tls-key, or listen on loopback behind a proxy that has TLS\n", c.Listen)
	}
}
