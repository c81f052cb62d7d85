// Package option is which product options and which rate plan a subscription may have:
// what may be taken, dropped or switched is checked here as a plan before anything is
// written. What it has and had is a customer's part and stands in customer.
package option

import (
	"cmp"
	"slices"

	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

// Plan is what is to happen to the options of a subscription, checked.
type Plan struct {
	Subscription *customer.Subscription
	Changes      []Change

	brand *catalogue.Brand
}

// What option.subscribed and option.unsubscribed name as ACTION.
const (
	actionSubscribe   = "SUBSCRIBE"
	actionSwitch      = "SWITCH"
	actionUnsubscribe = "UNSUBSCRIBE"
)

// Change is one option to take, with those that make room for it.
type Change struct {
	Option   *catalogue.Option
	Replaces []*customer.SubscribedOption // not empty: a switch between exclusive options
}

// PlanToSubscribe checks that a subscription that is not TERMINATED can have more
// options, by their catalogue ids or keys, and writes nothing. Of what it has, options
// that exclude a new one make room when switching is true; else they are refused
// with OPTIONS_EXCLUDE_EACH_OTHER, as two new ones that exclude each other always
// are. It also fails with NO_PRODUCT_OPTION, UNKNOWN_PRODUCT_OPTION,
// NO_LONGER_SOLD (of the option or of one above it, as the catalogue offers
// neither), OPTION_NOT_IN_RATE_PLAN, OPTION_ALREADY_SUBSCRIBED,
// ORDER_PENDING, and WRONG_CURRENCY when an option has a price and the billing
// group another currency.
func PlanToSubscribe(tx store.Tx, brand *catalogue.Brand, subscription store.ID, names []string, switching bool) (*Plan, error) {
	p, held, err := newPlan(tx, brand, subscription, names)
	if err != nil {
		return nil, err
	}
	plan, err := catalogue.RatePlanByID(tx, brand, p.Subscription.RatePlanID)
	if err != nil {
		return nil, err
	}
	var wanted []*catalogue.Option
	for _, name := range names {
		option, err := catalogue.OptionNamed(tx, brand, name)
		if err != nil {
			return nil, err
		}
		id := option.CatalogueID
		if err := sold(tx, brand, option); err != nil {
			return nil, err
		}
		if held[id] != nil || slices.ContainsFunc(wanted, func(o *catalogue.Option) bool { return o.CatalogueID == id }) {
			return nil, customer.OptionTaken.With("%s %s", id, option.OptionKey)
		}
		if err := inRatePlan(tx, brand, option, plan); err != nil {
			return nil, err
		}
		if err := payable(tx, brand, option, p.Subscription); err != nil {
			return nil, err
		}
		c := Change{Option: option}
		if c.Replaces, err = excluded(tx, brand, option, held); err != nil {
			return nil, err
		}
		if len(c.Replaces) > 0 && !switching {
			return nil, catalogue.OptionsExcludeEachOther.With("%s and %s", c.Replaces[0].OptionKey, option.OptionKey)
		}
		for _, old := range c.Replaces {
			delete(held, old.OptionID) // an option makes room once
		}
		p.Changes, wanted = append(p.Changes, c), append(wanted, option)
	}
	return p, catalogue.CheckExclusive(tx, brand, wanted)
}

// Subscribe does what a plan of PlanToSubscribe says, in the unit it was made in.
func (p *Plan) Subscribe(tx store.Tx) ([]*customer.SubscribedOption, error) {
	var added []*customer.SubscribedOption
	for _, c := range p.Changes {
		action := actionSubscribe
		for _, old := range c.Replaces {
			action = actionSwitch
			if err := old.Drop(tx, p.brand, action); err != nil {
				return nil, err
			}
		}
		o, err := p.Subscription.AddOption(tx, p.brand, c.Option, action)
		if err != nil {
			return nil, err
		}
		added = append(added, o)
	}
	return added, nil
}

// PlanToUnsubscribe checks that a subscription that is not TERMINATED can lose
// options, by their catalogue ids or keys, and writes nothing. It fails with
// NO_PRODUCT_OPTION, UNKNOWN_PRODUCT_OPTION, ORDER_PENDING, and with
// UNKNOWN_SUBSCRIBED_OPTION for one it does not have or that is named twice.
// The options of the plan are those to lose.
func PlanToUnsubscribe(tx store.Tx, brand *catalogue.Brand, subscription store.ID, names []string) (*Plan, error) {
	p, held, err := newPlan(tx, brand, subscription, names)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		option, err := catalogue.OptionNamed(tx, brand, name)
		if err != nil {
			return nil, err
		}
		id := option.CatalogueID
		if held[id] == nil {
			return nil, customer.UnknownSubscribedOption.With("%s %s", id, option.OptionKey)
		}
		p.Changes = append(p.Changes, Change{option, []*customer.SubscribedOption{held[id]}})
		delete(held, id)
	}
	return p, nil
}

