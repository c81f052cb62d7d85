package servertest

import (
	"encoding/json"
	"testing"
	"time"

	"rator/server"
	"rator/store"
	"rator/workflow"
	"rator/workflow/value"
)

// EndingLines signs a customer up with lines and schedules the end of each.
func EndingLines(t *testing.T, e *workflow.Engine, username string, lines int, date time.Time) (subscriptions []string) {
	t.Helper()
	about := value.Of("CONTEXT", value.OfString("OPERATOR", server.DemoOperator), value.OfString("PASSWORD", server.DemoPassword))
	call := func(hookpoint string, values ...value.Entry) value.Tree {
		t.Helper()
		r, err := e.Invoke(t.Context(), workflow.Request{Hookpoint: hookpoint, Values: append(values, about)})
		if err != nil || r.ErrorCode != 0 {
			t.Fatalf("%s: %+v %v", hookpoint, r, err)
		}
		return r.Values
	}
	var services value.Tree
	for range lines {
		services = append(services, value.Of("CDMA_SERVICE", value.OfString("ORDER_ID", "1")))
	}
	account := call("SOAP_SIGNUP_CUSTOMER", value.OfString("ACCOUNT_TYPE", "0"), value.OfString("PRODUCT_CODE", "POST_PAID"),
		value.Of("USER", value.OfString("FIRST_NAME", "Bo"), value.OfString("LAST_NAME", "Ek"), value.OfString("CITY", "Malmö"),
			value.OfString("ZIP", "21119"), value.OfString("EMAIL", "bo@example.com"), value.OfString("USERNAME", username)),
		value.Of("SIGNUP_SERVICES", services...))
	for sub := range account.Path("ACCOUNT/BILLING_GROUPS/BILLING_GROUP/SUBSCRIPTIONS").Items.All("SUBSCRIPTION") {
		id := sub.Items.Text("ID")
		subscriptions = append(subscriptions, id)
		call("SOAP_TERMINATE_SUBSCRIPTION", value.OfString("SUBSCRIPTION_ID", id), value.OfDate("TERMINATION_DATE", date))
	}
	return subscriptions
}

// EndsIn counts the events that tell of an end, by subscription.
func EndsIn(t *testing.T, st store.Store) map[string]int {
	t.Helper()
	AllTold(t, st)
	ends := map[string]int{}
	err := st.View(t.Context(), func(tx store.Tx) error {
		for cursor := int64(0); ; {
			events, err := tx.EventsAfter(cursor, 100)
			if err != nil || len(events) == 0 {
				return err
			}
			for _, e := range events {
				cursor = e.Cursor
				if e.Topic == "subscription.terminated" {
					var body struct {
						Subscription string `json:"SUBSCRIPTION_ID"`
					}
					if err := json.Unmarshal(e.Body, &body); err != nil {
						return err
					}
					ends[body.Subscription]++
				}
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return ends
}
