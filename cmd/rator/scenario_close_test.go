package main

import (
	"testing"

	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

func init() { deeds["close-account"] = closeAccount }

// closeAccount closes an account of brand DEMO: close-account ${01:ACCOUNT/ID}.
func closeAccount(t *testing.T, s *scenario, argument string) {
	t.Helper()
	id, err := store.ParseID(s.resolve(t, "close-account", argument))
	if err != nil {
		t.Fatal(err)
	}
	err = s.server.store.Update(t.Context(), func(tx store.Tx) error {
		brand, err := catalogue.BrandByKey(tx, demoBrand)
		if err != nil {
			return err
		}
		_, err = customer.CloseAccount(tx, brand, id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
