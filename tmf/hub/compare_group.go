package hub

import (
	"slices"

	"rator/customer"
	"rator/store"
	"rator/tmf/jsondoc"
	"rator/tmf/resource"
)

// groups shows the billing groups that may have changed, and the ways in which they
// pay.
func (c *comparison) groups() error {
	if views := c.sides[0].views; len(views["customerAccount"])+len(views["paymentMean"]) == 0 {
		return nil
	}
	if err := c.choose(); err != nil {
		return err
	}
	for i, s := range c.sides {
		for _, g := range s.seen {
			w, err := customer.LoadGroupSummary(s.tx, s.account, g)
			if err != nil {
				return err
			}
			all, err := c.namesAll(i, g)
			if err != nil {
				return err
			}
			if w.BillingGroups, err = c.siblings(s, g, all); err != nil {
				return err
			}
			var whole reader
			if !all {
				whole = func(u *resource.Work) (*resource.Snapshot, error) { return c.groupWhole(u, s, *w, g) }
			}
			if err := s.group(w, g, whole); err != nil {
				return err
			}
		}
	}
	return nil
}

// choose says which billing groups are looked at: the same way in both states, or a
// customer who comes to have many would seem to lose them.
func (c *comparison) choose() error {
	before, after := c.sides[0], c.sides[1]
	before.seen, after.seen = before.changed, after.changed
	if !c.related() {
		return nil
	}
	if c.few {
		before.seen, after.seen = before.all, after.all
		return nil
	}
	var all [2][]*customer.BillingGroup
	for i, s := range c.sides {
		if s.account == nil {
			continue
		}
		groups, few, err := customer.BillingGroupsUpTo(s.tx, c.account, maxRelatedGroups)
		if err != nil || !few {
			return err
		}
		all[i] = groups
	}
	before.seen, after.seen = all[0], all[1]
	return nil
}

// related reports whether what billing groups show of their customer may have
// changed: the account, its users and subscriptions, or what the changed groups are
// called.
func (c *comparison) related() bool {
	before, after := c.sides[0], c.sides[1]
	return before.account == nil || after.account == nil || before.account.Version != after.account.Version ||
		c.subjects.parts&(customer.OwnerPart|customer.SubscriptionsPart) != 0 || !before.refs().Identical(after.refs())
}

// refs are the changed groups as other documents name them.
func (s *side) refs() jsondoc.Value {
	return resource.AccountRefs(&customer.Whole{BillingGroups: s.changed})
}

// siblings are the group and those of its customer's that its document must name: all or
// what was changed.
func (c *comparison) siblings(s *side, g *customer.BillingGroup, all bool) (_ []*customer.BillingGroup, err error) {
	switch {
	case all:
		if s.all == nil {
			s.all, err = customer.BillingGroupsOf(s.tx, c.account)
		}
		return s.all, err
	case slices.ContainsFunc(s.changed, hasID(g.ID)):
		return s.changed, nil
	}
	return append(slices.Clip(s.changed), g), nil
}

// groupWhole is a billing group with all its siblings; w is what else was read for it.
func (c *comparison) groupWhole(u *resource.Work, s *side, w customer.Whole, g *customer.BillingGroup) (_ *resource.Snapshot, err error) {
	if w.BillingGroups, err = c.siblings(s, g, true); err != nil {
		return nil, err
	}
	return resource.ReadAccount(u, &w, g)
}

// namesAll reports whether the document of a group must be whole: where there is
// none of the same customer's to compare it with, and where clients wrote over its
// siblings.
func (c *comparison) namesAll(state int, g *customer.BillingGroup) (bool, error) {
	if c.few {
		return true, nil
	}
	other := c.sides[1-state]
	if slices.ContainsFunc(other.seen, hasID(g.ID)) {
		names, err := c.overlaid("customerAccount", g.ID)
		return slices.Contains(names, "customerAccountRelationship"), err
	}
	if state == 0 || slices.Contains(c.subjects.written, writing{"customerAccount", g.ID}) {
		return true, nil // it goes, or it waited for its customer
	}
	elsewhere, err := groupIn(other.tx, other.brand, g.ID)
	return elsewhere != nil, err // a new one is told without its document
}

func hasID(id store.ID) func(*customer.BillingGroup) bool {
	return func(g *customer.BillingGroup) bool { return g.ID == id }
}
