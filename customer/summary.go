package customer

import (
	"slices"

	"rator/customer/internal/record"
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
	var b store.Batch
	all := make([]*Whole, len(accounts))
	for i, a := range accounts {
		all[i] = askSummary(&b, a, of)
	}
	return all, b.Answer(tx)
}

// askSummary has a batch ask for parts of a summary.
func askSummary(b *store.Batch, a *Account, of Parts) *Whole {
	w, id := &Whole{Account: a}, a.ID.String()
	if of&BillingGroupsPart != 0 {
		billingGroups.ask(b, id, &w.BillingGroups)
	}
	if of&SubscriptionsPart != 0 {
		subscriptions.ask(b, id, &w.Subscriptions)
	}
	if of&RechargeTicketsPart != 0 {
		rechargeTickets.ask(b, id, &w.RechargeTickets)
	}
	if of&OwnerPart != 0 {
		owner := new(*User)
		users.AskID(b, a.Owner, owner)
		b.Then(func() error {
			if *owner == nil {
				return UnknownUser.With("%s", a.Owner)
			}
			w.Users = []*User{*owner}
			return nil
		})
	}
	return w
}

// AskPayment has a batch ask for what descriptions of an account's billing groups, and of
// how they pay, need: its users, its billing groups with their recharge tickets, and its
// subscriptions with their memberships. The rest of Whole is empty.
func AskPayment(b *store.Batch, a *Account) *Whole {
	w, id := &Whole{Account: a}, a.ID.String()
	users.ask(b, id, &w.Users)
	billingGroups.ask(b, id, &w.BillingGroups)
	memberships.ask(b, id, &w.Memberships)
	subscriptions.ask(b, id, &w.Subscriptions)
	rechargeTickets.ask(b, id, &w.RechargeTickets)
	return w
}

// LoadGroupSummary reads what a description of one billing group needs, however many
// the account has: as the users its owner, its billing address, and the account's
// owner and delivery address; the group with its recharge ticket; and its open
// memberships with their subscriptions. The rest of Whole is empty.
func LoadGroupSummary(tx store.Tx, a *Account, g *BillingGroup) (*Whole, error) {
	w := &Whole{Account: a, BillingGroups: []*BillingGroup{g}}
	var (
		b     store.Batch
		ids   []store.ID
		named [4]*User
	)
	for _, id := range []store.ID{g.Owner, g.BillingAddress, a.Owner, a.DeliveryAddress} {
		if id != 0 && !slices.Contains(ids, id) {
			users.AskID(&b, id, &named[len(ids)])
			ids = append(ids, id)
		}
	}
	rechargeTickets.Ask(&b, byGroup, g.ID.String(), &w.RechargeTickets)
	memberships.Ask(&b, byOpenGroup, g.ID.String(), &w.Memberships)
	if err := b.Answer(tx); err != nil {
		return nil, err
	}
	for _, u := range named {
		if u != nil && u.Account == a.ID {
			w.Users = append(w.Users, u)
		}
	}
	members := make([]store.ID, len(w.Memberships))
	for i, m := range w.Memberships {
		members[i] = m.Subscription
	}
	all, err := subscriptions.GetMany(tx, members)
	for _, s := range all {
		if s != nil && s.Account == a.ID {
			w.Subscriptions = append(w.Subscriptions, s)
		}
	}
	return w, err
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
