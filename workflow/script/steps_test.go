package script_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/failure"
	"rator/workflow/script"
	"rator/workflow/value"
)

// What fail says becomes errorMessage: the script's own words, else the code's
// in the caller's language.
func TestFail(t *testing.T) {
	long := strings.Repeat("ø", 300)
	for _, c := range []struct {
		call string
		code *failure.Code
		want map[string]string // by language
	}{
		{`fail("TOPUP_MISSING")`, topupMissing, map[string]string{"DK": "der mangler en optankning", "DE": "a top-up is missing"}},
		{`fail("TOPUP_MISSING", None)`, topupMissing, map[string]string{"DK": "der mangler en optankning"}},
		{`fail("TOPUP_MISSING", "pay {} more".format(p.DOUBLE))`, topupMissing, map[string]string{"DK": "pay 19.90 more", "EN": "pay 19.90 more"}},
		{`fail(code = "NUMBER_IN_USE", text = 42)`, numberInUse, map[string]string{"EN": "42"}},
		{`fail("NUMBER_IN_USE", "a" + "ø" * 300)`, numberInUse, map[string]string{"EN": "a" + long[:498] + "…"}},
	} {
		t.Run(c.call, func(t *testing.T) {
			_, err := answer(t, newWorld(), c.call)
			var failed *failure.Error
			if !errors.As(err, &failed) || failed.Code != c.code {
				t.Fatalf("got %v; want %s", err, c.code.Name)
			}
			for language, want := range c.want {
				if got := failed.Message(language); got != want {
					t.Errorf("in %s: got %s; want %s", language, got, want)
				}
			}
		})
	}
	if _, err := answer(t, newWorld(), `fail("NUMBER_IN_USE", "a\x01")`); failure.CodeOf(err) != failure.WorkflowFailed {
		t.Errorf("a control character: %v", err)
	}
}

func TestEmitAndNote(t *testing.T) {
	w := newWorld()
	_, err := answer(t, w, `emit("customer.created", ACCOUNT_ID = 7, USER = p.USER, AT = now)
note("text")
note(5)
note(None)
note([1, "a"])
note(p.USER)
note("a" + "ø" * 300)`)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"emit customer.created(ACCOUNT_ID:long=7 USER{NAME=Bo TAG=a TAG=b} AT:date=2026-01-02T04:04:05+01:00)",
		"note text", "note 5", "note None", `note [1, "a"]`, "note complex(3 keys)", "note a" + strings.Repeat("ø", 249) + "…",
	}
	if !slices.Equal(w.log, want) {
		t.Errorf("got %q", w.log)
	}
	full := errors.New("the disk is full")
	w.fails["emit"] = full
	_, err = answer(t, w, `emit("customer.created")`)
	var at *script.Error
	if !errors.As(err, &at) || at.Step != "emit customer.created" || !errors.Is(err, full) {
		t.Errorf("an event that cannot be kept: %v", err)
	}
	if _, err := answer(t, w, `emit(p.LONG)`); err == nil || !strings.Contains(err.Error(), "emit: the first value is a int value, not a text") {
		t.Errorf("a topic that is no text: %v", err)
	}
}

