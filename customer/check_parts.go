package customer

import "rator/store"

// checkOrders reports orders that lead nowhere, or wait for what has ended.
func (w *Whole) checkOrders(incomplete func(format string, args ...any)) {
	type kind struct {
		subscription store.ID
		of           OrderType
	}
	pending := map[kind]bool{}
	for _, o := range w.Orders {
		sub := w.Subscription(o.Subscription)
		switch {
		case sub == nil:
			incomplete("order %s is of subscription %s, which it does not have", o.ID, o.Subscription)
		case o.Status == Pending && sub.State == Terminated:
			incomplete("order %s is %s, subscription %s is %s", o.ID, o.Status, sub.ID, sub.State)
		case (o.Status == Pending) != o.Settled.IsZero():
			incomplete("order %s is %s since %s", o.ID, o.Status, o.Settled)
		}
		if o.Type == PortIn && find(w.NumberPortings, o.Porting) == nil {
			incomplete("order %s is of number porting %s, which it does not have", o.ID, o.Porting)
		}
		if k := (kind{o.Subscription, o.Type}); o.Status == Pending {
			if pending[k] {
				incomplete("subscription %s has two %s orders that are %s", o.Subscription, o.Type, Pending)
			}
			pending[k] = true
		}
	}
}

// checkSharing reports members that lead nowhere, and what is shared beyond its end.
func (w *Whole) checkSharing(incomplete func(format string, args ...any)) {
	for _, m := range w.SharedMembers {
		s := find(w.Services, m.Service)
		if s == nil {
			incomplete("shared service member %s is of service %s, which it does not have", m.ID, m.Service)
			continue
		}
		sub := w.Subscription(m.Target)
		if m.Type == SubscriptionTarget && sub == nil ||
			m.Type == BillingGroupTarget && w.BillingGroup(m.Target) == nil ||
			m.Type == AccountTarget && m.Target != w.Account.ID {
			incomplete("service %s is shared with %s %s, which it does not have", s.ID, m.Type, m.Target)
		}
		if m.Open() && (s.State == Terminated || sub != nil && sub.State == Terminated) {
			incomplete("service %s is still shared with %s %s", s.ID, m.Type, m.Target)
		}
	}
}
