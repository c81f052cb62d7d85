package main

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"rator/billing"
	"rator/catalogue"
	"rator/customer"
	"rator/soap"
	"rator/store"
	"rator/workflow"
	"rator/workflow/value"
)

// TestErasedPersonIsNowhere: what a customer said of themselves in calls, all of
// it "hidden", is after SOAP_ERASE_PERSON and the sweep of kept replies in no
// record, index, audit row or event, but on the invoice that law has kept.
func TestErasedPersonIsNowhere(t *testing.T) {
	s := newTestServer(t)
	at := func(now time.Time) { s.clock.Store(&now) }
	call := func(hookpoint string, want int, values ...value.Entry) value.Tree {
		t.Helper()
		r, err := s.client.Call(t.Context(), soap.Call{Hookpoint: hookpoint, RequestID: hookpoint, Values: append(values, demoCustomer()[4])})
		if err != nil || r.ErrorCode != want {
			t.Fatalf("%s: %v, %d %s", hookpoint, err, r.ErrorCode, r.ErrorMessage)
		}
		return r.Values
	}
	person := value.Of("USER", value.OfString("FIRST_NAME", "Hidden first"), value.OfString("LAST_NAME", "Hidden last"), value.OfString("CITY", "Hidden city"),
		value.OfString("ZIP", "HIDDEN"), value.OfString("EMAIL", "hidden@example.com"), value.OfString("USERNAME", "hidden"), value.OfString("PERSONAL_ID", "hidden 1"))
	account := call("SOAP_SIGNUP_CUSTOMER_NO_SUBSCRIPTION", 0, value.OfString("PRODUCT_CODE", "POST_PAID"), person,
		value.Of("BILLING_GROUP", value.OfString("IBAN_NUMBER", "HIDDEN")), value.Of("RECHARGE_TICKET", value.OfString("TICKET_ID", "hidden"))).Items("ACCOUNT")
	owner := value.OfString("USER_ID", account.Text("OWNER_ID"))
	call("SOAP_CREATE_USER", customer.UsernameNotUnique.Number, value.OfString("ACCOUNT_ID", account.Text("ID")), person)
	call("SOAP_UPDATE_USER", 0, value.Of("USER", value.OfString("ID", owner.Text), value.OfString("STREET", "Hidden street")))
	call("SOAP_SEARCH_CUSTOMERS", 0, value.OfString("NAME", "hidden l"))
	call("SOAP_GET_USER", 0, owner)
	closed := testNow.AddDate(0, 2, 0)
	charged(t, s, account)
	at(closed)
	billed(t, s)
	inDemo(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		if _, err := billing.WriteOffDebt(tx, demo, billing.NewWriteOff{Group: idIn(t, account, "BILLING_GROUPS/BILLING_GROUP/ID")}); err != nil {
			return err
		}
		_, err := customer.CloseAccount(tx, demo, idIn(t, account, "ID"))
		return err
	})
	if found := placesOf(t, s, "hidden"); found["user"] == 0 || found["kept_reply"] == 0 || found["recharge_ticket"] == 0 {
		t.Fatalf("the test hides too little: %v", found)
	}
	at(closed.AddDate(0, 0, catalogue.DefaultRetentionDays))
	call("SOAP_ERASE_PERSON", 0, owner)
	if _, err := workflow.SweepKept(t.Context(), s.store); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]int{"invoice": 1}, placesOf(t, s, "hidden")); diff != "" {
		t.Errorf("records that say something of the person (-want +got):\n%s", diff)
	}
}

func charged(t *testing.T, s *testServer, account value.Tree) {
	t.Helper()
	inDemo(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		amount := decimal.New(10, 0)
		_, err := billing.AddCharge(tx, demo, billing.NewCharge{Group: idIn(t, account, "BILLING_GROUPS/BILLING_GROUP/ID"), ChargeItem: "MANUAL_DEBIT", Amount: &amount})
		return err
	})
}

func billed(t *testing.T, s *testServer) {
	t.Helper()
	report, err := (&billing.Run{AsOf: time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)}).Do(t.Context(), s.store)
	if err != nil || report.Refused != 0 {
		t.Fatalf("billing run: %v %+v", err, report)
	}
}

func inDemo(t *testing.T, s *testServer, fn func(store.Tx, *catalogue.Brand) error) {
	t.Helper()
	err := s.store.Update(t.Context(), func(tx store.Tx) error {
		demo, err := catalogue.BrandByKey(tx, demoBrand)
		if err != nil {
			return err
		}
		return fn(tx, demo)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func idIn(t *testing.T, answer value.Tree, path string) store.ID {
	t.Helper()
	id, err := store.ParseID(answer.Path(path).Text)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// placesOf counts, by kind, the records that hold a word, in whatever case, in
// their document or in a key of an index; events are a kind here.
func placesOf(t *testing.T, s *testServer, word string) map[string]int {
	t.Helper()
	found := map[string]int{}
	look := func(kind string, texts ...[]byte) {
		for _, text := range texts {
			if bytes.Contains(bytes.ToLower(text), []byte(word)) {
				found[kind]++
				return
			}
		}
	}
	err := s.store.View(t.Context(), func(tx store.Tx) error {
		for _, kind := range store.Infos() {
			records, err := tx.Scan(kind.Name, 0, 10_000)
			if err != nil {
				return err
			}
			for _, r := range records {
				texts := [][]byte{r.Doc}
				keys, err := kind.Keys(r.Doc)
				if err != nil {
					return err
				}
				for _, key := range keys {
					texts = append(texts, []byte(key.Value))
				}
				look(kind.Name, texts...)
			}
		}
		events, err := tx.EventsAfter(0, 10_000)
		for _, e := range events {
			look("event", e.Body)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
