package workflow_test

import (
	"context"
	"errors"
	"net/netip"
	"regexp"
	"strings"
	"testing"
	"time"

	"rator/access"
	"rator/failure"
	"rator/password"
	"rator/store"
	"rator/unit"
	"rator/workflow"
	"rator/workflow/value"
)

const echoValue = `<value key="A" type="s"/>`

// trial hookpoints: T_ECHO answers A; the others each go wrong in a way of their own.
var trials = folders(map[string]folder{
	"T_ECHO":     {attributes: `reads="true"`, request: echoValue, response: echoValue, script: "def run(p):\n    return {\"A\": p.A}\n"},
	"T_INFINITE": {attributes: `reads="true"`, response: `<value key="F" type="f"/>`, script: "def run(p):\n    return {\"F\": 1e308 * 10}\n"},
	"T_NUMBERS":  {attributes: `reads="true"`, request: `<value key="F" type="f"/><value key="OPEN" type="c"><values/></value>`, response: `<value key="F" type="f"/><value key="OPEN" type="c"><values/></value>`, script: "def run(p):\n    return {\"F\": p.F, \"OPEN\": p.OPEN}\n"},
	"T_NOTES":    {script: "def run(p):\n    note(\"one thing\")\n    call.product_config(CODE = \"POST_PAID\")\n"},
	"T_BREAKS":   {script: "def run(p):\n    x = []\n    return x[3]\n"},
	"T_LIES":     {attributes: `reads="true"`, response: `<value key="N" type="s" enum="a|b"/>`, script: "def run(p):\n    return {\"N\": context.LANGUAGE}\n"},
	"T_INTERNAL": {attributes: `internal="true"`, script: "def run(p):\n    return {}\n"},
	"T_NESTS":    {script: "def run(p):\n    api.SOAP_CREATE_USER(ACCOUNT_ID = context.LANGUAGE, USER = {})\n"},
	"T_FOREVER":  {attributes: `reads="true"`, script: "def run(p):\n    n = 0\n    for i in range(10000):\n        for j in range(10000):\n            n = n + 1\n"},
	"T_MANDATORY": {
		request: `<value key="A" type="s" mandatory="true"/><value key="B" type="c"><values><value key="C" type="l" mandatory="true"/><value key="D" type="s" maxlen="3"/></values></value>`,
		script:  "def run(p):\n    call.create_account(TYPE = \"0\")\n",
	},
})

