package customer

import (
	"slices"

	"rator/customer/internal/record"
	"rator/failure"
	"rator/store"
)

// Parts are what a summary has beside the account.
type Parts uint8

// The parts of a summary.
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

// LoadSummary reads what a short description of a customer needs: the account's owner
// as the only user, its billing groups with their recharge tickets, and its
// subscriptions. The rest of Whole is empty.
func LoadSummary(tx store.Tx, a *Account) (*Whole, error) { return loadSummary(tx, a, AllParts) }

func loadSummary(tx store.Tx, a *Account, of Parts) (*Whole, error) {
	all, err := loadSummaries(tx, []*Account{a}, of)
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// LoadSummaries is LoadSummary for many accounts at once, in their order.
func LoadSummaries(tx store.Tx, of []*Account) ([]*Whole, error) {
	return loadSummaries(tx, of, AllParts)
}

func loadSummaries(tx store.Tx, accounts []*Account, of Parts) ([]*Whole, error) {
	all := make([]*Whole, len(accounts))
	var b store.Batch
	for i, a := range accounts {
		w := &Whole{Account: a}
		if of&BillingGroupsPart != 0 {
			billingGroups.ask(&b, a.ID, &w.BillingGroups)
		}
		if of&SubscriptionsPart != 0 {
			subscriptions.ask(&b, a.ID, &w.Subscriptions)
		}
		if of&RechargeTicketsPart != 0 {
			rechargeTickets.ask(&b, a.ID, &w.RechargeTickets)
		}
		all[i] = w
	}
	if of&OwnerPart != 0 {
		if err := loadOwners(tx, all); err != nil {
			return nil, err
		}
	}
	return all, b.Answer(tx)
}

// loadOwners gives each its owner as the only user.
func loadOwners(tx store.Tx, all []*Whole) error {
	ids := make([]store.ID, len(all))
	for i, w := range all {
		ids[i] = w.Account.Owner
	}
	owners, err := users.GetMany(tx, ids)
	if err != nil {
		return err
	}
	for i, w := range all {
		if owners[i] == nil {
			return UnknownUser.With("%s", ids[i])
		}
		w.Users = []*User{owners[i]}
	}
	return nil
}

// LoadGroupSummary reads what a description of one billing group needs, however many
// the account has: as the users its owner, its billing address, and the account's
// owner and delivery address; the group with its recharge ticket; and its open
// memberships with their subscriptions. The rest of Whole is empty.
func LoadGroupSummary(tx store.Tx, a *Account, g *BillingGroup) (*Whole, error) {
	w := &Whole{Account: a, BillingGroups: []*BillingGroup{g}}
	var named []store.ID
	for _, id := range []store.ID{g.Owner, g.BillingAddress, a.Owner, a.DeliveryAddress} {
		if id == 0 || slices.Contains(named, id) {
			continue
		}
		named = append(named, id)
		u, err := users.Get(tx, id)
		if err != nil && failure.CodeOf(err) != UnknownUser {
			return nil, err
		}
		if err == nil && u.Account == a.ID {
			w.Users = append(w.Users, u)
		}
	}
	var err error
	if w.RechargeTickets, err = collect(tx, rechargeTickets.Kind, byGroup, g.ID.String()); err != nil {
		return nil, err
	}
	if w.Memberships, err = collect(tx, memberships.Kind, byOpenGroup, g.ID.String()); err != nil {
		return nil, err
	}
	for _, m := range w.Memberships {
		s, err := subscriptions.Get(tx, m.Subscription)
		if err != nil && failure.CodeOf(err) != UnknownSubscription {
			return nil, err
		}
		if err == nil && s.Account == a.ID {
			w.Subscriptions = append(w.Subscriptions, s)
		}
	}
	return w, nil
}

// BillingGroupsUpTo gives the billing groups of an account, oldest first. few is
// false, and there are none, where it has more than most.
func BillingGroupsUpTo(tx store.Tx, account store.ID, most int) (all []*BillingGroup, few bool, err error) {
	docs, err := billingGroups.Docs(tx, record.ByAccount, account.String(), most+1)
	if err != nil || len(docs) > most {
		return nil, false, err
	}
	for _, d := range docs {
		g, err := billingGroups.Whole(d)
		if err != nil {
			return nil, false, err
		}
		all = append(all, g)
	}
	return all, true, nil
}
