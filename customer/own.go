package customer

import (
	"slices"
	"time"

	"rator/store"
)

// OfUser is what of a customer is a user's alone, as ErasePerson has it: the user, what it
// uses and what it owns. Of the account it has what anybody of it knows.
func (w *Whole) OfUser(u *User) *Whole {
	ids := w.ownObjects(u)
	own := func(id store.ID) bool { return slices.Contains(ids, id) }
	account := *w.Account
	if account.Owner != u.ID {
		account.AccountFields = AccountFields{Type: account.Type}
	}
	return &Whole{
		Account:         &account,
		Users:           kept(w.Users, func(x *User) bool { return x.ID == u.ID }),
		BillingGroups:   kept(w.BillingGroups, func(x *BillingGroup) bool { return own(x.ID) }),
		Memberships:     kept(w.Memberships, func(x *Membership) bool { return own(x.Subscription) || own(x.BillingGroup) }),
		Subscriptions:   kept(w.Subscriptions, func(x *Subscription) bool { return own(x.ID) }),
		Services:        kept(w.Services, func(x *Service) bool { return own(x.ID) }),
		Options:         kept(w.Options, func(x *SubscribedOption) bool { return own(x.Subscription) }),
		RechargeTickets: kept(w.RechargeTickets, func(x *RechargeTicket) bool { return own(x.ID) }),
		NumberPortings:  kept(w.NumberPortings, func(x *NumberPorting) bool { return own(x.ID) }),
		Orders:          kept(w.Orders, func(x *Order) bool { return own(x.ID) }),
		SharedMembers:   kept(w.SharedMembers, func(x *SharedServiceMember) bool { return own(x.Service) || own(x.Target) }),
		Terminations:    kept(w.Terminations, func(x *SubscriptionTermination) bool { return own(x.Subscription) }),
	}
}

// ChangedSince reports whether the account or a part of it was made or changed at a time or
// later.
func (w *Whole) ChangedSince(since time.Time) bool {
	return w.Account.ID >= store.FirstIDAt(since) || !w.Account.Modified.Before(since) ||
		changed(w.Users, since) || changed(w.BillingGroups, since) || changed(w.Memberships, since) || changed(w.Subscriptions, since) ||
		changed(w.Services, since) || changed(w.Options, since) || changed(w.RechargeTickets, since) || changed(w.NumberPortings, since) ||
		changed(w.Orders, since) || changed(w.SharedMembers, since) || changed(w.Terminations, since)
}

func changed[T any, P partOf[T]](all []P, since time.Time) bool {
	return slices.ContainsFunc(all, func(x P) bool { return x.part().ID >= store.FirstIDAt(since) || !x.part().Modified.Before(since) })
}

func kept[T any](all []*T, keep func(*T) bool) []*T {
	return slices.DeleteFunc(slices.Clone(all), func(x *T) bool { return !keep(x) })
}