// TestAnswers makes calls of every outcome and wants the number, status and
// message of the answer, and one audit row with the outcome's name.
func TestAnswers(t *testing.T) {
	h := newHouse(t, trials)
	for _, c := range []struct {
		name      string
		hookpoint string
		values    value.Tree
		code      int
		message   string // a regular expression, for the whole of it
		audited   string // the audit row's outcome, of operator root where not said
	}{
		{"success", "T_ECHO", tree(text("A", "x"), as("root")), 0, ``, "OK"},
		{"no such hookpoint", "SOAP_CREATE_USR", tree(as("root")), 1, `.*: "SOAP_CREATE_USR" \(did you mean SOAP_CREATE_USER\?\)`, "UNKNOWN_HOOKPOINT"},
		{"no hookpoint", "", tree(as("root")), 1, `.*: ""`, "UNKNOWN_HOOKPOINT"},
		{"internal", "T_INTERNAL", tree(as("root")), 1, `.*"T_INTERNAL".*`, "UNKNOWN_HOOKPOINT"},
		{"wrong password", "T_ECHO", tree(value.Of("CONTEXT", text("OPERATOR", "root"), text("PASSWORD", "wrong"))), 2, `[^:]*`, ""},
		{"nobody", "T_ECHO", nil, 2, `no operator is given: .*`, ""},
		{"unknown language", "T_ECHO", tree(as("root", text("LANGUAGE", "XX"), text("BRAND_KEY", "NONE"))), 4, `the request is not valid: CONTEXT/BRAND_KEY.*`, "INVALID_REQUEST"},
		{"no right", "SOAP_CREATE_USER", tree(as("clerk")), 3, `.*: clerk has no right to SOAP_CREATE_USER`, ""},
		{"unknown brand", "T_ECHO", tree(as("root", text("BRAND_KEY", "NONE"))), 4, `.*CONTEXT/BRAND_KEY.*`, "INVALID_REQUEST"},
		{"every broken rule at once", "T_MANDATORY", tree(value.Of("B", text("D", "long")), as("root")), 4, `[^:]*: B/D is longer than 3 characters; B/C is missing; A is missing`, "INVALID_REQUEST"},
		{"request id with a line break", "T_ECHO", tree(as("root", text("REQUEST_ID", "a\nb"))), 4, `.*CONTEXT/REQUEST_ID.*`, ""},
		{"request id too long", "T_ECHO", tree(as("root", text("REQUEST_ID", strings.Repeat("x", 129)))), 4, `.*CONTEXT/REQUEST_ID.*`, ""},
		{"business failure", "SOAP_GET_WEB_USER_PROFILE_INTERNAL", tree(text("CUSTOMER_NUMBER", "7"), as("root")), 159, `unknown customer: 7`, "UNKNOWN_CUSTOMER"},
		{"script's own fault", "T_BREAKS", tree(as("root")), 7, `[^:]* \(T_BREAKS/workflow.star:3:\d+\); incident id-\d+`, "WORKFLOW_FAILED"},
		{"a number that no answer carries", "T_INFINITE", tree(as("root")), 7, `[^:]* \(T_INFINITE/workflow.star:2:5\); incident id-\d+`, "WORKFLOW_FAILED"},
		{"script runs for ever", "T_FOREVER", tree(as("root")), 7, `.*\(T_FOREVER/workflow.star:\d+:\d+\); incident id-\d+`, "WORKFLOW_FAILED"},
		{"answer that breaks the contract", "T_LIES", tree(as("root")), 7, `[^:]* \(T_LIES/workflow.star:1:\d+\); incident id-\d+`, "WORKFLOW_FAILED"},
		{"nested call that breaks its contract", "T_NESTS", tree(as("root")), 4, `.*SOAP_CREATE_USER: .*ACCOUNT_ID.*`, "INVALID_REQUEST"},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := h.rows(t, "root")
			r := h.call(t, workflow.Request{Hookpoint: c.hookpoint, Values: c.values})
			if r.ErrorCode != c.code || !regexp.MustCompile(`^`+c.message+`$`).MatchString(r.ErrorMessage) {
				t.Errorf("%d %q", r.ErrorCode, r.ErrorMessage)
			}
			wantStatus, statusText := workflow.StatusTechnical, "2"
			switch {
			case c.code == 0:
				wantStatus, statusText = workflow.StatusOK, "0"
			case c.code >= 100:
				wantStatus, statusText = workflow.StatusBusiness, "1"
			}
			if r.Status != wantStatus || r.Values.Text("STATUS") != statusText || !strings.HasPrefix(r.Values.Text("REQUEST_ID"), "id-") {
				t.Errorf("status %d, values %s", r.Status, r.Values.JSON())
			}
			if c.audited == "" {
				return
			}
			rows := h.rows(t, "root")
			if len(rows) != len(before)+1 || rows[len(rows)-1].Outcome != c.audited || rows[len(rows)-1].Hookpoint != c.hookpoint {
				t.Errorf("audit rows: %+v", rows[len(before):])
			}
		})
	}
	// What is ours is in the log under its incident; callers get neither causes nor paths.
	if log := h.log.String(); !strings.Contains(log, "site1/T_BREAKS/workflow.star:3") || !strings.Contains(log, "site1/T_LIES/workflow.star:1:1: the answer breaks its contract: N ") {
		t.Errorf("the log does not tell the script's faults:\n%s", log)
	}
}

