package customer

import (
	"slices"

	"rator/catalogue"
	"rator/failure"
	"rator/store"
)

// OptionNode is a product option as a subscription sees it, with those below it.
type OptionNode struct {
	Option *catalogue.Option
	Has    *SubscribedOption // nil when the subscription does not have it
	Below  []*OptionNode
}

// OptionTreeOf gives the options that a subscription of the brand has or can
// take: those of its rate plan, and what it has that is sold no longer or in
// other plans only, with what stands above that. A group, the id or key of an
// option (GROUP_ID), leaves only that one; an unknown one is UNKNOWN_PRODUCT_OPTION.
func OptionTreeOf(tx store.Tx, brand *catalogue.Brand, subscription store.ID, group string) ([]*OptionNode, error) {
	sub, err := SubscriptionByID(tx, brand, subscription)
	if err != nil {
		return nil, err
	}
	plan, err := catalogue.RatePlanByID(tx, brand, sub.RatePlanID)
	if err != nil {
		return nil, err
	}
	held, err := openOptions(tx, sub)
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
	return optionNodes(all, held, plan), nil
}

func optionNodes(options []*catalogue.Option, held map[string]*SubscribedOption, plan *catalogue.RatePlan) []*OptionNode {
	var nodes []*OptionNode
	for _, o := range options {
		n := &OptionNode{Option: o, Has: held[o.CatalogueID]}
		offered := !o.Retired && (len(o.RatePlans) == 0 || slices.Contains(o.RatePlans, plan.Code))
		for _, below := range optionNodes(o.SubOptions, held, plan) {
			if offered || below.has() {
				n.Below = append(n.Below, below)
			}
		}
		if offered || n.has() {
			nodes = append(nodes, n)
		}
	}
	return nodes
}

// has reports whether the subscription has the option or one below it.
func (n *OptionNode) has() bool {
	return n.Has != nil || slices.ContainsFunc(n.Below, (*OptionNode).has)
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
