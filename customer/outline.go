package customer

import "rator/store"

// Parts are what an Outline has beside the account.
type Parts uint8

// The parts of an Outline.
const (
	OwnerPart Parts = 1 << iota
	BillingGroupsPart
	SubscriptionsPart
	RechargeTicketsPart

	AllParts = OwnerPart | BillingGroupsPart | SubscriptionsPart | RechargeTicketsPart
)

// PartOfKind is the part that the records of a kind make, or say to which billing
// group it belongs; 0 for other kinds.
func PartOfKind(kind string) Parts {
	switch kind {
	case users.Name():
		return OwnerPart
	case billingGroups.Name():
		return BillingGroupsPart
	case subscriptions.Name(), memberships.Name():
		return SubscriptionsPart
	case rechargeTickets.Name():
		return RechargeTicketsPart
	}
	return 0
}

// Outline reads what a short description of a customer needs: the account's owner
// as the only user, its billing groups with their recharge tickets, and its
// subscriptions. The rest of Whole is empty.
func Outline(tx store.Tx, a *Account) (*Whole, error) { return outline(tx, a, AllParts) }

func outline(tx store.Tx, a *Account, of Parts) (*Whole, error) {
	w := &Whole{Account: a}
	if of&OwnerPart != 0 {
		owner, err := users.Get(tx, a.Owner)
		if err != nil {
			return nil, err
		}
		w.Users = []*User{owner}
	}
	var err error
	if of&BillingGroupsPart != 0 {
		if w.BillingGroups, err = billingGroups.ofAccount(tx, a.ID); err != nil {
			return nil, err
		}
	}
	if of&SubscriptionsPart != 0 {
		if w.Subscriptions, err = subscriptions.ofAccount(tx, a.ID); err != nil {
			return nil, err
		}
	}
	if of&RechargeTicketsPart != 0 {
		w.RechargeTickets, err = rechargeTickets.ofAccount(tx, a.ID)
	}
	return w, err
}
