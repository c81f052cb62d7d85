package component_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/billing"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/server"
	"rator/server/servertest"
	"rator/soap"
	"rator/store"
	"rator/unit"
	"rator/workflow"
	"rator/workflow/value"
)

// TestErasedPersonIsNowhere: what a customer said of themselves in calls, all of
// it "hidden", is after SOAP_ERASE_PERSON in no record, kept reply, index, audit row
// or event, but on the invoice that law has kept; and a request that comes again is
// told so, and does nothing.
func TestErasedPersonIsNowhere(t *testing.T) {
	s := servertest.New(t)
	at := func(now time.Time) { s.Clock.Store(&now) }
	call := func(hookpoint string, want int, values ...value.Entry) value.Tree {
		t.Helper()
		r, err := s.Client.Call(t.Context(), soap.Call{Hookpoint: hookpoint, RequestID: hookpoint, Values: append(values, server.DemoCustomer()[4])})
		if err != nil || r.ErrorCode != want {
			t.Fatalf("%s: %v, %d %s", hookpoint, err, r.ErrorCode, r.ErrorMessage)
		}
		return r.Values
	}
	person := value.Of("USER", value.OfString("FIRST_NAME", "Hidden first"), value.OfString("LAST_NAME", "Hidden last"), value.OfString("CITY", "Hidden city"),
		value.OfString("ZIP", "HIDDEN"), value.OfString("EMAIL", "hidden@example.com"), value.OfString("USERNAME", "hidden"), value.OfString("PERSONAL_ID", "hidden 1"))
	account := call("SOAP_SIGNUP_CUSTOMER_NO_SUBSCRIPTION", 0, value.OfString("PRODUCT_CODE", "POST_PAID"), value.OfString("REFERENCED_BY", "hidden"), person,
		value.Of("BILLING_GROUP", value.OfString("IBAN_NUMBER", "HIDDEN")), value.Of("RECHARGE_TICKET", value.OfString("TICKET_ID", "hidden"))).Items("ACCOUNT")
	owner := value.OfString("USER_ID", account.Text("OWNER_ID"))
	call("SOAP_CREATE_USER", customer.UsernameNotUnique.Number, value.OfString("ACCOUNT_ID", account.Text("ID")), person)
	call("SOAP_SIGNUP_CUSTOMER", customer.UsernameNotUnique.Number, value.OfString("ACCOUNT_TYPE", "0"), value.OfString("PRODUCT_CODE", "POST_PAID"), person)
	call("SOAP_UPDATE_USER", 0, value.Of("USER", value.OfString("ID", owner.Text), value.OfString("STREET", "Hidden street")))
	call("SOAP_PAUSE_DUNNING", 0, value.OfString("BILLING_GROUP_ID", account.Path("BILLING_GROUPS/BILLING_GROUP/ID").Text), value.OfString("PAUSED_UNTIL", "2026-03-01"), value.OfString("REASON", "hidden"))
	call("SOAP_SEARCH_CUSTOMERS", 0, value.OfString("NAME", "hidden l"))
	call("SOAP_GET_USER", 0, owner)
	closed := servertest.Now.AddDate(0, 2, 0)
	s.Charge(t, account)
	at(closed)
	s.Bill(t)
	s.InDemo(t, func(tx store.Tx, demo *catalogue.Brand) error {
		if _, err := billing.WriteOffDebt(tx, demo, billing.NewWriteOff{Group: servertest.IDIn(t, account, "BILLING_GROUPS/BILLING_GROUP/ID")}); err != nil {
			return err
		}
		_, err := customer.CloseAccount(tx, demo, servertest.IDIn(t, account, "ID"))
		return err
	})
	if found := s.Places(t, "hidden"); found["user"] == 0 || found["reply"] == 0 || found["recharge_ticket"] == 0 || found["billing_group"] == 0 || found["account"] == 0 {
		t.Fatalf("the test hides too little: %v", found)
	}
	at(closed.AddDate(0, 0, catalogue.DefaultRetentionDays))
	dry := workflow.Request{Hookpoint: "SOAP_ERASE_PERSON", DryRun: true, Values: value.Tree{owner, server.DemoCustomer()[4]}}
	if r, err := s.Engine.Invoke(t.Context(), dry); err != nil || r.ErrorCode != 0 || s.Places(t, "hidden")["user"] == 0 || len(s.Erased) > 0 {
		t.Errorf("a dry run: %v, %+v; the call log is told %t", err, r, len(s.Erased) > 0)
	}
	call("SOAP_ERASE_PERSON", 0, owner)
	if diff := cmp.Diff(map[string]int{"invoice": 1}, s.Places(t, "hidden")); diff != "" {
		t.Errorf("records that say something of the person (-want +got):\n%s", diff)
	}
	call("SOAP_SIGNUP_CUSTOMER_NO_SUBSCRIPTION", failure.AnswerErased.Number, value.OfString("PRODUCT_CODE", "POST_PAID"), person)
	call("SOAP_UPDATE_USER", failure.AnswerErased.Number, value.Of("USER", value.OfString("ID", owner.Text)))
	if found := s.Places(t, "hidden"); found["user"] != 0 {
		t.Errorf("a request whose answer was erased was done again: %v", found)
	}
	s.InDemo(t, func(tx store.Tx, _ *catalogue.Brand) error {
		return unit.VerifyKept(tx, nil, func(err error) { t.Error(err) })
	})
}

