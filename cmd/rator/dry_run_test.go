package main

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"rator/access"
	"rator/server"
	"rator/server/servertest"
	"rator/soap"
	"rator/store"
	"rator/tmf/tmftest"
	"rator/wire"
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
	s := tmftest.New(t)
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
	_, metrics := get(t, strings.TrimSuffix(s.Endpoint, wire.Path)+"/metrics")
	for _, want := range []string{
		`rator_calls_total{face="soap",hookpoint="SOAP_SIGNUP_CUSTOMER",outcome="DRY_RUN"} 2`,
		`rator_calls_total{face="soap",hookpoint="SOAP_SIGNUP_CUSTOMER",outcome="OK"} 1`,
	} {
		if !strings.Contains(metrics, want) {
			t.Errorf("/metrics has no %s", want)
		}
	}
}

// TestDryRunCommand: rator call says that it was a dry run, and takes no server's word
// for one that does not know what that is.
func TestDryRunCommand(t *testing.T) {
	s := tmftest.New(t)
	before := s.Contents(t)
	args := func(endpoint string, more ...string) []string {
		return append([]string{"call", "SOAP_SIGNUP_CUSTOMER", "ACCOUNT_TYPE=0", "PRODUCT_CODE=POST_PAID", "USER.FIRST_NAME=Bo", "USER.LAST_NAME=Ek", "USER.EMAIL=bo@example.com", "USER.USERNAME=bo.ek",
			"USER.STREET=Algade", "USER.ZIP=5000", "USER.CITY=Odense", "--dry-run", "--operator", server.DemoOperator, "--password", server.DemoPassword, "--brand", server.DemoBrand, "--endpoint", endpoint}, more...)
	}
	for _, more := range [][]string{nil, {"--soap12"}, {"--json"}} {
		if o := rator(t, "", args(s.Endpoint, more...)...); o.code != exitOK || !strings.Contains(o.out, "CUSTOMER_NUMBER") || o.err != "rator: this was a dry run: nothing of it is left\n" {
			t.Errorf("%v: %+v", more, o)
		}
	}
	s.SameContents(t, before, "rator call --dry-run")

	for name, c := range map[string]struct {
		status int
		body   string
		says   string
	}{
		"refuses what it does not understand": {500, string(soap.AppendFault(nil, soap.Version11, &soap.Fault{Code: soap.FaultMustUnderstand, Text: "MustUnderstand headers:[{urn:rator}DryRun] are not understood"})),
			"rator: the server knows no dry runs, and did nothing: update it, or call without --dry-run\n"},
		"reads over it": {200, `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><n:executeMethodResponse xmlns:n="http://soap.CDRator.com/">` +
			`<return><errorCode>0</errorCode><errorMessage/><status>0</status></return></n:executeMethodResponse></S:Body></S:Envelope>`, "rator: " + soap.ErrNotDry.Error() + "\n"},
	} {
		t.Run(name, func(t *testing.T) {
			old := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/xml; charset=utf-8")
				w.WriteHeader(c.status)
				_, _ = w.Write([]byte(c.body))
			}))
			defer old.Close()
			if o := rator(t, "", args(old.URL)...); o.code != exitFailed || o.err != c.says || o.out != "" {
				t.Errorf("%+v", o)
			}
		})
	}
}

// TestDryRunOfReading: what only reads is answered as ever.
func TestDryRunOfReading(t *testing.T) {
	s := tmftest.New(t)
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
