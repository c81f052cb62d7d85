package component

import (
	"rator/catalogue"
	"rator/customer"
	"rator/customer/number"
	"rator/failure"
	"rator/workflow/value"
)

const orderArea = "Order"

func init() {
	register(Component{
		Name: "order_handset", Area: orderArea,
		Desc:  "Order a handset of the catalogue by its article number. What it costs is charged apart.",
		In:    []Param{mandatory("SUBSCRIPTION_ID"), mandatory("ARTICLE")},
		Out:   []string{"ID"},
		Fails: []*failure.Code{customer.UnknownSubscription, customer.WrongState, catalogue.UnknownHandset, catalogue.NoLongerSold, customer.OrderPending},
		Run: func(c *Call, in value.Tree) (value.Tree, error) {
			sub, err := subscriptionOf(c, in)
			if err != nil {
				return nil, err
			}
			o, err := customer.OrderHandset(c.Tx, c.Brand, sub, in.Text("ARTICLE"))
			return ordered(c, o, err)
		},
	})
	register(Component{
		Name: "order_sim", Area: orderArea,
		Desc:  "Order a SIM card by its handling profile (CUSTOM_SIM_HANDLE).",
		In:    []Param{mandatory("SUBSCRIPTION_ID"), mandatory("HANDLE")},
		Out:   []string{"ID"},
		Fails: []*failure.Code{customer.UnknownSubscription, customer.WrongState, customer.OrderPending},
		Run: func(c *Call, in value.Tree) (value.Tree, error) {
			sub, err := subscriptionOf(c, in)
			if err != nil {
				return nil, err
			}
			o, err := customer.OrderSIM(c.Tx, c.Brand, sub, in.Text("HANDLE"))
			return ordered(c, o, err)
		},
	})
	register(Component{
		Name: "request_number_porting", Area: orderArea,
		Desc:  "Keep a port-in for a subscription as a PENDING order and give its line the number. FIELDS are the keys of NPFLOW.",
		In:    []Param{mandatory("SUBSCRIPTION_ID"), below("FIELDS")},
		Out:   []string{"ID", "ORDER_ID", "PHONE_NUMBER"},
		Fails: []*failure.Code{customer.UnknownSubscription, customer.WrongState, customer.NoService, customer.NoPhoneLine, number.Taken, number.Reserved, number.InQuarantine, customer.PortDateOutOfRange, customer.OrderPending},
		Run:   requestNumberPorting,
	})
	register(Component{
		Name: "sim_in_use", Area: orderArea,
		Desc:  "Say that the SIM card of a subscription is in use: its PENDING SIM order is DONE. ID is empty when there is none.",
		In:    []Param{mandatory("SUBSCRIPTION_ID")},
		Out:   []string{"ID"},
		Fails: []*failure.Code{customer.UnknownSubscription},
		Run:   simInUse,
	})
	register(Component{
		Name: "orders", Area: orderArea, Reads: true,
		Desc:  "The orders of a subscription as a list of SHOP_ORDER, oldest first.",
		In:    []Param{mandatory("SUBSCRIPTION_ID")},
		Out:   []string{"SHOP_ORDER"},
		Fails: []*failure.Code{customer.UnknownSubscription},
		Run:   ordersView,
	})
	register(Component{
		Name: "set_order_status", Area: orderArea,
		Desc:  "Say how a PENDING order came out: DONE, FAILED or CANCELLED.",
		In:    []Param{mandatory("ORDER_ID"), mandatory("STATUS"), text("REASON")},
		Out:   []string{"ID", "SUBSCRIPTION_ID", "TYPE"},
		Fails: []*failure.Code{customer.UnknownOrder, customer.WrongState},
		Run:   setOrderStatus,
	})
}

func ordered(c *Call, o *customer.Order, err error) (value.Tree, error) {
	if err != nil {
		return nil, err
	}
	c.touch(o.ID)
	return onlyID(o.ID), nil
}

func simInUse(c *Call, in value.Tree) (value.Tree, error) {
	sub, err := subscriptionOf(c, in)
	if err != nil {
		return nil, err
	}
	o, err := customer.SIMInUse(c.Tx, c.Brand, sub)
	if err != nil || o == nil {
		return onlyID(0), err
	}
	return ordered(c, o, nil)
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
	c.touch(p.Service)
	digits, err := number.Write(c.Tx, c.Brand, p.PhoneNumber)
	return append(onlyID(p.ID), value.OfString("ORDER_ID", p.Order.String()), value.OfString("PHONE_NUMBER", digits)), err
}

func ordersView(c *Call, in value.Tree) (value.Tree, error) {
	sub, err := subscriptionOf(c, in)
	if err != nil {
		return nil, err
	}
	all, err := customer.OrdersOf(c.Tx, c.Brand, sub)
	if err != nil {
		return nil, err
	}
	list := make(value.Tree, 0, len(all))
	for _, o := range all {
		view := identified(o.ID, o)
		if o.Number != "" {
			if view.Get("IDENTIFIER").Text, err = number.Write(c.Tx, c.Brand, o.Number); err != nil {
				return nil, err
			}
		}
		list = append(list, value.Of("SHOP_ORDER", view...))
	}
	return list, nil
}

func setOrderStatus(c *Call, in value.Tree) (value.Tree, error) {
	id, err := idOf(in, "ORDER_ID")
	if err != nil {
		return nil, err
	}
	o, err := customer.SettleOrder(c.Tx, c.Brand, id, customer.OrderStatus(in.Text("STATUS")), in.Text("REASON"))
	if err != nil {
		return nil, err
	}
	c.touch(o.ID)
	c.touch(o.Subscription)
	return append(onlyID(o.ID), value.OfString("SUBSCRIPTION_ID", o.Subscription.String()), value.OfString("TYPE", string(o.Type))), nil
}
