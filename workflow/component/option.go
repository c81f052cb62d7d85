package component

import (
	"rator/catalogue"
	"rator/customer"
	"rator/customer/option"
	"rator/failure"
	"rator/workflow/value"
)

const optionArea = "Option"

// What naming options can fail with.
var (
	subscribeFails = []*failure.Code{customer.UnknownSubscription, customer.WrongState, option.NoProductOption, catalogue.UnknownProductOption, catalogue.NoLongerSold,
		option.NotInRatePlan, customer.OptionTaken, catalogue.OptionsExcludeEachOther, customer.OrderPending, option.WrongCurrency, customer.UnknownMembership}
	unsubscribeFails = []*failure.Code{customer.UnknownSubscription, customer.WrongState, option.NoProductOption, catalogue.UnknownProductOption,
		customer.UnknownSubscribedOption, customer.OrderPending}
	optionLists = []Param{mandatory("SUBSCRIPTION_ID"), below("OPTIONS"), below("OPTION_IDS")}
)

func init() {
	register(Component{
		Name: "options_to_subscribe", Area: optionArea, Reads: true,
		Desc:  "What subscribe_options would do, checked: OPTIONS, a list of OPTION with ID, OPTION_KEY, prices, ACTION (SUBSCRIBE, or SWITCH when it replaces options that exclude it) and REPLACES, a list of OPTION.",
		In:    append(optionLists[:3:3], Param{Key: "SWITCH", Type: value.Boolean}),
		Out:   []string{"OPTIONS"},
		Fails: subscribeFails,
		Run: func(c *Call, in value.Tree) (value.Tree, error) {
			plan, err := optionsToSubscribe(c, in)
			if err != nil {
				return nil, err
			}
			return optionPlanView(c, plan, ""), nil
		},
	})
	register(Component{
		Name: "check_option_allowed", Area: optionArea, Reads: true,
		Desc:  "Fail unless RESULT, which a site's OPTION_SETUP_VALIDATION answered for the option, is SUCCESS.",
		In:    []Param{mandatory("OPTION_KEY"), text("RESULT")},
		Fails: []*failure.Code{option.NotAllowed},
		Run: func(_ *Call, in value.Tree) (value.Tree, error) {
			if in.Text("RESULT") != "SUCCESS" {
				return nil, option.NotAllowed.With("%s", in.Text("OPTION_KEY"))
			}
			return nil, nil
		},
	})
	register(Component{
		Name: "subscribe_options", Area: optionArea,
		Desc:  "Give a subscription more options. OPTIONS and OPTION_IDS hold ids or keys as ID, as PRODUCT_OPTION_ID, or as PRODUCT_OPTION with an ID. With SWITCH options that exclude a new one end; else the new one is refused.",
		In:    append(optionLists[:3:3], Param{Key: "SWITCH", Type: value.Boolean}),
		Fails: subscribeFails,
		Run:   subscribeOptions,
	})
	register(Component{
		Name: "options_to_unsubscribe", Area: optionArea, Reads: true,
		Desc:  "What unsubscribe_options would do, checked: OPTIONS, a list of OPTION with ID, OPTION_KEY, prices and ACTION (UNSUBSCRIBE).",
		In:    optionLists,
		Out:   []string{"OPTIONS"},
		Fails: unsubscribeFails,
		Run: func(c *Call, in value.Tree) (value.Tree, error) {
			plan, err := optionsToUnsubscribe(c, in)
			if err != nil {
				return nil, err
			}
			return optionPlanView(c, plan, "UNSUBSCRIBE"), nil
		},
	})
	register(Component{
		Name: "unsubscribe_options", Area: optionArea,
		Desc:  "End options of a subscription now. The ids come as in subscribe_options.",
		In:    optionLists,
		Fails: unsubscribeFails,
		Run:   unsubscribeOptions,
	})
	register(Component{
		Name: "subscription_options", Area: optionArea, Reads: true,
		Desc:  "The options that a subscription has or can take as a list of PRODUCT_OPTION, each with SUBSCRIBED, START_DATE and PRODUCT_SUB_OPTIONS. GROUP_ID is the id or the key of the only one wanted.",
		In:    []Param{mandatory("SUBSCRIPTION_ID"), text("GROUP_ID")},
		Out:   []string{"PRODUCT_OPTION"},
		Fails: []*failure.Code{customer.UnknownSubscription, catalogue.UnknownProductOption},
		Run:   subscriptionOptions,
	})
}

