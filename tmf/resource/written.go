package resource

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"rator/customer"
	"rator/store"
	"rator/tmf/jsondoc"
)

// Written is what clients wrote beside one customer, oldest first, for those who take
// customers out and in: what lies over what is the customer's, and the payment means that
// clients made for it. What belongs to no customer yet, an account that waits for its
// customer or a payment mean of nobody, is of none.
type Written struct {
	Overlays     []*overlay
	PaymentMeans []*madeMean
}

// WrittenOf reads what was written beside each of these accounts, in their order.
func WrittenOf(tx store.Tx, accounts ...store.ID) ([]Written, error) {
	all := make([]Written, len(accounts))
	var b store.Batch
	for i, id := range accounts {
		Overlays.Ask(&b, ByAccount, id.String(), &all[i].Overlays)
	}
	if err := b.Answer(tx); err != nil {
		return nil, err
	}
	var means store.Batch
	found := make([][]*madeMean, len(accounts))
	for i := range all {
		found[i] = make([]*madeMean, len(all[i].Overlays))
		for n, o := range all[i].Overlays {
			if o.Resource == "paymentMean" {
				MadeMeans.AskID(&means, o.Object, &found[i][n])
			}
		}
	}
	if err := means.Answer(tx); err != nil {
		return nil, err
	}
	for i := range all {
		all[i].PaymentMeans = slices.DeleteFunc(found[i], func(m *madeMean) bool { return m == nil })
		slices.SortFunc(all[i].PaymentMeans, func(a, b *madeMean) int { return cmp.Compare(a.ID, b.ID) })
	}
	return all, nil
}

// HideSecrets takes the PINs of accounts out: each reads as one does that was sealed with
// another key.
func (w *Written) HideSecrets() error {
	for _, o := range w.Overlays {
		doc, err := jsondoc.ReadKept(o.Written)
		if err != nil {
			return fmt.Errorf("overlay %s: %w", o.ID, err)
		}
		if pin, found := doc.Get(pinMember); found && o.Resource == "customerAccount" && pin.Kind() == jsondoc.String {
			o.now, o.Written = nil, hidePIN(doc).String()
		}
	}
	return nil
}

// Load keeps everything as it is, with its ids, as written beside an account that is
// kept; what names none is this one's. It fails for what is of another customer or brand.
func (w *Written) Load(tx store.Tx, a *customer.Account) error {
	for _, m := range w.PaymentMeans {
		if m.Brand == "" {
			m.Brand = a.Brand
		}
		if m.Brand != a.Brand {
			return fmt.Errorf("payment mean %s is of brand %q, its customer of %q", m.ID, m.Brand, a.Brand)
		}
		if err := MadeMeans.Load(tx, m); err != nil {
			return err
		}
	}
	for _, o := range w.Overlays {
		if o.Account == 0 {
			o.Account = a.ID
		}
		if o.Account != a.ID {
			return fmt.Errorf("overlay %s is of account %s, and stands beside account %s", o.ID, o.Account, a.ID)
		}
		if err := Overlays.Load(tx, o); err != nil {
			return err
		}
	}
	return nil
}

// Verify is what the check of all says of what was written beside one customer.
func (w *Written) Verify(tx store.Tx, report func(error)) {
	v := &verification{tx, report}
	for _, m := range w.PaymentMeans {
		v.mean(m)
	}
	for _, o := range w.Overlays {
		v.overlay(o)
	}
}

// KeepOf leaves what lies over these objects, and the payment means that one of them pays
// by or is named in.
func (w *Written) KeepOf(objects []store.ID) {
	w.PaymentMeans = slices.DeleteFunc(w.PaymentMeans, func(m *madeMean) bool {
		return !slices.Contains(objects, m.Group) && !slices.Contains(objects, m.Payer)
	})
	for _, m := range w.PaymentMeans {
		objects = append(objects[:len(objects):len(objects)], m.ID)
	}
	w.Overlays = slices.DeleteFunc(w.Overlays, func(o *overlay) bool { return !slices.Contains(objects, o.Object) })
}

// ChangedSince reports whether anything was written at a time or later.
func (w *Written) ChangedSince(since time.Time) bool {
	return slices.ContainsFunc(w.Overlays, func(o *overlay) bool { return !o.Changed.Before(since) }) ||
		slices.ContainsFunc(w.PaymentMeans, func(m *madeMean) bool { return !keptOr(m.Modified, m.Made).Before(since) })
}
