package customer

import (
	"strings"
	"time"

	"rator/catalogue"
	"rator/event"
	"rator/failure"
	"rator/store"
)

// RunTermination ends the subscription of a PENDING termination that is due, on the
// day that was ordered, whenever it is run: what ends on 10 February is not paid for
// from then on, also when the server hears of it on the 14th. It
// fails with TERMINATION_NOT_DUE, and with WRONG_STATE when it is not PENDING any
// more, so that it happens once however often it is run.
func RunTermination(tx store.Tx, brand *catalogue.Brand, id store.ID) (*SubscriptionTermination, error) {
	t, err := DueTerminationByID(tx, brand, id)
	if err != nil {
		return nil, err
	}
	if err := t.settle(tx, TerminationDone, ""); err != nil {
		return nil, err
	}
	_, err = terminate(tx, brand, t.Subscription, t.ends(brand, tx.Now()), t.ID)
	return t, err
}

// ends is when the subscription of a termination ends that is run now: now, unless
// that is a later day of the brand than the one it was due on.
func (t *SubscriptionTermination) ends(brand *catalogue.Brand, now time.Time) time.Time {
	if brand.Day(t.Date).Before(brand.Day(now)) {
		return t.Date
	}
	return now
}

// DueTerminationByID finds a PENDING termination that is due, or fails as
// RunTermination does.
func DueTerminationByID(tx store.Tx, brand *catalogue.Brand, id store.ID) (*SubscriptionTermination, error) {
	t, err := pendingTermination(tx, brand, id)
	if err == nil && t.Date.After(tx.Now()) {
		return nil, TerminationNotDue.With("%s is due on %s", t.ID, t.Date.Format(time.RFC3339))
	}
	return t, err
}

// BillingGroup is the one that the subscription is in; 0 for none.
func (t *SubscriptionTermination) BillingGroup(tx store.Tx) (store.ID, error) {
	m, err := memberships.By(tx, byOpen, t.Subscription.String())
	if failure.CodeOf(err) == UnknownMembership {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return m.BillingGroup, nil
}

// RefuseTermination says why a PENDING termination did not happen on its day: the
// subscription lives on. The reason begins with the code of what kept it and ": ".
func RefuseTermination(tx store.Tx, brand *catalogue.Brand, id store.ID, reason string) (*SubscriptionTermination, error) {
	t, err := pendingTermination(tx, brand, id)
	if err != nil {
		return nil, err
	}
	if err := t.settle(tx, TerminationRefused, reason); err != nil {
		return nil, err
	}
	code, _, _ := strings.Cut(reason, ": ")
	return t, t.tell(tx, terminationRefused, brand, event.Text("CODE", code))
}

// settled is why an order or a termination that is not PENDING changes no more.
const settled = "what is settled stays as it is"

func pendingTermination(tx store.Tx, brand *catalogue.Brand, id store.ID) (*SubscriptionTermination, error) {
	t, err := TerminationByID(tx, brand, id)
	if err == nil && t.State != TerminationPending {
		return nil, WrongState.With("termination %s of subscription %s is %s, not %s: %s; schedule a new one where it is needed", t.ID, t.Subscription, t.State, TerminationPending, settled)
	}
	return t, err
}

func (t *SubscriptionTermination) settle(tx store.Tx, state TerminationState, reason string) error {
	t.State, t.Reason, t.Settled = state, reason, tx.Now()
	return terminations.Put(tx, t)
}

// dropTermination cancels what was scheduled for a subscription that ended on
// another way.
func dropTermination(tx store.Tx, sub *Subscription) error {
	t, err := terminations.By(tx, byPending, sub.ID.String())
	if failure.CodeOf(err) == UnknownTermination {
		return nil
	}
	if err != nil {
		return err
	}
	return t.settle(tx, TerminationCancelled, "the subscription ended before")
}

// DueTerminations are those of the customer that are PENDING and due.
func (w *Whole) DueTerminations(now time.Time) []*SubscriptionTermination {
	var due []*SubscriptionTermination
	for _, t := range w.Terminations {
		if t.State == TerminationPending && !t.Date.After(now) {
			due = append(due, t)
		}
	}
	return due
}

// DueTermination is a termination that is due, and the brand it is in.
type DueTermination struct {
	ID    store.ID
	Brand string // key
	Date  time.Time
}

// DueTerminations gives PENDING terminations of all brands that were due at asOf,
// the longest due first, from the position after (nil = the start), at most limit,
// and the position to go on from: nil when nothing follows.
func DueTerminations(tx store.Tx, asOf time.Time, after []byte, limit int) ([]DueTermination, []byte, error) {
	page, next, err := terminations.Page(tx, byDue, "", after, limit)
	if err != nil {
		return nil, nil, err
	}
	var due []DueTermination
	for _, t := range page {
		if t.Date.After(asOf) {
			return due, nil, nil
		}
		a, err := accounts.Get(tx, t.Account)
		if err != nil {
			return nil, nil, err
		}
		due = append(due, DueTermination{ID: t.ID, Brand: a.Brand, Date: t.Date})
	}
	return due, next, nil
}
