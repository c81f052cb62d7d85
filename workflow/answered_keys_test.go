package workflow_test

import (
	"slices"
	"strings"
	"testing"

	"rator/workflow"
	"rator/workflow/component"
	"rator/workflow/contract"
	"rator/workflow/value"
)

// TestComponentsSayTheirKeys: each component says every key that its answer may have, so
// that a script which reads another one is refused when it is loaded, with the place and
// the key that may be meant; and what they do answer is among these.
func TestComponentsSayTheirKeys(t *testing.T) {
	for _, name := range component.Names() {
		if component.ByName(name).Open {
			t.Errorf("%s may answer anything", name)
		}
	}
	for _, c := range []struct{ script, mistake string }{
		{`call.user_view(USER_ID = p.ID).FIRST_NAM`, "T_TYPO/workflow.star:2:40: call.user_view has no FIRST_NAM (did you mean FIRST_NAME?)"},
		{`call.user_details(USER_ID = p.ID)["BIRTHDY"]`, "call.user_details has no BIRTHDY (did you mean BIRTHDAY?)"},
		{`call.subscription_view(SUBSCRIPTION_ID = p.ID).STATE`, "call.subscription_view has no STATE"},
	} {
		_, mistakes := workflow.Load(workflow.Layer{Name: "site", FS: folders(map[string]folder{"T_TYPO": {
			request: `<value key="ID" type="s"/>`, response: `<value key="X" type="s"/>`, script: "def run(p):\n    x = " + c.script + "\n    return {\"X\": x}\n"}})})
		if !slices.ContainsFunc(mistakes, func(m contract.Mistake) bool { return strings.Contains(m.String(), c.mistake) }) {
			t.Errorf("%s: %v, want %s", c.script, mistakes, c.mistake)
		}
	}
	asked := map[string]string{ // the argument, and where its id is in the account
		"user_view": "USER_ID", "user_details": "USER_ID", "billing_group_details": "BILLING_GROUP_ID",
		"subscription_view": "SUBSCRIPTION_ID", "subscription_details": "SUBSCRIPTION_ID", "close_account": "ACCOUNT_ID",
	}
	all := map[string]folder{}
	for name, argument := range asked {
		all["T_"+strings.ToUpper(name)] = folder{request: `<value key="` + argument + `" type="s"/>`, response: `<value key="KEYS" type="s"/>`,
			script: "def run(p):\n    return {\"KEYS\": \" \".join(call." + name + "(" + argument + " = p." + argument + ").keys())}\n"}
	}
	h := newHouse(t, folders(all))
	account := h.call(t, signUp("aase")).Values.Items("ACCOUNT")
	group := account.Path("BILLING_GROUPS/BILLING_GROUP").Items
	ids := map[string]string{"USER_ID": account.Text("OWNER_ID"), "BILLING_GROUP_ID": group.Text("ID"), "ACCOUNT_ID": account.Text("ID"),
		"SUBSCRIPTION_ID": group.Path("SUBSCRIPTIONS/SUBSCRIPTION/ID").Text}
	call := func(hookpoint string, values ...value.Entry) value.Tree {
		t.Helper()
		r := h.call(t, workflow.Request{Hookpoint: hookpoint, Values: append(values, as("root"))})
		if r.ErrorCode != 0 {
			t.Fatalf("%s: %d %s", hookpoint, r.ErrorCode, r.ErrorMessage)
		}
		return r.Values
	}
	call("SOAP_PAUSE_DUNNING", text("BILLING_GROUP_ID", group.Text("ID")), text("PAUSED_UNTIL", "2026-01-20"), text("REASON", "ill"))
	call("SOAP_CHANGE_BILLING_CYCLE", text("BILLING_GROUP_ID", group.Text("ID")), text("BILLING_CYCLE", "QUARTERLY"))
	call("SOAP_TERMINATE_SUBSCRIPTION", text("SUBSCRIPTION_ID", ids["SUBSCRIPTION_ID"]))
	for _, name := range []string{"user_view", "user_details", "billing_group_details", "subscription_view", "subscription_details", "close_account"} {
		values := []value.Entry{text(asked[name], ids[asked[name]])}
		answered := strings.Fields(call("T_"+strings.ToUpper(name), values...).Text("KEYS"))
		if len(answered) < 3 {
			t.Errorf("%s answered %v", name, answered)
		}
		for _, key := range answered {
			if !slices.Contains(component.ByName(name).Out, key) {
				t.Errorf("%s answered %s, which it does not say", name, key)
			}
		}
	}
}