// TestBusinessFailuresSpeak wants a business code's text in each language, and
// the caller's own request id.
func TestBusinessFailuresSpeak(t *testing.T) {
	h := newHouse(t)
	if r := h.call(t, signUp("taken")); r.ErrorCode != 0 || r.ErrorMessage != "" {
		t.Fatalf("%+v", r)
	}
	code := failure.ByName("USERNAME_NOT_UNIQUE")
	for asked, spoken := range map[string]string{"EN": "EN", "DK": "DK", "SE": "SE", "NO": "NO", "FR": "FR", "DE": "DE", "de": "DE", "XX": "EN", "": "EN"} {
		request := signUp("taken")
		request.Values[len(request.Values)-1] = as("root", text("LANGUAGE", asked), text("REQUEST_ID", "mine-"+asked))
		r := h.call(t, request)
		if r.ErrorCode != code.Number || r.Status != workflow.StatusBusiness || !strings.HasPrefix(r.ErrorMessage, code.Text[spoken]) || code.Text[spoken] == "" {
			t.Errorf("%q: %+v", asked, r)
		}
		if r.Values.Text("STATUS") != "1" || r.Values.Text("REQUEST_ID") != "mine-"+asked || len(r.Values) != 2 {
			t.Errorf("%q: values %s", asked, r.Values.JSON())
		}
	}
	if code.Text["EN"] != "username is not unique" {
		t.Errorf("clients compare %q", code.Text["EN"])
	}
}

// TestBrandOfACall: the operator's first brand when none is named, by key or by
// id, and only one that the operator has.
func TestBrandOfACall(t *testing.T) {
	h := newHouse(t, folders(map[string]folder{"T_BRAND": {attributes: `reads="true"`, response: echoValue, script: "def run(p):\n    return {\"A\": context.BRAND_KEY}\n"}}))
	var second string
	for _, b := range demoCatalogue().Brands {
		if b.Key != "DEMO" {
			second = b.Key
		}
	}
	if second == "" {
		t.Fatal("the demo catalogue has one brand")
	}
	brand := func(operator string, about ...value.Entry) workflow.Result {
		return h.call(t, workflow.Request{Hookpoint: "T_BRAND", Values: tree(as(operator, about...))})
	}
	if r := brand("clerk"); r.Values.Text("A") != "DEMO" {
		t.Errorf("none named: %+v", r)
	}
	if r := brand("root", text("BRAND_KEY", second)); r.Values.Text("A") != second {
		t.Errorf("by key: %+v", r)
	}
	if r := brand("clerk", text("BRAND_KEY", second)); r.ErrorCode != failure.NotAllowed.Number {
		t.Errorf("one that the operator has not: %+v", r)
	}
	if r := brand("root", text("BRAND_ID", "202001010000000009")); r.ErrorCode != failure.InvalidRequest.Number || !strings.Contains(r.ErrorMessage, "CONTEXT/BRAND_ID") {
		t.Errorf("unknown id: %+v", r)
	}
}

// TestTransportCredentials count before CONTEXT's.
func TestTransportCredentials(t *testing.T) {
	h := newHouse(t, trials)
	r := h.call(t, workflow.Request{Hookpoint: "T_ECHO", Credentials: &workflow.Credentials{Operator: "clerk", Password: "secret"},
		Values: tree(value.Of("CONTEXT", text("OPERATOR", "root"), text("PASSWORD", "wrong")))})
	if r.ErrorCode != 0 {
		t.Errorf("%+v", r)
	}
	if rows := h.rows(t, "clerk"); len(rows) != 1 || rows[0].From != netip.MustParseAddr("127.0.0.1") || rows[0].Face != "test" {
		t.Errorf("%+v", rows)
	}
}

// TestSystemCalls need no password, are audited under a name of their own, and
// share no kept answer with an operator.
func TestSystemCalls(t *testing.T) {
	h := newHouse(t, trials)
	r := h.call(t, workflow.Request{Hookpoint: "T_ECHO", System: true, RequestID: "once", Values: tree(value.Of("CONTEXT", text("BRAND_KEY", "DEMO")))})
	if r.ErrorCode != 0 {
		t.Errorf("%+v", r)
	}
	if rows := h.rows(t, access.System().Name); len(rows) != 1 || rows[0].Hookpoint != "T_ECHO" {
		t.Errorf("%+v", rows)
	}
	if r := h.call(t, workflow.Request{Hookpoint: "T_ECHO", Values: tree(value.Of("CONTEXT", text("OPERATOR", access.System().Name), text("PASSWORD", "")))}); r.ErrorCode != failure.NotAuthenticated.Number {
		t.Errorf("by its name: %+v", r)
	}
}

