package main

import (
	"strings"
	"testing"

	"rator/catalogue"
	"rator/customer"
	"rator/server"
	"rator/server/servertest"
	"rator/store"
	"rator/workflow/value"
)

// TestHistoryOfAnErasedCustomer: what is left is told, without anything that the person
// said, in text and in JSON; before the erasure the history had it.
func TestHistoryOfAnErasedCustomer(t *testing.T) {
	s := servertest.New(t)
	account := s.Call(t, "SOAP_SIGNUP_CUSTOMER", value.OfString("ACCOUNT_TYPE", "0"), value.OfString("PRODUCT_CODE", "POST_PAID"),
		value.Of("USER", value.OfString("FIRST_NAME", "Hidden"), value.OfString("LAST_NAME", "Hidden"), value.OfString("CITY", "Hidden"), value.OfString("ZIP", "5000"),
			value.OfString("EMAIL", "hidden@example.com"), value.OfString("USERNAME", "hidden")), server.DemoCustomer()[3]).Items("ACCOUNT")
	owner := value.OfString("USER_ID", account.Text("OWNER_ID"))
	line := value.OfString("SUBSCRIPTION_ID", account.Path("BILLING_GROUPS/BILLING_GROUP/SUBSCRIPTIONS/SUBSCRIPTION/ID").Text)
	s.Call(t, "SOAP_UPDATE_USER", value.Of("USER", value.OfString("ID", owner.Text), value.OfString("STREET", "Hidden street")))
	s.Call(t, "SOAP_ACTIVATE_SUBSCRIPTION", line)
	s.Call(t, "SOAP_BLOCK_SERVICE", line, value.OfString("BLOCK_TYPE", customer.BlockByOperator), value.OfString("REASON", "hidden debts"))
	shown := func() string {
		t.Helper()
		text, asJSON := historyOf(t, s.Server.Server, "--customer", "100001"), historyOf(t, s.Server.Server, "--customer", "100001", "--json")
		if text.code != exitOK || asJSON.code != exitOK {
			t.Fatalf("%+v\n%+v", text, asJSON)
		}
		return text.out + asJSON.out
	}
	for _, said := range []string{"Hidden Hidden", "Hidden street", "hidden debts"} {
		if !strings.Contains(shown(), said) {
			t.Fatalf("the test hides too little: %q is not in\n%s", said, shown())
		}
	}
	closed := servertest.Now.AddDate(0, 2, 0)
	s.Clock.Store(&closed)
	s.InDemo(t, func(tx store.Tx, demo *catalogue.Brand) error {
		if _, err := customer.TerminateSubscription(tx, demo, servertest.IDIn(t, account, "BILLING_GROUPS/BILLING_GROUP/SUBSCRIPTIONS/SUBSCRIPTION/ID")); err != nil {
			return err
		}
		_, err := customer.CloseAccount(tx, demo, servertest.IDIn(t, account, "ID"))
		return err
	})
	later := closed.AddDate(0, 0, catalogue.DefaultRetentionDays)
	s.Clock.Store(&later)
	s.Call(t, "SOAP_ERASE_PERSON", owner)
	text := shown()
	if strings.Contains(strings.ToLower(text), "hidden") {
		t.Errorf("the person is still told of:\n%s", text)
	}
	for _, said := range []string{"CLOSED since 2026-03-02", "Owner " + owner.Text + ": erased", `"erased":true`, "user STREET (values are not kept any more)", "SOAP_ERASE_PERSON"} {
		if !strings.Contains(text, said) {
			t.Errorf("it does not say %q:\n%s", said, text)
		}
	}
}
