package workflow_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/store"
	"rator/store/storetest"
)

// TestDryRun: a dry sign-up is answered whole, and leaves nothing but an audit row that
// says so: no customer, no number, no event, no kept answer.
func TestDryRun(t *testing.T) {
	const open = ` type="c"><values/></value>`
	h := newHouse(t, folders(map[string]folder{"SIGNUP": {
		attributes: `internal="true"`, request: `<value key="ACCOUNT"` + open + `<value key="USERS"` + open + `<value key="BILLING_GROUP"` + open + `<value key="PRODUCT_CONFIG"` + open,
		errors: `<error name="NOT_THIS_ONE" number="10001"><text lang="EN">the site does not want them</text></error>`,
		script: "def run(p):\n    if p.ACCOUNT.REFERENCED_BY == \"nobody\":\n        fail(\"NOT_THIS_ONE\")\n",
	}}))
	number := func() (n int64) {
		t.Helper()
		undo := errors.New("undo it")
		err := h.gate.Store.Update(t.Context(), func(tx store.Tx) (err error) {
			if n, err = tx.Next("customer_number/DEMO"); err != nil {
				return err
			}
			return undo
		})
		if !errors.Is(err, undo) {
			t.Fatal(err)
		}
		return n
	}
	next := number()
	events := h.events(t)
	before := storetest.Census(t, h.gate.Store)
	rows := len(h.rows(t, "root"))

	dry := once("one", "r-1")
	dry.DryRun = true
	first := h.call(t, dry)
	if first.ErrorCode != 0 || first.Replayed || first.Values.Path("ACCOUNT/BILLING_GROUPS/BILLING_GROUP/SUBSCRIPTIONS/SUBSCRIPTION/SERVICE/MSISDN") == nil {
		t.Fatalf("%d %s: %s", first.ErrorCode, first.ErrorMessage, first.Values.JSON())
	}
	refused := signUp("two", text("REFERENCED_BY", "nobody"))
	refused.DryRun = true
	if r := h.call(t, refused); r.ErrorCode != 10001 {
		t.Errorf("the site's own refusal: %+v", r)
	}
	after := storetest.Census(t, h.gate.Store)
	for kind, n := range after {
		if strings.HasPrefix(kind, "audit") {
			delete(after, kind)
			delete(before, kind)
		} else if before[kind] != n {
			t.Errorf("%s: %d, before %d", kind, n, before[kind])
		}
	}
	all := h.rows(t, "root")[rows:]
	if len(all) != 2 || all[0].Outcome != "OK" || all[1].Outcome != "NOT_THIS_ONE" {
		t.Errorf("%+v", all)
	}
	for _, row := range all {
		if len(row.Notes) == 0 || !strings.HasPrefix(row.Notes[0], "dry run") {
			t.Errorf("%+v", row)
		}
	}
	if n := number(); n != next || h.events(t) != events {
		t.Errorf("the next number is %d, was %d; %d events, were %d", n, next, h.events(t), events)
	}
	done := h.call(t, once("one", "r-1"))
	if done.ErrorCode != 0 || done.Replayed {
		t.Errorf("%+v", done)
	}
	if diff := cmp.Diff(first.Values.Path("ACCOUNT/CUSTOMER_NUMBER").Text, done.Values.Path("ACCOUNT/CUSTOMER_NUMBER").Text); diff != "" {
		t.Errorf("the number of the dry run was used: %s", diff)
	}
	if id := done.Values.Path("ACCOUNT/ID").Text; id == first.Values.Path("ACCOUNT/ID").Text {
		t.Errorf("account %s has an id that the audit row of the dry run names", id)
	}
	if r := h.call(t, dry); !r.Replayed || plain(r) != plain(done) {
		t.Errorf("dry, once done: %+v", r)
	}
}

// events is how many there are.
func (h *house) events(t *testing.T) (n int) {
	t.Helper()
	err := h.gate.Store.View(t.Context(), func(tx store.Tx) error {
		all, err := tx.EventsAfter(0, 10_000)
		n = len(all)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
