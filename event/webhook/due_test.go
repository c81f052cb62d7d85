package webhook

import (
	"context"
	"testing"

	"rator/store"
)

// spanless is a store that is not asked where its events begin and end.
type spanless struct {
	store.Store
	t *testing.T
}

func (s spanless) View(ctx context.Context, fn func(store.Tx) error) error {
	return s.Store.View(ctx, func(tx store.Tx) error { return fn(spanlessTx{tx, s.t}) })
}

type spanlessTx struct {
	store.Tx
	t *testing.T
}

func (tx spanlessTx) EventSpan() (store.EventSpan, error) {
	tx.t.Error("without a webhook it was asked which events there are")
	return tx.Tx.EventSpan()
}

// TestDueWithoutWebhooks: a server that has nobody to tell does not look which events there are.
func TestDueWithoutWebhooks(t *testing.T) {
	s := newScene(t)
	s.deliverer.config.Store = spanless{s.store, t}
	due, err := source{s.deliverer}.Due(t.Context(), s.now(), func(store.ID) bool { return false })
	if err != nil || len(due) > 0 {
		t.Errorf("%v is due, %v", due, err)
	}
}
