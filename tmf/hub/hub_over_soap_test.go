package hub_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/server"
	"rator/server/servertest"
	"rator/tmf/tmftest"
	"rator/workflow/value"
)

// hubPlaces are where one can register, with what is told there: the address of
// GET for each resource, and the dialect's names of events.
var hubPlaces = []struct {
	hub       string
	base      string
	resources []string
	names     map[string]string
}{
	{"/customerManagement/hub", "/customerManagement", []string{"customer", "customerAccount", "paymentMean"}, names2014},
	{"/customerManagement/customer/hub", "/customerManagement", []string{"customer"}, names2014},
	{"/customerManagement/customerAccount/hub", "/customerManagement", []string{"customerAccount"}, names2014},
	{"/customerManagement/paymentMean/hub", "/customerManagement", []string{"paymentMean"}, names2014},
	{"/customerManagement/v1/customerAccount/hub", "/customerManagement/v1", []string{"customerAccount"}, names2014},
	{"/DSCustomerManagement/api/customerManagement/v2/hub", "/DSCustomerManagement/api/customerManagement/v2", []string{"customer", "customerAccount", "paymentMean"}, names2014},
	{"/tmf-api/customerManagement/v3/hub", "/tmf-api/customerManagement/v3", []string{"customer"}, namesV3},
	{"/tmf-api/customerManagement/v4/hub", "/tmf-api/customerManagement/v4", []string{"customer"}, namesV4},
	{"/tmf-api/customerManagement/v4/customer/hub", "/tmf-api/customerManagement/v4", []string{"customer"}, namesV4},
}

// The endings of eventTypes (tmf-customer.md 4), by what happened.
var (
	names2014 = map[string]string{"created": "CreateNotification", "updated": "UpdateNotification", "status": "UpdateNotification", "deleted": "DeleteNotification"}
	namesV3   = map[string]string{"created": "CreationNotification", "updated": "AttributeValueChangeNotification", "status": "StateChangeNotification", "deleted": "RemoveNotification"}
	namesV4   = map[string]string{"created": "CreateEvent", "updated": "AttributeValueChangeEvent", "status": "StateChangeEvent", "deleted": "DeleteEvent"}
)

