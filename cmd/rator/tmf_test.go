package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"rator/server"
	"rator/soap"
	"rator/workflow/value"
)

// tmfCall asks the TM Forum face as the demo's operator.
func (ts *testServer) tmfCall(t *testing.T, method, path, body string) (status int, answer string) {
	t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), method, strings.TrimSuffix(ts.endpoint, soap.Path)+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth(server.DemoOperator, server.DemoPassword)
	r.Header.Set("Content-Type", "application/json")
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	return a.StatusCode, string(b)
}

// soapCall calls a hookpoint, which must succeed.
func (ts *testServer) soapCall(t *testing.T, hookpoint string, values ...value.Entry) value.Tree {
	t.Helper()
	values = append(values, value.Of("CONTEXT", value.OfString("OPERATOR", server.DemoOperator), value.OfString("PASSWORD", server.DemoPassword), value.OfString("BRAND_KEY", server.DemoBrand)))
	r, err := ts.client.Call(context.Background(), soap.Call{Hookpoint: hookpoint, Values: values})
	if err != nil || r.ErrorCode != 0 {
		t.Fatalf("%s: %v %d %s", hookpoint, err, r.ErrorCode, r.ErrorMessage)
	}
	return r.Values
}

// TestOneTruth: a SOAP sign-up is readable at once over TM Forum in all dialects,
// and a customer made over TM Forum takes a subscription over SOAP.
func TestOneTruth(t *testing.T) {
	ts := newTestServer(t)
	r, err := ts.client.Call(context.Background(), soap.Call{Hookpoint: "SOAP_SIGNUP_CUSTOMER", Values: server.DemoCustomer()})
	if err != nil || r.ErrorCode != 0 {
		t.Fatal(err, r.ErrorMessage)
	}
	account := r.Values.Items("ACCOUNT").Text("ID")
	for _, base := range []string{"/customerManagement", "/customerManagement/v1", "/DSCustomerManagement/api/customerManagement/v2", "/tmf-api/customerManagement/v3", "/tmf-api/customerManagement/v4"} {
		status, body := ts.tmfCall(t, "GET", base+"/customer/c"+account, "")
		if status != 200 || !strings.Contains(body, "Åse Øre") || !strings.Contains(body, "aase.oere@example.com") {
			t.Errorf("%s: %d %s", base, status, body)
		}
	}

	status, body := ts.tmfCall(t, "POST", "/customerManagement/customer", `{"name":"Bo Ek","contactMedium":[{"type":"Email","medium":{"emailAddress":"bo@example.com"}}]}`)
	var made struct {
		ID              string
		CustomerAccount []struct{ ID string }
	}
	if err := json.Unmarshal([]byte(body), &made); err != nil || status != 201 || len(made.CustomerAccount) != 1 {
		t.Fatalf("%d %s %v", status, body, err)
	}
	seen := ts.soapCall(t, "SOAP_GET_ACCOUNT", value.OfString("ACCOUNT_ID", made.ID[1:]))
	ts.soapCall(t, "SOAP_SIGNUP_SUBSCRIPTION", value.Of("SIGNUP_INFO",
		value.OfString("BILLING_GROUP_ID", made.CustomerAccount[0].ID[2:]), value.OfString("OWNER_ID", seen.Items("ACCOUNT").Text("OWNER_ID")),
		value.OfString("PRODUCT_CODE", "POST_PAID")))
	status, body = ts.tmfCall(t, "GET", "/tmf-api/customerManagement/v4/customer/"+made.ID, "")
	if status != 200 || !strings.Contains(body, `{"name":"rator.subscriptionCount","value":"1","valueType":"string"}`) {
		t.Errorf("%d %s", status, body)
	}
	if status, body = ts.tmfCall(t, "DELETE", "/customerManagement/customer/"+made.ID, ""); status != 409 {
		t.Errorf("%d %s", status, body)
	}
}
