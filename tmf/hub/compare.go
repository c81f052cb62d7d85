package hub

import (
	"cmp"
	"slices"

	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
	"rator/tmf/jsondoc"
	"rator/tmf/resource"
)

// A customer's documents name all of its billing groups, and to notice a change
// only what may differ is read. A billing group that was not changed is the same
// before and after, so its name is left out of both documents: what they differ in
// is the same without it. It is different for a document that is shown for what it
// is, as that of a deleted resource, and where a client's own words lie over the
// list of groups and are merged with all of it.

// maxNamedGroups is up to how many billing groups a customer may have for all of them to be
// named: to leave some out would cost more than it spares.
const maxNamedGroups = 10

// maxRelatedGroups is up to how many billing groups a customer may have for all of them
// to be looked at when something changed that all of them show. Of one with more
// only those are that were changed themselves, or their payment means.
const maxRelatedGroups = 100

// comparison is of a customer in two states of the store.
type comparison struct {
	sides    [2]*side // before and after
	account  store.ID
	subjects *subjects
	few      bool // fewGroups at most in either state: sides have all
}

// side is the customer in one of them.
type side struct {
	*stateView
	account *customer.Account        // nil: there is none
	changed []*customer.BillingGroup // themselves, oldest first
	seen    []*customer.BillingGroup // that are looked at, oldest first
	all     []*customer.BillingGroup // nil: not read yet
}

func compare(l [2]*stateView, account store.ID, s *subjects) (*comparison, error) {
	c := &comparison{account: account, subjects: s}
	for i := range l {
		c.sides[i] = &side{stateView: l[i]}
		if err := c.sides[i].read(account, s.groups); err != nil {
			return nil, err
		}
	}
	return c, c.readComplete()
}

// readComplete reads all billing groups where there are few.
func (c *comparison) readComplete() error {
	if len(c.sides[0].views["customerAccount"]) == 0 {
		return nil
	}
	var all [2][]*customer.BillingGroup
	for i, s := range c.sides {
		if s.account == nil {
			continue
		}
		groups, few, err := customer.BillingGroupsUpTo(s.tx, c.account, maxNamedGroups)
		if err != nil || !few {
			return err
		}
		all[i] = groups
	}
	c.few, c.sides[0].all, c.sides[1].all = true, all[0], all[1]
	return nil
}

func (s *side) read(account store.ID, groups map[store.ID]bool) error {
	a, err := customer.AccountByID(s.tx, s.brand, account)
	if failure.CodeOf(err) == customer.UnknownAccount || err == nil && !a.Deleted.IsZero() {
		return nil
	}
	if err != nil {
		return err
	}
	s.account = a
	for id := range groups {
		g, err := groupIn(s.tx, s.brand, id)
		if err != nil {
			return err
		}
		if g != nil && g.Account == account {
			s.changed = append(s.changed, g)
		}
	}
	slices.SortFunc(s.changed, func(a, b *customer.BillingGroup) int { return cmp.Compare(a.ID, b.ID) })
	return nil
}

// groupIn is a billing group of the brand, or nil.
func groupIn(tx store.Tx, brand *catalogue.Brand, id store.ID) (*customer.BillingGroup, error) {
	g, err := customer.BillingGroupByID(tx, brand, id)
	if failure.CodeOf(err) == customer.UnknownBillingGroup {
		return nil, nil
	}
	return g, err
}

// customer shows the customer itself.
func (c *comparison) customer() error {
	if len(c.sides[0].views["customer"]) == 0 {
		return nil
	}
	parts, err := c.parts()
	if err != nil {
		return err
	}
	for _, s := range c.sides {
		if s.account == nil {
			continue
		}
		read := func(u *resource.Work) (*resource.Snapshot, error) { return s.outline(u, parts) }
		var whole reader
		if parts != customer.AllParts {
			whole = func(u *resource.Work) (*resource.Snapshot, error) { return resource.ReadCustomer(u, s.account) }
		}
		if err := s.see("customer", read, whole); err != nil {
			return err
		}
	}
	return nil
}

// parts are those of the customer that may make a difference. Without its billing
// groups there are those that were changed.
func (c *comparison) parts() (customer.Parts, error) {
	before, after := c.sides[0].account, c.sides[1].account
	if before == nil || after == nil {
		return customer.AllParts, nil
	}
	parts := customer.OwnerPart
	if c.subjects.parts&customer.SubscriptionsPart != 0 || before.State != after.State {
		parts |= customer.SubscriptionsPart
	}
	names, err := c.overlaid("customer", c.account)
	if err != nil {
		return 0, err
	}
	for _, name := range names {
		parts |= resource.PartsOf[name]
	}
	if parts&customer.BillingGroupsPart != 0 {
		parts |= customer.RechargeTicketsPart
	}
	return parts, nil
}

// overlaid are the attributes of an object that clients wrote in one of the states.
func (c *comparison) overlaid(kind string, object store.ID) (names []string, err error) {
	for _, s := range c.sides {
		o, err := resource.OverlayOf(s.tx, kind, object)
		if err != nil {
			return nil, err
		}
		for _, text := range []string{o.Written, o.Had} {
			v, err := jsondoc.ReadKept(text)
			if err != nil {
				return nil, err
			}
			for _, m := range v.Members() {
				names = append(names, m.Name)
			}
		}
	}
	return names, nil
}

// outline gives the customer with some of its parts.
func (s *side) outline(u *resource.Work, parts customer.Parts) (*resource.Snapshot, error) {
	g, err := customer.PartialOf(u.Tx, s.account.ID)
	if err != nil {
		return nil, err
	}
	read, err := customer.LoadPartials(u.Tx, []*customer.Partial{g}, parts)
	if err != nil {
		return nil, err
	}
	w := read[0]
	if parts&customer.BillingGroupsPart == 0 {
		w.BillingGroups = s.changed
		for _, g := range s.changed {
			t, err := customer.RechargeTicketOf(u.Tx, u.Brand, g.ID)
			if err == nil {
				w.RechargeTickets = append(w.RechargeTickets, t)
			} else if failure.CodeOf(err) != customer.UnknownRechargeTicket {
				return nil, err
			}
		}
	}
	return resource.ReadCustomerOf(u, w)
}
