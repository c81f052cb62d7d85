package main

import (
	"fmt"
	"strings"
	"testing"

	"rator/billing/ledger"
	"rator/catalogue"
	"rator/customer"
	"rator/server"
	"rator/server/servertest"
	"rator/store"
)

// invoiced is every invoice of brand DEMO with its lines, as text, by customer and
// number. Ids are left out: they say when something was made.
func invoiced(t testing.TB, file string) (all []string) {
	t.Helper()
	st := servertest.OpenStore(t, file)
	defer st.Close()
	err := st.View(t.Context(), func(tx store.Tx) error {
		demo, err := catalogue.BrandByKey(tx, server.DemoBrand)
		if err != nil {
			return err
		}
		for position, more := []byte(nil), true; more; more = position != nil {
			page, next, err := customer.AccountsPage(tx, demo, position, 500)
			if err != nil {
				return err
			}
			for _, a := range page {
				texts, err := invoicesOf(tx, demo, a)
				if err != nil {
					return err
				}
				all = append(all, texts...)
			}
			position = next
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func invoicesOf(tx store.Tx, demo *catalogue.Brand, a *customer.Account) (all []string, err error) {
	groups, err := customer.BillingGroupsOf(tx, a.ID)
	if err != nil {
		return nil, err
	}
	for _, g := range groups {
		made, _, err := ledger.Invoices.Page(tx, ledger.ByGroup, g.ID.String(), nil, 100)
		if err != nil {
			return nil, err
		}
		posted, _, err := ledger.Postings.Page(tx, ledger.ByGroup, g.ID.String(), nil, 1000)
		if err != nil {
			return nil, err
		}
		for _, i := range made {
			var b strings.Builder
			fmt.Fprintf(&b, "%s %s %s due %s, %s..%s: %s + %s = %s, %s settled, %s, carried %s", a.CustomerNumber, i.Number, i.Date, i.DueDate, i.From, i.Until, i.Net, i.Tax, i.Total, i.Settled, i.Dunning, i.Carried)
			for _, p := range posted {
				if p.Invoice == i.ID {
					fmt.Fprintf(&b, "\n  %s %s %s %s %s..%s %s %s", p.Date, p.Kind, p.Text, p.Option, p.From, p.Until, p.Rate, p.Amount)
				}
			}
			all = append(all, b.String())
		}
	}
	return all, nil
}
