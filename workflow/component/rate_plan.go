package component

import (
	"rator/catalogue"
	"rator/customer"
	"rator/customer/option"
	"rator/failure"
	"rator/workflow/value"
)

func init() {
	register(Component{
		Name: "change_rate_plan", Area: subscriptionArea,
		Desc:  "Give a subscription another rate plan, by id or code. FROM is the RATE_PLAN_ID it had, TO the one it has now.",
		In:    []Param{mandatory("SUBSCRIPTION_ID"), mandatory("RATE_PLAN_ID")},
		Out:   []string{"FROM", "TO"},
		Fails: []*failure.Code{customer.UnknownSubscription, customer.WrongState, catalogue.UnknownRatePlan, catalogue.NoLongerSold, option.SameRatePlan, option.NotInRatePlan, customer.OrderPending},
		Run:   changeRatePlan,
	})
}

func changeRatePlan(c *Call, in value.Tree) (value.Tree, error) {
	sub, err := subscriptionOf(c, in)
	if err != nil {
		return nil, err
	}
	from, err := option.ChangeRatePlan(c.Tx, c.Brand, sub, in.Text("RATE_PLAN_ID"))
	if err != nil {
		return nil, err
	}
	s, err := customer.SubscriptionByID(c.Tx, c.Brand, sub)
	if err != nil {
		return nil, err
	}
	return value.Tree{value.OfString("FROM", from), value.OfString("TO", s.RatePlanID)}, nil
}
