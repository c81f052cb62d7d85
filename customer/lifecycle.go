package customer

import (
	"time"

	"rator/catalogue"
	"rator/event"
	"rator/store"
)

// The operations that take a subscription, and its services with it, from one
// state to the next. Each fails with WRONG_STATE where the state machine has no
// such way, or when the account is not ACTIVE.

// ActivateSubscription takes a CREATED subscription into use; without a service
// it fails with NO_SERVICE.
func ActivateSubscription(tx store.Tx, brand *catalogue.Brand, id store.ID) (*Subscription, error) {
	s, err := moveSubscription(tx, brand, id, activation, func(s *Subscription) { s.Started = tx.Now() })
	if err != nil {
		return nil, err
	}
	return s, s.tell(tx, subscriptionActivated, brand)
}

// BlockSubscription bars an ACTIVE subscription, for instance as stolen, and keeps since
// when, by whom and why (Subscription.Blocks). It fails with STOLEN_DATE_OUT_OF_RANGE for
// a date in the future.
func BlockSubscription(tx store.Tx, brand *catalogue.Brand, id store.ID, b NewBlock) (*Subscription, error) {
	if err := b.check(brand, tx.Now()); err != nil {
		return nil, err
	}
	s, err := moveSubscription(tx, brand, id, blocking, func(s *Subscription) {
		s.BlockFields = b.BlockFields
		s.Blocks = append(s.Blocks, BlockSpan{Type: b.BlockType, From: tx.Now(), By: b.By, Reason: b.Reason})
	})
	if err != nil {
		return nil, err
	}
	return s, s.tell(tx, subscriptionBlocked, brand, event.Text("BLOCK_TYPE", b.BlockType))
}

// UnblockSubscription makes a BLOCKED subscription ACTIVE again.
func UnblockSubscription(tx store.Tx, brand *catalogue.Brand, id store.ID) (*Subscription, error) {
	s, err := moveSubscription(tx, brand, id, unblocking, func(s *Subscription) { s.BlockFields = BlockFields{} })
	if err != nil {
		return nil, err
	}
	return s, s.tell(tx, subscriptionUnblocked, brand)
}

// TerminateSubscription ends a subscription now, with its options and the sharing
// of services with it or by it, and cancels its PENDING orders and the termination
// that was scheduled; its phone numbers go back to their series, where nobody
// else gets them before their quarantine is over.
func TerminateSubscription(tx store.Tx, brand *catalogue.Brand, id store.ID) (*Subscription, error) {
	return terminate(tx, brand, id, tx.Now(), 0)
}

// terminate is TerminateSubscription with the moment from which the subscription is
// not paid for any more: now, or one that has passed, but none before its start; and
// with the termination that it ends by, 0 for none.
func terminate(tx store.Tx, brand *catalogue.Brand, id store.ID, ended time.Time, by store.ID) (*Subscription, error) {
	s, err := moveSubscription(tx, brand, id, termination, func(s *Subscription) {
		s.Ended, s.BlockFields = later(ended, s.Started), BlockFields{}
	})
	if err != nil {
		return nil, err
	}
	if err := endParts(tx, s); err != nil {
		return nil, err
	}
	for _, told := range enders {
		if err := told(tx, brand, s); err != nil {
			return nil, err
		}
	}
	return s, tellPart(tx, subscriptionTerminated, brand, s.Account, event.ID(subscriptionKey.Name, s.ID), event.ID(terminationKey.Name, by))
}

// ReactivateSubscription makes a TERMINATED subscription ACTIVE again, with the
// options, shared services and numbers it ended with; orders stay cancelled. After
// the quarantine another may have got a number of it: NUMBER_TAKEN or
// NUMBER_RESERVED. It fails with TOO_MANY_SUBSCRIPTIONS when others have taken its
// place in the account, and as CheckNotErased when its user was erased.
func ReactivateSubscription(tx store.Tx, brand *catalogue.Brand, id store.ID) (*Subscription, error) {
	var ended time.Time
	s, err := moveSubscription(tx, brand, id, reactivation, func(s *Subscription) {
		ended, s.Ended, s.Reactivated = s.Ended, time.Time{}, tx.Now()
		if s.Started.IsZero() {
			s.Started = tx.Now()
		}
	})
	if err != nil {
		return nil, err
	}
	u, err := users.Get(tx, s.User)
	if err != nil {
		return nil, err
	}
	if err := CheckNotErased(tx, u); err != nil {
		return nil, err
	}
	if err := checkRoom(tx, brand, s); err != nil {
		return nil, err
	}
	if err := reviveParts(tx, s, ended); err != nil {
		return nil, err
	}
	return s, tellPart(tx, subscriptionReactivated, brand, s.Account, event.ID(subscriptionKey.Name, s.ID))
}

func moveSubscription(tx store.Tx, brand *catalogue.Brand, id store.ID, t transition, change func(*Subscription)) (*Subscription, error) {
	sub, a, err := subscriptions.in(tx, brand, id)
	if err != nil {
		return nil, err
	}
	if err := a.open(); err != nil {
		return nil, err
	}
	if err := t.move(ofSubscription, sub.ID, &sub.State); err != nil {
		return nil, err
	}
	lines, err := servicesOf(tx, sub.ID)
	if err != nil {
		return nil, err
	}
	if len(lines) == 0 {
		return nil, NoService.With("subscription %s has none", sub.ID)
	}
	for _, s := range lines {
		if err := t.move(ofService, s.ID, &s.State); err != nil {
			return nil, err
		}
		if err := services.Put(tx, s); err != nil {
			return nil, err
		}
	}
	change(sub)
	sub.endBlock(tx.Now())
	return sub, subscriptions.Put(tx, sub)
}
