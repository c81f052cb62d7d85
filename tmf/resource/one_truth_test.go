package resource_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"rator/server"
	"rator/server/servertest"
	"rator/soap"
	"rator/workflow/value"
)

// TestOneTruth: a SOAP sign-up is readable at once over TM Forum in all dialects,
// and a customer made over TM Forum takes a subscription over SOAP.
func TestOneTruth(t *testing.T) {
	ts := servertest.New(t)
	r, err := ts.Client.Call(context.Background(), soap.Call{Hookpoint: "SOAP_SIGNUP_CUSTOMER", Values: server.DemoCustomer()})
	if err != nil || r.ErrorCode != 0 {
		t.Fatal(err, r.ErrorMessage)
	}
	account := r.Values.Items("ACCOUNT").Text("ID")
	for _, base := range []string{"/customerManagement", "/customerManagement/v1", "/DSCustomerManagement/api/customerManagement/v2", "/tmf-api/customerManagement/v3", "/tmf-api/customerManagement/v4"} {
		status, body := ts.CallTMF(t, "GET", base+"/customer/c"+account, "")
		if status != 200 || !strings.Contains(body, "Åse Øre") || !strings.Contains(body, "aase.oere@example.com") {
			t.Errorf("%s: %d %s", base, status, body)
		}
	}

	status, body := ts.CallTMF(t, "POST", "/customerManagement/customer", `{"name":"Bo Ek","contactMedium":[{"type":"Email","medium":{"emailAddress":"bo@example.com"}}]}`)
	var made struct {
		ID              string
		CustomerAccount []struct{ ID string }
	}
	if err := json.Unmarshal([]byte(body), &made); err != nil || status != 201 || len(made.CustomerAccount) != 1 {
		t.Fatalf("%d %s %v", status, body, err)
	}
	seen := ts.Call(t, "SOAP_GET_ACCOUNT", value.OfString("ACCOUNT_ID", made.ID[1:]))
	ts.Call(t, "SOAP_SIGNUP_SUBSCRIPTION", value.Of("SIGNUP_INFO",
		value.OfString("BILLING_GROUP_ID", made.CustomerAccount[0].ID[2:]), value.OfString("OWNER_ID", seen.Items("ACCOUNT").Text("OWNER_ID")),
		value.OfString("PRODUCT_CODE", "POST_PAID")))
	status, body = ts.CallTMF(t, "GET", "/tmf-api/customerManagement/v4/customer/"+made.ID, "")
	if status != 200 || !strings.Contains(body, `{"name":"rator.subscriptionCount","value":"1","valueType":"string"}`) {
		t.Errorf("%d %s", status, body)
	}
	if status, body = ts.CallTMF(t, "DELETE", "/customerManagement/customer/"+made.ID, ""); status != 409 {
		t.Errorf("%d %s", status, body)
	}
}