// TestErasedAnswersAreOfOneCustomer: an answer to others stays, and one about two
// customers goes with either.
func TestErasedAnswersAreOfOneCustomer(t *testing.T) {
	s := servertest.New(t)
	at := func(now time.Time) { s.Clock.Store(&now) }
	call := func(hookpoint, id string, want int, values ...value.Entry) value.Tree {
		t.Helper()
		r, err := s.Client.Call(t.Context(), soap.Call{Hookpoint: hookpoint, RequestID: id, Values: append(values, server.DemoCustomer()[4])})
		if err != nil || r.ErrorCode != want {
			t.Fatalf("%s %s: %v, %d %s", hookpoint, id, err, r.ErrorCode, r.ErrorMessage)
		}
		return r.Values
	}
	signUp := func(name string) value.Tree {
		return call("SOAP_SIGNUP_CUSTOMER_NO_SUBSCRIPTION", name, 0, value.OfString("PRODUCT_CODE", "POST_PAID"), value.Of("USER",
			value.OfString("FIRST_NAME", name), value.OfString("LAST_NAME", name), value.OfString("CITY", "Odense"), value.OfString("ZIP", "5000"),
			value.OfString("EMAIL", name+"@example.com"), value.OfString("USERNAME", name))).Items("ACCOUNT")
	}
	group := func(account value.Tree) string { return account.Path("BILLING_GROUPS/BILLING_GROUP/ID").Text }
	goes, stays := signUp("goes"), signUp("stays")
	call("SOAP_SAVE_PAYMENT", "paid", 0, value.OfString("BILLING_GROUP_ID", group(goes)), value.OfDouble("AMOUNT", 5), value.OfString("PAYMENT_CAPTURED", "N"))
	both := []value.Entry{value.OfString("BILLING_GROUP_ID", group(goes)), value.OfString("TO_BILLING_GROUP_ID", group(stays)), value.OfDouble("AMOUNT", 5), value.OfString("REASON", "wrong one")}
	call("SOAP_TRANSFER_BALANCE", "both", failure.ByName("TRANSFER_ACROSS_CUSTOMERS").Number, both...)
	at(servertest.Now.AddDate(0, 0, 1))
	s.InDemo(t, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.CloseAccount(tx, demo, servertest.IDIn(t, goes, "ID"))
		return err
	})
	at(servertest.Now.AddDate(0, 0, catalogue.DefaultRetentionDays+2))
	call("SOAP_ERASE_PERSON", "erase", 0, value.OfString("USER_ID", goes.Text("OWNER_ID")))
	call("SOAP_TRANSFER_BALANCE", "both", failure.AnswerErased.Number, both...)
	if again := signUp("stays"); again.Text("ID") != stays.Text("ID") {
		t.Errorf("the answer to another customer's request is %s, was %s", again.Text("ID"), stays.Text("ID"))
	}
	call("SOAP_ERASE_PERSON", "erase", 0, value.OfString("USER_ID", goes.Text("OWNER_ID")))
}
