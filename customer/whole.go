package customer

import (
	"slices"
	"time"

	"rator/catalogue"
	"rator/customer/number"
	"rator/failure"
	"rator/store"
)

// Whole is a customer with everything that belongs to it, each list oldest first.
type Whole struct {
	Account         *Account
	Users           []*User
	BillingGroups   []*BillingGroup
	Memberships     []*Membership
	Subscriptions   []*Subscription
	Services        []*Service
	Options         []*SubscribedOption
	RechargeTickets []*RechargeTicket
	NumberPortings  []*NumberPorting
	Orders          []*Order
	SharedMembers   []*SharedServiceMember
	Terminations    []*SubscriptionTermination
}

// LoadWhole reads everything of an account of the brand, all kinds at once.
func LoadWhole(tx store.Tx, brand *catalogue.Brand, account store.ID) (*Whole, error) {
	a, err := AccountByID(tx, brand, account)
	if err != nil {
		return nil, err
	}
	return load(tx, a)
}

// LoadMany is LoadWhole for many accounts at once, in their order; nil for one that the
// brand does not have.
func LoadMany(tx store.Tx, brand *catalogue.Brand, of []store.ID) ([]*Whole, error) {
	found, err := accounts.GetMany(tx, of)
	if err != nil {
		return nil, err
	}
	var b store.Batch
	all := make([]*Whole, len(of))
	for i, a := range found {
		if a != nil && a.Brand == brand.Key {
			all[i] = askWhole(&b, a)
		}
	}
	return all, b.Answer(tx)
}

// AccountsAfter gives the ids of those accounts of a brand, "" for every brand, that are
// among the next limit ids of any, in their order, and the id to go on after: 0 when nothing
// follows. Closed and deleted ones are there too.
func AccountsAfter(tx store.Tx, brand string, after store.ID, limit int) (ids []store.ID, next store.ID, err error) {
	n := 0
	for a, err := range accounts.ScanSome(tx, after, limit) {
		if err != nil {
			return nil, 0, err
		}
		if brand == "" || a.Brand == brand {
			ids = append(ids, a.ID)
		}
		if n++; n == limit {
			return ids, a.ID, nil
		}
	}
	return ids, 0, nil
}

// CountAccounts is how many there are of a brand, closed and deleted ones too, in a View; ""
// counts every brand's.
func CountAccounts(tx store.Tx, brand string) (int64, error) {
	if brand == "" {
		return accounts.Count(tx)
	}
	t, known, err := TallyOf(tx, &catalogue.Brand{Key: brand})
	if err == nil && !known {
		t, err = recount(tx, brand)
	}
	if err != nil {
		return 0, err
	}
	return t.Listed + t.Deleted, nil
}

// LoadEach is LoadMany for accounts of any brand, which must be there.
func LoadEach(tx store.Tx, of []store.ID) ([]*Whole, error) {
	found, err := accounts.GetMany(tx, of)
	if err != nil {
		return nil, err
	}
	var b store.Batch
	all := make([]*Whole, len(of))
	for i, a := range found {
		if a == nil {
			return nil, UnknownAccount.With("%s", of[i])
		}
		all[i] = askWhole(&b, a)
	}
	return all, b.Answer(tx)
}

func load(tx store.Tx, a *Account) (*Whole, error) {
	var b store.Batch
	w := askWhole(&b, a)
	return w, b.Answer(tx)
}

// askWhole has a batch ask for everything of an account.
func askWhole(b *store.Batch, a *Account) *Whole {
	w, id := &Whole{Account: a}, a.ID.String()
	b.Grow(11)
	users.ask(b, id, &w.Users)
	billingGroups.ask(b, id, &w.BillingGroups)
	memberships.ask(b, id, &w.Memberships)
	subscriptions.ask(b, id, &w.Subscriptions)
	services.ask(b, id, &w.Services)
	subscribedOptions.ask(b, id, &w.Options)
	rechargeTickets.ask(b, id, &w.RechargeTickets)
	numberPortings.ask(b, id, &w.NumberPortings)
	orders.ask(b, id, &w.Orders)
	sharedServiceMembers.ask(b, id, &w.SharedMembers)
	terminations.ask(b, id, &w.Terminations)
	return w
}

