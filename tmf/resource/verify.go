package resource

import (
	"fmt"

	"rator/catalogue"
	"rator/customer"
	"rator/store"
	"rator/tmf/jsondoc"
)

// Verify is the check of what this face keeps beside the business (security.md,
// "Crashes"): documents that clients wrote can be
// read and lie over something, payment means and accounts that clients made belong
// to who is there. It reports every fault, and what keeps it from reading.
// Checksums and indexes are the store's to verify.
func Verify(looks store.Looks, report func(error)) {
	checkAll(looks, report, Overlays, (*verification).overlay)
	checkAll(looks, report, MadeMeans, (*verification).mean)
	checkAll(looks, report, WaitingAccounts, (*verification).waiting)
}

type verification struct {
	tx     store.Tx
	report func(error)
}

func checkAll[T any](looks store.Looks, report func(error), kind *store.Kind[T], check func(*verification, *T)) {
	err := kind.Spread(looks, report, nil, func(look int, x *T, report func(error)) {
		check(&verification{looks.Txs[look], report}, x)
	})
	if err != nil {
		report(err)
	}
}

func (v *verification) faulty(what string, id store.ID, format string, args ...any) {
	v.report(fmt.Errorf("%s %s %w", what, id, fmt.Errorf(format, args...)))
}

// readable reports a document that cannot be read.
func (v *verification) readable(what string, id store.ID, text string) {
	if _, err := jsondoc.ReadKept(text); err != nil {
		v.faulty(what, id, "cannot be read: %w", err)
	}
}

// has reports a reference to what is not there; 0 is none.
func (v *verification) has(what string, id store.ID, of string, reference store.ID, in ...func(store.Tx, store.ID) (bool, error)) {
	if reference == 0 {
		return
	}
	for _, exists := range in {
		if found, err := exists(v.tx, reference); found || err != nil {
			if err != nil {
				v.report(err)
			}
			return
		}
	}
	v.faulty(what, id, "is of %s %s, which does not exist", of, reference)
}

func (v *verification) overlay(o *overlay) {
	const what = "overlay"
	v.readable(what, o.ID, o.Written)
	v.readable(what, o.ID, o.Had)
	v.has(what, o.ID, "customer", o.Account, customer.HasAccount)
	switch o.Resource {
	case "customer":
		v.has(what, o.ID, o.Resource, o.Object, customer.HasAccount)
	case "customerAccount":
		v.has(what, o.ID, o.Resource, o.Object, customer.HasBillingGroup, existsIn(WaitingAccounts))
	case "paymentMean":
		if o.Account == 0 { // else it may be of a recharge ticket, which other faces replace
			v.has(what, o.ID, o.Resource, o.Object, existsIn(MadeMeans), customer.HasBillingGroup, customer.HasRechargeTicket)
		}
	default:
		v.faulty(what, o.ID, "lies over a %q", o.Resource)
	}
	if o.Object == 0 {
		v.faulty(what, o.ID, "lies over nothing")
	}
}

func (v *verification) mean(m *madeMean) {
	const what = "payment mean"
	v.brand(what, m.ID, m.Brand)
	v.has(what, m.ID, "billing group", m.Group, customer.HasBillingGroup)
	v.has(what, m.ID, "customer", m.Account, customer.HasAccount)
	v.covered(what, m.ID, "paymentMean")
}

func (v *verification) waiting(w *waitingAccount) {
	const what = "waiting account"
	v.brand(what, w.ID, w.Brand)
	v.covered(what, w.ID, "customerAccount")
	if found, err := customer.HasBillingGroup(v.tx, w.ID); err != nil {
		v.report(err)
	} else if found {
		v.faulty(what, w.ID, "is a billing group already")
	}
}

func (v *verification) brand(what string, id store.ID, key string) {
	if _, err := catalogue.BrandByKey(v.tx, key); err != nil {
		v.faulty(what, id, "is of brand %q: %w", key, err)
	}
}

// covered reports a thing that has nothing of what a client said of it.
func (v *verification) covered(what string, id store.ID, resource string) {
	o, err := OverlayOf(v.tx, resource, id)
	if err != nil {
		v.report(err)
	} else if o.ID == 0 {
		v.faulty(what, id, "has no document")
	}
}

func existsIn[T any](kind *store.Kind[T]) func(store.Tx, store.ID) (bool, error) {
	return func(tx store.Tx, id store.ID) (bool, error) {
		_, err := kind.Get(tx, id)
		if IsAbsent(err) {
			return false, nil
		}
		return err == nil, err
	}
}
