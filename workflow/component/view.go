package component

import (
	"cmp"
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
	register(Component{
		Name: "account_view", Area: viewArea, Reads: true,
		Desc:  "The whole account as answers show it: BILLING_GROUPS, their SUBSCRIPTIONS, each SERVICE. The billing groups and subscriptions of FIRST, a list of ID, come before their like, in its order.",
		In:    []Param{mandatory("ACCOUNT_ID"), below("FIRST")},
		Out:   []string{"ID", "CUSTOMER_NUMBER", "OWNER_ID", "ACCOUNT_TYPE", "STATUS", "REFERENCED_BY", "SALES_CHANNEL", "SALES_AGENT_ID", "BILLING_GROUPS"},
		Fails: []*failure.Code{customer.UnknownAccount},
		Run:   accountView,
	})
	register(Component{
		Name: "users_view", Area: viewArea, Reads: true,
		Desc:  "The users of an account as a list of USER, the one named FIRST before the others.",
		In:    []Param{mandatory("ACCOUNT_ID"), text("FIRST")},
		Out:   []string{"USER"},
		Fails: []*failure.Code{customer.UnknownAccount},
		Run:   usersView,
	})
	register(Component{
		Name: "user_view", Area: viewArea, Reads: true,
		Desc:  "One user as answers show it.",
		In:    []Param{mandatory("USER_ID")},
		Out:   viewKeys[customer.User](),
		Fails: []*failure.Code{customer.UnknownUser},
		Run:   oneUserView,
	})
	register(Component{
		Name: "subscription_view", Area: viewArea, Reads: true,
		Desc:  "One subscription with its services and options as answers show it.",
		In:    []Param{mandatory("SUBSCRIPTION_ID")},
		Out:   viewKeys[customer.Subscription]("SERVICE", "PRODUCT_OPTIONS"),
		Fails: []*failure.Code{customer.UnknownSubscription},
		Run:   oneSubscriptionView,
	})
}

func accountView(c *Call, in value.Tree) (value.Tree, error) {
	w, err := whole(c, in)
	if err != nil {
		return nil, err
	}
	var first []store.ID
	for e := range in.Items("FIRST").All("ID") {
		id, err := store.ParseID(e.Text)
		if err != nil {
			return nil, failure.InvalidRequest.With("FIRST: %v", err)
		}
		first = append(first, id)
	}
	groups := make(value.Tree, 0, len(w.BillingGroups))
	for _, g := range before(w.BillingGroups, func(g *customer.BillingGroup) store.ID { return g.ID }, first...) {
		members := before(w.SubscriptionsOf(g.ID), func(s *customer.Subscription) store.ID { return s.ID }, first...)
		subscriptions := make(value.Tree, 0, len(members))
		for _, s := range members {
			view, err := subscriptionView(c, w, s)
			if err != nil {
				return nil, err
			}
			subscriptions = append(subscriptions, value.Of("SUBSCRIPTION", view...))
		}
		groups = append(groups, value.Of("BILLING_GROUP", append(groupView(c, g), value.Of("SUBSCRIPTIONS", subscriptions...))...))
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
	list := make(value.Tree, 0, len(w.Users))
	for _, u := range before(w.Users, func(u *customer.User) store.ID { return u.ID }, first) {
		list = append(list, value.Of("USER", identified(u.ID, u)...))
	}
	return list, nil
}

// before gives a list with those that have the ids of first before the others, which
// stay in their order.
func before[T any](list []T, id func(T) store.ID, first ...store.ID) []T {
	rank := func(t T) int {
		if i := slices.Index(first, id(t)); i >= 0 {
			return i
		}
		return len(first)
	}
	if len(first) == 0 {
		return list
	}
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b T) int { return cmp.Compare(rank(a), rank(b)) })
	return list
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
	w, err := c.wholeOf(s.Account)
	return s, w, err
}

func whole(c *Call, in value.Tree) (*customer.Whole, error) {
	id, err := idOf(in, "ACCOUNT_ID")
	if err != nil {
		return nil, err
	}
	c.touch(id)
	return c.wholeOf(id)
}

// groupView has the billing cycle of today.
func groupView(c *Call, g *customer.BillingGroup) value.Tree {
	t := append(identified(g.ID, g), value.OfString("CURRENCY", g.Balance.Currency))
	terms, _ := g.TermsOn(c.Brand.Day(c.Tx.Now()))
	t.Get("BILLING_CYCLE").Text = string(terms.BillingCycle)
	return t
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