// Unsubscribe ends the options of a plan of PlanToUnsubscribe now.
func (p *Plan) Unsubscribe(tx store.Tx) error {
	for _, c := range p.Changes {
		for _, o := range c.Replaces {
			if err := o.Drop(tx, p.brand, actionUnsubscribe); err != nil {
				return err
			}
		}
	}
	return nil
}

// newPlan starts a plan and gives the options that the subscription has, by
// their catalogue ids.
func newPlan(tx store.Tx, brand *catalogue.Brand, subscription store.ID, names []string) (*Plan, map[string]*customer.SubscribedOption, error) {
	sub, _, err := customer.ChangeableSubscription(tx, brand, subscription)
	if err != nil {
		return nil, nil, err
	}
	if len(names) == 0 {
		return nil, nil, NoProductOption.Error()
	}
	held, err := customer.OpenOptions(tx, sub)
	return &Plan{Subscription: sub, brand: brand}, held, err
}

// sold fails with NO_LONGER_SOLD when an option or one above it is retired.
func sold(tx store.Tx, brand *catalogue.Brand, option *catalogue.Option) error {
	for {
		if err := option.CheckSold(); err != nil || option.Parent == "" {
			return err
		}
		parent, err := catalogue.OptionByID(tx, brand, option.Parent)
		if err != nil {
			return err
		}
		option = parent
	}
}

// payable fails with WRONG_CURRENCY when an option has a price, which is in the
// brand's currency, and the subscription is paid for in another.
func payable(tx store.Tx, brand *catalogue.Brand, option *catalogue.Option, sub *customer.Subscription) error {
	if !option.HasPrice() {
		return nil
	}
	g, err := customer.BillingGroupOfSubscription(tx, sub)
	if err == nil && g.Balance.Currency != brand.Currency {
		return WrongCurrency.With("%s is priced in %s, billing group %s is in %s", option.OptionKey, brand.Currency, g.Name, g.Balance.Currency)
	}
	return err
}

// excluded gives those of the options held that cannot stay beside another,
// oldest first.
func excluded(tx store.Tx, brand *catalogue.Brand, option *catalogue.Option, held map[string]*customer.SubscribedOption) ([]*customer.SubscribedOption, error) {
	var out []*customer.SubscribedOption
	for id, o := range held {
		other, err := catalogue.OptionByID(tx, brand, id)
		if err != nil {
			return nil, err
		}
		switch err := catalogue.CheckExclusive(tx, brand, []*catalogue.Option{other, option}); {
		case failure.CodeOf(err) == catalogue.OptionsExcludeEachOther:
			out = append(out, o)
		case err != nil:
			return nil, err
		}
	}
	slices.SortFunc(out, func(a, b *customer.SubscribedOption) int { return cmp.Compare(a.ID, b.ID) })
	return out, nil
}
