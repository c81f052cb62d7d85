package customer

import (
	"time"

	"rator/store"
)

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
	if err := moveOptionEnds(tx, s, time.Time{}, s.Ended); err != nil {
		return err
	}
	return moveShareEnds(tx, s, time.Time{}, s.Ended)
}

// reviveParts opens again what ended with a subscription.
func reviveParts(tx store.Tx, s *Subscription, ended time.Time) error {
	if err := reclaimNumbers(tx, s); err != nil {
		return err
	}
	if err := moveOptionEnds(tx, s, ended, time.Time{}); err != nil {
		return err
	}
	return moveShareEnds(tx, s, ended, time.Time{})
}

// moveOptionEnds moves the end of those options that have one end to another,
// but for those that ended by themselves: they may have in the same unit.
func moveOptionEnds(tx store.Tx, s *Subscription, from, to time.Time) error {
	options, err := optionsOf(tx, s.ID)
	if err != nil {
		return err
	}
	for _, o := range options {
		if !o.Until.Equal(from) || o.Dropped {
			continue
		}
		o.Until = to
		if err := subscribedOptions.Put(tx, o); err != nil {
			return err
		}
	}
	return nil
}

// moveShareEnds does the same to the sharing of a subscription's services and of
// those it shares. Nothing is shared again while one side of it is TERMINATED.
func moveShareEnds(tx store.Tx, s *Subscription, from, to time.Time) error {
	shares, err := sharesOf(tx, s)
	if err != nil {
		return err
	}
	for _, m := range shares {
		if !m.Until.Equal(from) {
			continue
		}
		live, err := m.live(tx)
		if err != nil {
			return err
		}
		if to.IsZero() && !live {
			continue
		}
		m.Until = to
		if err := sharedServiceMembers.Put(tx, m); err != nil {
			return err
		}
	}
	return nil
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
