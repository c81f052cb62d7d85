package component

import (
	"reflect"
	"strings"

	"rator/customer"
	"rator/failure"
	"rator/store"
	"rator/workflow/value"
)

// The details answer one object with every field that is kept, also those that
// Rator's own answers leave out (rator-api.md 2.4, 2.5).

func init() {
	register(Component{
		Name: "user_details", Area: viewArea, Reads: true,
		Desc:  "One user with every field but the password, ACCOUNT_ID and ROLE.",
		In:    []Param{mandatory("USER_ID")},
		Out:   completeKeys[customer.User]("ACCOUNT_ID", "ROLE"),
		Fails: []*failure.Code{customer.UnknownUser},
		Run:   userDetails,
	})
	register(Component{
		Name: "billing_group_details", Area: viewArea, Reads: true,
		Desc:  "One billing group with every field, ACCOUNT_ID, CREDIT_DAYS and the SUBSCRIPTIONS that are in it now, and, where there is one, the TERMS_CHANGE that waits for its day and the DUNNING_PAUSE.",
		In:    []Param{mandatory("BILLING_GROUP_ID")},
		Out:   completeKeys[customer.BillingGroup]("CURRENCY", "ACCOUNT_ID", "CREDIT_DAYS", "SUBSCRIPTIONS", "TERMS_CHANGE", "DUNNING_PAUSE"),
		Fails: []*failure.Code{customer.UnknownBillingGroup},
		Run:   billingGroupDetails,
	})
	register(Component{
		Name: "subscription_details", Area: viewArea, Reads: true,
		Desc:  "One subscription with every field, ACCOUNT_ID, BILLING_GROUP_ID, each SERVICE, its PRODUCT_OPTIONS since when, and BILLING_GROUP_MEMBERS: the billing groups it was in, oldest first.",
		In:    []Param{mandatory("SUBSCRIPTION_ID")},
		Out:   completeKeys[customer.Subscription]("ACCOUNT_ID", "BILLING_GROUP_ID", "SERVICE", "PRODUCT_OPTIONS", "BILLING_GROUP_MEMBERS"),
		Fails: []*failure.Code{customer.UnknownSubscription},
		Run:   subscriptionDetails,
	})
}

// complete is view with the fields that it leaves out, under the keys they come
// in by.
func complete(id store.ID, object any) value.Tree {
	t := identified(id, object)
	v := reflect.ValueOf(object).Elem()
	for _, f := range fields(v.Type()) {
		if f.out == "-" {
			t = append(t, entry(f.in, v.FieldByIndex(f.index)))
		}
	}
	return t
}

// completeKeys are the keys of complete, and more.
func completeKeys[T any](more ...string) []string {
	keys := viewKeys[T](more...)
	for _, f := range fields(reflect.TypeFor[T]()) {
		if f.out == "-" {
			keys = append(keys, f.in)
		}
	}
	return keys
}

// dated makes dates of entries whose text is the literal of a calendar day.
func (c *Call) dated(t value.Tree, keys ...string) {
	for _, key := range keys {
		e := t.Get(key)
		*e = c.calendarDay(key, e.Text)
	}
}

// calendarDay answers the literal of a calendar day as it is, where it can be answered
// and begins with that day; else the day's midnight in the brand's zone.
func (c *Call) calendarDay(key, literal string) value.Entry {
	day := customer.CalendarDay(c.Brand, literal)
	if day == "" {
		return value.OfNull(key, value.Date)
	}
	for _, text := range []string{literal, day} {
		whole, err := value.WholeDate(text, c.Brand.Zone())
		if err == nil && strings.HasPrefix(whole, day) {
			return value.Entry{Key: key, Type: value.Date, Text: whole}
		}
	}
	return value.OfNull(key, value.Date)
}

func userDetails(c *Call, in value.Tree) (value.Tree, error) {
	id, err := idOf(in, "USER_ID")
	if err != nil {
		return nil, err
	}
	u, err := customer.UserByID(c.Tx, c.Brand, id)
	if err != nil {
		return nil, err
	}
	a, err := customer.AccountByID(c.Tx, c.Brand, u.Account)
	if err != nil {
		return nil, err
	}
	c.touch(u.ID)
	t := append(complete(u.ID, u), value.OfString("ACCOUNT_ID", a.ID.String()), value.OfString("ROLE", string(a.RoleOf(u.ID))))
	c.dated(t, "BIRTHDAY", "PERSONAL_ID_EXPIRY_DATE")
	return t, nil
}

func billingGroupDetails(c *Call, in value.Tree) (value.Tree, error) {
	id, err := billingGroupOf(in)
	if err != nil {
		return nil, err
	}
	g, err := customer.BillingGroupByID(c.Tx, c.Brand, id)
	if err != nil {
		return nil, err
	}
	c.touch(g.ID)
	w, err := c.wholeOf(g.Account)
	if err != nil {
		return nil, err
	}
	var members value.Tree
	for _, s := range w.SubscriptionsOf(g.ID) {
		view, err := subscriptionView(c, w, s)
		if err != nil {
			return nil, err
		}
		members = append(members, value.Of("SUBSCRIPTION", view...))
	}
	terms, _ := g.TermsOn(c.Brand.Day(c.Tx.Now()))
	t := append(complete(g.ID, g), value.OfString("CURRENCY", g.Balance.Currency), value.OfString("ACCOUNT_ID", g.Account.String()),
		value.OfLong("CREDIT_DAYS", int64(terms.CreditDays)), value.Of("SUBSCRIPTIONS", members...))
	t.Get("BILLING_CYCLE").Text = string(terms.BillingCycle)
	return append(append(t, laterTermsView(g, c)...), pauseView(g, c.Brand.Day(c.Tx.Now()))...), nil
}

func subscriptionDetails(c *Call, in value.Tree) (value.Tree, error) {
	s, w, err := subscriptionWhole(c, in)
	if err != nil {
		return nil, err
	}
	t := append(complete(s.ID, s), value.OfString("ACCOUNT_ID", s.Account.String()))
	c.dated(t, "STOLEN_DATE")
	for _, line := range w.ServicesOf(s.ID) {
		service, err := withNumber(c, line, complete(line.ID, line))
		if err != nil {
			return nil, err
		}
		t = append(t, value.Of("SERVICE", service...))
	}
	var options value.Tree
	for _, o := range w.OptionsOf(s.ID) {
		options = append(options, value.Of("PRODUCT_OPTION", append(view(o), value.OfDate("START_DATE", o.From))...))
	}
	group, members := membershipsView(w, s)
	return append(t, value.Of("PRODUCT_OPTIONS", options...), value.OfString("BILLING_GROUP_ID", group.String()), value.Of("BILLING_GROUP_MEMBERS", members...)), nil
}

// membershipsView is the billing groups that a subscription was in, and the one
// it is in now.
func membershipsView(w *customer.Whole, s *customer.Subscription) (now store.ID, list value.Tree) {
	for _, m := range w.Memberships {
		if m.Subscription != s.ID {
			continue
		}
		end := value.OfNull("END_DATE", value.Date)
		if m.Open() {
			now = m.BillingGroup
		} else {
			end = value.OfDate("END_DATE", m.Until)
		}
		list = append(list, value.Of("BILLING_GROUP_MEMBER", value.OfString("BILLING_GROUP_ID", m.BillingGroup.String()), value.OfDate("START_DATE", m.From), end))
	}
	return now, list
}