// TestOneUnit fails calls at every place and counts all that is kept: records of
// every kind and entries of every index are as before.
func TestOneUnit(t *testing.T) {
	late := func(last string) string {
		return `def run(p):
    account = api.SOAP_SIGNUP_CUSTOMER(ACCOUNT_TYPE = "0", PRODUCT_CODE = "POST_PAID",
        USER = {"FIRST_NAME": "A", "LAST_NAME": "B", "CITY": "C", "ZIP": "1", "EMAIL": "a@example.com", "USERNAME": "late"},
        SIGNUP_SERVICES = {"CDMA_SERVICE": [{"ORDER_ID": "1"}]}).ACCOUNT
    emit("t.done", ACCOUNT_ID = account.ID)
    ` + last + "\n"
	}
	h := newHouse(t, folders(map[string]folder{
		"T_FAIL":    {errors: `<error name="TOO_LATE" number="10001"><text lang="EN">too late</text></error>`, script: late(`fail("TOO_LATE")`)},
		"T_CRASH":   {script: late(`return [][1]`)},
		"T_ENDLESS": {script: late(`[j for i in range(9999) for j in range(9999)]`)},
		"T_LIE":     {response: `<value key="N" type="s" enum="a|b"/>`, script: late(`return {"N": context.LANGUAGE}`)},
		"T_TAKEN": {errors: `<error name="NUMBER_TAKEN"/>`, script: late(
			`[api.SOAP_SIGNUP_SUBSCRIPTION(SIGNUP_INFO = {"PRODUCT_CODE": "POST_PAID", "BILLING_GROUP_ID": account.BILLING_GROUPS.BILLING_GROUP[0].ID, "OWNER_ID": account.OWNER_ID, "MSISDN": "4520999999"}) for i in [1, 2]]`)},
	}))
	if r := h.call(t, signUp("first")); r.ErrorCode != 0 {
		t.Fatalf("%+v", r)
	}
	before := h.grown(t, nil)
	for hookpoint, want := range map[string]string{"T_FAIL": "TOO_LATE", "T_CRASH": "WORKFLOW_FAILED", "T_ENDLESS": "WORKFLOW_FAILED", "T_LIE": "WORKFLOW_FAILED", "T_TAKEN": "NUMBER_TAKEN"} {
		t.Run(hookpoint, func(t *testing.T) {
			h.call(t, workflow.Request{Hookpoint: hookpoint, Values: tree(as("root"))})
			rows := h.rows(t, "root")
			if got := rows[len(rows)-1].Outcome; got != want {
				t.Errorf("outcome %s, want %s\n%s", got, want, h.log)
			}
			if grown := h.grown(t, before); len(grown) > 0 {
				t.Errorf("left behind: %v", grown)
			}
		})
	}
	// The census does see what a whole sign-up leaves.
	h.call(t, signUp("second"))
	if grown := h.grown(t, before); grown["account"] != before["account"]+1 || grown["service"] != before["service"]+1 || len(grown) < 10 {
		t.Errorf("a sign-up left %v", grown)
	}
}

// TestPasswordsAreNeverKeptPlain looks for one in every record.
func TestPasswordsAreNeverKeptPlain(t *testing.T) {
	h := newHouse(t, folders(map[string]folder{"T_NESTED": {
		request: `<value key="U" type="s"/><value key="P" type="s" secret="password"/>`, response: echoValue,
		script: "def run(p):\n    api.SOAP_CHANGE_PASSWORD(USER_ID = p.U, PASSWORD = p.P)\n    note(p.P)\n    return {\"A\": p.P}\n",
	}}))
	request := signUp("first", text("X", "unknown keys are dropped: plain text password"))
	request.RequestID = "once"
	r := h.call(t, request)
	if r.ErrorCode != 0 {
		t.Fatalf("%+v", r)
	}
	// A script that asks for a password sees its hash only, and can hand it on.
	owner := r.Values.Path("ACCOUNT/OWNER_ID").Text
	if r := h.call(t, workflow.Request{Hookpoint: "T_NESTED", Values: tree(text("U", owner), text("P", "plain text password"), as("root"))}); r.ErrorCode != 0 || !password.IsHash(r.Values.Text("A")) {
		t.Fatalf("%+v", r)
	}
	login := h.call(t, workflow.Request{Hookpoint: "SOAP_GET_WEB_USER_PROFILE", Values: tree(text("LOGIN", "first"), text("PASSWORD", "plain text password"), as("root"))})
	if login.ErrorCode != 0 {
		t.Fatalf("the password does not log in: %+v", login)
	}
	records := 0
	err := h.gate.Store.View(t.Context(), func(tx store.Tx) error {
		for _, kind := range store.Infos() {
			all, err := tx.Scan(kind.Name, 0, 10_000)
			if err != nil {
				return err
			}
			for _, r := range all {
				if records++; strings.Contains(string(r.Doc), "plain text password") {
					t.Errorf("%s: %s", kind.Name, r.Doc)
				}
			}
		}
		return nil
	})
	if err != nil || records < 10 {
		t.Errorf("%d records, %v", records, err)
	}
	if strings.Contains(h.log.String(), "plain text") {
		t.Errorf("in the log:\n%s", h.log)
	}
}

