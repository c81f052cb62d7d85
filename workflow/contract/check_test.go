package contract_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/workflow/contract"
	"rator/workflow/value"
)

var (
	str   = value.OfString
	of    = value.Of
	bare  = func(key, text string) value.Entry { return value.Entry{Key: key, Text: text} }
	typed = func(key string, t value.Type, text string) value.Entry {
		return value.Entry{Key: key, Type: t, Text: text}
	}
)

// signUp is a request in order, changed by the edits.
func signUp(edits ...func(value.Tree) value.Tree) value.Tree {
	tree := value.Tree{
		str("ACCOUNT_TYPE", "0"), str("PRODUCT_CODE", "POST_PAID"),
		of("USER", str("FIRST_NAME", "Åse"), str("EMAIL", "a@b.no"), typed("BIRTHDAY", value.Date, "1980-02-03"),
			value.OfLong("CREDIT_LIMIT", 10), str("USERNAME", "aase")),
		value.OfBoolean("NEWSLETTER", true),
	}
	for _, edit := range edits {
		tree = edit(tree)
	}
	return tree
}

func with(entries ...value.Entry) func(value.Tree) value.Tree {
	return func(t value.Tree) value.Tree { return append(t, entries...) }
}

// replace puts e where the path leads.
func replace(path string, e value.Entry) func(value.Tree) value.Tree {
	return func(t value.Tree) value.Tree { *t.Path(path) = e; return t }
}

