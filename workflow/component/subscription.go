package component

import (
	"rator/billing"
	"rator/catalogue"
	"rator/customer"
	"rator/customer/number"
	"rator/failure"
	"rator/store"
	"rator/workflow/value"
)

const subscriptionArea = "Subscription"

func init() {
	register(Component{
		Name: "create_subscription", Area: subscriptionArea,
		Desc: "Make a subscription in a billing group. It still needs a service: a call that leaves it without one fails.",
		In:   []Param{text("ACCOUNT_ID"), mandatory("BILLING_GROUP_ID"), mandatory("USER_ID"), mandatory("PRODUCT_CODE"), text("SALES_CHANNEL"), text("SALES_AGENT_ID"), text("SHOP_ID"), text("OPERATOR_ID"), text("DELIVERY_ADDRESS_ID")},
		Out:  []string{"ID"},
		Fails: []*failure.Code{customer.UnknownAccount, customer.UnknownBillingGroup, customer.UnknownUser, customer.WrongAccount, customer.WrongState, customer.WrongBillingGroupType, catalogue.UnknownProductCode, catalogue.NoLongerSold,
			customer.TooManySubscriptions, customer.CreditLimitReached},
		Run: createSubscription,
	})
	register(Component{
		Name: "create_service", Area: subscriptionArea,
		Desc: "Add a service to a subscription. Without CODE it is of the product's first type. RESERVATION_ID gives it the number reserved; without that and MSISDN it gets the next of the product's number series.",
		In:   []Param{mandatory("SUBSCRIPTION_ID"), text("CODE"), text("CUSTOM_SIM_HANDLE"), below("FIELDS")},
		Out:  []string{"ID", "CODE", "MSISDN"},
		Fails: []*failure.Code{customer.UnknownSubscription, customer.WrongState, customer.WrongServiceType, number.Taken, catalogue.NoFreeNumber, number.Reserved, number.InQuarantine,
			number.UnknownReservation, number.ReservationExpired, number.ReservationNotOpen, number.ReservationOfOtherNumber},
		Run: createService,
	})
	register(Component{
		Name: "activate_subscription", Area: subscriptionArea,
		Desc:  "Take a CREATED subscription and its services into use.",
		In:    []Param{mandatory("SUBSCRIPTION_ID")},
		Fails: []*failure.Code{customer.UnknownSubscription, customer.WrongState, customer.NoService},
		Run:   activateSubscription,
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
	s, err := billing.CreateSubscription(c.Tx, c.Brand, n)
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
	if err := fill(&n.ServiceFields, in.Items("FIELDS")); err != nil {
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
	msisdn, err := s.WriteMSISDN(c.Tx, c.Brand)
	return append(onlyID(s.ID), value.OfString("CODE", s.Code), value.OfString("MSISDN", msisdn)), err
}

func activateSubscription(c *Call, in value.Tree) (value.Tree, error) {
	sub, err := subscriptionOf(c, in)
	if err != nil {
		return nil, err
	}
	_, err = customer.ActivateSubscription(c.Tx, c.Brand, sub)
	return nil, err
}
