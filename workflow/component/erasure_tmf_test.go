package component_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/catalogue"
	"rator/customer"
	"rator/server"
	"rator/server/servertest"
	"rator/soap"
	"rator/store"
	"rator/tmf/resource"
	"rator/wire"
	"rator/workflow/value"
)

// TestErasedPersonIsNowhereOverTMF: what clients wrote of a customer over TM Forum,
// all of it "hidden", is after SOAP_ERASE_PERSON in no record, index, audit row or
// event: nor in answers kept for repeated requests, and in no payment mean that
// names the person without being anybody's.
func TestErasedPersonIsNowhereOverTMF(t *testing.T) {
	s := servertest.New(t)
	requests := 0
	ask := func(status int, method, path, body string) string {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, strings.TrimSuffix(s.Endpoint, wire.Path)+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		requests++
		r.SetBasicAuth(server.DemoOperator, server.DemoPassword)
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Idempotency-Key", fmt.Sprint("key-", requests))
		a, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Body.Close()
		answered, err := io.ReadAll(a.Body)
		if err != nil || a.StatusCode != status {
			t.Fatalf("%s %s: %d %s %v", method, path, a.StatusCode, answered, err)
		}
		var made struct{ ID string }
		if method != "DELETE" && status < 300 {
			if err := json.Unmarshal(answered, &made); err != nil {
				t.Fatal(err)
			}
		}
		return made.ID
	}
	const v2014, v4 = "/customerManagement", "/tmf-api/customerManagement/v4"
	const media = `"contactMedium":[{"type":"Email","medium":{"emailAddress":"hidden@example.com"}},{"type":"Pigeon","medium":{"loft":"hidden"}}]`
	id := ask(201, "POST", v2014+"/customer", `{"name":"Hidden Person","description":"hidden","hidden":{"deep":["hidden"]},`+media+`,"characteristic":[{"name":"note","value":"hidden"}]}`)
	ask(200, "PATCH", v4+"/customer/"+id, `{"relatedParty":[{"id":"x","name":"hidden"}],"characteristic":[{"name":"note","value":{"is":"hidden"}}]}`)
	ask(400, "PATCH", v2014+"/customer/"+id, `{"validFor":{"startDateTime":"hidden"}}`)
	owner := s.Call(t, "SOAP_GET_ACCOUNT", value.OfString("ACCOUNT_ID", id[1:])).Items("ACCOUNT").Text("OWNER_ID")

	const account = `"accountType":"hidden","contact":[{"contactName":"hidden",` + media + `}]`
	ask(201, "POST", v2014+"/customerAccount", `{"name":"hidden one","customer":{"id":"`+id+`"},`+account+`}`)
	waiting := ask(201, "POST", v2014+"/customerAccount", `{"name":"hidden two","customer":{"id":"hidden"},`+account+`}`)
	const bank = `"type":"BankAccountDebit","bankAccount":{"IBAN":"hidden iban","BIC":"HIDDEN","accountHolder":"hidden"}`
	mean := ask(201, "POST", v2014+"/paymentMean", `{"name":"hidden mean","relatedParty":{"id":"hidden"},`+bank+`}`)
	ask(200, "PATCH", v2014+"/customerAccount/"+waiting, `{"customer":{"id":"`+id+`"},"paymentPlan":[{"status":"hidden","type":"t","priority":1,"paymentMean":{"id":"`+mean+`"}}]}`)
	ask(201, "POST", v2014+"/paymentMean", `{"name":"hidden alone","relatedParty":{"id":"`+owner+`"},`+bank+`}`)

	closed := servertest.Now.AddDate(0, 2, 0)
	s.Clock.Store(&closed)
	s.InDemo(t, func(tx store.Tx, demo *catalogue.Brand) error {
		account, err := store.ParseID(id[1:])
		if err == nil {
			_, err = customer.CloseAccount(tx, demo, account)
		}
		return err
	})
	if found := s.Places(t, "hidden"); found["tmf_overlay"] < 5 || found["reply"] < 7 || found["tmf_payment_mean"] != 2 || found["user"] == 0 || found["billing_group"] == 0 {
		t.Fatalf("the test hides too little: %v", found)
	}
	later := closed.AddDate(0, 0, catalogue.DefaultRetentionDays).Add(time.Hour)
	s.Clock.Store(&later)
	ask(400, "POST", v2014+"/customer", `{"name":"other","validFor":{"startDateTime":"Hidden Person"}}`)
	r, err := s.Client.Call(t.Context(), soap.Call{Hookpoint: "SOAP_ERASE_PERSON", Values: value.Tree{value.OfString("USER_ID", owner), server.DemoCustomer()[4]}})
	if err != nil || r.ErrorCode != 0 {
		t.Fatalf("%v, %d %s", err, r.ErrorCode, r.ErrorMessage)
	}
	if diff := cmp.Diff(map[string]int{}, s.Places(t, "hidden")); diff != "" {
		t.Errorf("records that say something of the person (-want +got):\n%s", diff)
	}
	requests = 0
	ask(409, "POST", v2014+"/customer", `{"name":"Hidden Person"}`)
	if found := s.Places(t, "hidden"); len(found) > 0 {
		t.Errorf("a request whose answer was erased was done again: %v", found)
	}
	s.InDemo(t, func(tx store.Tx, _ *catalogue.Brand) error {
		resource.Verify(store.Looks{Txs: []store.Tx{tx}}, func(err error) { t.Error(err) })
		return nil
	})
	for _, path := range []string{v2014 + "/customer", v2014 + "/customerAccount", v2014 + "/paymentMean", v4 + "/customer"} {
		if status, body := s.CallTMF(t, "GET", path, ""); status != 200 || strings.Contains(strings.ToLower(body), "hidden") {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
}
