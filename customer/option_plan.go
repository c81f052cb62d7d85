package customer

import (
	"cmp"
	"slices"

	"rator/catalogue"
	"rator/failure"
	"rator/store"
)

// OptionPlan is what is to happen to the options of a subscription, checked.
type OptionPlan struct {
	Subscription *Subscription
	Changes      []OptionChange

	brand *catalogue.Brand
}

// What option.subscribed and option.unsubscribed name as ACTION.
const (
	actionSubscribe   = "SUBSCRIBE"
	actionSwitch      = "SWITCH"
	actionUnsubscribe = "UNSUBSCRIBE"
)

// OptionChange is one option to take, with those that make room for it.
type OptionChange struct {
	Option   *catalogue.Option
	Replaces []*SubscribedOption // not empty: a switch between exclusive options
}

// PlanOptions checks that a subscription that is not TERMINATED can have more
// options, by their catalogue ids or keys, and writes nothing. Of what it has, options
// that exclude a new one make room when switching is true; else they are refused
// with OPTIONS_EXCLUDE_EACH_OTHER, as two new ones that exclude each other always
// are. It also fails with NO_PRODUCT_OPTION, UNKNOWN_PRODUCT_OPTION,
// NO_LONGER_SOLD (of the option or of one above it, as the catalogue offers
// neither), OPTION_NOT_IN_RATE_PLAN, OPTION_ALREADY_SUBSCRIBED,
// ORDER_PENDING, and WRONG_CURRENCY when an option has a price and the billing
// group another currency.
func PlanOptions(tx store.Tx, brand *catalogue.Brand, subscription store.ID, names []string, switching bool) (*OptionPlan, error) {
	p, held, err := planOptions(tx, brand, subscription, names)
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
			return nil, OptionTaken.With("%s %s", id, option.OptionKey)
		}
		if err := inRatePlan(tx, brand, option, plan); err != nil {
			return nil, err
		}
		if err := payable(tx, brand, option, p.Subscription); err != nil {
			return nil, err
		}
		c := OptionChange{Option: option}
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

// Subscribe does what a plan of PlanOptions says, in the unit it was made in.
func (p *OptionPlan) Subscribe(tx store.Tx) ([]*SubscribedOption, error) {
	var added []*SubscribedOption
	for _, c := range p.Changes {
		action := actionSubscribe
		for _, old := range c.Replaces {
			action = actionSwitch
			if err := old.drop(tx, p.brand, action); err != nil {
				return nil, err
			}
		}
		o := &SubscribedOption{Part: Part{Account: p.Subscription.Account}, Subscription: p.Subscription.ID,
			OptionID: c.Option.CatalogueID, OptionKey: c.Option.OptionKey, Name: c.Option.Name, From: tx.Now()}
		if err := subscribedOptions.Insert(tx, o); err != nil {
			return nil, err
		}
		if err := o.tell(tx, optionSubscribed, p.brand, action); err != nil {
			return nil, err
		}
		added = append(added, o)
	}
	return added, nil
}

// AddOptions gives a subscription more options; none it has makes room for them.
func AddOptions(tx store.Tx, brand *catalogue.Brand, subscription store.ID, names []string) ([]*SubscribedOption, error) {
	p, err := PlanOptions(tx, brand, subscription, names, false)
	if err != nil {
		return nil, err
	}
	return p.Subscribe(tx)
}

// PlanRemoval checks that a subscription that is not TERMINATED can lose
// options, by their catalogue ids or keys, and writes nothing. It fails with
// NO_PRODUCT_OPTION, UNKNOWN_PRODUCT_OPTION, ORDER_PENDING, and with
// UNKNOWN_SUBSCRIBED_OPTION for one it does not have or that is named twice.
// The options of the plan are those to lose.
func PlanRemoval(tx store.Tx, brand *catalogue.Brand, subscription store.ID, names []string) (*OptionPlan, error) {
	p, held, err := planOptions(tx, brand, subscription, names)
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
			return nil, UnknownSubscribedOption.With("%s %s", id, option.OptionKey)
		}
		p.Changes = append(p.Changes, OptionChange{option, []*SubscribedOption{held[id]}})
		delete(held, id)
	}
	return p, nil
}

// Unsubscribe ends the options of a plan of PlanRemoval now.
func (p *OptionPlan) Unsubscribe(tx store.Tx) error {
	for _, c := range p.Changes {
		for _, o := range c.Replaces {
			if err := o.drop(tx, p.brand, actionUnsubscribe); err != nil {
				return err
			}
		}
	}
	return nil
}

// planOptions starts a plan and gives the options that the subscription has, by
// their catalogue ids.
func planOptions(tx store.Tx, brand *catalogue.Brand, subscription store.ID, names []string) (*OptionPlan, map[string]*SubscribedOption, error) {
	sub, _, err := changeable(tx, brand, subscription)
	if err != nil {
		return nil, nil, err
	}
	if len(names) == 0 {
		return nil, nil, NoProductOption.Error()
	}
	held, err := openOptions(tx, sub)
	return &OptionPlan{Subscription: sub, brand: brand}, held, err
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
func payable(tx store.Tx, brand *catalogue.Brand, option *catalogue.Option, sub *Subscription) error {
	if !option.HasPrice() {
		return nil
	}
	g, err := BillingGroupOfSubscription(tx, sub)
	if err == nil && g.Balance.Currency != brand.Currency {
		return WrongCurrency.With("%s is priced in %s, billing group %s is in %s", option.OptionKey, brand.Currency, g.Name, g.Balance.Currency)
	}
	return err
}

// excluded gives those of the options held that cannot stay beside another,
// oldest first.
func excluded(tx store.Tx, brand *catalogue.Brand, option *catalogue.Option, held map[string]*SubscribedOption) ([]*SubscribedOption, error) {
	var out []*SubscribedOption
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
	slices.SortFunc(out, func(a, b *SubscribedOption) int { return cmp.Compare(a.ID, b.ID) })
	return out, nil
}
