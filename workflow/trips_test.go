package workflow_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"rator/billing"
	"rator/billing/ledger"
	"rator/catalogue"
	"rator/customer"
	"rator/store"
	"rator/store/storetest"
	"rator/unit"
	"rator/workflow"
	"rator/workflow/value"
)

// TestReadsAskAtOnce: how often a hookpoint that reads asks the store does not grow with
// what the customer has, and is bounded.
func TestReadsAskAtOnce(t *testing.T) {
	few, many := tripsOf(t, 1), tripsOf(t, 20)
	for key, most := range readTrips {
		one, twenty := few[key], many[key]
		if _, called := many[key]; !called {
			t.Errorf("%s was not called", key)
		}
		if len(one) > most || len(twenty) > len(one) {
			t.Errorf("%s, at most %d times: of one of each it asks %d times, of twenty %d times:\n%s\n\n%s", key, most, len(one), len(twenty), strings.Join(one, "\n"), strings.Join(twenty, "\n"))
		}
		t.Logf("%s: %d trips", key, len(twenty))
	}
	h := newHouse(t)
	for _, c := range h.config.Registry.Current().Contracts() {
		if _, known := readTrips[c.Hookpoint]; c.Reads && !known && !slices.Contains(readElsewhere, c.Hookpoint) {
			t.Errorf("%s reads, and nobody counts how often it asks", c.Hookpoint)
		}
	}
}

// readElsewhere are hookpoints whose answers another room reads: bulk/export all that there
// is of a person, and counts it (TestTrips there).
var readElsewhere = []string{"SOAP_EXPORT_PERSON"}

// readTrips are how often the hookpoints that read may ask.
var readTrips = map[string]int{
	"SOAP_AUTHENTICATE_OPERATOR":         0,
	"SOAP_CAN_ADD_SUBSCRIPTION":          6,
	"SOAP_GET_ACCOUNT":                   3,
	"SOAP_GET_BILLING_GROUP":             6,
	"SOAP_GET_CAMPAIGNS":                 0,
	"SOAP_GET_INVOICES":                  6,
	"SOAP_GET_INVOICE_DETAIL_LINES":      5,
	"SOAP_GET_INVOICE_PDF":               4,
	"SOAP_GET_OPTIONS_FOR_RATE_PLAN":     0,
	"SOAP_GET_OPTIONS_SUBSCRIPTION":      5,
	"SOAP_GET_OVERDUE":                   6,
	"SOAP_GET_PRODUCT_CONFIGS":           0,
	"SOAP_GET_RECHARGE_TICKET":           5,
	"SOAP_GET_SHARED_SERVICE_MEMBERS":    8,
	"SOAP_GET_SUBSCRIPTION":              9,
	"SOAP_GET_SUB_ORDERS":                5,
	"SOAP_GET_TRANSACTIONS":              8,
	"SOAP_GET_USER":                      5,
	"SOAP_GET_WEB_USER_PROFILE":          5,
	"SOAP_GET_WEB_USER_PROFILE_INTERNAL": 5,
	"SOAP_MANAGE_DEVICE":                 0,
	"SOAP_PERFORM_CSA_CHECK":             0,
	"SOAP_PREVIEW_TAXES":                 0,
	"SOAP_SEARCH_CUSTOMERS":              9,
}

// rich is a customer with n of each thing, and what of it calls name.
type rich struct {
	account, user, group, subscription, invoice, shared store.ID
}

// tripsOf makes a customer with n of everything, and asks every hookpoint that reads about
// it, by what the store was asked the second time, when the copies are there.
func tripsOf(t *testing.T, n int) map[string][]string {
	t.Helper()
	h, trips := newHouse(t), new(storetest.Trips)
	h.call(t, signUp("aase"))
	of := h.enrich(t, n)
	engine := h.engine(func(g *unit.Config, _ *workflow.Config) { g.Store = storetest.Counted(h.once, trips) })
	asked := map[string][]string{}
	for key, values := range of.calls() {
		for range 2 {
			trips.Reset()
			r, err := engine.Invoke(t.Context(), workflow.Request{Hookpoint: key, Values: append(values, as("root"))})
			if err != nil || r.ErrorCode != 0 && r.ErrorCode != customer.TooManySubscriptions.Number {
				t.Errorf("%s: %d %s %v", key, r.ErrorCode, r.ErrorMessage, err)
			}
		}
		asked[key] = trips.Asked()
	}
	return asked
}

