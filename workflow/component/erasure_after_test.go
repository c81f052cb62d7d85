package component_test

import (
	"bytes"
	"net/http"
	"testing"

	"rator/catalogue"
	"rator/customer"
	"rator/server"
	"rator/server/servertest"
	"rator/soap"
	"rator/store"
	"rator/workflow/value"
)

// TestErasedPersonStaysErased: nothing is written of a user who was erased, and the
// user becomes nothing again, to a customer who goes on and to one who left: each call
// that would is refused, over both faces. Who is erased can be read, deleted and
// erased again.
func TestErasedPersonStaysErased(t *testing.T) {
	s := servertest.New(t)
	signUp := func(name string) value.Tree {
		return s.Call(t, "SOAP_SIGNUP_CUSTOMER_NO_SUBSCRIPTION", value.OfString("PRODUCT_CODE", "POST_PAID"), value.Of("USER",
			value.OfString("FIRST_NAME", name), value.OfString("LAST_NAME", name), value.OfString("CITY", "Odense"), value.OfString("ZIP", "5000"),
			value.OfString("EMAIL", name+"@example.com"), value.OfString("USERNAME", name))).Items("ACCOUNT")
	}
	goesOn, left := signUp("stays"), signUp("left")
	account, group := goesOn.Text("ID"), goesOn.Path("BILLING_GROUPS/BILLING_GROUP/ID").Text
	gone := s.Call(t, "SOAP_CREATE_USER", value.OfString("ACCOUNT_ID", account), value.Of("USER",
		value.OfString("FIRST_NAME", "Bo"), value.OfString("LAST_NAME", "Berg"), value.OfString("CITY", "Odense"), value.OfString("ZIP", "5000"), value.OfString("EMAIL", "bo@example.com"))).Items("USER").Text("ID")
	line := func(user string) []value.Entry {
		return []value.Entry{value.Of("SIGNUP_INFO", value.OfString("BILLING_GROUP_ID", group), value.OfString("OWNER_ID", user), value.OfString("PRODUCT_CODE", "POST_PAID"))}
	}
	ended := s.Call(t, "SOAP_SIGNUP_SUBSCRIPTION", line(gone)...).Items("SUBSCRIPTION").Text("ID")
	lives := s.Call(t, "SOAP_SIGNUP_SUBSCRIPTION", line(goesOn.Text("OWNER_ID"))...).Items("SUBSCRIPTION").Text("ID")
	s.Call(t, "SOAP_TERMINATE_SUBSCRIPTION", value.OfString("SUBSCRIPTION_ID", ended))
	later := servertest.Now.AddDate(0, 0, 2)
	s.InDemo(t, func(tx store.Tx, demo *catalogue.Brand) error {
		short, _ := catalogue.Load("demo.toml", bytes.Replace(catalogue.Demo(), []byte("retention_days = 1825"), []byte("retention_days = 1"), 1))
		if _, err := catalogue.Import(tx, short); err != nil {
			return err
		}
		_, err := customer.CloseAccount(tx, demo, servertest.IDIn(t, left, "ID"))
		return err
	})
	s.Clock.Store(&later)
	for _, user := range []string{gone, left.Text("OWNER_ID")} {
		s.Call(t, "SOAP_ERASE_PERSON", value.OfString("USER_ID", user))
	}
	const word = "refilled"
	for _, c := range []struct {
		name, hookpoint string
		values          value.Tree
	}{
		{"update", "SOAP_UPDATE_USER", value.Tree{value.Of("USER", value.OfString("ID", gone), value.OfString("LAST_NAME", word))}},
		{"update one who left", "SOAP_UPDATE_USER", value.Tree{value.Of("USER", value.OfString("ID", left.Text("OWNER_ID")), value.OfString("LAST_NAME", word))}},
		{"password", "SOAP_CHANGE_PASSWORD", value.Tree{value.OfString("USER_ID", gone), value.OfString("PASSWORD", "a new one 1!")}},
		{"own an account", "SOAP_CHANGE_OWNER", value.Tree{value.OfString("ACCOUNT_ID", account), value.OfString("OWNER_ID", gone)}},
		{"own a billing group", "SOAP_CHANGE_OWNER", value.Tree{value.OfString("BILLING_GROUP_ID", group), value.OfString("OWNER_ID", gone)}},
		{"new subscription", "SOAP_SIGNUP_SUBSCRIPTION", line(gone)},
		{"new subscriptions", "SOAP_SIGNUP_SUBSCRIPTIONS", value.Tree{value.OfString("PRODUCT_CODE", "POST_PAID"), value.OfString("ACCOUNT_ID", account), value.OfString("BILLING_GROUP_ID", group),
			value.OfString("OWNER_ID", gone), value.Of("SIGNUP_SERVICES", value.Of("CDMA_SERVICE", value.OfString("ORDER_ID", "1")))}},
		{"subscription that ended", "SOAP_REACTIVATE_SUBSCRIPTION", value.Tree{value.OfString("SUBSCRIPTION_ID", ended)}},
		{"new billing group", "SOAP_CREATE_BILLING_GROUP", value.Tree{value.OfString("ACCOUNT_ID", account), value.OfString("OWNER_ID", gone), value.OfString("PRODUCT_CODE", "POST_PAID")}},
		{"address of a new billing group", "SOAP_CREATE_BILLING_GROUP", value.Tree{value.OfString("ACCOUNT_ID", account), value.OfString("OWNER_ID", goesOn.Text("OWNER_ID")), value.OfString("PRODUCT_CODE", "POST_PAID"),
			value.Of("BILLING_GROUP", value.OfString("BILLING_ADDRESS_ID", gone))}},
		{"billing address", "SOAP_UPDATE_BILLING_GROUP", value.Tree{value.Of("BILLING_GROUP", value.OfString("ID", group), value.OfString("BILLING_ADDRESS_ID", gone))}},
		{"own where a subscription moves", "SOAP_CHANGE_BILLING_GROUP", value.Tree{value.OfString("SUBSCRIPTION_ID", lives), value.OfString("OWNER_ID", gone)}},
		{"address where a subscription moves", "SOAP_CHANGE_BILLING_GROUP", value.Tree{value.OfString("SUBSCRIPTION_ID", lives), value.Of("BILLING_GROUP", value.OfString("BILLING_ADDRESS_ID", gone))}},
	} {
		r, err := s.Client.Call(t.Context(), soap.Call{Hookpoint: c.hookpoint, Values: append(c.values, server.DemoCustomer()[4])})
		if err != nil || r.ErrorCode != customer.WrongState.Number {
			t.Errorf("%s: %v, %d %s", c.name, err, r.ErrorCode, r.ErrorMessage)
		}
	}
	const v2014, v4 = "/customerManagement", "/tmf-api/customerManagement/v4"
	const bank = `"name":"refilled","type":"BankAccountDebit","bankAccount":{"IBAN":"1","BIC":"2","accountHolder":"refilled"}`
	for _, c := range []struct{ name, method, path, body string }{
		{"own an account", "PATCH", v4 + "/customer/c" + account, `{"engagedParty":{"id":"` + gone + `","@referredType":"Individual"}}`},
		{"name", "PATCH", v4 + "/customer/c" + left.Text("ID"), `{"name":"refilled person"}`},
		{"mail", "PATCH", v2014 + "/customer/c" + left.Text("ID"), `{"contactMedium":[{"type":"Email","medium":{"emailAddress":"refilled@example.com"}}]}`},
		{"text", "PATCH", v2014 + "/customer/c" + left.Text("ID"), `{"description":"refilled"}`},
		{"whole", "PUT", v2014 + "/customer/c" + left.Text("ID"), `{"name":"refilled person","description":"refilled"}`},
		{"text of an account", "PATCH", v2014 + "/customerAccount/ca" + left.Path("BILLING_GROUPS/BILLING_GROUP/ID").Text, `{"description":"refilled"}`},
		{"payment mean", "POST", v2014 + "/paymentMean", `{"relatedParty":{"id":"` + gone + `"},` + bank + `}`},
		{"payment mean of one who left", "POST", v2014 + "/paymentMean", `{"relatedParty":{"id":"` + left.Text("OWNER_ID") + `"},` + bank + `}`},
	} {
		if status, answer := s.CallTMF(t, c.method, c.path, c.body); status != http.StatusConflict {
			t.Errorf("%s: %d %s", c.name, status, answer)
		}
	}
	if found := s.Places(t, word); len(found) > 0 {
		t.Errorf("what was refused was written: %v", found)
	}
	for _, user := range []string{gone, left.Text("OWNER_ID")} {
		s.Call(t, "SOAP_GET_USER", value.OfString("USER_ID", user))
		s.Call(t, "SOAP_ERASE_PERSON", value.OfString("USER_ID", user))
	}
	s.Call(t, "SOAP_DELETE_USER", value.OfString("USER_ID", gone))
	if status, answer := s.CallTMF(t, "DELETE", v4+"/customer/c"+left.Text("ID"), ""); status != http.StatusNoContent {
		t.Errorf("%d %s", status, answer)
	}
}
