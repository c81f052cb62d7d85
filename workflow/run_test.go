package workflow_test

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"rator/access"
	"rator/customer"
	"rator/failure"
	"rator/unit"
	"rator/workflow"
	"rator/workflow/script"
	"rator/workflow/value"
)

// unitOf has the house do something in a unit as another face would.
func (h *house) unitOf(t *testing.T, fn func(*unit.Unit) error) (told unit.Told, err error) {
	t.Helper()
	gate := h.gate
	gate.Observe = func(of *unit.Told) { told = *of }
	err = unit.New(gate).Do(context.Background(), &unit.Ask{Face: "other", System: true, Brand: unit.BrandName{Key: "DEMO"}}, fn)
	return told, err
}

// lastRow is the audit row of the last of them.
func (h *house) lastRow(t *testing.T) access.AuditRow {
	t.Helper()
	rows := h.rows(t, access.System().Name)
	if len(rows) == 0 {
		t.Fatal("no audit row")
	}
	return rows[len(rows)-1]
}

var runFolders = folders(map[string]folder{
	"T_STEP": {
		attributes: `internal="true"`, request: `<value key="N" type="l" mandatory="true"/>`, response: `<value key="N" type="l"/>`,
		script: "def run(p):\n    note(\"step\")\n    return api.T_INNER(N = p.N)\n",
	},
	"T_INNER": {
		attributes: `internal="true"`, request: `<value key="N" type="l"/>`, response: `<value key="N" type="l"/>`, errors: `<error name="WRONG_STATE" desc="it is 7"/>`,
		script: `def run(p):
    if p.N == 7:
        fail("WRONG_STATE", "seven")
    for i in range(p.N):
        note("inner")
    return {"N": p.N + 1}
`,
	},
	"T_ENDLESS": {attributes: `internal="true"`, script: "def run(p):\n    for a in range(1000):\n        for b in range(1000):\n            x = a * b\n    return {}\n"},
})

// TestRunInAUnit: what another face has run is told with its unit, is undone with it, and
// each run has its own budget, but all the hookpoints of the first.
func TestRunInAUnit(t *testing.T) {
	h := newHouse(t, runFolders)
	shippedOnly, _ := workflow.Load(shipped)
	now := h.config.Registry.Current()
	told, err := h.unitOf(t, func(u *unit.Unit) error {
		h.config.Registry.Replace(now)
		for range 3 { // each makes more than a third of the calls that one may
			out, err := h.Run(u, "T_STEP", tree(value.OfLong("N", 200)))
			if err != nil || out.Text("N") != "201" {
				t.Errorf("%v %v", out, err)
			}
			h.config.Registry.Replace(shippedOnly)
		}
		return nil
	})
	if want := []string{"T_INNER", "T_STEP"}; err != nil || !slices.Equal(told.Ran, want) {
		t.Errorf("ran %v, want %v: %v", told.Ran, want, err)
	}
	row := h.lastRow(t)
	if len(row.Notes) != 603 || !strings.HasPrefix(string(row.Trace), `[{"name":"T_STEP","kind":"api","us":0},{"name":"step","kind":"note","us":0,"depth":1},{"name":"T_INNER","kind":"api","us":0,"depth":1},{"name":"inner","kind":"note","us":0,"depth":2}`) {
		t.Errorf("%d notes, trace %s", len(row.Notes), row.Trace)
	}
	if steps := strings.Count(string(row.Trace), `"name"`); steps != 100 {
		t.Errorf("%d steps are kept", steps)
	}
}

// TestRunFails: with the failure of the step, which names its place; with the script's
// fault; with what is wrong with the values.
func TestRunFails(t *testing.T) {
	h := newHouse(t, runFolders)
	for _, c := range []struct {
		hookpoint string
		in        value.Tree
		code      *failure.Code
		step      string
	}{
		{"T_STEP", tree(value.OfLong("N", 7)), customer.WrongState, "api.T_INNER"},
		{"T_STEP", tree(value.OfLong("N", 400)), failure.WorkflowFailed, "api.T_INNER"},
		{"T_ENDLESS", nil, failure.WorkflowFailed, ""},
		{"T_STEP", nil, failure.InvalidRequest, ""},
		{"T_NONE", nil, failure.UnknownHookpoint, ""},
	} {
		_, err := h.unitOf(t, func(u *unit.Unit) error {
			_, err := h.Run(u, c.hookpoint, c.in)
			return err
		})
		var at *script.Error
		if failure.CodeOf(err) != c.code || c.step != "" && (!errors.As(err, &at) || at.Step != c.step) {
			t.Errorf("%s %v: %v, want %s at %q", c.hookpoint, c.in, err, c.code.Name, c.step)
		}
		if row := h.lastRow(t); c.code.Kind != failure.Internal && !strings.Contains(string(row.Trace), `"outcome":"`+c.code.Name+`"`) {
			t.Errorf("%s: trace %s", c.hookpoint, row.Trace)
		}
	}
}

// TestRunUndone: what a step did is undone with a unit that fails.
func TestRunUndone(t *testing.T) {
	h := newHouse(t)
	before := h.grown(t, nil)
	_, err := h.unitOf(t, func(u *unit.Unit) error {
		out, err := h.Run(u, "CREATE_CUSTOMER", tree(text("ACCOUNT_TYPE", "0"), text("PRODUCT_CODE", "POST_PAID"), value.Of("USER", text("FIRST_NAME", "Bo"))))
		if err != nil || len(out.Text("ACCOUNT_ID")) != 18 || len(out.Text("OWNER_ID")) != 18 || len(out.Text("BILLING_GROUP_ID")) != 18 {
			t.Errorf("%v %v", out, err)
		}
		return customer.WrongState.With("later")
	})
	if failure.CodeOf(err) != customer.WrongState {
		t.Error(err)
	}
	if grown := h.grown(t, before); len(grown) != 0 {
		t.Errorf("left: %v", grown)
	}
}

// TestStepsStayInternal: what lies over an internal hookpoint under its key is one itself.
func TestStepsStayInternal(t *testing.T) {
	over := func(attributes string) fs.FS {
		return folders(map[string]folder{"UNBLOCK_SUBSCRIPTION": {attributes: attributes, request: `<value key="SUBSCRIPTION_ID" type="s"/>`, script: "def run(p):\n    return {}\n"}})
	}
	set, mistakes := workflow.Load(shipped, workflow.Layer{Name: "site", FS: over("")})
	if set != nil || len(mistakes) != 1 || !strings.HasPrefix(mistakes[0].String(), "site/UNBLOCK_SUBSCRIPTION/contract.xml: UNBLOCK_SUBSCRIPTION lies over an internal hookpoint") {
		t.Errorf("%v", mistakes)
	}
	if _, mistakes := workflow.Load(shipped, workflow.Layer{Name: "site", FS: over(`internal="true"`)}); len(mistakes) != 0 {
		t.Errorf("%v", mistakes)
	}
}
