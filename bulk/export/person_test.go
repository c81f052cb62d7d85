package export_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"rator/access"
	"rator/calllog"
	"rator/customer"
	"rator/failure"
	"rator/server/servertest"
	"rator/store"
	"rator/workflow/value"
)

// TestPersonsAreAnsweredWhole: the owner is answered with the whole customer and what
// happened to it, another user with its own alone; long ones come in pages that join, and the
// call log has nothing of it.
func TestPersonsAreAnsweredWhole(t *testing.T) {
	s, endpoint, _ := servertest.Logged(t)
	if r := servertest.CallAt(t, endpoint, "SOAP_EXPORT_PERSON", "", value.OfString("CUSTOMER_NUMBER", "100001")); r.ErrorCode != failure.NotAllowed.Number {
		t.Errorf("who may call everything else: %d %s", r.ErrorCode, r.ErrorMessage)
	}
	if err := s.Store.Update(t.Context(), func(tx store.Tx) error { return access.Grant(tx, access.CommandLine, "demo", access.RightPerson) }); err != nil {
		t.Fatal(err)
	}
	call := func(hookpoint string, values ...value.Entry) value.Tree {
		t.Helper()
		r := servertest.CallAt(t, endpoint, hookpoint, "", values...)
		if r.ErrorCode != 0 {
			t.Fatalf("%s: %d %s", hookpoint, r.ErrorCode, r.ErrorMessage)
		}
		return r.Values
	}
	person := func(key, id string) (data, history string, pages int) {
		t.Helper()
		for cursor := ""; ; {
			page := call("SOAP_EXPORT_PERSON", value.OfString(key, id), value.OfString("CURSOR", cursor))
			data, history, pages = data+page.Text("PERSON_DATA"), history+page.Text("PERSON_HISTORY"), pages+1
			if cursor = page.Text("NEXT_CURSOR"); cursor == "" {
				return data, history, pages
			}
		}
	}
	account := call("SOAP_SIGNUP_CUSTOMER", servertest.SignUpValues("eva")...).Path("ACCOUNT").Items
	other := call("SOAP_CREATE_USER", value.OfString("ACCOUNT_ID", account.Text("ID")), value.Of("USER", value.OfString("FIRST_NAME", "Bo"), value.OfString("LAST_NAME", "Berg"), value.OfString("EMAIL", "bo@example.com"))).Path("USER/ID").Text

	data, history, _ := person("USER_ID", account.Text("OWNER_ID"))
	for _, want := range []string{"aase.oere@example.com", "bo@example.com", `"billing_groups"`, `"services"`} {
		if !strings.Contains(data, want) {
			t.Errorf("the owner is not told %s: %s", want, data)
		}
	}
	if strings.Contains(data, "argon2") {
		t.Errorf("a password hash: %s", data)
	}
	kinds := map[string]int{}
	for line := range strings.Lines(history) {
		var e struct{ Time, Kind, What string }
		if err := json.Unmarshal([]byte(line), &e); err != nil || e.Time == "" {
			t.Errorf("%s: %v", line, err)
		}
		kinds[e.Kind]++
	}
	if kinds["event"] == 0 || kinds["audit"] == 0 || kinds["call"] == 0 {
		t.Errorf("what happened: %v", kinds)
	}

	data, history, _ = person("USER_ID", other)
	if !json.Valid([]byte(data)) || !strings.Contains(data, "bo@example.com") || strings.Contains(data, "aase") || strings.Contains(data, `"services"`) {
		t.Errorf("another user is told: %s", data)
	}
	if !strings.Contains(history, other) || strings.Contains(history, "SOAP_SIGNUP_CUSTOMER") {
		t.Errorf("what happened to another user: %s", history)
	}

	// more than a page
	for i := range 80 {
		fill := strings.Repeat(fmt.Sprintf("%02d æ", i), 2000)
		if err := s.Store.Update(t.Context(), func(tx store.Tx) error { return lengthen(tx, account.Text("OWNER_ID"), fill) }); err != nil {
			t.Fatal(err)
		}
	}
	data, _, pages := person("ACCOUNT_ID", account.Text("ID"))
	if pages < 2 || !json.Valid([]byte(data)) {
		t.Errorf("%d pages, %d bytes", pages, len(data))
	}

	if err := s.Calls.Flush(); err != nil {
		t.Fatal(err)
	}
	r, err := calllog.OpenReader(s.Calls.Dir())
	if err != nil {
		t.Fatal(err)
	}
	for k, err := range r.Calls(&calllog.Query{Hookpoint: "SOAP_EXPORT_PERSON"}) {
		if err != nil {
			t.Fatal(err)
		}
		if _, answer, err := r.Messages(k); err != nil || strings.Contains(string(answer), "aase") || strings.Contains(string(answer), "billing_groups") {
			t.Errorf("the call log has of an answer: %v %.2000s", err, answer)
		}
	}
}

// lengthen makes what is kept of a user longer than any call does: it adds a place.
func lengthen(tx store.Tx, user, text string) error {
	brand, err := demo(tx)
	if err != nil {
		return err
	}
	id, err := store.ParseID(user)
	if err != nil {
		return err
	}
	_, err = customer.UpdateUser(tx, brand, id, func(f *customer.UserFields) error {
		f.Address2 = f.Address2 + text
		return nil
	})
	return err
}
