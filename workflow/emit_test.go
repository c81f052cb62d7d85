package workflow_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"rator/store"
	"rator/workflow"
	"rator/workflow/value"
)

// telling are hookpoints of a site that tells of things of its own.
var telling = folders(map[string]folder{
	"T_NAMED":   {request: `<value key="ACCOUNT_ID" type="s"/>`, script: "def run(p):\n    emit(\"site.named\", ACCOUNT_ID = p.ACCOUNT_ID)\n    return {}\n"},
	"T_TOUCHED": {request: `<value key="USER_ID" type="s"/>`, script: "def run(p):\n    call.update_user(USER_ID = p.USER_ID, FIELDS = {\"FIRST_NAME\": \"Bo\"})\n    emit(\"site.touched\", N = 1)\n    return {}\n"},
	"T_NOBODY":  {script: "def run(p):\n    emit(\"site.nobody\")\n    return {}\n"},
	"T_OURS":    {request: `<value key="USER_ID" type="s"/>`, script: "def run(p):\n    call.update_user(USER_ID = p.USER_ID, FIELDS = {\"FIRST_NAME\": \"Ib\"})\n    emit(\"user.changed\", USER_ID = p.USER_ID)\n    emit(\"user.changed\", USER_ID = \"7\")\n    return {}\n"},
})

// TestWhoseASitesEventIs: the customer's that it names, else whose objects the call
// touched, always the brand's.
func TestWhoseASitesEventIs(t *testing.T) {
	h := newHouse(t, telling)
	account, user := h.signedUp(t)
	for _, c := range []struct {
		hookpoint string
		value     value.Entry
		account   bool
		told      []string
	}{
		{"T_NAMED", text("ACCOUNT_ID", account), true, []string{`site.named {"ACCOUNT_ID":"` + account + `"}`}},
		{"T_NAMED", text("ACCOUNT_ID", "999999999999999999"), false, []string{`site.named {"ACCOUNT_ID":"999999999999999999"}`}},
		{"T_TOUCHED", text("USER_ID", user), true, []string{`user.changed {"USER_ID":"` + user + `"}`, `site.touched {"N":1}`}},
		{"T_NOBODY", text("X", ""), false, []string{`site.nobody {}`}},
	} {
		before := h.newest(t)
		if r := h.call(t, workflow.Request{Hookpoint: c.hookpoint, Values: tree(as("root"), c.value)}); r.ErrorCode != 0 {
			t.Fatalf("%s: %+v", c.hookpoint, r)
		}
		var told []string
		for _, e := range h.told(t, before) {
			told = append(told, e.Topic+" "+string(e.Body))
			if e.Brand != "DEMO" || (e.Account.String() == account) != c.account || !c.account && e.Account != 0 {
				t.Errorf("%s: %s is of brand %q and account %s", c.hookpoint, e.Topic, e.Brand, e.Account)
			}
		}
		if !slices.Equal(told, c.told) {
			t.Errorf("%s told %q, not %q", c.hookpoint, told, c.told)
		}
	}
}

