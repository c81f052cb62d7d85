package server

import (
	"context"
	"runtime"
	"runtime/debug"
	"sync/atomic"
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

// VerifyBusiness is VerifyAnchored without the store's own part. Customers and money are
// looked at by as many goroutines as run at a time; what goes along one chain, beside them.
func VerifyBusiness(ctx context.Context, st store.Store, anchor access.Anchor, report func(error)) (audit *VerifiedSeal, err error) {
	const beside = 2 // the audit, and kept answers
	err = st.Views(ctx, runtime.GOMAXPROCS(0)+beside, func(looks store.Looks) error {
		alone := looks.Txs[:beside]
		looks.Txs = looks.Txs[beside:]
		chain := runAside(func(report func(error)) error {
			state, err := access.VerifyAudit(alone[0], anchor, report)
			if err == nil {
				audit = &VerifiedSeal{SealState: state, At: alone[0].Now()}
			}
			return err
		})
		kept := runAside(func(report func(error)) error {
			return unit.VerifyKept(alone[1], map[string]func(string) error{"tmf": tmf.CheckKept}, report)
		})
		defer chain.wait()
		defer kept.wait()
		tx := looks.Txs[0]
		if err := tellLooked(ctx, tx, &looks); err != nil {
			return err
		}
		access.Verify(tx, report)
		customer.Verify(looks, report)
		verify.Money(looks, report)
		resource.Verify(looks, report)
		if err := chain.tell(report); err != nil {
			return err
		}
		return kept.tell(report)
	})
	if err != nil {
		return nil, err
	}
	return audit, nil
}

// tellLooked has it told how many customers and billing groups were looked at (store.Tell).
func tellLooked(ctx context.Context, tx store.Tx, looks *store.Looks) error {
	customers, err := customer.Count(tx)
	if err != nil {
		return err
	}
	groups, err := customer.BillingGroupCount(tx)
	var done atomic.Int64
	looks.Told = func(n int) {
		store.Tell(ctx, store.Progress{Of: "customers and billing groups", Done: min(done.Add(int64(n)), customers+groups), Total: customers + groups})
	}
	return err
}

// aside is a check that runs in a goroutine of its own.
type aside struct {
	ended    chan struct{}
	faults   []error
	err      error
	panicked *store.Panic
}

func runAside(check func(report func(error)) error) *aside {
	a := &aside{ended: make(chan struct{})}
	go func() {
		defer close(a.ended)
		defer debug.SetPanicOnFault(debug.SetPanicOnFault(true)) // as a View does
		defer func() {
			if v := recover(); v != nil {
				a.panicked = &store.Panic{Value: v, Stack: debug.Stack()}
			}
		}()
		a.err = check(func(fault error) { a.faults = append(a.faults, fault) })
	}()
	return a
}

func (a *aside) wait() { <-a.ended }

// tell reports what was found. A panic of the check goes on here.
func (a *aside) tell(report func(error)) error {
	a.wait()
	for _, fault := range a.faults {
		report(fault)
	}
	if a.panicked != nil {
		panic(a.panicked)
	}
	return a.err
}

// VerifiedSeal is how the audit's chain stood, and when.
type VerifiedSeal struct {
	*access.SealState
	At time.Time
}
