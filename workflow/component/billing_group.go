package component

import (
	"rator/billing/draft"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
	"rator/workflow/value"
)

const billingGroupArea = "Billing group"

func init() {
	register(Component{
		Name: "product_config", Area: "Catalogue", Reads: true,
		Desc:  "Look up a product configuration (PRODUCT_CODE) of the call's brand.",
		In:    []Param{mandatory("CODE")},
		Out:   []string{"ID", "CODE", "NAME", "DESCRIPTION", "BILLING_GROUP_TYPE", "CURRENCY", "BILLING_CYCLE", "CREDIT_DAYS", "RATE_PLAN", "NUMBER_SERIES"},
		Fails: []*failure.Code{catalogue.UnknownProductCode},
		Run:   productConfig,
	})
	register(Component{
		Name: "create_billing_group", Area: billingGroupArea,
		Desc:  "Add a billing group to an account; the product decides type, currency and billing cycle. FIELDS are the keys of a BILLING_GROUP. BILLING_GROUP_ID is the id it gets, where something waited under one to become a billing group.",
		In:    []Param{mandatory("ACCOUNT_ID"), mandatory("OWNER_ID"), mandatory("PRODUCT_CODE"), text("BILLING_GROUP_ID"), below("FIELDS")},
		Out:   []string{"ID", "NAME"},
		Fails: []*failure.Code{customer.UnknownAccount, customer.UnknownUser, customer.WrongAccount, customer.WrongState, catalogue.UnknownProductCode, catalogue.NoLongerSold, customer.BillingGroupNameNotUnique, draft.NoBillingFee},
		Run:   createBillingGroup,
	})
	register(Component{
		Name: "billing_group", Area: billingGroupArea, Reads: true,
		Desc:  "Look up a billing group and the account it belongs to.",
		In:    []Param{mandatory("BILLING_GROUP_ID")},
		Out:   viewKeys[customer.BillingGroup]("CURRENCY", "ACCOUNT_ID"),
		Fails: []*failure.Code{customer.UnknownBillingGroup},
		Run:   billingGroup,
	})
	register(Component{
		Name: "update_billing_group", Area: billingGroupArea,
		Desc:  "Set those fields of a billing group that FIELDS has.",
		In:    []Param{mandatory("BILLING_GROUP_ID"), below("FIELDS")},
		Fails: []*failure.Code{customer.UnknownBillingGroup, customer.UnknownUser, customer.WrongAccount, customer.BillingGroupNameNotUnique, customer.WrongState, draft.NoBillingFee},
		Run:   updateBillingGroup,
	})
	register(Component{
		Name: "set_billing_address", Area: billingGroupArea,
		Desc:  "Make a user of the account the address that the group's bills go to.",
		In:    []Param{mandatory("BILLING_GROUP_ID"), mandatory("USER_ID")},
		Fails: []*failure.Code{customer.UnknownBillingGroup, customer.UnknownUser, customer.WrongAccount, customer.WrongState},
		Run:   setBillingAddress,
	})
	register(Component{
		Name: "create_recharge_ticket", Area: billingGroupArea,
		Desc:  "Give a billing group its recharge ticket, an opaque token. FIELDS are the keys of a RECHARGE_TICKET.",
		In:    []Param{mandatory("BILLING_GROUP_ID"), below("FIELDS")},
		Out:   []string{"ID", "TICKET_ID"},
		Fails: []*failure.Code{customer.UnknownBillingGroup, customer.WrongState, customer.RechargeTicketExists, customer.CardNumberRefused},
		Run:   createRechargeTicket,
	})
}

func productConfig(c *Call, in value.Tree) (value.Tree, error) {
	p, err := catalogue.ProductConfigByCode(c.Tx, c.Brand, in.Text("CODE"))
	if err != nil {
		return nil, err
	}
	return value.Tree{
		value.OfString("ID", p.CatalogueID), value.OfString("CODE", p.Code), value.OfString("NAME", p.Name), value.OfString("DESCRIPTION", p.Description),
		value.OfString("BILLING_GROUP_TYPE", string(p.BillingGroupType)), value.OfString("CURRENCY", p.Currency),
		value.OfString("BILLING_CYCLE", string(p.BillingCycle)), value.OfLong("CREDIT_DAYS", int64(p.CreditDays)),
		value.OfString("RATE_PLAN", p.RatePlan), value.OfString("NUMBER_SERIES", p.NumberSeries),
	}, nil
}

func createBillingGroup(c *Call, in value.Tree) (value.Tree, error) {
	n := customer.NewBillingGroup{ProductCode: in.Text("PRODUCT_CODE")}
	if err := idsOf(in, map[string]*store.ID{"ACCOUNT_ID": &n.Account, "OWNER_ID": &n.Owner, "BILLING_GROUP_ID": &n.ID}); err != nil {
		return nil, err
	}
	if err := fill(&n.BillingGroupFields, in.Items("FIELDS")); err != nil {
		return nil, err
	}
	g, err := customer.CreateBillingGroup(c.Tx, c.Brand, n)
	if err == nil {
		err = draft.CheckBillingFee(c.Brand, g, "")
	}
	if err != nil {
		return nil, err
	}
	c.restructured(g.Account)
	c.touch(g.ID)
	return append(onlyID(g.ID), value.OfString("NAME", g.Name)), nil
}

func billingGroup(c *Call, in value.Tree) (value.Tree, error) {
	id, err := billingGroupOf(in)
	if err != nil {
		return nil, err
	}
	g, err := customer.BillingGroupByID(c.Tx, c.Brand, id)
	if err != nil {
		return nil, err
	}
	c.touch(g.ID)
	return append(groupView(c, g), value.OfString("ACCOUNT_ID", g.Account.String())), nil
}

func updateBillingGroup(c *Call, in value.Tree) (value.Tree, error) {
	id, err := billingGroupOf(in)
	if err != nil {
		return nil, err
	}
	c.touch(id)
	var before string
	g, err := customer.UpdateBillingGroup(c.Tx, c.Brand, id, func(f *customer.BillingGroupFields) error {
		before = f.AddBillingFee
		return fill(f, in.Items("FIELDS"))
	})
	if err != nil {
		return nil, err
	}
	return nil, draft.CheckBillingFee(c.Brand, g, before)
}

func setBillingAddress(c *Call, in value.Tree) (value.Tree, error) {
	var group, user store.ID
	if err := idsOf(in, map[string]*store.ID{"BILLING_GROUP_ID": &group, "USER_ID": &user}); err != nil {
		return nil, err
	}
	c.touch(group)
	_, err := customer.SetBillingAddress(c.Tx, c.Brand, group, user)
	return nil, err
}

func createRechargeTicket(c *Call, in value.Tree) (value.Tree, error) {
	id, err := billingGroupOf(in)
	if err != nil {
		return nil, err
	}
	var f customer.RechargeTicketFields
	if err := fill(&f, in.Items("FIELDS")); err != nil {
		return nil, err
	}
	t, err := customer.CreateRechargeTicket(c.Tx, c.Brand, id, f)
	if err != nil {
		return nil, err
	}
	c.touch(id)
	return append(onlyID(t.ID), value.OfString("TICKET_ID", t.TicketID)), nil
}
