package access_test

import (
	"context"
	"errors"
	"testing"

	"rator/access"
	"rator/store"
)

// TestOperatorChangedInTheMiddleOfCalls: what an administrator changed holds for the next
// look, whoever asked before, and a token that was revoked counts no more.
func TestOperatorChangedInTheMiddleOfCalls(t *testing.T) {
	st := openStore(t)
	var token *access.Token
	update(t, st, func(tx store.Tx) (err error) {
		if _, err = access.Add(tx, local, access.NewOperator{Name: "shop", Brands: []string{"DEMO"}, Rights: []string{"SOAP_*"}}); err != nil {
			return err
		}
		token, err = access.AddToken(tx, local, access.NewToken{Operator: "shop", Text: access.DrawToken()})
		return err
	})
	sees := func(enabled bool, tokens int) func(store.Tx) error {
		return func(tx store.Tx) error {
			for range 2 {
				o, err := access.OperatorByName(tx, "shop")
				if err != nil {
					return err
				}
				all, err := access.Tokens(tx, "shop")
				if err != nil {
					return err
				}
				if o.Enabled != enabled || !o.May("SOAP_X") || len(all) != tokens {
					t.Errorf("enabled %t, rights %q, %d tokens; want %t, %d", o.Enabled, o.Rights, len(all), enabled, tokens)
				}
				o.Enabled, o.Rights[0] = !enabled, "nothing" // which is his own
			}
			return nil
		}
	}
	now := func(fn func(store.Tx) error) {
		t.Helper()
		if err := errors.Join(st.View(context.Background(), fn), st.Look(context.Background(), fn)); err != nil {
			t.Error(err)
		}
	}
	now(sees(true, 1))
	view(t, st, func(tx store.Tx) error {
		if err := sees(true, 1)(tx); err != nil { // its state is of its first question at the latest
			return err
		}
		changed := make(chan error)
		go func() {
			changed <- st.Update(context.Background(), func(tx store.Tx) error {
				return errors.Join(access.Disable(tx, local, "shop"), access.RevokeToken(tx, local, token.ID), sees(false, 0)(tx))
			})
		}()
		err := <-changed
		now(sees(false, 0))
		return errors.Join(err, sees(true, 1)(tx))
	})
	now(sees(false, 0))
}
