package customer_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// TestBlockSpans: each block is kept with its beginning and its end, by whom and why,
// also when it is over.
func TestBlockSpans(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	at := func(hour int) time.Time { return time.Date(2026, 1, 1, hour, 0, 0, 0, time.UTC) }
	s := openAt(t, &now)
	c := signUp(t, s, "")
	steps := []func(store.Tx, *catalogue.Brand) (*customer.Subscription, error){}
	step := func(do lifecycleStep) {
		steps = append(steps, func(tx store.Tx, b *catalogue.Brand) (*customer.Subscription, error) {
			return do(tx, b, c.subscription)
		})
	}
	block := func(kind, by, reason string) {
		step(func(tx store.Tx, b *catalogue.Brand, id store.ID) (*customer.Subscription, error) {
			return customer.BlockSubscription(tx, b, id, customer.NewBlock{BlockFields: customer.BlockFields{BlockType: kind}, By: by, Reason: reason})
		})
	}
	step(customer.ActivateSubscription)
	block(customer.BlockByCustomer, "till", "away for a year")
	step(customer.UnblockSubscription)
	block(customer.BlockAsStolen, "shop", "")
	step(customer.TerminateSubscription)
	step(customer.ReactivateSubscription)
	block(customer.BlockByOperator, "dunning", "unpaid bills")
	var sub *customer.Subscription
	for hour, do := range steps {
		now = at(hour)
		in(t, s, func(tx store.Tx, demo *catalogue.Brand) (err error) {
			sub, err = do(tx, demo)
			return err
		})
	}
	want := []customer.BlockSpan{
		{Type: customer.BlockByCustomer, From: at(1), Until: at(2), By: "till", Reason: "away for a year"},
		{Type: customer.BlockAsStolen, From: at(3), Until: at(4), By: "shop"},
		{Type: customer.BlockByOperator, From: at(6), By: "dunning", Reason: "unpaid bills"},
	}
	if diff := cmp.Diff(want, sub.Blocks); diff != "" {
		t.Error(diff)
	}
}
