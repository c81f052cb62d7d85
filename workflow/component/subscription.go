package component

import (
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
	"rator/workflow/value"
)

const subscriptionArea = "Subscription"

func init() {
	Register(Component{
		Name: "create_subscription", Area: subscriptionArea,
		Desc:  "Make a subscription in a billing group. It still needs a service: a call that leaves it without one fails.",
		In:    []Param{text("ACCOUNT_ID"), mandatory("BILLING_GROUP_ID"), mandatory("USER_ID"), mandatory("PRODUCT_CODE"), text("SALES_CHANNEL"), text("SALES_AGENT_ID"), text("SHOP_ID"), text("OPERATOR_ID"), text("DELIVERY_ADDRESS_ID")},
		Out:   []string{"ID"},
		Fails: []*failure.Code{customer.UnknownAccount, customer.UnknownBillingGroup, customer.UnknownUser, customer.WrongAccount, customer.WrongState, customer.WrongBillingGroupType, catalogue.UnknownProductCode, catalogue.NoLongerSold},
		Run:   createSubscription,
	})
	Register(Component{
		Name: "create_service", Area: subscriptionArea,
		Desc:  "Add a service to a subscription, with the options in FIELDS. Without CODE it is of the product's first type, without MSISDN it gets the next of the product's number series.",
		In:    []Param{mandatory("SUBSCRIPTION_ID"), text("CODE"), text("CUSTOM_SIM_HANDLE"), below("FIELDS")},
		Out:   []string{"ID", "CODE", "MSISDN"},
		Fails: []*failure.Code{customer.UnknownSubscription, customer.WrongState, customer.WrongServiceType, customer.NumberTaken, catalogue.NoFreeNumber, catalogue.UnknownProductOption, catalogue.NoLongerSold, catalogue.OptionsExcludeEachOther, customer.OptionTaken},
		Run:   createService,
	})
	Register(Component{
		Name: "add_product_options", Area: subscriptionArea,
		Desc:  "Give a subscription more options. OPTIONS holds ids as ID, as PRODUCT_OPTION_ID, or as PRODUCT_OPTION with an ID.",
		In:    []Param{mandatory("SUBSCRIPTION_ID"), below("OPTIONS")},
		Fails: []*failure.Code{customer.UnknownSubscription, customer.WrongState, catalogue.UnknownProductOption, catalogue.NoLongerSold, catalogue.OptionsExcludeEachOther, customer.OptionTaken},
		Run:   addProductOptions,
	})
	Register(Component{
		Name: "activate_subscription", Area: subscriptionArea,
		Desc:  "Take a CREATED subscription and its services into use.",
		In:    []Param{mandatory("SUBSCRIPTION_ID")},
		Fails: []*failure.Code{customer.UnknownSubscription, customer.WrongState, customer.NoService},
		Run:   activateSubscription,
	})
	Register(Component{
		Name: "request_number_porting", Area: subscriptionArea,
		Desc:  "Keep a port-in for a subscription and give its line the number. FIELDS are the keys of NPFLOW.",
		In:    []Param{mandatory("SUBSCRIPTION_ID"), below("FIELDS")},
		Out:   []string{"ID"},
		Fails: []*failure.Code{customer.UnknownSubscription, customer.WrongState, customer.NoService, customer.NumberTaken},
		Run:   requestNumberPorting,
	})
}

func subscriptionOf(c *Call, in value.Tree) (store.ID, error) {
	id, err := idOf(in, "SUBSCRIPTION_ID")
	c.touch(id)
	return id, err
}

func createSubscription(c *Call, in value.Tree) (value.Tree, error) {
	var n customer.NewSubscription
	var account store.ID
	if err := idsOf(in, map[string]*store.ID{"ACCOUNT_ID": &account, "BILLING_GROUP_ID": &n.BillingGroup, "USER_ID": &n.User}); err != nil {
		return nil, err
	}
	if account != 0 {
		if _, err := customer.AccountByID(c.Tx, c.Brand, account); err != nil {
			return nil, err
		}
		g, err := customer.BillingGroupByID(c.Tx, c.Brand, n.BillingGroup)
		if err != nil {
			return nil, err
		}
		if g.Account != account {
			return nil, customer.WrongAccount.With("billing group %s is not of account %s", g.ID, account)
		}
	}
	n.ProductCode = in.Text("PRODUCT_CODE")
	if err := fill(&n.SubscriptionFields, in); err != nil {
		return nil, err
	}
	s, err := customer.CreateSubscription(c.Tx, c.Brand, n)
	if err != nil {
		return nil, err
	}
	c.restructured(s.Account)
	c.touch(s.ID)
	return onlyID(s.ID), nil
}

func createService(c *Call, in value.Tree) (value.Tree, error) {
	sub, err := subscriptionOf(c, in)
	if err != nil {
		return nil, err
	}
	n := customer.NewService{Subscription: sub, Code: in.Text("CODE")}
	given := in.Items("FIELDS")
	if err := fill(&n.ServiceFields, given); err != nil {
		return nil, err
	}
	if h := in.Text("CUSTOM_SIM_HANDLE"); h != "" {
		n.SIMHandle = h
	}
	s, err := customer.CreateService(c.Tx, c.Brand, n)
	if err != nil {
		return nil, err
	}
	c.touch(s.ID)
	if ids := optionIDs(given.Items("PRODUCT_OPTION_IDS")); len(ids) > 0 {
		if _, err := customer.AddOptions(c.Tx, c.Brand, sub, ids); err != nil {
			return nil, err
		}
	}
	return append(onlyID(s.ID), value.OfString("CODE", s.Code), value.OfString("MSISDN", s.MSISDN)), nil
}

func addProductOptions(c *Call, in value.Tree) (value.Tree, error) {
	sub, err := subscriptionOf(c, in)
	if err != nil {
		return nil, err
	}
	_, err = customer.AddOptions(c.Tx, c.Brand, sub, optionIDs(in.Items("OPTIONS")))
	return nil, err
}

// optionIDs reads a list of options in each of its shapes (rator-api.md 3.3).
func optionIDs(list value.Tree) []string {
	var ids []string
	for i := range list {
		switch e := &list[i]; {
		case e.Null:
		case e.Key == "ID", e.Key == "PRODUCT_OPTION_ID":
			ids = append(ids, e.Text)
		case e.Key == "PRODUCT_OPTION":
			ids = append(ids, e.Items.Text("ID"))
		}
	}
	return ids
}

func activateSubscription(c *Call, in value.Tree) (value.Tree, error) {
	sub, err := subscriptionOf(c, in)
	if err != nil {
		return nil, err
	}
	_, err = customer.ActivateSubscription(c.Tx, c.Brand, sub)
	return nil, err
}

func requestNumberPorting(c *Call, in value.Tree) (value.Tree, error) {
	sub, err := subscriptionOf(c, in)
	if err != nil {
		return nil, err
	}
	var f customer.NumberPortingFields
	if err := fill(&f, in.Items("FIELDS")); err != nil {
		return nil, err
	}
	p, err := customer.RequestNumberPorting(c.Tx, c.Brand, sub, f)
	if err != nil {
		return nil, err
	}
	return onlyID(p.ID), nil
}
