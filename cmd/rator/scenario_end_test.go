package main

import (
	"strings"
	"testing"

	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

func init() { deeds["terminate"] = terminate }

// terminate ends a subscription of a brand: terminate DEMO ${01:SUBSCRIPTION/ID}.
func terminate(t *testing.T, s *scenario, argument string) {
	t.Helper()
	key, text, _ := strings.Cut(s.resolve(t, "terminate", argument), " ")
	id, err := store.ParseID(text)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.server.store.Update(t.Context(), func(tx store.Tx) error {
		brand, err := catalogue.BrandByKey(tx, key)
		if err != nil {
			return err
		}
		_, err = customer.TerminateSubscription(tx, brand, id)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
