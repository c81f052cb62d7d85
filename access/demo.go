package access

import (
	"context"

	"rator/password"
	"rator/store"
)

// MarkDemo marks the operator of a demo that was made before there was the mark, and
// before ActFor: it is recognised by its password. One that is not there is none.
func MarkDemo(ctx context.Context, st store.Store, by Administrator, name, plain string) error {
	var o *Operator
	err := st.View(ctx, func(tx store.Tx) (err error) {
		o, err = known(tx, name)
		return err
	})
	if err != nil || o == nil || o.Demo || o.ActFor != nil || o.PasswordHash == "" {
		return err
	}
	if right, err := password.Verify(o.PasswordHash, plain); err != nil || !right {
		return err
	}
	return st.Update(ctx, func(tx store.Tx) error {
		return by.change(tx, name, "operator demo", "its password is the demo's", func(o *Operator) error {
			o.Demo = true
			return nil
		})
	})
}
