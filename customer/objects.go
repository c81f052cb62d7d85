package customer

import (
	"slices"

	"rator/store"
)

// Objects are the ids of a customer and of all that it has, the account first.
func (w *Whole) Objects() []store.ID {
	return slices.Concat([]store.ID{w.Account.ID},
		idsOf(w.Users), idsOf(w.BillingGroups), idsOf(w.Memberships), idsOf(w.Subscriptions), idsOf(w.Services), idsOf(w.Options),
		idsOf(w.RechargeTickets), idsOf(w.NumberPortings), idsOf(w.Orders), idsOf(w.SharedMembers), idsOf(w.Terminations))
}

func idsOf[T any, P partOf[T]](all []P) (ids []store.ID) {
	for _, x := range all {
		ids = append(ids, x.part().ID)
	}
	return ids
}
