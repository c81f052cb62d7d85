package servertest

import (
	"bytes"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"rator/billing"
	"rator/catalogue"
	"rator/server"
	"rator/store"
	"rator/workflow/value"
)

// Charge charges the first billing group of an account, as an answer has it, 10.
func (s *Server) Charge(t testing.TB, account value.Tree) {
	t.Helper()
	s.InDemo(t, func(tx store.Tx, demo *catalogue.Brand) error {
		amount := decimal.New(10, 0)
		_, err := billing.AddCharge(tx, demo, billing.NewCharge{Group: IDIn(t, account, "BILLING_GROUPS/BILLING_GROUP/ID"), ChargeItem: "MANUAL_DEBIT", Amount: &amount})
		return err
	})
}

// Bill makes the billing run of 1 February 2026.
func (s *Server) Bill(t testing.TB) {
	t.Helper()
	report, err := (&billing.Run{AsOf: time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)}).Do(t.Context(), s.Store)
	if err != nil || report.Refused != 0 {
		t.Fatalf("billing run: %v %+v", err, report)
	}
}

// Update changes something of the store.
func (s *Server) Update(t testing.TB, fn func(store.Tx) error) {
	t.Helper()
	if err := s.Store.Update(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// InDemo changes something of the demo's brand.
func (s *Server) InDemo(t testing.TB, fn func(store.Tx, *catalogue.Brand) error) {
	t.Helper()
	s.Update(t, func(tx store.Tx) error {
		demo, err := catalogue.BrandByKey(tx, server.DemoBrand)
		if err != nil {
			return err
		}
		return fn(tx, demo)
	})
}

// IDIn is the id at a path of an answer.
func IDIn(t testing.TB, answer value.Tree, path string) store.ID {
	t.Helper()
	id, err := store.ParseID(answer.Path(path).Text)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// Places counts, by kind, the records that hold a word, in whatever case, in
// their document or in a key of an index; events are a kind here.
func (s *Server) Places(t testing.TB, word string) map[string]int {
	t.Helper()
	found := map[string]int{}
	look := func(kind string, texts ...[]byte) {
		for _, text := range texts {
			if bytes.Contains(bytes.ToLower(text), []byte(word)) {
				found[kind]++
				return
			}
		}
	}
	AllTold(t, s.Store)
	err := s.Store.View(t.Context(), func(tx store.Tx) error {
		for _, kind := range store.Infos() {
			records, err := tx.Scan(kind.Name, 0, 10_000)
			if err != nil {
				return err
			}
			for _, r := range records {
				texts := [][]byte{r.Doc}
				keys, err := kind.Keys(r.Doc)
				if err != nil {
					return err
				}
				for _, key := range keys {
					texts = append(texts, []byte(key.Value))
				}
				look(kind.Name, texts...)
			}
		}
		events, err := tx.EventsAfter(0, 10_000)
		for _, e := range events {
			look("event", e.Body)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