// optionIDs reads lists of options in each of their shapes (rator-api.md 3.3).
func optionIDs(lists ...value.Tree) []string {
	var ids []string
	for _, list := range lists {
		for i := range list {
			switch e := &list[i]; {
			case e.Null || e.Text == "" && e.Items == nil: // an unset text is no option
			case e.Key == "ID", e.Key == "PRODUCT_OPTION_ID":
				ids = append(ids, e.Text)
			case e.Key == "PRODUCT_OPTION":
				ids = append(ids, e.Items.Text("ID"))
			}
		}
	}
	return ids
}

func optionsToSubscribe(c *Call, in value.Tree) (*option.Plan, error) {
	sub, err := subscriptionOf(c, in)
	if err != nil {
		return nil, err
	}
	return option.PlanToSubscribe(c.Tx, c.Brand, sub, optionIDs(in.Items("OPTIONS"), in.Items("OPTION_IDS")), in.Text("SWITCH") == "true")
}

func subscribeOptions(c *Call, in value.Tree) (value.Tree, error) {
	plan, err := optionsToSubscribe(c, in)
	if err != nil {
		return nil, err
	}
	_, err = plan.Subscribe(c.Tx)
	return nil, err
}

func optionsToUnsubscribe(c *Call, in value.Tree) (*option.Plan, error) {
	sub, err := subscriptionOf(c, in)
	if err != nil {
		return nil, err
	}
	return option.PlanToUnsubscribe(c.Tx, c.Brand, sub, optionIDs(in.Items("OPTIONS"), in.Items("OPTION_IDS")))
}

func unsubscribeOptions(c *Call, in value.Tree) (value.Tree, error) {
	plan, err := optionsToUnsubscribe(c, in)
	if err != nil {
		return nil, err
	}
	return nil, plan.Unsubscribe(c.Tx)
}

// optionPlanView is the plan as the hooks' context objects show it (rator-api.md
// 5.1). Without an action it is SUBSCRIBE or SWITCH.
func optionPlanView(c *Call, plan *option.Plan, action string) value.Tree {
	var list value.Tree
	for _, change := range plan.Changes {
		o := offered(c, change.Option)
		switch {
		case action != "":
			o = append(o, value.OfString("ACTION", action))
		case len(change.Replaces) == 0:
			o = append(o, value.OfString("ACTION", "SUBSCRIBE"), value.Of("REPLACES"))
		default:
			var replaces value.Tree
			for _, old := range change.Replaces {
				replaces = append(replaces, value.Of("OPTION", view(old)...))
			}
			o = append(o, value.OfString("ACTION", "SWITCH"), value.Of("REPLACES", replaces...))
		}
		list = append(list, value.Of("OPTION", o...))
	}
	return value.Tree{value.Of("OPTIONS", list...)}
}

// offered is an option of the catalogue with the keys of rator-api.md 2.6, at the
// prices of the brand's today.
func offered(c *Call, o *catalogue.Option) value.Tree {
	o = o.On(c.Brand.Day(c.Tx.Now()))
	return value.Tree{
		value.OfString("ID", o.CatalogueID), value.OfString("NAME", o.Name), value.OfString("LABEL", o.Label),
		value.OfString("DESCRIPTION", o.Description), value.OfString("OPTION_KEY", o.OptionKey),
		value.OfMoney("INITIAL_PRICE", o.InitialPrice), value.OfMoney("RECURRENT_PRICE", o.RecurrentPrice),
	}
}

func subscriptionOptions(c *Call, in value.Tree) (value.Tree, error) {
	sub, err := subscriptionOf(c, in)
	if err != nil {
		return nil, err
	}
	nodes, err := option.TreeOf(c.Tx, c.Brand, sub, in.Text("GROUP_ID"))
	if err != nil {
		return nil, err
	}
	return optionNodes(c, "PRODUCT_OPTION", nodes), nil
}

func optionNodes(c *Call, key string, nodes []*option.Node) value.Tree {
	list := make(value.Tree, 0, len(nodes))
	for _, n := range nodes {
		o, start := offered(c, n.Option), value.OfNull("START_DATE", value.Date)
		if n.Has != nil {
			start = value.OfDate("START_DATE", n.Has.From)
		}
		o = append(o, value.OfBoolean("SUBSCRIBED", n.Has != nil), start, value.Of("PRODUCT_SUB_OPTIONS", optionNodes(c, "PRODUCT_SUB_OPTION", n.Below)...))
		list = append(list, value.Of(key, o...))
	}
	return list
}
