package component

import (
	"rator/customer"
	"rator/failure"
	"rator/workflow/value"
)

func init() {
	register(Component{
		Name: "paying_group", Area: billingGroupArea, Reads: true,
		Desc:  "The billing group that a subscription is in, as billing_group gives it. Offered to sites: what hookpoints hear of a subscription does not name it.",
		In:    []Param{mandatory("SUBSCRIPTION_ID")},
		Out:   viewKeys[customer.BillingGroup]("CURRENCY", "ACCOUNT_ID"),
		Fails: []*failure.Code{customer.UnknownSubscription, customer.UnknownMembership},
		Run:   payingGroup,
	})
}

func payingGroup(c *Call, in value.Tree) (value.Tree, error) {
	sub, err := subscriptionOf(c, in)
	if err != nil {
		return nil, err
	}
	s, err := customer.SubscriptionByID(c.Tx, c.Brand, sub)
	if err != nil {
		return nil, err
	}
	g, err := customer.BillingGroupOfSubscription(c.Tx, s)
	if err != nil {
		return nil, err
	}
	c.touch(g.ID)
	return append(groupView(c, g), value.OfString("ACCOUNT_ID", g.Account.String())), nil
}
