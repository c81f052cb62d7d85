package main

import (
	"context"
	"time"

	"rator/access"
	"rator/billing"
	"rator/customer"
	"rator/store"
	"rator/tmf"
	"rator/unit"
)

// verifyAll asks every room that keeps something whether it is in order.
func verifyAll(ctx context.Context, st store.Store, report func(error)) (records int64, err error) {
	records, _, err = verifyAnchored(ctx, st, access.Anchor{}, report)
	return records, err
}

// verifyAnchored is verifyAll with an anchor of the audit, which may be the zero one.
func verifyAnchored(ctx context.Context, st store.Store, anchor access.Anchor, report func(error)) (records int64, audit *verifiedSeal, err error) {
	if records, err = st.Verify(ctx, report); err != nil {
		return records, nil, err
	}
	audit, err = verifyBusiness(ctx, st, anchor, report)
	return records, audit, err
}

// verifyBusiness is verifyAnchored without the store's own part.
func verifyBusiness(ctx context.Context, st store.Store, anchor access.Anchor, report func(error)) (audit *verifiedSeal, err error) {
	err = st.View(ctx, func(tx store.Tx) error {
		access.Verify(tx, report)
		customer.Verify(tx, report)
		billing.Verify(tx, report)
		tmf.Verify(tx, report)
		state, err := access.VerifyAudit(tx, anchor, report)
		if err != nil {
			return err
		}
		audit = &verifiedSeal{SealState: state, at: tx.Now()}
		return unit.VerifyKept(tx, map[string]func(string) error{"tmf": tmf.CheckKept}, report)
	})
	return audit, err
}

// verifiedSeal is how the audit's chain stood, and when.
type verifiedSeal struct {
	*access.SealState
	at time.Time
}
