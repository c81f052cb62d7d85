package component

import (
	"slices"

	"rator/customer"
	"rator/failure"
	"rator/store"
	"rator/workflow/value"
)

// The views answer what is stored in the shape of rator-api.md 2: every
// documented key is there.

const viewArea = "View"

func init() {
	Register(Component{
		Name: "account_view", Area: viewArea, Reads: true,
		Desc:  "The whole account as answers show it: BILLING_GROUPS, their SUBSCRIPTIONS, each SERVICE.",
		In:    []Param{mandatory("ACCOUNT_ID")},
		Out:   []string{"ID", "CUSTOMER_NUMBER", "OWNER_ID", "ACCOUNT_TYPE", "STATUS", "REFERENCED_BY", "SALES_CHANNEL", "SALES_AGENT_ID", "BILLING_GROUPS"},
		Fails: []*failure.Code{customer.UnknownAccount},
		Run:   accountView,
	})
	Register(Component{
		Name: "users_view", Area: viewArea, Reads: true,
		Desc:  "The users of an account as a list of USER, the one named FIRST before the others.",
		In:    []Param{mandatory("ACCOUNT_ID"), text("FIRST")},
		Out:   []string{"USER"},
		Fails: []*failure.Code{customer.UnknownAccount},
		Run:   usersView,
	})
	Register(Component{
		Name: "user_view", Area: viewArea, Reads: true,
		Desc: "One user as answers show it.",
		In:   []Param{mandatory("USER_ID")},
		Out:  []string{"ID"}, Open: true,
		Fails: []*failure.Code{customer.UnknownUser},
		Run:   oneUserView,
	})
	Register(Component{
		Name: "subscription_view", Area: viewArea, Reads: true,
		Desc: "One subscription with its services and options as answers show it.",
		In:   []Param{mandatory("SUBSCRIPTION_ID")},
		Out:  []string{"ID", "STATUS", "SERVICE", "PRODUCT_OPTIONS"}, Open: true,
		Fails: []*failure.Code{customer.UnknownSubscription},
		Run:   oneSubscriptionView,
	})
}

func accountView(c *Call, in value.Tree) (value.Tree, error) {
	w, err := whole(c, in)
	if err != nil {
		return nil, err
	}
	groups := make(value.Tree, 0, len(w.BillingGroups))
	for _, g := range w.BillingGroups {
		members := w.SubscriptionsOf(g.ID)
		subscriptions := make(value.Tree, 0, len(members))
		for _, s := range members {
			view, err := subscriptionView(c, w, s)
			if err != nil {
				return nil, err
			}
			subscriptions = append(subscriptions, value.Of("SUBSCRIPTION", view...))
		}
		groups = append(groups, value.Of("BILLING_GROUP", append(groupView(g), value.Of("SUBSCRIPTIONS", subscriptions...))...))
	}
	return append(identified(w.Account.ID, w.Account), value.Of("BILLING_GROUPS", groups...)), nil
}

func usersView(c *Call, in value.Tree) (value.Tree, error) {
	w, err := whole(c, in)
	if err != nil {
		return nil, err
	}
	first, err := idOf(in, "FIRST")
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(w.Users, func(a, b *customer.User) int {
		switch {
		case a.ID == first && b.ID != first:
			return -1
		case b.ID == first && a.ID != first:
			return 1
		}
		return 0
	})
	list := make(value.Tree, 0, len(w.Users))
	for _, u := range w.Users {
		list = append(list, value.Of("USER", identified(u.ID, u)...))
	}
	return list, nil
}

func oneUserView(c *Call, in value.Tree) (value.Tree, error) {
	id, err := idOf(in, "USER_ID")
	if err != nil {
		return nil, err
	}
	u, err := customer.UserByID(c.Tx, c.Brand, id)
	if err != nil {
		return nil, err
	}
	c.touch(u.ID)
	return identified(u.ID, u), nil
}

func oneSubscriptionView(c *Call, in value.Tree) (value.Tree, error) {
	s, w, err := subscriptionWhole(c, in)
	if err != nil {
		return nil, err
	}
	return subscriptionView(c, w, s)
}

// subscriptionWhole gives a subscription and the account it is of.
func subscriptionWhole(c *Call, in value.Tree) (*customer.Subscription, *customer.Whole, error) {
	id, err := subscriptionOf(c, in)
	if err != nil {
		return nil, nil, err
	}
	s, err := customer.SubscriptionByID(c.Tx, c.Brand, id)
	if err != nil {
		return nil, nil, err
	}
	w, err := customer.LoadWhole(c.Tx, c.Brand, s.Account)
	return s, w, err
}

func whole(c *Call, in value.Tree) (*customer.Whole, error) {
	id, err := idOf(in, "ACCOUNT_ID")
	if err != nil {
		return nil, err
	}
	c.touch(id)
	return customer.LoadWhole(c.Tx, c.Brand, id)
}

// identified is an object's view with its ID before the tagged fields.
func identified(id store.ID, object any) value.Tree { return append(onlyID(id), view(object)...) }

func groupView(g *customer.BillingGroup) value.Tree {
	return append(identified(g.ID, g), value.OfString("CURRENCY", g.Balance.Currency))
}

func subscriptionView(c *Call, w *customer.Whole, s *customer.Subscription) (value.Tree, error) {
	t := identified(s.ID, s)
	for _, line := range w.ServicesOf(s.ID) {
		service, err := withNumber(c, line, identified(line.ID, line))
		if err != nil {
			return nil, err
		}
		t = append(t, value.Of("SERVICE", service...))
	}
	var options value.Tree
	for _, o := range w.OptionsOf(s.ID) {
		options = append(options, value.Of("PRODUCT_OPTION", view(o)...))
	}
	return append(t, value.Of("PRODUCT_OPTIONS", options...)), nil
}

// withNumber writes MSISDN in the view of a service as the brand has it.
func withNumber(c *Call, s *customer.Service, view value.Tree) (value.Tree, error) {
	msisdn, err := s.WriteMSISDN(c.Tx, c.Brand)
	view.Get("MSISDN").Text = msisdn
	return view, err
}
