package workflow_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"rator/store"
	"rator/workflow"
	"rator/workflow/value"
)

// A token is in the event that sends it and nowhere else: in no record, so
// neither in an audit row nor in a kept reply, in no answer and no line of the log.
func TestNewPasswordTokenIsInItsEventOnly(t *testing.T) {
	h := newHouse(t)
	h.call(t, signUp("aase"))
	ask := func(login string) workflow.Result {
		return h.call(t, workflow.Request{Hookpoint: "SOAP_GET_NEW_PASSWORD", Values: tree(
			value.OfString("LOGIN", login), value.OfString("SEND_TYPE", "EMAIL"),
			as("root", value.OfBoolean("TRACE", true), value.OfString("REQUEST_ID", "ask for "+login)))})
	}
	known, unknown := ask("aase"), ask("nobody")
	token := sentToken(t, h)
	redeemed := h.call(t, workflow.Request{Hookpoint: "SOAP_REDEEM_NEW_PASSWORD", Values: tree(
		value.OfString("LOGIN", "aase"), value.OfString("TOKEN", token), value.OfString("PASSWORD", "another plain one"),
		as("root", value.OfBoolean("TRACE", true), value.OfString("REQUEST_ID", "redeem")))})
	wrong := h.call(t, workflow.Request{Hookpoint: "SOAP_REDEEM_NEW_PASSWORD", Values: tree(
		value.OfString("LOGIN", "nobody"), value.OfString("TOKEN", token), value.OfString("PASSWORD", "another plain one"), as("root"))})
	if known.ErrorCode != 0 || redeemed.ErrorCode != 0 || wrong.ErrorCode != 242 {
		t.Errorf("codes %d, %d and %d; want 0, 0 and 242", known.ErrorCode, redeemed.ErrorCode, wrong.ErrorCode)
	}
	if a, b := shape(known), shape(unknown); a != b {
		t.Errorf("a known login is answered\n%s\nan unknown one\n%s", a, b)
	}
	for _, secret := range []string{token, "another plain one"} {
		for name, text := range map[string]string{"answers": fmt.Sprintf("%+v %+v %+v", known, redeemed, wrong), "log": h.log.String()} {
			if strings.Contains(text, secret) {
				t.Errorf("%q is in the %s", secret, name)
			}
		}
		noRecordHas(t, h, secret)
	}
}

// sentToken is the token of the one event that was sent.
func sentToken(t *testing.T, h *house) string {
	t.Helper()
	var said []struct{ TOKEN string }
	err := h.gate.Store.View(t.Context(), func(tx store.Tx) error {
		events, err := tx.EventsAfter(0, 100)
		for _, e := range events {
			if e.Topic != "user.new_password" {
				continue
			}
			said = append(said, struct{ TOKEN string }{})
			if err := json.Unmarshal(e.Body, &said[len(said)-1]); err != nil {
				return err
			}
		}
		return err
	})
	if err != nil || len(said) != 1 || said[0].TOKEN == "" {
		t.Fatalf("events %v, %v; want one with a token", said, err)
	}
	return said[0].TOKEN
}

// shape is an answer without what differs between any two calls.
func shape(r workflow.Result) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %q %d", r.ErrorCode, r.ErrorMessage, r.Status)
	var write func(value.Tree)
	write = func(t value.Tree) {
		for _, e := range t {
			fmt.Fprintf(&b, " %s", e.Key)
			if e.Key == "NAME" || e.Key == "OUTCOME" {
				fmt.Fprintf(&b, "=%s", e.Text)
			}
			write(e.Items)
		}
	}
	write(r.Values)
	return b.String()
}

func noRecordHas(t *testing.T, h *house, secret string) {
	t.Helper()
	err := h.gate.Store.View(t.Context(), func(tx store.Tx) error {
		for _, kind := range store.Infos() {
			records, err := tx.Scan(kind.Name, 0, 1000)
			if err != nil {
				return err
			}
			for _, r := range records {
				if bytes.Contains(r.Doc, []byte(secret)) {
					t.Errorf("%s %s holds %q: %s", kind.Name, r.ID, secret, r.Doc)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
