package customer

import (
	"time"

	"rator/catalogue"
	"rator/event"
	"rator/failure"
	"rator/store"
)

// Membership says that a subscription is in a billing group for a time
// (BILLING_GROUP_MEMBER, rator-api.md 2.2). A subscription has one open
// membership at most. It stays open when the subscription ends, for the last
// bill; only a change of billing group closes it.
type Membership struct {
	Part
	Subscription store.ID
	BillingGroup store.ID
	From         time.Time
	Until        time.Time // zero while it is open
}

const (
	byOpen      = "open"
	byOpenGroup = "open_group"
)

var memberships = define[Membership]("billing_group_member", UnknownMembership,
	store.Index[Membership]{Name: byOpenGroup, Value: func(m *Membership) string {
		if !m.Open() {
			return ""
		}
		return m.BillingGroup.String()
	}},
	store.Index[Membership]{Name: byOpen, Value: func(m *Membership) string {
		if !m.Open() {
			return ""
		}
		return m.Subscription.String()
	}, Taken: AlreadyMember})

// Open reports whether the subscription is in the group now.
func (m *Membership) Open() bool { return m.Until.IsZero() }

// join puts a subscription that is in no billing group into one.
func join(tx store.Tx, s *Subscription, g *BillingGroup) error {
	return memberships.Insert(tx, &Membership{Part: Part{Account: s.Account}, Subscription: s.ID, BillingGroup: g.ID, From: tx.Now()})
}

// BillingGroupOfSubscription gives the billing group that a subscription is in, or
// fails with UNKNOWN_BILLING_GROUP_MEMBER.
func BillingGroupOfSubscription(tx store.Tx, s *Subscription) (*BillingGroup, error) {
	m, err := memberships.By(tx, byOpen, s.ID.String())
	if err != nil {
		return nil, err
	}
	return billingGroups.Get(tx, m.BillingGroup)
}

// ChangeBillingGroup moves a subscription to another billing group of its
// account that can pay for its product: it leaves the one and joins the other at
// the same moment. It fails with CANNOT_MOVE_TERMINATED, WRONG_ACCOUNT and
// WRONG_BILLING_GROUP_TYPE; where it is already, it stays.
func ChangeBillingGroup(tx store.Tx, brand *catalogue.Brand, subscription, group store.ID) error {
	s, a, err := subscriptions.in(tx, brand, subscription)
	if err != nil {
		return err
	}
	if err := a.open(); err != nil {
		return err
	}
	if s.State == Terminated {
		return CannotMoveTerminated.With("%s", s.ID)
	}
	g, err := billingGroups.of(tx, brand, a, group)
	if err != nil {
		return err
	}
	product, err := catalogue.ProductConfigByCode(tx, brand, s.ProductCode)
	if err != nil {
		return err
	}
	if err := g.takes(product); err != nil {
		return err
	}
	m, err := memberships.By(tx, byOpen, s.ID.String())
	switch {
	case failure.CodeOf(err) == UnknownMembership:
		m = &Membership{}
	case err != nil:
		return err
	case m.BillingGroup == g.ID:
		return nil
	default:
		m.Until = tx.Now()
		if err := memberships.Put(tx, m); err != nil {
			return err
		}
	}
	if err := join(tx, s, g); err != nil {
		return err
	}
	return s.tell(tx, subscriptionMoved, brand, event.ID(groupKey.Name, g.ID), event.ID("OLD_BILLING_GROUP_ID", m.BillingGroup))
}
