package customer

import (
	"rator/catalogue"
	"rator/store"
)

// CheckAccount says whether a customer is complete (rator-api.md 2.2): an owner
// of its own, at least one user and one billing group, a service in every
// subscription, and no reference that leads nowhere. Ask it at the end of every
// unit that made or changed one. It fails with NO_SERVICE or INCOMPLETE_CUSTOMER
// for the first thing that is wrong.
func CheckAccount(tx store.Tx, brand *catalogue.Brand, account store.ID) error {
	w, err := LoadWhole(tx, brand, account)
	if err != nil {
		return err
	}
	return w.Check()
}

// Check is CheckAccount for who has read the customer.
func (w *Whole) Check() error {
	var first error
	w.check(func(fault error) {
		if first == nil {
			first = fault
		}
	})
	return first
}

// check reports everything that is wrong within a customer.
func (w *Whole) check(report func(error)) {
	incomplete := func(format string, args ...any) {
		report(IncompleteCustomer.With("account %s: "+format, append([]any{w.Account.ID}, args...)...))
	}
	user := func(what string, of, id store.ID) {
		if w.User(id) == nil {
			incomplete("%s %s of %s is no user of it", what, id, of)
		}
	}
	address := func(what string, of, id store.ID) {
		if id != 0 {
			user(what, of, id)
		}
	}
	if len(w.Users) == 0 {
		incomplete("it has no user")
	}
	user("owner", w.Account.ID, w.Account.Owner)
	address("delivery address", w.Account.ID, w.Account.DeliveryAddress)
	if len(w.BillingGroups) == 0 {
		incomplete("it has no billing group")
	}
	names := map[string]bool{}
	for _, g := range w.BillingGroups {
		user("owner", g.ID, g.Owner)
		address("billing address", g.ID, g.BillingAddress)
		for _, r := range g.ReceiversBefore {
			address("former receiver", g.ID, r.User)
		}
		if names[g.Name] {
			incomplete("two billing groups are named %s", g.Name)
		}
		names[g.Name] = true
	}
	for _, s := range w.Subscriptions {
		user("user", s.ID, s.User)
		address("delivery address", s.ID, s.DeliveryAddress)
		if len(w.ServicesOf(s.ID)) == 0 {
			report(NoService.With("%s", s.ID))
		}
		if w.Account.State == Closed && s.State != Terminated {
			incomplete("it is %s, subscription %s is %s", Closed, s.ID, s.State)
		}
	}
	w.checkReferences(incomplete)
}

// checkReferences follows what points at subscriptions and billing groups.
func (w *Whole) checkReferences(incomplete func(format string, args ...any)) {
	subscription := func(what string, of, id store.ID) *Subscription {
		s := w.Subscription(id)
		if s == nil {
			incomplete("%s %s is of subscription %s, which it does not have", what, of, id)
		}
		return s
	}
	group := func(what string, of, id store.ID) {
		if w.BillingGroup(id) == nil {
			incomplete("%s %s is of billing group %s, which it does not have", what, of, id)
		}
	}
	open := map[store.ID]bool{}
	for _, m := range w.Memberships {
		subscription("membership", m.ID, m.Subscription)
		group("membership", m.ID, m.BillingGroup)
		if m.Open() && open[m.Subscription] {
			incomplete("subscription %s is in two billing groups", m.Subscription)
		}
		open[m.Subscription] = open[m.Subscription] || m.Open()
	}
	for _, s := range w.Services {
		if sub := subscription("service", s.ID, s.Subscription); sub != nil && s.State != sub.State {
			incomplete("service %s is %s, its subscription %s is %s", s.ID, s.State, sub.ID, sub.State)
		}
	}
	for _, o := range w.Options {
		if sub := subscription("option", o.ID, o.Subscription); sub != nil && o.open() && sub.State == Terminated {
			incomplete("option %s has no end, its subscription %s is %s", o.ID, sub.ID, sub.State)
		}
	}
	tickets := map[store.ID]bool{}
	for _, t := range w.RechargeTickets {
		group("recharge ticket", t.ID, t.BillingGroup)
		if tickets[t.BillingGroup] {
			incomplete("billing group %s has two recharge tickets", t.BillingGroup)
		}
		tickets[t.BillingGroup] = true
	}
	for _, p := range w.NumberPortings {
		subscription("number porting", p.ID, p.Subscription)
		if p.Order != 0 && find(w.Orders, p.Order) == nil {
			incomplete("number porting %s is of order %s, which it does not have", p.ID, p.Order)
		}
	}
	w.checkOrders(incomplete)
	w.checkSharing(incomplete)
	w.checkTerminations(incomplete)
}

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
		if m.open() && (s.State == Terminated || sub != nil && sub.State == Terminated) {
			incomplete("service %s is still shared with %s %s", s.ID, m.Type, m.Target)
		}
	}
}