// The clock of the tests moves a millisecond each time it is asked: when the
// call begins, and when each step begins and ends.
func TestTrace(t *testing.T) {
	w := newWorld()
	w.fails["join_campaign"], w.fails["create_user"] = numberInUse.Error(), errors.New("the disk is full")
	w.programs["SOAP_READ"] = compile(t, "SOAP_READ", "def run(p):\n    call.echo()\n    note(\"inside\")\n    hook(\"NOBODY\", key = \"K\")\n")
	_, err := answer(t, w, `call.product_config(CODE = "C")
attempt(call.join_campaign, ACCOUNT_ID = 1)
api.SOAP_READ(ACCOUNT_ID = 1)
hook("NOBODY")
emit("no step of its own")
call.create_user(ACCOUNT_ID = 1, FIELDS = {})`)
	if failure.KindOf(err) != failure.Internal {
		t.Fatal(err)
	}
	const ms = time.Millisecond
	want := []script.Step{
		{Name: "product_config", Kind: script.KindComponent, Started: ms, Duration: ms},
		{Name: "join_campaign", Kind: script.KindComponent, Started: 3 * ms, Duration: ms, Outcome: "NUMBER_IN_USE"},
		{Name: "SOAP_READ", Kind: script.KindAPI, Started: 5 * ms, Duration: 7 * ms},
		{Name: "echo", Kind: script.KindComponent, Started: 6 * ms, Duration: ms, Depth: 1},
		{Name: "inside", Kind: script.KindNote, Started: 8 * ms, Duration: ms, Depth: 1},
		{Name: "NOBODY@K", Kind: script.KindHook, Started: 10 * ms, Duration: ms, Depth: 1},
		{Name: "NOBODY", Kind: script.KindHook, Started: 13 * ms, Duration: ms},
		{Name: "create_user", Kind: script.KindComponent, Started: 15 * ms, Duration: ms, Outcome: failure.InternalError.Name},
	}
	if diff := cmp.Diff(want, w.runtime.Trace); diff != "" {
		t.Error(diff)
	}
}

// The example of the design, from its request to its answer.
func TestSignup(t *testing.T) {
	w := newWorld()
	w.fails["join_campaign"] = numberInUse.Error()
	w.answers["product_config"] = value.Tree{value.OfString("BILLING_GROUP_TYPE", "PRE_PAID_CARD")}
	p := signup(t)
	out, err := p.Run(&w.runtime, signupRequest())
	if want := "ACCOUNT{ID=1}"; err != nil || flat(out) != want {
		t.Errorf("got %s, %v; want %s", flat(out), err, want)
	}
	want := []string{
		"product_config(CODE=PREPAID)",
		"create_account(TYPE=0 BRAND=DEMO REFERENCED_BY!)",
		"create_user(ACCOUNT_ID=create_account.ID FIELDS{FIRST_NAME=Ann EMAIL=ann@example.com})",
		"set_account_owner(ACCOUNT_ID=create_account.ID USER_ID=create_user.ID)",
		"create_billing_group(ACCOUNT_ID=create_account.ID OWNER_ID=create_user.ID TYPE=PRE_PAID_CARD)",
		"add_payment(BILLING_GROUP_ID=create_billing_group.ID AMOUNT:double=100.50)",
		"create_subscription(ACCOUNT_ID=create_account.ID BILLING_GROUP_ID=create_billing_group.ID USER_ID=create_user.ID PRODUCT_CODE=PREPAID)",
		"create_service(SUBSCRIPTION_ID=create_subscription.ID FIELDS{ORDER_ID=1})",
		"create_subscription(ACCOUNT_ID=create_account.ID BILLING_GROUP_ID=create_billing_group.ID USER_ID=create_user.ID PRODUCT_CODE=PREPAID)",
		"create_service(SUBSCRIPTION_ID=create_subscription.ID FIELDS{ORDER_ID=2})",
		"savepoint", "join_campaign(ACCOUNT_ID=create_account.ID CODE=WELCOME)", "undone",
		"note no welcome campaign: NUMBER_IN_USE",
		"emit customer.created(ACCOUNT_ID=create_account.ID)",
		"account_view(ACCOUNT_ID=create_account.ID)",
	}
	if diff := cmp.Diff(want, w.log); diff != "" {
		t.Error(diff)
	}
	for _, topup := range []value.Entry{value.OfDouble("TOPUP", 0), value.OfNull("TOPUP", value.Double)} {
		in := signupRequest()
		*in.Get("TOPUP") = topup
		if _, err := p.Run(&newPrepaid().runtime, in); failure.CodeOf(err) != topupMissing {
			t.Errorf("TOPUP %v: %v", topup, err)
		}
	}
}