func (o *rich) calls() map[string]value.Tree {
	id := func(key string, id store.ID) value.Tree { return tree(text(key, id.String())) }
	return map[string]value.Tree{
		"SOAP_AUTHENTICATE_OPERATOR":         tree(text("CHECK_OPERATOR", "clerk"), text("CHECK_PASSWORD", "secret"), text("CHECK_HOOKPOINT_KEY", "SOAP_GET_USER")),
		"SOAP_CAN_ADD_SUBSCRIPTION":          id("ACCOUNT_ID", o.account), // which is told that it may not, by then
		"SOAP_GET_ACCOUNT":                   id("ACCOUNT_ID", o.account),
		"SOAP_GET_BILLING_GROUP":             id("BILLING_GROUP_ID", o.group),
		"SOAP_GET_CAMPAIGNS":                 tree(text("PRODUCT_ID", "POST_PAID")),
		"SOAP_GET_INVOICES":                  id("BILLING_GROUP_ID", o.group),
		"SOAP_GET_INVOICE_DETAIL_LINES":      id("INVOICE_ID", o.invoice),
		"SOAP_GET_INVOICE_PDF":               id("INVOICE_ID", o.invoice),
		"SOAP_GET_OPTIONS_FOR_RATE_PLAN":     tree(text("PRODUCT_ID", "201312240052364157"), text("RATE_PLAN_ID", "201312292352141290")),
		"SOAP_GET_OPTIONS_SUBSCRIPTION":      id("SUBSCRIPTION_ID", o.subscription),
		"SOAP_GET_OVERDUE":                   nil,
		"SOAP_GET_PRODUCT_CONFIGS":           nil,
		"SOAP_GET_RECHARGE_TICKET":           id("BILLING_GROUP_ID", o.group),
		"SOAP_GET_SHARED_SERVICE_MEMBERS":    id("SHARED_SERVICE_ID", o.shared),
		"SOAP_GET_SUBSCRIPTION":              id("SUBSCRIPTION_ID", o.subscription),
		"SOAP_GET_SUB_ORDERS":                id("SUBSCRIPTION_ID", o.subscription),
		"SOAP_GET_TRANSACTIONS":              id("BILLING_GROUP_ID", o.group),
		"SOAP_GET_USER":                      id("USER_ID", o.user),
		"SOAP_GET_WEB_USER_PROFILE":          tree(text("LOGIN", "aase"), text("PASSWORD", "plain text password")),
		"SOAP_GET_WEB_USER_PROFILE_INTERNAL": tree(text("CUSTOMER_NUMBER", "100001")),
		"SOAP_MANAGE_DEVICE":                 tree(text("MEID", "A1000049ABCDEF"), text("OWNERSHIPCODE", "PLBL")),
		"SOAP_PERFORM_CSA_CHECK":             tree(text("ZIP_CODE", "80202")),
		"SOAP_PREVIEW_TAXES": tree(text("COUNTRY_CODE", "US"), text("ADDRESS_STATE", "CO"), text("CITY", "Denver"), text("ZIP", "80202"), value.OfLong("TRANSACTION_TYPE", 10),
			value.OfLong("SERVICE_TYPE", 15), value.OfMoney("CHARGE", decimal.NewFromInt(49)), text("CUSTOMER_NUMBER", "000000"), value.OfDate("TAX_DATE", started), value.OfBoolean("IS_BUSINESS_USER", false)),
		"SOAP_SEARCH_CUSTOMERS": tree(text("NAME", "Ør")),
	}
}

