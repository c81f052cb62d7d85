package component

import (
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/workflow/value"
)

func init() {
	Register(Component{
		Name: "change_rate_plan", Area: subscriptionArea,
		Desc:  "Give a subscription another rate plan. FROM is the RATE_PLAN_ID it had.",
		In:    []Param{mandatory("SUBSCRIPTION_ID"), mandatory("RATE_PLAN_ID")},
		Out:   []string{"FROM"},
		Fails: []*failure.Code{customer.UnknownSubscription, customer.WrongState, catalogue.UnknownRatePlan, catalogue.NoLongerSold, customer.SameRatePlan, customer.OptionNotInRatePlan, customer.OrderPending},
		Run:   changeRatePlan,
	})
}

func changeRatePlan(c *Call, in value.Tree) (value.Tree, error) {
	sub, err := subscriptionOf(c, in)
	if err != nil {
		return nil, err
	}
	from, err := customer.ChangeRatePlan(c.Tx, c.Brand, sub, in.Text("RATE_PLAN_ID"))
	if err != nil {
		return nil, err
	}
	return value.Tree{value.OfString("FROM", from)}, nil
}