// TestHubsOverSOAP: what SOAP does to a customer arrives at the listeners of every
// base path and resource, in the words of the dialect, with the document that GET
// answers.
func TestHubsOverSOAP(t *testing.T) {
	ts := servertest.New(t)
	a := tmftest.ListenTo(t, ts)
	for _, p := range hubPlaces {
		a.Register(t, p.hub, p.hub, "")
	}
	var account, owner, group, subscription, second, ticket string
	type change struct{ resource, id, what string }
	told := map[string]int{} // how many events were looked at
	for _, step := range []struct {
		name string
		do   func()
		want func() []change
		path string // fieldPath of the customer's event in v4
	}{
		{"a sign-up", func() {
			made := ts.Call(t, "SOAP_SIGNUP_CUSTOMER", server.DemoCustomer()[:4]...).Items("ACCOUNT")
			account, owner = made.Text("ID"), made.Text("OWNER_ID")
			g := made.Items("BILLING_GROUPS").Items("BILLING_GROUP")
			group, subscription = g.Text("ID"), g.Items("SUBSCRIPTIONS").Items("SUBSCRIPTION").Text("ID")
		}, func() []change {
			return []change{{"customer", "c" + account, "created"}, {"customerAccount", "ca" + group, "created"}}
		}, ""},
		{"another name and address", func() {
			ts.Call(t, "SOAP_UPDATE_USER", value.Of("USER", value.OfString("ID", owner), value.OfString("LAST_NAME", "Holm"), value.OfString("EMAIL", "holm@example.com")))
		}, func() []change {
			return []change{{"customer", "c" + account, "updated"}, {"customerAccount", "ca" + group, "updated"}}
		}, "name,engagedParty,contactMedium"},
		{"a birthday that was so before", func() {
			ts.Call(t, "SOAP_UPDATE_USER", value.Of("USER", value.OfString("ID", owner), value.OfString("LAST_NAME", "Holm")))
		}, func() []change { return nil }, ""},
		{"bank details", func() {
			ts.Call(t, "SOAP_UPDATE_BILLING_GROUP", value.Of("BILLING_GROUP", value.OfString("ID", group), value.OfString("IBAN_NUMBER", "DK5000400440116243")))
		}, func() []change {
			return []change{{"customer", "c" + account, "updated"}, {"customerAccount", "ca" + group, "updated"}, {"paymentMean", "pm" + group, "created"}}
		}, "paymentMethod"},
		{"other bank details", func() {
			ts.Call(t, "SOAP_UPDATE_BILLING_GROUP", value.Of("BILLING_GROUP", value.OfString("ID", group), value.OfString("BANK_IDENTIFIER_CODE", "DABADKKK")))
		}, func() []change { return []change{{"paymentMean", "pm" + group, "updated"}} }, ""},
		{"an activation", func() {
			ts.Call(t, "SOAP_ACTIVATE_SUBSCRIPTION", value.OfString("SUBSCRIPTION_ID", subscription))
		}, func() []change {
			return []change{{"customer", "c" + account, "status"}, {"customerAccount", "ca" + group, "status"}}
		}, ""},
		{"a payment", func() {
			ts.Call(t, "SOAP_SAVE_PAYMENT", value.OfString("BILLING_GROUP_ID", group), value.OfString("AMOUNT", "40"), value.OfString("PAYMENT_CAPTURED", "1"))
		}, func() []change { return []change{{"customerAccount", "ca" + group, "updated"}} }, ""},
		{"a billing group", func() {
			second = ts.Call(t, "SOAP_CREATE_BILLING_GROUP", value.OfString("ACCOUNT_ID", account), value.OfString("OWNER_ID", owner), value.OfString("PRODUCT_CODE", "POST_PAID")).Items("BILLING_GROUP").Text("ID")
		}, func() []change {
			return []change{{"customer", "c" + account, "updated"}, {"customerAccount", "ca" + group, "updated"}, {"customerAccount", "ca" + second, "created"}}
		}, "account"},
		{"a recharge ticket", func() {
			ts.Call(t, "SOAP_CREATE_RECHARGE_TICKET", value.OfString("BILLING_GROUP_ID", second), value.OfString("TICKET_ID", "20150001:20160002"))
			_, body := ts.CallTMF(t, "GET", "/customerManagement/customerAccount/ca"+second, "")
			_, ticket, _ = strings.Cut(body, `"paymentMean":{"id":"pm`)
			ticket, _, _ = strings.Cut(ticket, `"`)
		}, func() []change {
			return []change{{"customer", "c" + account, "updated"}, {"customerAccount", "ca" + second, "updated"}, {"paymentMean", "pm" + ticket, "created"}}
		}, "paymentMethod"},
		{"no recharge ticket", func() {
			ts.Call(t, "SOAP_DELETE_RECHARGE_TICKET", value.OfString("BILLING_GROUP_ID", second))
		}, func() []change {
			return []change{{"customer", "c" + account, "updated"}, {"customerAccount", "ca" + second, "updated"}, {"paymentMean", "pm" + ticket, "deleted"}}
		}, "paymentMethod"},
		{"a lost phone", func() {
			ts.Call(t, "SOAP_BLOCK_SERVICE", value.OfString("SUBSCRIPTION_ID", subscription), value.OfString("BLOCK_TYPE", "BLOCK_AS_LOST"))
		}, func() []change {
			return []change{{"customer", "c" + account, "status"}, {"customerAccount", "ca" + group, "status"}}
		}, ""},
		{"a farewell", func() {
			ts.Call(t, "SOAP_CLOSE_ACCOUNT", value.OfString("ACCOUNT_ID", account), value.OfBoolean("TERMINATE_SUBSCRIPTIONS", true), value.OfBoolean("ACCEPT_BALANCE", true))
		}, func() []change {
			return []change{{"customer", "c" + account, "status"}, {"customerAccount", "ca" + group, "status"}, {"customerAccount", "ca" + second, "status"}}
		}, ""},
	} {
		before := map[string]string{}
		if ticket != "" {
			_, before["pm"+ticket] = ts.CallTMF(t, "GET", "/customerManagement/paymentMean/pm"+ticket, "")
		}
		step.do()
		for _, p := range hubPlaces {
			var want, got []string
			for _, c := range step.want() {
				if slices.Contains(p.resources, c.resource) {
					want = append(want, c.id+" "+strings.ToUpper(c.resource[:1])+c.resource[1:]+p.names[c.what])
				}
			}
			all := a.Await(t, p.hub, told[p.hub]+len(want))
			for _, h := range all[told[p.hub]:] {
				got = append(got, h.Item+" "+h.What)
				_, document := ts.CallTMF(t, "GET", p.base+"/"+h.Resource+"/"+h.Item, "")
				if strings.HasSuffix(h.What, names2014["deleted"]) {
					document = strings.ReplaceAll(before[h.Item], "/customerManagement/paymentMean", p.base+"/paymentMean")
				}
				if h.Document != document {
					t.Errorf("%s tells %s of\n%s\nGET answers\n%s", step.name, p.hub, h.Document, document)
				}
				if want := `"fieldPath":"` + step.path + `"`; strings.Contains(p.base, "v4") && strings.Contains(h.Body, want) != (step.path != "") {
					t.Errorf("%s: not %s:\n%s", step.name, want, h.Body)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s, at %s (-want +got):\n%s", step.name, p.hub, diff)
			}
			told[p.hub] = len(all)
		}
	}
}

// TestHubQueriesOverSOAP: a listener hears of what its query takes, and no more of
// it than the query says.
func TestHubQueriesOverSOAP(t *testing.T) {
	ts := servertest.New(t)
	a := tmftest.ListenTo(t, ts)
	const all = "/all"
	a.Register(t, "/customerManagement/hub", all, "")
	queries := []struct {
		hub, query string
		want       []string // eventType and the body's event
	}{
		{"/tmf-api/customerManagement/v4/hub", "eventType=CustomerStateChangeEvent&fields=event.customer.status", []string{`CustomerStateChangeEvent {"customer":{"status":"Active"}}`}},
		{"/tmf-api/customerManagement/v3/customer/hub", "event.customer.name=Bo%20Holm&fields=event.customer.name", []string{`CustomerAttributeValueChangeNotification {"customer":{"name":"Bo Holm"}}`, `CustomerStateChangeNotification {"customer":{"name":"Bo Holm"}}`,
			`CustomerAttributeValueChangeNotification {"customer":{"name":"Bo Holm"}}`}},
		{"/customerManagement/customer/hub", "eventType=CustomerCreateNotification,CustomerDeleteNotification&fields=customer.status", []string{`CustomerCreateNotification {"customer":{"status":"Created"}}`}},
		{"/customerManagement/customerAccount/hub", "customerAccount.contact.contactName=Bo%20Holm&customerAccount.status=created&fields=event.customerAccount.accountType", []string{`CustomerAccountUpdateNotification {"customerAccount":{"accountType":"Residential"}}`}},
		{"/customerManagement/paymentMean/hub", "eventType=PaymentMeanDeleteNotification", nil},
	}
	for _, q := range queries {
		a.Register(t, q.hub, q.hub, q.query)
	}
	made := ts.Call(t, "SOAP_SIGNUP_CUSTOMER", server.DemoCustomer()[:4]...).Items("ACCOUNT")
	group := made.Items("BILLING_GROUPS").Items("BILLING_GROUP")
	a.Await(t, all, 2) // so that the document of each event is that of its moment
	ts.Call(t, "SOAP_UPDATE_USER", value.Of("USER", value.OfString("ID", made.Text("OWNER_ID")), value.OfString("FIRST_NAME", "Bo"), value.OfString("LAST_NAME", "Holm")))
	a.Await(t, all, 4)
	ts.Call(t, "SOAP_ACTIVATE_SUBSCRIPTION", value.OfString("SUBSCRIPTION_ID", group.Items("SUBSCRIPTIONS").Items("SUBSCRIPTION").Text("ID")))
	a.Await(t, all, 6)
	ts.Call(t, "SOAP_UPDATE_BILLING_GROUP", value.Of("BILLING_GROUP", value.OfString("ID", group.Text("ID")), value.OfString("IBAN_NUMBER", "DK5000400440116243")))
	a.Await(t, all, 9)
	for _, q := range queries {
		var got []string
		a.Await(t, q.hub, len(q.want))
		tmftest.Quiet(t, ts)
		for _, h := range a.Heard(q.hub) {
			_, event, _ := strings.Cut(h.Body, `"event":`)
			got = append(got, h.What+" "+strings.TrimSuffix(event, "}"))
		}
		if diff := cmp.Diff(q.want, got); diff != "" {
			t.Errorf("%s?%s (-want +got):\n%s", q.hub, q.query, diff)
		}
	}
}
