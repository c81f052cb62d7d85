package export_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"rator/catalogue"
	"rator/server"
	"rator/server/servertest"
	"rator/store"
	"rator/workflow/value"
)

// writtenOverTMForum makes customers over TM Forum with what only that face keeps, one that
// is deleted again and one with an end that waits, and compares as scenarios are.
func writtenOverTMForum(t *testing.T, seen *kinds) {
	a, b := servertest.New(t), servertest.New(t)
	ask := func(method, path, body string) string {
		t.Helper()
		status, answer := a.CallTMF(t, method, "/customerManagement/"+path, body)
		if status >= 300 {
			t.Fatalf("%s %s: %d %s", method, path, status, answer)
		}
		var made struct{ ID string }
		if method != "DELETE" {
			if err := json.Unmarshal([]byte(answer), &made); err != nil {
				t.Fatal(err)
			}
		}
		return made.ID
	}
	customer := ask("POST", "customer", `{"name":"Åse Øre","x-loyalty":{"points":1.50,"since":"2019"},"status":"Delighted","contactMedium":[{"type":"Email","medium":{"emailAddress":"a@example.org"}}]}`)
	account := ask("POST", "customerAccount", `{"name":"Åse's","accountType":"private","pin":"9753","customer":{"id":"`+customer+`"},"x-colour":"green"}`)
	mean := ask("POST", "paymentMean", `{"name":"bank","relatedParty":{"id":"`+customer+`"},"type":"BankAccountDebit","bankAccount":{"IBAN":"NO9386011117947"}}`)
	ask("PATCH", "customerAccount/"+account, `{"paymentPlan":[{"status":"Effective","type":"Invoice","priority":1,"paymentMean":{"id":"`+mean+`"}}]}`)
	ask("PATCH", "paymentMean/"+mean, `{"x-note":"first of all"}`)
	gone := ask("POST", "customer", `{"name":"Bo Ek","x-note":"goes again"}`)
	ask("DELETE", "customer/"+gone, "")

	signedUp := a.Call(t, "SOAP_SIGNUP_CUSTOMER", servertest.SignUpValues("eva")...)
	line := servertest.IDIn(t, signedUp, "ACCOUNT/BILLING_GROUPS/BILLING_GROUP/SUBSCRIPTIONS/SUBSCRIPTION/ID").String()
	a.Call(t, "SOAP_ACTIVATE_SUBSCRIPTION", value.OfString("SUBSCRIPTION_ID", line))
	a.Call(t, "SOAP_TERMINATE_SUBSCRIPTION", value.OfString("SUBSCRIPTION_ID", line), value.OfString("TERMINATION_DATE", servertest.Now.AddDate(0, 2, 0).Format(time.DateOnly)))

	(&comparison{t, "TM Forum", a.Server, b.Server, seen}).run()

	path := fmt.Sprintf("/customerManagement/customerAccount/%s?fields=pin", account)
	if _, answer := b.CallTMF(t, "GET", path, ""); !json.Valid([]byte(answer)) || !contains(answer, `"9753"`) {
		t.Errorf("the PIN is not what it was, with the key that sealed it: %s", answer)
	}
	masked := servertest.New(t)
	bare := (&comparison{T: t}).exported(a.Server, false)
	if contains(string(bare), "sealed:") || contains(string(bare), "password_hash") {
		t.Errorf("a secret that nobody asked for: %s", bare)
	}
	if err := loaded(t, masked.Store, bare); err != nil {
		t.Error(err)
	}
	if _, answer := masked.CallTMF(t, "GET", path, ""); !contains(answer, `"****"`) {
		t.Errorf("the PIN reads as %s", answer)
	}
	if r := servertest.CallAt(t, b.Endpoint, "SOAP_GET_WEB_USER_PROFILE", "", value.OfString("LOGIN", "eva"), value.OfString("PASSWORD", "secret")); r.ErrorCode != 0 {
		t.Errorf("who logs in to the store that loaded password hashes: %d %s", r.ErrorCode, r.ErrorMessage)
	}
}

func demo(tx store.Tx) (*catalogue.Brand, error) { return catalogue.BrandByKey(tx, server.DemoBrand) }
