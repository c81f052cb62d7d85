package customer

import (
	"time"

	"rator/catalogue"
	"rator/store"
)

// enders are told of each subscription that ended, in the same unit.
var enders []func(store.Tx, *catalogue.Brand, *Subscription) error

// OnEnd makes fn part of every end of a subscription, for rooms that reckon with the
// day it ended. Call it while a package is initialised.
func OnEnd(fn func(store.Tx, *catalogue.Brand, *Subscription) error) { enders = append(enders, fn) }

// later is the later of two moments: nothing ends before it begins, also when what
// it hangs on ended earlier and was told so late.
func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// endParts ends what hangs on a subscription, at the moment it ended.
func endParts(tx store.Tx, s *Subscription) error {
	if err := cancelOrders(tx, s); err != nil {
		return err
	}
	if err := dropTermination(tx, s); err != nil {
		return err
	}
	if err := returnNumbers(tx, s); err != nil {
		return err
	}
	held, err := OpenOptions(tx, s)
	if err != nil {
		return err
	}
	for _, o := range held {
		o.Until = later(s.Ended, o.From)
		if err := subscribedOptions.Put(tx, o); err != nil {
			return err
		}
	}
	return moveShareEnds(tx, s, time.Time{}, s.Ended)
}

// reviveParts opens again what ended with a subscription.
func reviveParts(tx store.Tx, s *Subscription, ended time.Time) error {
	if err := reclaimNumbers(tx, s); err != nil {
		return err
	}
	if err := reviveOptions(tx, s, ended); err != nil {
		return err
	}
	return moveShareEnds(tx, s, ended, time.Time{})
}

// reviveOptions gives a subscription the options again that it ended with: each
// from now on, since the days between are not paid for. One that ended by itself,
// maybe in the same unit, does not come back.
func reviveOptions(tx store.Tx, s *Subscription, ended time.Time) error {
	had, err := optionsOf(tx, s.ID)
	if err != nil {
		return err
	}
	revived := map[string]bool{}
	for _, o := range had {
		if revived[o.OptionID] || o.Dropped || !o.Until.Equal(later(ended, o.From)) {
			continue
		}
		revived[o.OptionID] = true
		again := *o
		again.From, again.Until = tx.Now(), time.Time{}
		if err := subscribedOptions.Insert(tx, &again); err != nil {
			return err
		}
	}
	return nil
}

// moveShareEnds moves the end of the sharing of a subscription's services, and of
// those it shares, from one to another. Nothing is shared again while one side of
// it is TERMINATED.
func moveShareEnds(tx store.Tx, s *Subscription, from, to time.Time) error {
	shares, err := sharesOf(tx, s)
	if err != nil {
		return err
	}
	for _, m := range shares {
		if !m.Until.Equal(m.endAt(from)) {
			continue
		}
		live, err := m.live(tx)
		if err != nil {
			return err
		}
		if to.IsZero() && !live {
			continue
		}
		m.Until = m.endAt(to)
		if err := sharedServiceMembers.Put(tx, m); err != nil {
			return err
		}
	}
	return nil
}

// endAt is the end of a sharing whose side ended at t; zero while neither did.
func (m *SharedServiceMember) endAt(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return later(t, m.From)
}

// live reports whether neither the service nor a subscription it is shared with
// is TERMINATED.
func (m *SharedServiceMember) live(tx store.Tx) (bool, error) {
	s, err := services.Get(tx, m.Service)
	if err != nil || s.State == Terminated || m.Type != SubscriptionTarget {
		return err == nil && s.State != Terminated, err
	}
	sub, err := subscriptions.Get(tx, m.Target)
	return err == nil && sub.State != Terminated, err
}
