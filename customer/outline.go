package customer

import "rator/store"

// Outline reads what a short description of a customer needs: the account's owner
// as the only user, its billing groups with their recharge tickets, and its
// subscriptions. The rest of Whole is empty.
func Outline(tx store.Tx, a *Account) (*Whole, error) {
	w := &Whole{Account: a}
	owner, err := users.Get(tx, a.Owner)
	if err != nil {
		return nil, err
	}
	w.Users = []*User{owner}
	if w.BillingGroups, err = billingGroups.ofAccount(tx, a.ID); err != nil {
		return nil, err
	}
	if w.Subscriptions, err = subscriptions.ofAccount(tx, a.ID); err != nil {
		return nil, err
	}
	w.RechargeTickets, err = rechargeTickets.ofAccount(tx, a.ID)
	return w, err
}