// breaking is a store whose Update fails.
type breaking struct {
	store.Store
	err error
}

func (b breaking) Update(ctx context.Context, fn func(store.Tx) error) error { return b.err }

// TestStoreThatFails: only an outcome that nobody knows is no answer.
func TestStoreThatFails(t *testing.T) {
	h := newHouse(t, trials)
	for _, c := range []struct {
		err  error
		code int
	}{
		{store.NoWrites(), failure.TryAgain.Number},
		{failure.TryAgain.Error(), failure.TryAgain.Number},
		{errors.New("disk on fire"), failure.InternalError.Number},
		{store.ErrOutcomeUnknown, -1},
	} {
		r, err := h.engine(func(g *unit.Config, _ *workflow.Config) { g.Store = breaking{g.Store, c.err} }).Invoke(t.Context(), signUp("x"))
		if c.code < 0 {
			if !errors.Is(err, unit.ErrOutcomeUnknown) {
				t.Errorf("%v: %+v, %v", c.err, r, err)
			}
			continue
		}
		if err != nil || r.ErrorCode != c.code || strings.Contains(r.ErrorMessage, "fire") {
			t.Errorf("%v: %+v, %v", c.err, r, err)
		}
	}
	if !strings.Contains(h.log.String(), "disk on fire") {
		t.Errorf("the log does not say why:\n%s", h.log)
	}
}

// TestDeadline answers BUSY when the time is over before anything was done.
func TestDeadline(t *testing.T) {
	h := newHouse(t, trials)
	ctx, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	before := h.grown(t, nil)
	r, err := h.Invoke(ctx, signUp("x"))
	if err != nil || r.ErrorCode != failure.TryAgain.Number {
		t.Errorf("%+v %v", r, err)
	}
	if grown := h.grown(t, before); len(grown) > 0 {
		t.Errorf("left behind: %v", grown)
	}
}

// meanwhile is a store that does something before it is looked into.
type meanwhile struct {
	store.Store
	do func()
}

func (m meanwhile) View(ctx context.Context, fn func(store.Tx) error) error {
	m.do()
	return m.Store.View(ctx, fn)
}

// TestRunningCallsKeepTheirSet has the set replaced while a call runs: the call
// ends with the one it began with, the next has the new one.
func TestRunningCallsKeepTheirSet(t *testing.T) {
	h := newHouse(t, trials)
	set, mistakes := workflow.Load(shipped)
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	old := h.config.Registry.Current()
	request := workflow.Request{Hookpoint: "T_ECHO", Values: tree(text("A", "x"), as("root"))}
	busy := h.engine(func(g *unit.Config, c *workflow.Config) {
		g.Store = meanwhile{g.Store, func() { c.Registry.Replace(set) }}
	})
	if r, err := busy.Invoke(t.Context(), request); err != nil || r.ErrorCode != 0 {
		t.Errorf("replaced while it ran: %+v %v", r, err)
	}
	if r := h.call(t, request); r.ErrorCode != failure.UnknownHookpoint.Number {
		t.Errorf("after it: %+v", r)
	}
	h.config.Registry.Replace(old)
	if r := h.call(t, request); r.ErrorCode != 0 {
		t.Errorf("with it again: %+v", r)
	}
}
