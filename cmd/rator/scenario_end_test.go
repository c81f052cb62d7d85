package main

import (
	"strings"
	"testing"

	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// Deeds that end what the scenarios need ended: terminate and
// close-account, each with a brand's key and an id, such as DEMO ${01:ACCOUNT/ID}.
func init() {
	deeds["terminate"] = ending(func(tx store.Tx, b *catalogue.Brand, id store.ID) error {
		_, err := customer.TerminateSubscription(tx, b, id)
		return err
	})
	deeds["close-account"] = ending(func(tx store.Tx, b *catalogue.Brand, id store.ID) error {
		_, err := customer.CloseAccount(tx, b, id)
		return err
	})
}

func ending(end func(store.Tx, *catalogue.Brand, store.ID) error) func(*testing.T, *scenario, string) {
	return func(t *testing.T, s *scenario, argument string) {
		t.Helper()
		key, text, _ := strings.Cut(s.resolve(t, "a deed", argument), " ")
		id, err := store.ParseID(text)
		if err != nil {
			t.Fatal(err)
		}
		err = s.server.store.Update(t.Context(), func(tx store.Tx) error {
			b, err := catalogue.BrandByKey(tx, key)
			if err != nil {
				return err
			}
			return end(tx, b, id)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
