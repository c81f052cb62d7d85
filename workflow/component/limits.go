package component

import (
	"rator/billing"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/workflow/value"
)

func init() {
	register(Component{
		Name: "check_can_add_subscription", Area: subscriptionArea, Reads: true,
		Desc:  "Fail where create_subscription would, by the limits of the brand and the account's credit; with PRODUCT_CODE by those of the product too.",
		In:    []Param{mandatory("ACCOUNT_ID"), text("PRODUCT_CODE")},
		Fails: []*failure.Code{customer.UnknownAccount, customer.WrongState, catalogue.UnknownProductCode, catalogue.NoLongerSold, customer.TooManySubscriptions, customer.CreditLimitReached},
		Run:   checkCanAddSubscription,
	})
}

func checkCanAddSubscription(c *Call, in value.Tree) (value.Tree, error) {
	account, err := idOf(in, "ACCOUNT_ID")
	if err != nil {
		return nil, err
	}
	c.touch(account)
	return nil, billing.CheckCanAdd(c.Tx, c.Brand, account, in.Text("PRODUCT_CODE"))
}
