package past_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/clock"
	"rator/customer"
	"rator/server"
	"rator/server/past"
	"rator/workflow"
	"rator/workflow/value"
)

// end is when the past of the tests ends.
var end = time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC)

// shown is a server over a store with a past, whose clock stands at its end.
type shown struct {
	testing.TB
	*server.Server
}

func show(t testing.TB) *shown {
	t.Helper()
	file := filepath.Join(t.TempDir(), "past.db")
	if err := past.Make(t.Context(), file, end, "UTC"); err != nil {
		t.Fatal(err)
	}
	real := time.Now()
	clk := &clock.Clock{Real: func() time.Time { return real }}
	st, closeStore, err := server.OpenUnserved(t.Context(), file, clk, func(string, int64) {})
	if err != nil {
		t.Fatal(err)
	}
	s, err := server.New(server.Config{Store: st, Now: clk.Now, GuardNow: time.Now, Demo: true, Metrics: server.NewMetrics(), Log: slog.New(slog.DiscardHandler), Layers: []workflow.Layer{server.Shipped()}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, err := server.Verify(context.Background(), st, func(fault error) { t.Errorf("verify: %v", fault) })
		s.Close()
		if err := errors.Join(err, closeStore()); err != nil {
			t.Error(err)
		}
	})
	if d := clk.Now().Sub(end); !clk.Test() || d < 0 || d > time.Hour {
		t.Errorf("the clock is at %s", clk.Now())
	}
	return &shown{t, s}
}

func (s *shown) call(brand, hookpoint string, assignments ...string) value.Tree {
	s.Helper()
	values, err := value.ParseAssignments(append(assignments, "CONTEXT.LANGUAGE=EN", "CONTEXT.OPERATOR=demo", "CONTEXT.PASSWORD=demo", "CONTEXT.BRAND_KEY="+brand))
	if err != nil {
		s.Fatal(err)
	}
	r, err := s.Engine.Invoke(s.Context(), workflow.Request{Hookpoint: hookpoint, Values: values})
	if err != nil || r.ErrorCode != 0 {
		s.Fatalf("%s %q: %v %d %s", hookpoint, assignments, err, r.ErrorCode, r.ErrorMessage)
	}
	return r.Values
}

// found is a customer: the first that has a name.
func (s *shown) found(brand, name string) (l map[string]string) {
	s.Helper()
	c := s.call(brand, "SOAP_SEARCH_CUSTOMERS", "NAME="+name).Path("CUSTOMERS/CUSTOMER")
	if c == nil {
		s.Fatalf("nobody in %s is called %s", brand, name)
	}
	account := s.call(brand, "SOAP_GET_WEB_USER_PROFILE_INTERNAL", "CUSTOMER_NUMBER="+c.Items.Text("CUSTOMER_NUMBER"))
	l = map[string]string{"account": c.Items.Text("ACCOUNT_ID"), "user": c.Items.Text("USER_ID"), "number": c.Items.Text("CUSTOMER_NUMBER"), "username": c.Items.Text("USERNAME")}
	for name, key := range map[string]string{"group": "BILLING_GROUPS/BILLING_GROUP", "line": "BILLING_GROUPS/BILLING_GROUP/SUBSCRIPTIONS/SUBSCRIPTION"} {
		if e := account.Path("ACCOUNT/" + key + "/ID"); e != nil {
			l[name] = e.Text
		}
	}
	return l
}

// holds says that something is in an answer: a text that is not empty, or a value in each
// list, beside what every answer has.
func holds(answer value.Tree) bool {
	something := false
	for i := range answer {
		switch e := &answer[i]; {
		case e.Key == "STATUS" || e.Key == "REQUEST_ID":
		case e.Type == value.Complex && len(e.Items) == 0:
			return false
		case e.Type == value.Complex || e.Text != "":
			something = true
		}
	}
	return something
}

