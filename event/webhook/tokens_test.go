package webhook_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"rator/access"
	"rator/event"
	"rator/event/webhook"
	"rator/server"
	"rator/server/servertest"
	"rator/store"
	"rator/workflow/value"
)

// TestWebhooksOfTokens: the token of a new password is told to the webhook that names the
// topic, to none by a pattern; and not any more when another one took its place before it
// could be told.
func TestWebhooksOfTokens(t *testing.T) {
	ts := servertest.New(t)
	servertest.LetReadEvents(t, ts.Store)
	const topic = "user.new_password"
	named, patterned := servertest.NewReceiver(t), servertest.NewReceiver(t)
	ts.Update(t, func(tx store.Tx) error {
		for pattern, r := range map[string]*servertest.Receiver{topic: named, "*": patterned} {
			topics, err := event.ParsePatterns([]string{pattern})
			if err != nil {
				return err
			}
			if _, err := webhook.Add(tx, access.CommandLine, webhook.Wanted{URL: r.URL, Topics: topics, Operator: "house", Secret: servertest.WebhookSecret}); err != nil {
				return err
			}
		}
		return nil
	})
	ts.Call(t, "SOAP_SIGNUP_CUSTOMER", server.DemoCustomer()[:4]...)
	for range 2 {
		ts.Call(t, "SOAP_GET_NEW_PASSWORD", value.OfString("LOGIN", "aase.oere"), value.OfString("SEND_TYPE", "EMAIL"))
	}
	servertest.TellWebhooks(t, ts)
	tokens := func(r *servertest.Receiver) (all []string) {
		for line := range strings.Lines(r.Took()) {
			var doc struct {
				Type string
				Data struct {
					Token *string `json:"TOKEN"`
				}
			}
			if err := json.Unmarshal([]byte(line), &doc); err != nil {
				t.Fatalf("%v: %s", err, line)
			}
			if doc.Type == topic || doc.Data.Token != nil {
				all = append(all, *doc.Data.Token)
			}
		}
		return all
	}
	await := func(what string, holds func() bool) {
		t.Helper()
		for end := time.Now().Add(time.Minute); !holds(); time.Sleep(5 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal("waited in vain for " + what)
			}
		}
	}
	await("both", func() bool { return len(tokens(named)) == 2 })
	if got := tokens(named); got[0] != "" || got[1] == "" {
		t.Errorf("tokens %q", got)
	}
	await("who is told by a pattern", func() bool {
		events, _, err := ts.Webhooks.Behind(t.Context())
		return err == nil && events == 0
	})
	if got := tokens(patterned); len(got) > 0 || !strings.Contains(patterned.Took(), "customer.created") {
		t.Errorf("%q: %s", got, patterned.Took())
	}
}
