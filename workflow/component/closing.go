package component

import (
	"rator/billing"
	"rator/customer"
	"rator/failure"
	"rator/workflow/value"
)

func init() {
	register(Component{
		Name: "live_subscriptions", Area: accountArea, Reads: true,
		Desc:  "The subscriptions of an account that are not TERMINATED, as a list of SUBSCRIPTION with ID and STATUS.",
		In:    []Param{mandatory("ACCOUNT_ID")},
		Out:   []string{"SUBSCRIPTION"},
		Fails: []*failure.Code{customer.UnknownAccount},
		Run:   liveSubscriptions,
	})
	register(Component{
		Name: "close_account", Area: accountArea,
		Desc:  "Close an account without living subscriptions; nothing of it changes any more but its balances and its users' data. With ACCEPT_BALANCE a billing group may still owe or be owed something.",
		In:    []Param{mandatory("ACCOUNT_ID"), {Key: "ACCEPT_BALANCE", Type: value.Boolean}},
		Out:   viewKeys[customer.Account](),
		Fails: []*failure.Code{customer.UnknownAccount, customer.WrongState, customer.LiveSubscriptions, customer.OpenBalance, billing.NotBilledYet},
		Run:   closeAccount,
	})
	register(Component{
		Name: "end_billing_group", Area: billingGroupArea,
		Desc:  "Delete a billing group that nothing was ever paid by and that never had money, with its recharge ticket.",
		In:    []Param{mandatory("BILLING_GROUP_ID")},
		Fails: []*failure.Code{customer.UnknownBillingGroup, customer.WrongState, customer.LastBillingGroup, customer.BillingGroupHasMembers, billing.BillingGroupHasMoney},
		Run:   endBillingGroup,
	})
}

func endBillingGroup(c *Call, in value.Tree) (value.Tree, error) {
	id, err := billingGroupOf(in)
	if err != nil {
		return nil, err
	}
	g, err := billing.DeleteBillingGroup(c.Tx, c.Brand, id)
	if err != nil {
		return nil, err
	}
	c.touch(g.ID)
	c.restructured(g.Account)
	return nil, nil
}

func liveSubscriptions(c *Call, in value.Tree) (value.Tree, error) {
	w, err := whole(c, in)
	if err != nil {
		return nil, err
	}
	var list value.Tree
	for _, s := range w.Subscriptions {
		if s.State != customer.Terminated {
			list = append(list, value.Of("SUBSCRIPTION", append(onlyID(s.ID), value.OfString("STATUS", string(s.State)))...))
		}
	}
	return list, nil
}

func closeAccount(c *Call, in value.Tree) (value.Tree, error) {
	id, err := idOf(in, "ACCOUNT_ID")
	if err != nil {
		return nil, err
	}
	a, err := customer.CloseAccount(c.Tx, c.Brand, id)
	if err != nil {
		return nil, err
	}
	accept, _ := value.ParseBoolean(in.Text("ACCEPT_BALANCE"))
	if !accept {
		if err := customer.CheckSettled(c.Tx, c.Brand, id); err != nil {
			return nil, err
		}
	}
	c.restructured(a.ID)
	return identified(a.ID, a), nil
}
