package option

import (
	"slices"

	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

// Node is a product option as a subscription sees it, with those below it.
type Node struct {
	Option *catalogue.Option
	Has    *customer.SubscribedOption // nil when the subscription does not have it
	Below  []*Node
}

// TreeOf gives the options that a subscription of the brand has or can
// take: those of its rate plan, and what it has that is sold no longer or in
// other plans only, with what stands above that. A group, the id or key of an
// option (GROUP_ID), leaves only that one; an unknown one is UNKNOWN_PRODUCT_OPTION.
func TreeOf(tx store.Tx, brand *catalogue.Brand, subscription store.ID, group string) ([]*Node, error) {
	sub, err := customer.SubscriptionByID(tx, brand, subscription)
	if err != nil {
		return nil, err
	}
	plan, err := catalogue.RatePlanByID(tx, brand, sub.RatePlanID)
	if err != nil {
		return nil, err
	}
	held, err := customer.OpenOptions(tx, sub)
	if err != nil {
		return nil, err
	}
	all, err := catalogue.OptionTree(tx, brand)
	if err != nil {
		return nil, err
	}
	if group != "" {
		wanted, err := catalogue.OptionNamed(tx, brand, group)
		switch {
		case failure.CodeOf(err) == catalogue.UnknownProductOption:
			return nil, catalogue.UnknownProductOption.With("GROUP_ID %s", group)
		case err != nil:
			return nil, err
		}
		all = inGroup(all, wanted.CatalogueID)
	}
	return nodes(all, held, plan), nil
}

func nodes(options []*catalogue.Option, held map[string]*customer.SubscribedOption, plan *catalogue.RatePlan) []*Node {
	var all []*Node
	for _, o := range options {
		n := &Node{Option: o, Has: held[o.CatalogueID]}
		offered := !o.Retired && (len(o.RatePlans) == 0 || slices.Contains(o.RatePlans, plan.Code))
		for _, below := range nodes(o.SubOptions, held, plan) {
			if offered || below.has() {
				n.Below = append(n.Below, below)
			}
		}
		if offered || n.has() {
			all = append(all, n)
		}
	}
	return all
}

// has reports whether the subscription has the option or one below it.
func (n *Node) has() bool {
	return n.Has != nil || slices.ContainsFunc(n.Below, (*Node).has)
}

// inGroup finds the option with that id, at any depth.
func inGroup(options []*catalogue.Option, id string) []*catalogue.Option {
	for _, o := range options {
		if o.CatalogueID == id {
			return []*catalogue.Option{o}
		}
		if found := inGroup(o.SubOptions, id); found != nil {
			return found
		}
	}
	return nil
}
