package component

import (
	"rator/customer"
	"rator/customer/number"
	"rator/failure"
	"rator/store"
	"rator/workflow/value"
)

var terminationKeys = []string{"ID", "SUBSCRIPTION_ID", "TERMINATION_DATE", "STATUS", "STATUS_DATE", "REASON"}

func init() {
	register(Component{
		Name: "schedule_termination", Area: subscriptionArea,
		Desc:  "Say when a subscription will end, or move that day. A date that has come, today or as far back as the brand allows, is due at once: run_termination in the same call.",
		In:    []Param{mandatory("SUBSCRIPTION_ID"), {Key: "TERMINATION_DATE", Type: value.Date, Mandatory: true}},
		Out:   terminationKeys,
		Fails: []*failure.Code{customer.UnknownSubscription, customer.WrongState, customer.TerminationBeforeStart, customer.TerminationDatePast, customer.TerminationTooFarBack, customer.TerminationDateTooFar},
		Run:   scheduleTermination,
	})
	register(Component{
		Name: "cancel_termination", Area: subscriptionArea,
		Desc:  "Take the scheduled termination of a subscription back.",
		In:    []Param{mandatory("SUBSCRIPTION_ID")},
		Out:   terminationKeys,
		Fails: []*failure.Code{customer.UnknownSubscription, customer.WrongState, customer.TerminationNotScheduled},
		Run: func(c *Call, in value.Tree) (value.Tree, error) {
			sub, err := subscriptionOf(c, in)
			if err != nil {
				return nil, err
			}
			t, err := customer.CancelTermination(c.Tx, c.Brand, sub)
			return terminated(c, t, err)
		},
	})
	register(Component{
		Name: "termination_view", Area: viewArea, Reads: true,
		Desc:  "One termination as answers show it: SUBSCRIPTION_TERMINATION.",
		In:    []Param{mandatory("SUBSCRIPTION_TERMINATION_ID")},
		Out:   terminationKeys,
		Fails: []*failure.Code{customer.UnknownTermination},
		Run:   onTermination(customer.TerminationByID),
	})
	register(Component{
		Name: "pending_termination", Area: viewArea, Reads: true,
		Desc:  "Offered to sites that show it: the termination that is scheduled for a subscription, as answers show it. Nothing when none is; ID is None then.",
		In:    []Param{mandatory("SUBSCRIPTION_ID")},
		Out:   terminationKeys,
		Fails: []*failure.Code{customer.UnknownSubscription},
		Run:   pendingTermination,
	})
	register(Component{
		Name: "due_termination", Area: subscriptionArea, Reads: true,
		Desc:  "A termination that is PENDING and due, as answers show it.",
		In:    []Param{mandatory("SUBSCRIPTION_TERMINATION_ID")},
		Out:   terminationKeys,
		Fails: []*failure.Code{customer.UnknownTermination, customer.WrongState, customer.TerminationNotDue},
		Run:   onTermination(customer.DueTerminationByID),
	})
	register(Component{
		Name: "run_termination", Area: subscriptionArea,
		Desc:  "End the subscription of a termination that is PENDING and due, on its day; what was billed beyond is given back. BILLING_GROUP_ID is the one that gets its last bill, empty for none.",
		In:    []Param{mandatory("SUBSCRIPTION_TERMINATION_ID")},
		Out:   []string{"ACCOUNT_ID", "SUBSCRIPTION_ID", "BILLING_GROUP_ID"},
		Fails: []*failure.Code{customer.UnknownTermination, customer.WrongState, customer.TerminationNotDue},
		Run:   runTermination,
	})
	register(Component{
		Name: "refuse_termination", Area: subscriptionArea,
		Desc:  "Say why a PENDING termination did not happen on its day. The subscription lives on.",
		In:    []Param{mandatory("SUBSCRIPTION_TERMINATION_ID"), mandatory("REASON")},
		Out:   terminationKeys,
		Fails: []*failure.Code{customer.UnknownTermination, customer.WrongState},
		Run: func(c *Call, in value.Tree) (value.Tree, error) {
			id, err := idOf(in, "SUBSCRIPTION_TERMINATION_ID")
			if err != nil {
				return nil, err
			}
			t, err := customer.RefuseTermination(c.Tx, c.Brand, id, in.Text("REASON"))
			return terminated(c, t, err)
		},
	})
	register(Component{
		Name: "reactivate_subscription", Area: subscriptionArea,
		Desc:  "Make a TERMINATED subscription ACTIVE again, with the numbers, options and shared services it ended with.",
		In:    []Param{mandatory("SUBSCRIPTION_ID")},
		Out:   []string{"ACCOUNT_ID"},
		Fails: []*failure.Code{customer.UnknownSubscription, customer.WrongState, customer.TooManySubscriptions, number.Taken, number.Reserved, number.InQuarantine},
		Run:   reactivateSubscription,
	})
}

func scheduleTermination(c *Call, in value.Tree) (value.Tree, error) {
	sub, err := subscriptionOf(c, in)
	if err != nil {
		return nil, err
	}
	date, err := c.mandatoryDate(in, "TERMINATION_DATE")
	if err != nil {
		return nil, err
	}
	t, err := customer.ScheduleTermination(c.Tx, c.Brand, sub, date)
	return terminated(c, t, err)
}

// onTermination answers what find finds by SUBSCRIPTION_TERMINATION_ID.
func onTermination(find func(store.Tx, *Brand, store.ID) (*customer.SubscriptionTermination, error)) func(*Call, value.Tree) (value.Tree, error) {
	return func(c *Call, in value.Tree) (value.Tree, error) {
		id, err := idOf(in, "SUBSCRIPTION_TERMINATION_ID")
		if err != nil {
			return nil, err
		}
		t, err := find(c.Tx, c.Brand, id)
		return terminated(c, t, err)
	}
}

func pendingTermination(c *Call, in value.Tree) (value.Tree, error) {
	sub, err := subscriptionOf(c, in)
	if err != nil {
		return nil, err
	}
	t, err := customer.PendingTermination(c.Tx, c.Brand, sub)
	if err != nil || t == nil {
		return nil, err
	}
	return terminated(c, t, nil)
}

func runTermination(c *Call, in value.Tree) (value.Tree, error) {
	id, err := idOf(in, "SUBSCRIPTION_TERMINATION_ID")
	if err != nil {
		return nil, err
	}
	t, err := customer.RunTermination(c.Tx, c.Brand, id)
	if err != nil {
		return nil, err
	}
	group, err := t.BillingGroup(c.Tx)
	if err != nil {
		return nil, err
	}
	c.touch(t.Subscription)
	c.restructured(t.Account)
	return value.Tree{
		value.OfString("ACCOUNT_ID", t.Account.String()), value.OfString("SUBSCRIPTION_ID", t.Subscription.String()), value.OfString("BILLING_GROUP_ID", group.String()),
	}, nil
}

// terminated answers a termination with its id.
func terminated(c *Call, t *customer.SubscriptionTermination, err error) (value.Tree, error) {
	if err != nil {
		return nil, err
	}
	c.touch(t.Subscription)
	return identified(t.ID, t), nil
}

func reactivateSubscription(c *Call, in value.Tree) (value.Tree, error) {
	id, err := subscriptionOf(c, in)
	if err != nil {
		return nil, err
	}
	s, err := customer.ReactivateSubscription(c.Tx, c.Brand, id)
	if err != nil {
		return nil, err
	}
	c.restructured(s.Account)
	return value.Tree{value.OfString("ACCOUNT_ID", s.Account.String())}, nil
}
