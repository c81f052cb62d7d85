package hub_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/catalogue"
	"rator/customer"
	"rator/server/servertest"
	"rator/store"
	"rator/tmf/tmftest"
	"rator/wire"
	"rator/workflow/value"
)

// TestErasedPersonIsToldToNobody: what waits for a listener of a customer who is
// erased, all of it "hidden", is emptied with it, whatever the hub's query shows; the
// listener that comes back is told of each event, and nothing of the person. Others'
// notifications stay as they are.
func TestErasedPersonIsToldToNobody(t *testing.T) {
	s := servertest.New(t)
	// Until it is back the listener takes nothing, and holds what it is sent: what was
	// under way before the erasing says nothing about what is sent after it.
	back, held := make(chan struct{}), make(chan string, 1000)
	var mu sync.Mutex
	got := map[string][]string{} // by path
	away := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		select {
		case <-back:
		default:
			held <- r.URL.Path
			select {
			case <-back:
			case <-r.Context().Done():
			}
			err = http.ErrAbortHandler
		}
		if err != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		got[r.URL.Path] = append(got[r.URL.Path], string(body))
	}))
	t.Cleanup(away.Close)
	const v2014, v3, v4 = "/customerManagement", "/tmf-api/customerManagement/v3", "/tmf-api/customerManagement/v4"
	for path, hub := range map[string][2]string{"/2014": {v2014, ""}, "/v3": {v3, ""}, "/v4": {v4, ""},
		"/name": {v4, "fields=event.customer.name"}, "/hidden": {v3, "event.customer.name=Hidden%20Person"}} {
		if status, answer := s.CallTMF(t, "POST", hub[0]+"/hub", fmt.Sprintf(`{"callback":%q,"query":%q}`, away.URL+path, hub[1])); status != http.StatusCreated {
			t.Fatalf("%s: %d %s", path, status, answer)
		}
	}
	tmftest.ListenTo(t, s)

	account := s.Call(t, "SOAP_SIGNUP_CUSTOMER_NO_SUBSCRIPTION", value.OfString("PRODUCT_CODE", "POST_PAID"),
		value.Of("USER", value.OfString("FIRST_NAME", "Hidden"), value.OfString("LAST_NAME", "Person"), value.OfString("CITY", "Hidden"), value.OfString("ZIP", "HIDDEN"), value.OfString("EMAIL", "hidden@example.com"), value.OfString("USERNAME", "hidden")),
		value.Of("BILLING_GROUP", value.OfString("IBAN_NUMBER", "HIDDEN")), value.Of("RECHARGE_TICKET", value.OfString("TICKET_ID", "hidden"))).Items("ACCOUNT")
	owner, group := account.Text("OWNER_ID"), account.Path("BILLING_GROUPS/BILLING_GROUP/ID").Text
	s.Call(t, "SOAP_DELETE_RECHARGE_TICKET", value.OfString("BILLING_GROUP_ID", group))
	s.Call(t, "SOAP_CREATE_RECHARGE_TICKET", value.OfString("BILLING_GROUP_ID", group), value.OfString("TICKET_ID", "hidden"))
	s.Call(t, "SOAP_SIGNUP_CUSTOMER_NO_SUBSCRIPTION", value.OfString("PRODUCT_CODE", "POST_PAID"),
		value.Of("USER", value.OfString("FIRST_NAME", "Other"), value.OfString("LAST_NAME", "Person"), value.OfString("CITY", "Odense"), value.OfString("ZIP", "5000"), value.OfString("EMAIL", "other@example.com"), value.OfString("USERNAME", "other")))
	if status, body := s.CallTMF(t, "POST", v2014+"/paymentMean", `{"name":"hidden alone","relatedParty":{"id":"`+owner+`"},"type":"BankAccountDebit","bankAccount":{"IBAN":"hidden iban","BIC":"HIDDEN","accountHolder":"hidden"}}`); status != http.StatusCreated {
		t.Fatalf("%d %s", status, body)
	}
	// One that is deleted, and whose party is the client's own: no id of ours is in it.
	status, body := s.CallTMF(t, "POST", v4+"/customer", `{"name":"Hidden two","engagedParty":{"id":"hidden","@referredType":"Individual","name":"hidden"}}`)
	_, id, _ := strings.Cut(body, `"id":"c`)
	id, _, _ = strings.Cut(id, `"`)
	gone := s.Call(t, "SOAP_GET_ACCOUNT", value.OfString("ACCOUNT_ID", id)).Items("ACCOUNT").Text("OWNER_ID")
	if deleted, answer := s.CallTMF(t, "DELETE", v4+"/customer/c"+id, ""); status != http.StatusCreated || deleted != http.StatusNoContent {
		t.Fatalf("%d %s, %d %s", status, body, deleted, answer)
	}
	// The last of all: when it waits, everything does.
	if status, body := s.CallTMF(t, "POST", v2014+"/paymentMean", `{"name":"the last","relatedParty":{"id":"x"},"type":"Cash","bankAccount":{"IBAN":"1"}}`); status != http.StatusCreated {
		t.Fatalf("%d %s", status, body)
	}
	published := func(word string) {
		t.Helper()
		for end := time.Now().Add(time.Minute); s.Places(t, word)["tmf_notification"] == 0; time.Sleep(5 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%q was not published", word)
			}
		}
	}
	published("the last")
	for waiting := map[string]bool{"/2014": true, "/v3": true, "/v4": true, "/name": true, "/hidden": true}; len(waiting) > 0; {
		select {
		case path := <-held:
			delete(waiting, path)
		case <-time.After(time.Minute):
			t.Fatalf("nothing was sent to %v", waiting)
		}
	}
	if found := s.Places(t, "hidden"); found["tmf_notification"] < 12 {
		t.Fatalf("the test hides too little: %v", found)
	}
	later := servertest.Now.AddDate(0, 0, 2) // notifications wait 7 days
	s.InDemo(t, func(tx store.Tx, demo *catalogue.Brand) error {
		short, _ := catalogue.Load("demo.toml", bytes.Replace(catalogue.Demo(), []byte("retention_days = 1825"), []byte("retention_days = 1"), 1))
		if _, err := catalogue.Import(tx, short); err != nil {
			return err
		}
		_, err := customer.CloseAccount(tx, demo, servertest.IDIn(t, account, "ID"))
		return err
	})
	s.Clock.Store(&later)
	s.Call(t, "SOAP_ERASE_PERSON", value.OfString("USER_ID", owner))
	s.Call(t, "SOAP_ERASE_PERSON", value.OfString("USER_ID", gone))
	if diff := cmp.Diff(map[string]int{"tmf_hub": 1}, s.Places(t, "hidden")); diff != "" { // the query of a hub is its listener's
		t.Errorf("records that say something of the person (-want +got):\n%s", diff)
	}
	close(back)
	tmftest.Quiet(t, s)
	mu.Lock()
	defer mu.Unlock()
	for path, bodies := range got {
		if strings.Contains(strings.ToLower(strings.Join(bodies, "\n")), "hidden") {
			t.Errorf("%s was told of the person:\n%s", path, strings.Join(bodies, "\n"))
		}
		if !slices.ContainsFunc(bodies, func(body string) bool { return strings.Contains(body, "Other Person") }) && path != "/hidden" {
			t.Errorf("%s was not told of another", path)
		}
	}
	id = account.Text("ID")
	want := fmt.Sprintf(`"event":{"customer":{"id":"c%s","href":"%s%s/customer/c%[1]s","status":"Created"}}}`, id, strings.TrimSuffix(s.Endpoint, wire.Path), v4)
	if !strings.HasSuffix(got["/v4"][0], want) {
		t.Errorf("the first was %s\nwant            … %s", got["/v4"][0], want)
	}
}