// enrich gives the customer of a sign-up n users, billing groups, subscriptions with
// services, options and orders, members of a shared service, charges and invoices; and has
// n-1 others with the same last name, who owe as it does.
func (h *house) enrich(t *testing.T, n int) (o rich) {
	t.Helper()
	for i := range n - 1 {
		h.call(t, signUp(fmt.Sprint("other", i)))
	}
	h.inDemo(t, func(tx store.Tx, demo *catalogue.Brand) error {
		a, owner, err := customer.FindByCustomerNumber(tx, demo, "100001")
		if err != nil {
			return err
		}
		groups, err := customer.BillingGroupsOf(tx, a.ID)
		if err != nil {
			return err
		}
		o = rich{account: a.ID, user: owner.ID, group: groups[0].ID}
		demo.MaxSubscriptions = 0
		if err := o.share(tx, demo); err != nil {
			return err
		}
		for i := range n {
			if err := o.more(tx, demo, i); err != nil {
				return err
			}
		}
		_, err = customer.CreateRechargeTicket(tx, demo, o.group, customer.RechargeTicketFields{TicketID: "4711"})
		return err
	})
	h.inDemo(t, func(tx store.Tx, demo *catalogue.Brand) error {
		for g, err := range customer.BillingGroupsAfter(tx, 0, 100) {
			if err != nil {
				return err
			}
			times := 1
			if g.ID == o.group {
				times = n
			}
			if err := owe(tx, demo, g, times); err != nil {
				return err
			}
		}
		for i, err := range ledger.Invoices.All(tx, ledger.ByGroup, o.group.String()) {
			if err != nil {
				return err
			}
			o.invoice = i.ID
		}
		return nil
	})
	return o
}

// share gives the customer a service that others may share.
func (o *rich) share(tx store.Tx, demo *catalogue.Brand) error {
	line, err := customer.CreateSubscription(tx, demo, customer.NewSubscription{BillingGroup: o.group, User: o.user, ProductCode: "POST_PAID"})
	if err != nil {
		return err
	}
	shared, err := customer.CreateService(tx, demo, customer.NewService{Subscription: line.ID, Code: "SHARED"})
	o.shared = shared.ID
	return err
}

// more gives the customer one more of everything.
func (o *rich) more(tx store.Tx, demo *catalogue.Brand, i int) error {
	u, err := customer.CreateUser(tx, demo, customer.NewUser{Account: o.account, UserFields: customer.UserFields{FirstName: "Bo", LastName: fmt.Sprint("Ørsted ", i)}})
	if err != nil {
		return err
	}
	if _, err := customer.CreateBillingGroup(tx, demo, customer.NewBillingGroup{Account: o.account, Owner: u.ID, ProductCode: "POST_PAID"}); err != nil {
		return err
	}
	line, err := customer.CreateSubscription(tx, demo, customer.NewSubscription{BillingGroup: o.group, User: o.user, ProductCode: "POST_PAID"})
	if err != nil {
		return err
	}
	if o.subscription == 0 {
		o.subscription = line.ID
	}
	if _, err := customer.CreateService(tx, demo, customer.NewService{Subscription: line.ID, Code: "CDMA"}); err != nil {
		return err
	}
	_, err = customer.ShareService(tx, demo, o.shared, customer.Targets{Subscription: line.ID})
	return err
}

// owe charges a billing group n times, and gives it n invoices, the first of which bills
// the charges.
func owe(tx store.Tx, demo *catalogue.Brand, g *customer.BillingGroup, n int) error {
	numbers := &ledger.Numbering{Brand: demo}
	for k := range n {
		amount := decimal.NewFromInt(3)
		if _, err := billing.AddCharge(tx, demo, billing.NewCharge{Group: g.ID, ChargeItem: "MANUAL_DEBIT", Amount: &amount}); err != nil {
			return err
		}
		day := demo.Day(tx.Now()).AddDate(0, 0, -40)
		i := &ledger.Invoice{Brand: demo.Key, Account: g.Account, Group: g.ID, Date: day, DueDate: day.AddDate(0, 0, k), From: day, Until: day, Total: amount, Currency: g.Balance.Currency}
		if err := numbers.Insert(tx, i); err != nil {
			return err
		}
		if k > 0 {
			continue
		}
		for p, err := range ledger.Postings.All(tx, ledger.ByUnbilled, g.ID.String()) {
			if err != nil {
				return err
			}
			p.Invoice = i.ID
			if err := ledger.Postings.Put(tx, p); err != nil {
				return err
			}
		}
	}
	return numbers.Keep(tx)
}

func (h *house) inDemo(t *testing.T, fn func(store.Tx, *catalogue.Brand) error) {
	t.Helper()
	err := h.gate.Store.Update(t.Context(), func(tx store.Tx) error {
		demo, err := catalogue.BrandByKey(tx, "DEMO")
		if err != nil {
			return err
		}
		return fn(tx, demo)
	})
	if err != nil {
		t.Fatal(err)
	}
}
