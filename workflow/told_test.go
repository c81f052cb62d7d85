package workflow_test

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rator/access"
	"rator/failure"
	"rator/store"
	"rator/unit"
	"rator/workflow"
	"rator/workflow/value"
)

// TestStrangersLeaveNoRowEach: who is not recognised is counted, and kept when the
// server stops.
func TestStrangersLeaveNoRowEach(t *testing.T) {
	h := newHouse(t)
	for range 20 {
		wrong := tree(value.Of("CONTEXT", text("OPERATOR", "root"), text("PASSWORD", "wrong")))
		if r := h.call(t, workflow.Request{Hookpoint: "T_ECHO", Values: wrong}); r.ErrorCode != failure.NotAuthenticated.Number {
			t.Fatalf("%d %q", r.ErrorCode, r.ErrorMessage)
		}
	}
	if rows := h.rows(t, "root"); len(rows) != 0 {
		t.Errorf("%d audit rows at once", len(rows))
	}
	h.gate.Behind.Close()
	rows := h.rows(t, "root")
	if len(rows) != 1 || rows[0].Outcome != "NOT_AUTHENTICATED" || !strings.HasPrefix(rows[0].Notes[0], "20 calls ") {
		t.Errorf("audit rows when it has stopped: %+v", rows)
	}
}

func (h *house) rows(t *testing.T, operator string) []access.AuditRow {
	t.Helper()
	var rows []access.AuditRow
	err := h.gate.Store.View(t.Context(), func(tx store.Tx) error {
		for row, err := range access.RowsOfOperator(tx, operator) {
			if err != nil {
				return err
			}
			rows = append(rows, *row)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestTrace is answered when it is asked for, and kept in the audit row always.
func TestTrace(t *testing.T) {
	h := newHouse(t, trials)
	request := workflow.Request{Hookpoint: "T_NOTES", Values: tree(as("root", value.OfBoolean("TRACE", true)))}
	r := h.call(t, request)
	var names []string
	for e := range r.Values.Items("TRACE").All("STEP") {
		names = append(names, e.Items.Text("KIND")+" "+e.Items.Text("NAME")+" "+e.Items.Text("OUTCOME"))
	}
	if diff := cmp.Diff([]string{"note one thing OK", "component product_config OK"}, names); diff != "" {
		t.Error(diff)
	}
	rows := h.rows(t, "root")
	row := rows[len(rows)-1]
	if !cmp.Equal(row.Notes, []string{"one thing"}) || !strings.Contains(string(row.Trace), `"product_config"`) {
		t.Errorf("audit row: %+v", row)
	}
	request.Values = tree(as("root"))
	if r := h.call(t, request); r.Values.Get("TRACE") != nil {
		t.Errorf("a trace nobody asked for: %s", r.Values.JSON())
	}
}

// TestReadsHaveOneView: a call that reads looks into the store once, whatever it reads.
func TestReadsHaveOneView(t *testing.T) {
	h := newHouse(t, trials)
	h.call(t, signUp("one"))
	views := 0
	engine := h.engine(func(g *unit.Config, _ *workflow.Config) {
		g.Behind = access.NewReadBehind(access.ReadBehindConfig{Store: g.Store, Log: g.Log})
		t.Cleanup(g.Behind.Close)
		g.Store = meanwhile{g.Store, func() { views++ }}
	})
	for _, r := range []workflow.Request{
		{Hookpoint: "T_ECHO", Values: tree(text("A", "x"), as("root"))},
		{Hookpoint: "SOAP_GET_WEB_USER_PROFILE_INTERNAL", Values: tree(text("CUSTOMER_NUMBER", "100001"), as("root"))},
		{Hookpoint: "SOAP_GET_PRODUCT_CONFIGS", RequestID: "r-1", Values: tree(as("root", text("BRAND_KEY", "DEMO")))},
	} {
		for cold := range 3 {
			views = 0
			if result, err := engine.Invoke(t.Context(), r); err != nil || result.ErrorCode != 0 {
				t.Fatalf("%+v, %v", result, err)
			}
			if cold > 1 && views != 1 {
				t.Errorf("%s: %d views", r.Hookpoint, views)
			}
		}
	}
}

// TestObservations are what the metrics count.
func TestObservations(t *testing.T) {
	h := newHouse(t, trials)
	h.call(t, workflow.Request{Hookpoint: "T_ECHO", Values: tree(text("A", "x"), text("B", "unknown"), as("root"))})
	h.call(t, workflow.Request{Hookpoint: "NONE", Values: tree(as("root"))})
	h.mu.Lock()
	defer h.mu.Unlock()
	remote := netip.MustParseAddr("127.0.0.1")
	for i, want := range []unit.Told{
		{Face: "test", Operation: "T_ECHO", Outcome: "OK", Operator: "root", Remote: remote, RequestID: "id-1", Brand: "DEMO", Unknown: 1, Ran: []string{"T_ECHO"}},
		{Face: "test", Outcome: "UNKNOWN_HOOKPOINT", Code: failure.UnknownHookpoint.Number, Operator: "root", Remote: remote, RequestID: "id-2"},
	} {
		got := h.observed[i]
		got.At, got.Took, got.Script = time.Time{}, 0, 0
		if diff := cmp.Diff(want, got, cmpopts.EquateComparable(netip.Addr{})); diff != "" {
			t.Error(diff)
		}
	}
}

// TestUnread: what is not read of a request is null, counted, and told with its
// path in trace, audit row and log.
func TestUnread(t *testing.T) {
	h := newHouse(t, trials)
	odd := value.Entry{Key: "DATE", Type: value.Date, Null: true, Odd: true}
	r := h.call(t, workflow.Request{Hookpoint: "T_NUMBERS", Values: tree(
		value.Entry{Key: "F", Type: value.Double, Text: "INF"}, value.Of("OPEN", value.OfString("TEXT", "x"), odd),
		as("root", value.OfBoolean("TRACE", true)))})
	if got := string(r.Values[2:4].JSON()); got != `{"F":null,"OPEN":{"TEXT":"x","DATE":null}}` || r.ErrorCode != 0 {
		t.Errorf("answered %d %s", r.ErrorCode, got)
	}
	var steps []string
	for e := range r.Values.Items("TRACE").All("STEP") {
		steps = append(steps, e.Items.Text("KIND")+" "+e.Items.Text("NAME")+" "+e.Items.Text("OUTCOME"))
	}
	if diff := cmp.Diff([]string{"value F UNREAD", "value OPEN/DATE UNREAD"}, steps); diff != "" {
		t.Error(diff)
	}
	rows := h.rows(t, "root")
	if trace := string(rows[len(rows)-1].Trace); !strings.Contains(trace, `{"name":"OPEN/DATE","kind":"value","us":0,"outcome":"UNREAD"}`) {
		t.Errorf("audit row: %s", trace)
	}
	if log := h.log.String(); !strings.Contains(log, `unread=2 unread_paths="[F OPEN/DATE]"`) || strings.Contains(log, "INF ") {
		t.Errorf("log: %s", log)
	}
	h.mu.Lock()
	if o := h.observed[0]; o.Warnings != 2 || o.Unknown != 0 {
		t.Errorf("%+v", o)
	}
	h.mu.Unlock()
	h.call(t, workflow.Request{Hookpoint: "T_ECHO", Values: tree(text("A", "x"), as("root"))})
	if log := h.log.String(); strings.Count(log, "unread=") != 1 {
		t.Errorf("log: %s", log)
	}
}