// TestEveryReadShowsSomething: each hookpoint that reads, and each list of TM Forum, has
// something to show of the past.
func TestEveryReadShowsSomething(t *testing.T) {
	s := show(t)
	ada, bo, ella, ines, office := s.found("DEMO", "Example"), s.found("DEMO", "Sample"), s.found("DEMO", "Fiction"), s.found("DEMO", "Placeholder"), s.found("DEMO2", "Kontor")
	invoice := s.call("DEMO", "SOAP_GET_INVOICES", "BILLING_GROUP_ID="+ada["group"]).Path("INVOICES/INVOICE/ID").Text
	product := s.call("DEMO", "SOAP_GET_SUBSCRIPTION", "SUBSCRIPTION_ID="+ada["line"])
	asked := map[string][]string{
		"SOAP_GET_ACCOUNT":                   {"ACCOUNT_ID=" + ada["account"]},
		"SOAP_GET_BILLING_GROUP":             {"BILLING_GROUP_ID=" + ada["group"]},
		"SOAP_GET_CAMPAIGNS":                 {"PRODUCT_ID=201312240052364157"},
		"SOAP_GET_INVOICES":                  {"BILLING_GROUP_ID=" + bo["group"]},
		"SOAP_GET_INVOICE_DETAIL_LINES":      {"INVOICE_ID=" + invoice},
		"SOAP_GET_INVOICE_PDF":               {"INVOICE_ID=" + invoice},
		"SOAP_GET_NEW_PASSWORD":              nil, // it makes one, and reads nothing
		"SOAP_GET_OPTIONS_FOR_RATE_PLAN":     {"PRODUCT_ID=201312240052364157", "RATE_PLAN_ID=201312292352141290"},
		"SOAP_GET_OPTIONS_SUBSCRIPTION":      {"SUBSCRIPTION_ID=" + ada["line"]},
		"SOAP_GET_OVERDUE":                   {},
		"SOAP_GET_PRODUCT_CONFIGS":           {},
		"SOAP_GET_RECHARGE_TICKET":           {"BILLING_GROUP_ID=" + ella["group"]},
		"SOAP_GET_SHARED_SERVICE_MEMBERS":    {"BRAND", "SHARED_SERVICE_ID=" + office["line"]},
		"SOAP_GET_SUBSCRIPTION":              {"SUBSCRIPTION_ID=" + ada["line"]},
		"SOAP_GET_SUB_ORDERS":                {"SUBSCRIPTION_ID=" + ines["line"]},
		"SOAP_GET_TRANSACTIONS":              {"BILLING_GROUP_ID=" + ada["group"]},
		"SOAP_GET_USER":                      {"USER_ID=" + ada["user"]},
		"SOAP_GET_WEB_USER_PROFILE":          {"LOGIN=ada.example", "PASSWORD=secret"},
		"SOAP_GET_WEB_USER_PROFILE_INTERNAL": {"CUSTOMER_NUMBER=" + ada["number"]},
	}
	if !holds(product) {
		t.Error(product)
	}
	for _, c := range s.Registry.Current().Contracts() {
		if !strings.HasPrefix(c.Hookpoint, "SOAP_GET_") {
			continue
		}
		values, known := asked[c.Hookpoint]
		if !known {
			t.Errorf("%s is not asked: give it values, and the past what it shows", c.Hookpoint)
		}
		brand := "DEMO"
		if len(values) > 0 && values[0] == "BRAND" {
			brand, values = "DEMO2", values[1:]
		}
		if values != nil {
			if answer := s.call(brand, c.Hookpoint, values...); !holds(answer) {
				t.Errorf("%s shows nothing: %v", c.Hookpoint, answer)
			}
		}
	}
	for _, list := range []string{"/customerManagement/customer", "/customerManagement/customerAccount", "/tmf-api/customerManagement/v3/customer", "/tmf-api/customerManagement/v4/customer"} {
		r := httptest.NewRequest("GET", list, nil)
		r.SetBasicAuth(server.DemoOperator, server.DemoPassword)
		w := httptest.NewRecorder()
		s.Handler.ServeHTTP(w, r)
		var documents []map[string]any
		if err := json.Unmarshal(w.Body.Bytes(), &documents); err != nil || len(documents) < 5 {
			t.Errorf("%s: %d %v, %d: %.200s", list, w.Code, err, len(documents), w.Body.String())
		}
	}
}

// TestStory: what there is to be seen is what the past tells.
func TestStory(t *testing.T) {
	s := show(t)
	states := func(brand, name string) (told []string) {
		for i := range s.call(brand, "SOAP_GET_INVOICES", "BILLING_GROUP_ID="+s.found(brand, name)["group"]).Items("INVOICES").All("INVOICE") {
			told = append(told, i.Items.Text("STATUS")+" "+i.Items.Text("DUNNING_STATE"))
		}
		slices.Sort(told)
		return told
	}
	for _, c := range []struct {
		brand, name string
		want        map[string]int
	}{
		{"DEMO", "Example", map[string]int{"PAID NONE": 12}},
		{"DEMO2", "Demo", map[string]int{"PAID NONE": 11, "OPEN NONE": 1}},
		{"DEMO", "Madeup", map[string]int{"PAID NONE": 4}},
	} {
		got := map[string]int{}
		for _, state := range states(c.brand, c.name) {
			got[state]++
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
	if told := fmt.Sprint(states("DEMO", "Sample")); !strings.Contains(told, "PAID NONE") || !strings.Contains(told, "OPEN COLLECTION") {
		t.Errorf("Bo's invoices: %s", told)
	}
	carl := s.found("DEMO2", "Prøve")
	if answer := s.call("DEMO2", "SOAP_GET_SUBSCRIPTION", "SUBSCRIPTION_ID="+carl["line"]); !strings.Contains(string(answer.JSON()), string(customer.Blocked)) {
		t.Errorf("Carl's line is not blocked: %s", answer.JSON())
	}
	if answer := string(s.call("DEMO", "SOAP_GET_SUB_ORDERS", "SUBSCRIPTION_ID="+s.found("DEMO", "Placeholder")["line"]).JSON()); !strings.Contains(answer, "PORT_IN") || !strings.Contains(answer, "PENDING") {
		t.Errorf("no port-in waits: %s", answer)
	}
	events := 0
	if err := s.Engine.Gate.Store.View(t.Context(), countEvents(&events)); err != nil || events < 50 {
		t.Errorf("%d events, %v", events, err)
	}
}

// TestSamePast: the same time makes the same ids and numbers.
func TestSamePast(t *testing.T) {
	tell := func() (told []string) {
		s := show(t)
		for _, c := range [][2]string{{"DEMO", "Example"}, {"DEMO", "Sample"}, {"DEMO", "Placeholder"}, {"DEMO2", "Prøve"}} {
			l := s.found(c[0], c[1])
			told = append(told, fmt.Sprint(l), string(s.call(c[0], "SOAP_GET_INVOICES", "BILLING_GROUP_ID="+l["group"]).Items("INVOICES").JSON()))
		}
		return told
	}
	if d := cmp.Diff(tell(), tell()); d != "" {
		t.Error(d)
	}
}

// TestWhole: a past that is not made to its end leaves no store.
func TestWhole(t *testing.T) {
	file := filepath.Join(t.TempDir(), "past.db")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := past.Make(ctx, file, end, "UTC"); err == nil {
		t.Error("a past is made although it was interrupted")
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(file), "*")); err != nil || len(left) > 0 {
		t.Errorf("%q is left, %v", left, err)
	}
}
