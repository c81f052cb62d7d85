package workflow_test

import (
	"testing"

	"rator/customer"
	"rator/workflow"
	"rator/workflow/contract"
	"rator/workflow/value"
)

// TestLengthsAreTheContracts: what a text of a customer may be long is said in the
// contracts for SOAP and in customer.Longest for the other faces, and is the same:
// of every text of a USER and a BILLING_GROUP, and of the sign-up's own.
func TestLengthsAreTheContracts(t *testing.T) {
	set, mistakes := workflow.Load(shipped)
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	compared := map[string]int{}
	var walk func(hookpoint, path string, all []*contract.Value, of bool)
	walk = func(hookpoint, path string, all []*contract.Value, of bool) {
		for _, v := range all {
			walk(hookpoint, path+v.Key+"/", v.Values, of || v.Key == "USER" || v.Key == "BILLING_GROUP")
			signUp := hookpoint == "SOAP_SIGNUP_CUSTOMER" && path == ""
			if v.Type != value.String || v.MaxLen == 0 || v.Secret != contract.NotSecret || !of && !signUp {
				continue
			}
			compared[v.Key]++
			if got := customer.Longest(v.Key); got != v.MaxLen {
				t.Errorf("%s: %s%s has at most %d characters over SOAP, and %d elsewhere", hookpoint, path, v.Key, v.MaxLen, got)
			}
		}
	}
	for _, c := range set.Contracts() {
		walk(c.Hookpoint, "", c.Request, false)
	}
	for _, key := range []string{"CITY", "EMAIL2", "NAME", "IBAN_NUMBER", "SALES_AGENT_ID", "REFERENCED_BY", "PRODUCT_CODE"} {
		if compared[key] == 0 {
			t.Errorf("no contract has %s", key)
		}
	}
}
