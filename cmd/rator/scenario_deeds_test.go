package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"rator/billing"
	"rator/catalogue"
	"rator/store"
	"rator/workflow/value"
)

// Deeds that no shipped hookpoint does for a scenario, of brand DEMO, and what a
// mailer does that reads events.
func init() {
	deeds["charge"] = charge
	deeds["event"] = lastEvent
}

// charge charges a billing group: charge ${01:ACCOUNT/BILLING_GROUPS/BILLING_GROUP/ID} 12.50.
func charge(t *testing.T, s *scenario, argument string) {
	t.Helper()
	id, amount, _ := strings.Cut(s.resolve(t, "charge", argument), " ")
	s.inDemo(t, func(tx store.Tx, demo *catalogue.Brand) error {
		group, err := store.ParseID(id)
		if err != nil {
			return err
		}
		price, err := decimal.NewFromString(amount)
		if err != nil {
			return err
		}
		_, err = billing.AddCharge(tx, demo, billing.NewCharge{Group: group, ChargeItem: "FEE", Amount: &price})
		return err
	})
}

// lastEvent makes what the newest event of a topic says the answer of a step:
// event 03 user.new_password.
func lastEvent(t *testing.T, s *scenario, argument string) {
	t.Helper()
	step, topic, _ := strings.Cut(argument, " ")
	var body []byte
	err := s.server.store.View(t.Context(), func(tx store.Tx) error {
		events, err := tx.EventsAfter(0, 1000)
		for _, e := range events {
			if e.Topic == topic {
				body = e.Body
			}
		}
		return err
	})
	if err != nil || body == nil {
		t.Fatalf("event %s: %v, found %q", topic, err, body)
	}
	var said map[string]any
	if err := json.Unmarshal(body, &said); err != nil {
		t.Fatal(err)
	}
	var answer value.Tree
	for key, x := range said {
		if text, ok := x.(string); ok {
			answer = append(answer, value.OfString(key, text))
		}
	}
	s.answers[step] = answer
}

func (s *scenario) inDemo(t *testing.T, fn func(tx store.Tx, demo *catalogue.Brand) error) {
	t.Helper()
	err := s.server.store.Update(t.Context(), func(tx store.Tx) error {
		demo, err := catalogue.BrandByKey(tx, demoBrand)
		if err != nil {
			return err
		}
		return fn(tx, demo)
	})
	if err != nil {
		t.Fatal(err)
	}
}