// Load keeps a customer of elsewhere, or of before, as it is: ids, numbers, states and
// dates. A part without an account, and an account and a user without a brand, become
// this customer's. Nothing is told of it. The brand's next customer numbers are above its
// own. It fails where an id, a name or a number is taken, and as number.Claim; whether the
// customer is whole, Verify says.
func (w *Whole) Load(tx store.Tx, brand *catalogue.Brand) error {
	a := w.Account
	if a.Brand == "" {
		a.Brand = brand.Key
	}
	if a.Brand != brand.Key {
		return failure.InvalidRequest.With("account %s is of brand %s, not %s", a.ID, a.Brand, brand.Key)
	}
	for _, u := range w.Users {
		if u.Brand == "" {
			u.Brand = brand.Key
		}
	}
	if err := accounts.Load(tx, a); err != nil {
		return err
	}
	for _, load := range []func() error{
		func() error { return loadParts(tx, users, a, w.Users) },
		func() error { return loadParts(tx, billingGroups, a, w.BillingGroups) },
		func() error { return loadParts(tx, memberships, a, w.Memberships) },
		func() error { return loadParts(tx, subscriptions, a, w.Subscriptions) },
		func() error { return w.loadServices(tx) },
		func() error { return loadParts(tx, subscribedOptions, a, w.Options) },
		func() error { return loadParts(tx, rechargeTickets, a, w.RechargeTickets) },
		func() error { return loadParts(tx, numberPortings, a, w.NumberPortings) },
		func() error { return loadParts(tx, orders, a, w.Orders) },
		func() error { return loadParts(tx, sharedServiceMembers, a, w.SharedMembers) },
		func() error { return loadParts(tx, terminations, a, w.Terminations) },
	} {
		if err := load(); err != nil {
			return err
		}
	}
	if err := a.passNumber(tx, brand); err != nil {
		return err
	}
	var t Tally
	t.count(a)
	return tallied(tx, brand, t.Listed, t.Deleted)
}

func loadParts[T any, P partOf[T]](tx store.Tx, kind parts[T, P], a *Account, all []P) error {
	for _, x := range all {
		p := P(x).part()
		if p.Account == 0 {
			p.Account = a.ID
		}
		if p.Account != a.ID {
			return WrongAccount.With("%s %s is of account %s, not %s", kind.Name(), p.ID, p.Account, a.ID)
		}
		if err := kind.Load(tx, (*T)(x)); err != nil {
			return err
		}
	}
	return nil
}

// loadServices takes the numbers of lines that live out of what keeps them, as a sign-up
// does.
func (w *Whole) loadServices(tx store.Tx) error {
	for _, s := range w.Services {
		if s.State == Terminated || s.Number == "" {
			continue
		}
		if err := number.Claim(tx, s.Number, number.Claimant{Reservation: s.reservation(), Subscription: s.Subscription}); err != nil {
			return err
		}
	}
	return loadParts(tx, services, w.Account, w.Services)
}

// User is the user with that id, or nil.
func (w *Whole) User(id store.ID) *User { return find(w.Users, id) }

// BillingGroup is the billing group with that id, or nil.
func (w *Whole) BillingGroup(id store.ID) *BillingGroup { return find(w.BillingGroups, id) }

// Subscription is the subscription with that id, or nil.
func (w *Whole) Subscription(id store.ID) *Subscription { return find(w.Subscriptions, id) }

// SubscriptionsOf gives the subscriptions that are in a billing group now.
func (w *Whole) SubscriptionsOf(group store.ID) []*Subscription {
	var members []*Subscription
	for _, m := range w.Memberships {
		if s := w.Subscription(m.Subscription); m.Open() && m.BillingGroup == group && s != nil {
			members = append(members, s)
		}
	}
	return members
}

// ServicesOf gives the services of a subscription.
func (w *Whole) ServicesOf(subscription store.ID) []*Service {
	var lines []*Service
	for _, s := range w.Services {
		if s.Subscription == subscription {
			lines = append(lines, s)
		}
	}
	return lines
}

// OptionsOf gives the options that a subscription has now.
func (w *Whole) OptionsOf(subscription store.ID) []*SubscribedOption {
	var options []*SubscribedOption
	for _, o := range w.Options {
		if o.open() && o.Subscription == subscription {
			options = append(options, o)
		}
	}
	return options
}

// find looks through the few parts of one kind that a customer has.
func find[T any, P partOf[T]](all []P, id store.ID) P {
	for _, x := range all {
		if x.part().ID == id {
			return x
		}
	}
	return nil
}

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
