package component

import (
	"rator/customer"
	"rator/failure"
	"rator/workflow/value"
)

func init() {
	register(Component{
		Name: "block_subscription", Area: subscriptionArea,
		Desc:  "Bar an ACTIVE subscription and its services. BLOCK_TYPE is BLOCK_AS_STOLEN, BLOCK_AS_LOST, BLOCK_BY_CUSTOMER or BLOCK_BY_OPERATOR; STOLEN_DATE goes with the first two. REASON is in the operator's words; it is kept with the operator's name and the time.",
		In:    []Param{mandatory("SUBSCRIPTION_ID"), mandatory("BLOCK_TYPE"), {Key: "STOLEN_DATE", Type: value.Date}, text("REASON")},
		Fails: []*failure.Code{customer.UnknownSubscription, customer.WrongState, customer.StolenDateOutOfRange},
		Run:   blockSubscription,
	})
	register(Component{
		Name: "unblock_subscription", Area: subscriptionArea,
		Desc:  "Make a BLOCKED subscription and its services ACTIVE again.",
		In:    []Param{mandatory("SUBSCRIPTION_ID")},
		Fails: []*failure.Code{customer.UnknownSubscription, customer.WrongState},
		Run:   unblockSubscription,
	})
}

func blockSubscription(c *Call, in value.Tree) (value.Tree, error) {
	sub, err := subscriptionOf(c, in)
	if err != nil {
		return nil, err
	}
	block := customer.NewBlock{By: c.Operator}
	if err := fill(&block, in); err != nil {
		return nil, err
	}
	_, err = customer.BlockSubscription(c.Tx, c.Brand, sub, block)
	return nil, err
}

func unblockSubscription(c *Call, in value.Tree) (value.Tree, error) {
	sub, err := subscriptionOf(c, in)
	if err != nil {
		return nil, err
	}
	_, err = customer.UnblockSubscription(c.Tx, c.Brand, sub)
	return nil, err
}