// TestOurTopicsAreNotTheScripts: what a script tells of a topic of ours is dropped and
// counted, and a note says so once; the event of whoever made the change is there.
func TestOurTopicsAreNotTheScripts(t *testing.T) {
	h := newHouse(t, telling)
	_, user := h.signedUp(t)
	before := h.newest(t)
	if r := h.call(t, workflow.Request{Hookpoint: "T_OURS", Values: tree(as("root"), text("USER_ID", user))}); r.ErrorCode != 0 {
		t.Fatalf("%+v", r)
	}
	if told := h.told(t, before); len(told) != 1 || told[0].Topic != "user.changed" || string(told[0].Body) != `{"USER_ID":"`+user+`"}` || told[0].Account == 0 {
		t.Errorf("told %+v", told)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if dropped := h.observed[len(h.observed)-1].Dropped; !slices.Equal(dropped, []string{"user.changed", "user.changed"}) {
		t.Errorf("counted %q", dropped)
	}
	rows := h.rows(t, "root")
	if notes := strings.Join(rows[len(rows)-1].Notes, "\n"); notes != "emit of user.changed was dropped: the server tells of it itself" {
		t.Errorf("noted %q", notes)
	}
}

// TestTopicsOfASite: a contract declares them once, checks hold scripts to them, and what
// nobody declared, or is ours, is a warning with its place.
func TestTopicsOfASite(t *testing.T) {
	events := `<events><event name="site.paid" desc="a bill was paid elsewhere"><values><value key="ACCOUNT_ID" type="s" mandatory="true"/>` +
		`<value key="AMOUNT" type="f"/><value key="DONE" type="b"/><value key="ON" type="d"/><value key="DAYS" type="l"/></values></event></events>`
	load := func(more, line string) (*workflow.Set, string) {
		all := folders(map[string]folder{"A": {script: "def run(p):\n    " + line + "\n    return {}\n"}, "B": {script: "def run(p):\n    return {}\n"}})
		all["B/contract.xml"].Data = []byte(strings.Replace(string(all["B/contract.xml"].Data), "</soapcall>", events+"</soapcall>", 1))
		all["A/contract.xml"].Data = []byte(strings.Replace(string(all["A/contract.xml"].Data), "</soapcall>", more+"</soapcall>", 1))
		set, mistakes := workflow.Load(shipped, workflow.Layer{Name: "site", FS: all})
		said := ""
		if set != nil {
			mistakes = set.Warnings()
		}
		for _, m := range mistakes {
			said += m.String() + "\n"
		}
		return set, said
	}
	for _, c := range []struct {
		more, line string
		loads      bool
		said       string // how it begins
	}{
		{"", `emit("site.paid", ACCOUNT_ID = "1", AMOUNT = 1.5, DONE = True, ON = "2026-01-02", DAYS = -3)`, true, ""},
		{"", `emit("site.paid", AMOUNT = 1)`, false, "site/A/workflow.star:2:5: emit site.paid: key ACCOUNT_ID is missing"},
		{"", `emit("site.paid", ACCOUNT_ID = "1", AMONT = 1)`, false, "site/A/workflow.star:2:41: emit site.paid has no key AMONT (did you mean AMOUNT?)"},
		{"", `emit("site.paid", ACCOUNT_ID = 1)`, false, "site/A/workflow.star:2:36: ACCOUNT_ID is a string value, and 1 is none"},
		{"", `emit("site.paid", ACCOUNT_ID = "1", AMOUNT = "1")`, false, "site/A/workflow.star:2:50: AMOUNT is a double value, and 1 is none"},
		{"", `emit("site.paid", ACCOUNT_ID = "1", DONE = "true")`, false, "site/A/workflow.star:2:48: DONE is a boolean value"},
		{"", `emit("site.paid", ACCOUNT_ID = "1", ON = "soon")`, false, "site/A/workflow.star:2:46: ON is a date value"},
		{"", `emit("site.paid", ACCOUNT_ID = "1", DAYS = 1.5)`, false, "site/A/workflow.star:2:48: DAYS is a long value"},
		{"", `emit("site.payed", ACCOUNT_ID = "1")`, true, "site/A/workflow.star:2:10: topic site.payed is not declared (did you mean site.paid?)"},
		{"", `emit("customer.created", ACCOUNT_ID = "1")`, true, "site/A/workflow.star:2:10: emit of customer.created is dropped: the server tells of it itself"},
		{`<events><event name="customer.created"/></events>`, `note("x")`, false, "site/A/contract.xml:1:"},
		{`<events><event name="Paid"/></events>`, `note("x")`, false, "site/A/contract.xml:1:"},
		{`<events><event name="a.b"/><event name="a.b"/></events>`, `note("x")`, false, "site/A/contract.xml:1:"},
		{strings.Replace(events, "bill", "fee", 1), `note("x")`, false, "site/B/contract.xml:1:"},
	} {
		t.Run(fmt.Sprint(c.more, c.line), func(t *testing.T) {
			set, said := load(c.more, c.line)
			if (set != nil) != c.loads || !strings.HasPrefix(said, c.said) || c.said == "" && said != "" {
				t.Errorf("loads: %t, said %q", set != nil, said)
			}
			if set != nil && (len(set.Topics()) != 1 || set.Topics()[0].Name != "site.paid") {
				t.Errorf("topics %v", set.Topics())
			}
		})
	}
}

// signedUp makes a customer.
func (h *house) signedUp(t *testing.T) (account, user string) {
	t.Helper()
	r := h.call(t, signUp("whose"))
	if r.ErrorCode != 0 {
		t.Fatalf("%+v", r)
	}
	a := r.Values.Items("ACCOUNT")
	return a.Text("ID"), a.Text("OWNER_ID")
}

func (h *house) newest(t *testing.T) (cursor int64) {
	t.Helper()
	if err := h.gate.Store.View(t.Context(), func(tx store.Tx) (err error) {
		span, err := tx.EventSpan()
		cursor = span.Newest
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return cursor
}

// told are the events after a cursor.
func (h *house) told(t *testing.T, after int64) (events []store.Event) {
	t.Helper()
	if err := h.gate.Store.View(t.Context(), func(tx store.Tx) (err error) {
		events, err = tx.EventsAfter(after, 100)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return events
}
