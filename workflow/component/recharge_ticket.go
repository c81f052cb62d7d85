package component

import (
	"rator/customer"
	"rator/failure"
	"rator/workflow/value"
)

func init() {
	register(Component{
		Name: "recharge_ticket", Area: billingGroupArea, Reads: true,
		Desc:  "Look up the recharge ticket of a billing group.",
		In:    []Param{mandatory("BILLING_GROUP_ID")},
		Out:   []string{"BILLING_GROUP_ID", "TICKET_ID", "REFERENCE", "TICKET_TYPE", "RECHARGE_AMOUNT", "RECHARGE_TO_AMOUNT", "RECHARGE_LIMIT"},
		Fails: []*failure.Code{customer.UnknownBillingGroup, customer.UnknownRechargeTicket},
		Run:   rechargeTicket,
	})
	register(Component{
		Name: "delete_recharge_ticket", Area: billingGroupArea,
		Desc:  "Forget the recharge ticket of a billing group.",
		In:    []Param{mandatory("BILLING_GROUP_ID")},
		Fails: []*failure.Code{customer.UnknownBillingGroup, customer.UnknownRechargeTicket},
		Run:   deleteRechargeTicket,
	})
}

func rechargeTicket(c *Call, in value.Tree) (value.Tree, error) {
	id, err := billingGroupOf(in)
	if err != nil {
		return nil, err
	}
	t, err := customer.RechargeTicketOf(c.Tx, c.Brand, id)
	if err != nil {
		return nil, err
	}
	c.touch(id)
	return view(t), nil
}

func deleteRechargeTicket(c *Call, in value.Tree) (value.Tree, error) {
	id, err := billingGroupOf(in)
	if err != nil {
		return nil, err
	}
	_, err = customer.DeleteRechargeTicket(c.Tx, c.Brand, id)
	c.touch(id)
	return nil, err
}