func TestCheckRules(t *testing.T) {
	c := parse(t, "signup.xml")
	for _, test := range []struct {
		name string
		in   value.Tree
		want []string
	}{
		{"in order", signUp(), nil},
		{"nothing given", nil, []string{"ACCOUNT_TYPE is missing", "PRODUCT_CODE is missing", "USER is missing"}},
		{"null is missing", signUp(replace("PRODUCT_CODE", value.OfNull("PRODUCT_CODE", value.String))), []string{"PRODUCT_CODE is missing"}},
		{"empty complex", signUp(replace("USER", of("USER"))),
			[]string{"USER/FIRST_NAME is missing", "USER/EMAIL is missing", "USER/USERNAME is missing"}},
		{"empty text for complex is null", signUp(replace("USER", bare("USER", ""))), []string{"USER is missing"}},
		{"pattern is anchored", signUp(replace("USER/EMAIL", str("EMAIL", "a@b@c"))), []string{"USER/EMAIL does not match [^@]+@[^@]+"}},
		{"enum", signUp(replace("ACCOUNT_TYPE", str("ACCOUNT_TYPE", "2"))), []string{"ACCOUNT_TYPE is not one of 0, 1"}},
		{"maxlen counts characters", signUp(replace("USER/FIRST_NAME", str("FIRST_NAME", strings.Repeat("å", 60)))), nil},
		{"maxlen", signUp(replace("USER/FIRST_NAME", str("FIRST_NAME", strings.Repeat("å", 61)))), []string{"USER/FIRST_NAME is longer than 60 characters"}},
		{"repeated", signUp(with(str("PRODUCT_CODE", "X"))), []string{"PRODUCT_CODE may be given only once"}},
		{"scalar for complex", signUp(replace("USER", str("USER", "Åse"))), []string{"USER must be complex, not a string value"}},
		{"complex for scalar", signUp(replace("PRODUCT_CODE", of("PRODUCT_CODE", str("ID", "1")))), []string{"PRODUCT_CODE must be a string value, not complex"}},
		{"empty complex for scalar is null", signUp(replace("PRODUCT_CODE", of("PRODUCT_CODE"))), []string{"PRODUCT_CODE is missing"}},
		{"list items are numbered", signUp(with(of("SIGNUP_SERVICES", of("CDMA_SERVICE", str("ORDER_ID", "1")), of("CDMA_SERVICE"), str("CDMA_SERVICE", "x")))),
			[]string{"SIGNUP_SERVICES/CDMA_SERVICE[2]/ORDER_ID is missing", "SIGNUP_SERVICES/CDMA_SERVICE[3] must be complex, not a string value"}},
		{"all at once", value.Tree{str("ACCOUNT_TYPE", "2"), of("USER", str("EMAIL", "a"))},
			[]string{"ACCOUNT_TYPE is not one of 0, 1", "USER/EMAIL does not match [^@]+@[^@]+", "USER/FIRST_NAME is missing", "USER/USERNAME is missing", "PRODUCT_CODE is missing"}},
		{"CONTEXT is implied", signUp(with(of("CONTEXT", str("LANGUAGE", "EN")))), nil},
		{"CONTEXT once", signUp(with(of("CONTEXT", str("OPERATOR", "a")), of("CONTEXT", str("OPERATOR", "b")))), []string{"CONTEXT may be given only once"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, report := contract.Check(c.Request, test.in, contract.Options{Request: true})
			var got []string
			for _, v := range report.Violations {
				got = append(got, v.String())
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCheckConverts(t *testing.T) {
	vs := []*contract.Value{
		{Key: "S", Type: value.String}, {Key: "L", Type: value.Long}, {Key: "F", Type: value.Double},
		{Key: "B", Type: value.Boolean}, {Key: "D", Type: value.Date}, {Key: "C", Type: value.Complex, Values: []*contract.Value{{Key: "L", Type: value.Long}}},
	}
	for _, c := range []struct {
		in, want value.Entry
		warnings int
	}{
		{str("L", "5"), value.OfLong("L", 5), 0},
		{bare("L", " 5.0 "), value.OfLong("L", 5), 0},
		{typed("L", value.Double, "9007199254740993"), value.OfLong("L", 9007199254740993), 0},
		{str("L", "five"), value.OfNull("L", value.Long), 1},
		{str("L", ""), value.OfNull("L", value.Long), 1},
		{value.OfLong("S", 5), str("S", "5"), 0},
		{typed("S", value.Date, "2014-12-09"), str("S", "2014-12-09"), 0},
		{bare("S", ""), str("S", ""), 0},
		{str("F", " 12.50 "), typed("F", value.Double, "12.50"), 0},
		{typed("F", value.Float, "12.5"), typed("F", value.Double, "12.5"), 0},
		{str("F", "12,5"), value.OfNull("F", value.Double), 1},
		{str("B", "1"), value.OfBoolean("B", true), 0},
		{typed("B", value.Boolean, "Y"), value.OfNull("B", value.Boolean), 1},
		{str("D", "2014-12-09T10:11:12.123-05:00"), typed("D", value.Date, "2014-12-09T10:11:12.123-05:00"), 0},
		{typed("D", value.Date, "201412Tue"), value.OfNull("D", value.Date), 1},
		{value.OfNull("D", value.Bare), value.OfNull("D", value.Date), 0},
		{value.Entry{Key: "C", Items: value.Tree{bare("L", "5")}}, of("C", value.OfLong("L", 5)), 0},
		{bare("UNKNOWN", "x"), str("UNKNOWN", "x"), 0},
		{value.Entry{Key: "UNKNOWN", Items: value.Tree{bare("A", "5")}}, of("UNKNOWN", str("A", "5")), 0},
	} {
		out, report := contract.Check(vs, value.Tree{c.in}, contract.Options{})
		if diff := cmp.Diff(value.Tree{c.want}, out); diff != "" || report.Warnings != c.warnings || len(report.Violations) > 0 {
			t.Errorf("%+v: %s%+v", c.in, diff, report)
		}
	}
}

func TestCheckMandatoryThatDoesNotParse(t *testing.T) {
	vs := []*contract.Value{{Key: "D", Type: value.Date, Mandatory: true}}
	_, report := contract.Check(vs, value.Tree{str("D", "soon")}, contract.Options{})
	if diff := cmp.Diff(contract.Report{Warnings: 1, Unread: []string{"D"}, Violations: []contract.Violation{{Path: "D", Rule: "is not a date"}}}, report); diff != "" {
		t.Error(diff)
	}
}

func TestCheckEmptyTextAgainstAPattern(t *testing.T) {
	c := parse(t, "signup.xml")
	email := *c.Request[2].Values[1]
	for _, mandatory := range []bool{true, false} {
		email.Mandatory = mandatory
		_, report := contract.Check([]*contract.Value{&email}, value.Tree{str("EMAIL", "")}, contract.Options{})
		if got := len(report.Violations) > 0; got != mandatory {
			t.Errorf("mandatory %t: %v", mandatory, report.Violations)
		}
	}
}

// TestCheckZone: a date that comes without a zone has the one that is named, wherever it
// stands; what is whole keeps its literal, what no client reads is null.
func TestCheckZone(t *testing.T) {
	vs := []*contract.Value{{Key: "D", Type: value.Date}, {Key: "OPEN", Type: value.Complex}}
	oslo := time.FixedZone("", 3600)
	for literal, want := range map[string]struct{ oslo, utc string }{
		"2014-12-09T10:11:12":       {"2014-12-09T10:11:12+01:00", "2014-12-09T10:11:12Z"},
		"2014-12-09":                {"2014-12-09T00:00:00+01:00", "2014-12-09T00:00:00Z"},
		"2014-12-09T10:11":          {"2014-12-09T10:11:00+01:00", "2014-12-09T10:11:00Z"},
		"2014-12-09Z":               {"2014-12-09T00:00:00Z", "2014-12-09T00:00:00Z"},
		"2014-12-09T10:11:12Z":      {"2014-12-09T10:11:12Z", "2014-12-09T10:11:12Z"},
		"2014-12-09T10:11:12-05:00": {"2014-12-09T10:11:12-05:00", "2014-12-09T10:11:12-05:00"},
		"2014-12-09T10:11:12+15:00": {"", ""},
		"0000-12-09T10:11:12Z":      {"", ""},
		"2014-12-09T10:11:12,5Z":    {"", ""},
	} {
		for zone, want := range map[*time.Location]string{oslo: want.oslo, nil: want.utc} {
			in := value.Tree{typed("D", value.Date, literal), of("OPEN", typed("D", value.Date, literal)), typed("ODD", value.Date, literal)}
			out, report := contract.Check(vs, in, contract.Options{Zone: zone})
			for where, e := range map[string]*value.Entry{"D": out.Get("D"), "OPEN/D": out.Items("OPEN").Get("D"), "ODD": out.Get("ODD")} {
				if e.Text != want || e.Null != (want == "") {
					t.Errorf("%s as %s became %q (null %t), want %q", literal, where, e.Text, e.Null, want)
				}
			}
			if want == "" && report.Warnings != 3 {
				t.Errorf("%s: %d warnings", literal, report.Warnings)
			}
		}
	}
}

// TestCheckDateRules: what a contract says of a date is about the literal that came, and
// its own literals are of the zone, too.
func TestCheckDateRules(t *testing.T) {
	c, mistakes := contract.Parse("contract.xml", []byte(`<soapcall><request><hookpointKey>SOAP_X</hookpointKey><values>
		<value key="D" type="d" regexp="[0-9]{4}-[0-9]{2}-[0-9]{2}" maxlen="10"/><value key="E" type="d" enum="2026-01-01|2026-02-01"/>
		<value key="F" type="d" default="2026-03-01"/></values></request><response><values/></response></soapcall>`), nil)
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	in := value.Tree{typed("D", value.Date, "2014-12-09"), typed("E", value.Date, "2026-02-01")}
	out, report := contract.Check(c.Request, in, contract.Options{Zone: time.FixedZone("", 3600)})
	want := value.Tree{typed("D", value.Date, "2014-12-09T00:00:00+01:00"), typed("E", value.Date, "2026-02-01T00:00:00+01:00"), typed("F", value.Date, "2026-03-01T00:00:00+01:00")}
	if diff := cmp.Diff(want, out); diff != "" || len(report.Violations) > 0 {
		t.Errorf("%v\n%s", report.Violations, diff)
	}
}

func TestCheckFillsDefaultsAndKeepsTheInput(t *testing.T) {
	c := parse(t, "signup.xml")
	in := value.Tree{str("ACCOUNT_TYPE", "0"), str("PRODUCT_CODE", "X"), str("ODD", "kept"),
		of("USER", str("FIRST_NAME", "A"), str("EMAIL", "a@b"), str("USERNAME", "a"), value.OfNull("CREDIT_LIMIT", value.Long)),
		of("EXTRA", str("ANY", "thing"))}
	roomy := append(make(value.Tree, 0, 20), in...)
	before := fmt.Sprint(roomy[:20])
	out, report := contract.Check(c.Request, roomy, contract.Options{})
	if got := fmt.Sprint(roomy[:20]); got != before {
		t.Errorf("the input became %s", got)
	}
	want := append(append(value.Tree{}, in...), value.OfBoolean("NEWSLETTER", true))
	want[3] = of("USER", str("FIRST_NAME", "A"), str("EMAIL", "a@b"), str("USERNAME", "a"), value.OfLong("CREDIT_LIMIT", 500))
	if diff := cmp.Diff(want, out); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(contract.Report{Unknown: 1}, report); diff != "" {
		t.Error(diff)
	}
}

func TestCheckStopsListingAt50(t *testing.T) {
	c := parse(t, "signup.xml")
	services := of("SIGNUP_SERVICES")
	for range 5000 {
		services.Items = append(services.Items, of("CDMA_SERVICE"))
	}
	_, report := contract.Check(c.Request, signUp(with(services)), contract.Options{})
	if len(report.Violations) != 50 || report.Violations[49].Path != "SIGNUP_SERVICES/CDMA_SERVICE[50]/ORDER_ID" {
		t.Errorf("%d violations, the last %v", len(report.Violations), report.Violations[len(report.Violations)-1])
	}
}

// Keys far down a long contract are found, missing ones told.
func TestCheckLongContracts(t *testing.T) {
	var vs []*contract.Value
	var in value.Tree
	for i := range 200 {
		vs = append(vs, &contract.Value{Key: fmt.Sprint("K", i), Type: value.Long, Mandatory: true})
		in = append(in, value.OfLong(fmt.Sprint("K", 199-i), 1))
	}
	if _, report := contract.Check(vs, in, contract.Options{}); len(report.Violations) > 0 || report.Unknown > 0 {
		t.Errorf("%+v", report)
	}
	if _, report := contract.Check(vs, in[1:], contract.Options{}); len(report.Violations) != 1 || report.Violations[0].Path != "K199" {
		t.Errorf("%+v", report)
	}
}

func TestMask(t *testing.T) {
	c := parse(t, "signup.xml")
	in := value.Tree{
		str("PRODUCT_CODE", "X"),
		of("USER", str("FIRST_NAME", "A"), str("PASSWORD", "hemmelig"), value.OfLong("PIN2", 1234), str("Sim_Puk", "1")),
		of("CONTEXT", str("OPERATOR", "o"), str("PASSWORD", "p")),
		value.OfNull("PASSWORD", value.String), of("PUK", of("A", str("B", "1"))), str("SPINE", "not a pin"),
	}
	before := fmt.Sprint(in)
	want := value.Tree{
		str("PRODUCT_CODE", "X"),
		of("USER", str("FIRST_NAME", "A"), str("PASSWORD", "***"), str("PIN2", "***"), str("Sim_Puk", "***")),
		of("CONTEXT", str("OPERATOR", "o"), str("PASSWORD", "***")),
		value.OfNull("PASSWORD", value.String), of("PUK", of("A", str("B", "***"))), str("SPINE", "not a pin"),
	}
	if diff := cmp.Diff(want, contract.Mask(c.Request, in)); diff != "" {
		t.Error(diff)
	}
	if fmt.Sprint(in) != before {
		t.Error("the input was changed")
	}
	for i, holds := range []bool{false, true, true, false, true, false} {
		if got := contract.HoldsSecret(c.Request, in[i:i+1]); got != holds {
			t.Errorf("%s holds a secret: %t", in[i].Key, got)
		}
	}
}

func BenchmarkCheck(b *testing.B) {
	c := parse(b, "signup.xml")
	in := signUp(with(of("CONTEXT", str("LANGUAGE", "EN"), str("OPERATOR", "o"), str("BRAND_KEY", "DEMO"))))
	b.ReportAllocs()
	for b.Loop() {
		if _, report := contract.Check(c.Request, in, contract.Options{Request: true}); len(report.Violations) > 0 {
			b.Fatal(report)
		}
	}
}
