package server_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"rator/access"
	"rator/server"
	"rator/server/servertest"
	"rator/soap"
	"rator/store"
	"rator/workflow"
	"rator/workflow/value"
)

// rowsOf are the audit rows of the demo's operator.
func rowsOf(t *testing.T, st store.Store) (rows []access.AuditRow) {
	t.Helper()
	if err := st.View(t.Context(), func(tx store.Tx) error {
		rows = nil
		for row, err := range access.RowsOfOperator(tx, server.DemoOperator) {
			if err != nil {
				return err
			}
			rows = append(rows, *row)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestDryRun: a dry run answers as the call would, and leaves nothing but one audit row
// that says so: no record, no event, no number, no kept answer.
func TestDryRun(t *testing.T) {
	s := servertest.New(t)
	call := func(dry bool, id string, values value.Tree) workflow.Result {
		t.Helper()
		r, err := s.Client.Call(t.Context(), soap.Call{Hookpoint: "SOAP_SIGNUP_CUSTOMER", Values: values, RequestID: id, DryRun: dry})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	number := func(r workflow.Result) string { return r.Values.Items("ACCOUNT").Text("CUSTOMER_NUMBER") }

	before, rows := s.Contents(t), len(rowsOf(t, s.Store))
	first := call(true, "once", server.DemoCustomer())
	if first.ErrorCode != 0 || number(first) == "" || first.Replayed {
		t.Fatalf("%+v", first)
	}
	s.SameContents(t, before, "a dry run")
	if all := rowsOf(t, s.Store); len(all) != rows+1 || all[rows].Hookpoint != "SOAP_SIGNUP_CUSTOMER" || !slices.ContainsFunc(all[rows].Notes, func(n string) bool { return strings.HasPrefix(n, "dry run") }) {
		t.Errorf("the audit has %d rows more: %+v", len(all)-rows, all)
	}
	if again := call(true, "once", server.DemoCustomer()); again.Replayed || number(again) != number(first) {
		t.Errorf("a dry run was kept, or used a number: %s, then %s", number(first), number(again))
	}
	done := call(false, "once", server.DemoCustomer())
	if done.ErrorCode != 0 || done.Replayed || number(done) != number(first) {
		t.Fatalf("after a dry run: %+v", done)
	}

	before = s.Contents(t)
	if r := call(true, "once", server.DemoCustomer()); !r.Replayed || number(r) != number(done) {
		t.Errorf("a dry run of what was done does not say what the call would: %+v", r)
	}
	other := server.DemoCustomer()
	if r := call(true, "twice", other); r.ErrorCode == 0 {
		t.Errorf("a refusal is not seen in a dry run: the user name is taken, and got %+v", r)
	}
	s.SameContents(t, before, "a dry run")
	metrics := s.Page(t, "/metrics")
	for _, want := range []string{
		`rator_calls_total{face="soap",hookpoint="SOAP_SIGNUP_CUSTOMER",outcome="DRY_RUN"} 2`,
		`rator_calls_total{face="soap",hookpoint="SOAP_SIGNUP_CUSTOMER",outcome="OK"} 1`,
	} {
		if !strings.Contains(metrics, want) {
			t.Errorf("/metrics has no %s", want)
		}
	}
}

// TestDryRunOfReading: what only reads is answered as ever.
func TestDryRunOfReading(t *testing.T) {
	s := servertest.New(t)
	made, err := s.Client.Call(t.Context(), soap.Call{Hookpoint: "SOAP_SIGNUP_CUSTOMER", Values: server.DemoCustomer()})
	if err != nil || made.ErrorCode != 0 {
		t.Fatal(made, err)
	}
	values := value.Tree{value.OfString("ACCOUNT_ID", made.Values.Items("ACCOUNT").Text("ID")), servertest.Context()}
	r, err := s.Client.Call(t.Context(), soap.Call{Hookpoint: "SOAP_GET_ACCOUNT", Values: values, DryRun: true})
	if err != nil || r.ErrorCode != 0 || errors.Is(err, soap.ErrNotDry) {
		t.Errorf("%+v, %v", r, err)
	}
}
