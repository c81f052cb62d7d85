package server

import (
	"context"
	"time"

	"rator/access"
	"rator/billing/verify"
	"rator/customer"
	"rator/store"
	"rator/tmf"
	"rator/tmf/resource"
	"rator/unit"
)

// Verify asks every room that keeps something whether it is in order.
func Verify(ctx context.Context, st store.Store, report func(error)) (records int64, err error) {
	records, _, err = VerifyAnchored(ctx, st, access.Anchor{}, report)
	return records, err
}

// VerifyAnchored is Verify with an anchor of the audit, which may be the zero one.
func VerifyAnchored(ctx context.Context, st store.Store, anchor access.Anchor, report func(error)) (records int64, audit *VerifiedSeal, err error) {
	if records, err = st.Verify(ctx, report); err != nil {
		return records, nil, err
	}
	audit, err = VerifyBusiness(ctx, st, anchor, report)
	return records, audit, err
}

// VerifyBusiness is VerifyAnchored without the store's own part.
func VerifyBusiness(ctx context.Context, st store.Store, anchor access.Anchor, report func(error)) (audit *VerifiedSeal, err error) {
	err = st.View(ctx, func(tx store.Tx) error {
		access.Verify(tx, report)
		customer.Verify(tx, report)
		verify.Money(tx, report)
		resource.Verify(tx, report)
		state, err := access.VerifyAudit(tx, anchor, report)
		if err != nil {
			return err
		}
		audit = &VerifiedSeal{SealState: state, At: tx.Now()}
		return unit.VerifyKept(tx, map[string]func(string) error{"tmf": tmf.CheckKept}, report)
	})
	return audit, err
}

// VerifiedSeal is how the audit's chain stood, and when.
type VerifiedSeal struct {
	*access.SealState
	At time.Time
}
