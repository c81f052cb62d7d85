package workflow_test

import (
	"encoding/base64"
	"errors"
	"net/netip"
	"sync"
	"testing"
	"time"

	"rator/access"
	"rator/failure"
	"rator/store"
	"rator/workflow"
)

// withToken is a call with a UsernameToken of now.
func withToken(r workflow.Request, nonce string) workflow.Request {
	r.Security = &access.Security{Nonce: base64.StdEncoding.EncodeToString([]byte(nonce)), Created: started.Format(time.RFC3339)}
	r.Origin = workflow.Origin{Remote: netip.MustParseAddr("127.0.0.1"), Face: "test"}
	return r
}

// TestUsedToken: a token counts once. Its second use gets the answer kept for the
// same request, which the client's stack sent again, and nothing else.
func TestUsedToken(t *testing.T) {
	h := newHouse(t)
	first := h.call(t, withToken(once("one", "r-1"), "n"))
	if first.ErrorCode != 0 || first.Replayed {
		t.Fatalf("%+v", first)
	}
	before := h.grown(t, nil)
	if again := h.call(t, withToken(once("one", "r-1"), "n")); !again.Replayed || plain(again) != plain(first) {
		t.Errorf("the repeated request: %+v", again)
	}
	for name, r := range map[string]workflow.Request{
		"another request":             once("two", "r-2"),
		"another under the same id":   once("two", "r-1"),
		"the same for another brand":  once("one", "r-1", text("BRAND_KEY", "OTHER")),
		"the same without an id":      signUp("one"),
		"the same under another id":   once("one", "r-2"),
		"a call that reads":           {Hookpoint: "SOAP_GET_PRODUCT_CONFIGS", RequestID: "r-1", Values: tree(as("root"))},
		"a hookpoint nobody has":      {Hookpoint: "SOAP_NOTHING", RequestID: "r-1", Values: tree(as("root"))},
		"values against the contract": {Hookpoint: "SOAP_SIGNUP_CUSTOMER", RequestID: "r-1", Values: tree(as("root"))},
	} {
		refusedBySecurity(t, h, name, withToken(r, "n"), access.UsedToken)
	}
	if grown := h.grown(t, before); len(grown) > 0 {
		t.Errorf("something was done: %v", grown)
	}
	reads := workflow.Request{Hookpoint: "SOAP_GET_PRODUCT_CONFIGS", RequestID: "r-9", Values: tree(as("root"))}
	if r := h.call(t, withToken(reads, "q")); r.ErrorCode != 0 {
		t.Errorf("%+v", r)
	}
	refusedBySecurity(t, h, "what reads has no kept answer", withToken(reads, "q"), access.UsedToken)
	if other := h.call(t, withToken(once("one", "r-1"), "m")); !other.Replayed {
		t.Errorf("with a new token: %+v", other)
	}
}

// TestTokenSentAgainMeanwhile: a repeated request that overtakes the first is done
// once, and both get the answer.
func TestTokenSentAgainMeanwhile(t *testing.T) {
	h := newHouse(t)
	before := h.grown(t, nil)
	results := make([]workflow.Result, 8)
	var all sync.WaitGroup
	for i := range results {
		all.Go(func() { results[i] = h.call(t, withToken(once("one", "r-1"), "n")) })
	}
	all.Wait()
	first := 0
	for _, r := range results {
		if !r.Replayed {
			first++
		}
		if r.ErrorCode != 0 || plain(r) != plain(results[0]) {
			t.Errorf("%+v", r)
		}
	}
	if first != 1 || h.grown(t, before)["account"] != 1 {
		t.Errorf("%d were done: %v", first, h.grown(t, before))
	}
}

func refusedBySecurity(t *testing.T, h *house, name string, r workflow.Request, want *failure.Code) {
	t.Helper()
	result, err := h.Invoke(t.Context(), r)
	var refused *workflow.SecurityError
	if !errors.As(err, &refused) || failure.CodeOf(err) != want {
		t.Errorf("%s: %+v, %v; want %s", name, result, err, want.Name)
	}
}

// TestSecurityComesAfterThePassword: who does not have it learns nothing more than
// ever, and uses up no nonce.
func TestSecurityComesAfterThePassword(t *testing.T) {
	h := newHouse(t)
	stale := withToken(signUp("one"), "n")
	stale.Security.Created = started.Add(-time.Hour).Format(time.RFC3339)
	refusedBySecurity(t, h, "stale", stale, access.StaleToken)
	wrong := withToken(signUp("one"), "n")
	wrong.Credentials = &workflow.Credentials{Operator: "root", Password: "wrong"}
	for _, r := range []workflow.Request{wrong, {Hookpoint: stale.Hookpoint, Values: stale.Values, Credentials: wrong.Credentials, Security: stale.Security, Origin: stale.Origin}} {
		if result := h.call(t, r); result.ErrorCode != failure.NotAuthenticated.Number {
			t.Errorf("%+v", result)
		}
	}
	right := withToken(signUp("one"), "n")
	if result := h.call(t, right); result.ErrorCode != 0 {
		t.Errorf("a wrong password used up the nonce: %+v", result)
	}
}

// TestRefusedTokenIsAudited: the operator is known, so the row is.
func TestRefusedTokenIsAudited(t *testing.T) {
	h := newHouse(t)
	r := withToken(signUp("one"), "***")
	r.Security.Nonce = "***"
	refusedBySecurity(t, h, "no base64", r, access.BadToken)
	var outcomes []string
	if err := h.gate.Store.View(t.Context(), func(tx store.Tx) error {
		for row, err := range access.RowsOfOperator(tx, "root") {
			if err != nil {
				return err
			}
			outcomes = append(outcomes, row.Outcome)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if len(outcomes) != 1 || outcomes[0] != access.BadToken.Name || h.observed[0].Outcome != access.BadToken.Name {
		t.Errorf("audited %v, observed %v", outcomes, h.observed)
	}
}

func TestLenientOperatorsTokens(t *testing.T) {
	h := newHouse(t)
	if err := h.gate.Store.Update(t.Context(), func(tx store.Tx) error {
		return access.SetStrictTokens(tx, access.Administrator{Who: access.Local, Face: "test"}, "root", false)
	}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"one", "two"} {
		if result := h.call(t, withToken(signUp(name), "n")); result.ErrorCode != 0 {
			t.Errorf("%+v", result)
		}
	}
}
