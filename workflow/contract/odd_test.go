package contract_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/workflow/contract"
	"rator/workflow/value"
)

// odd is a value whose sender named a type that nobody knows.
func odd(e value.Entry) value.Entry {
	e.Odd = true
	return e
}

func TestCheckTakesTheContractsTypeForAnOddOne(t *testing.T) {
	inner := []*contract.Value{{Key: "L", Type: value.Long}}
	vs := []*contract.Value{
		{Key: "S", Type: value.String}, {Key: "L", Type: value.Long}, {Key: "F", Type: value.Double}, {Key: "B", Type: value.Boolean},
		{Key: "D", Type: value.Date}, {Key: "C", Type: value.Complex, Values: inner}, {Key: "OPEN", Type: value.Complex},
		{Key: "LIST", Type: value.Complex, List: true, Values: inner},
	}
	for _, c := range []struct {
		in, want value.Entry
		unread   []string
	}{
		{odd(bare("S", "5550100")), str("S", "5550100"), nil},
		{odd(bare("S", "")), str("S", ""), nil},
		{odd(bare("L", " 5.0 ")), value.OfLong("L", 5), nil},
		{odd(bare("L", "five")), value.OfNull("L", value.Long), []string{"L"}},
		{odd(bare("F", "12.50")), typed("F", value.Double, "12.50"), nil},
		{odd(bare("B", "1")), value.OfBoolean("B", true), nil},
		{odd(bare("D", "[object Object]")), value.OfNull("D", value.Date), []string{"D"}},
		{odd(of("C", odd(bare("L", "5")))), of("C", value.OfLong("L", 5)), nil},
		{odd(of("C", odd(bare("L", "x")))), of("C", value.OfNull("L", value.Long)), []string{"C/L"}},
		{odd(bare("C", "text")), value.OfNull("C", value.Complex), []string{"C"}},
		{odd(bare("C", "")), value.OfNull("C", value.Complex), nil},
		{odd(of("S", str("A", "x"))), value.OfNull("S", value.String), []string{"S"}},
		{odd(value.OfNull("S", value.Bare)), value.OfNull("S", value.String), []string{"S"}},
		{odd(value.OfNull("L", value.Long)), value.OfNull("L", value.Long), []string{"L"}},
		{of("LIST", odd(bare("L", "x"))), of("LIST", value.OfNull("L", value.Long)), []string{"LIST[1]/L"}},
		{of("OPEN", odd(bare("A", "1")), odd(of("B", odd(bare("C", "2")), odd(bare("C", "3"))))),
			of("OPEN", str("A", "1"), of("B", str("C", "2"), str("C", "3"))), nil},
		{of("OPEN", value.OfLong("A", 1), of("B", odd(value.OfNull("C", value.Bare)), odd(value.OfNull("C", value.Date)))),
			of("OPEN", value.OfLong("A", 1), of("B", value.OfNull("C", value.String), value.OfNull("C", value.Date))), []string{"OPEN/B/C", "OPEN/B/C[2]"}},
		{odd(bare("MORE", "1")), str("MORE", "1"), nil},
		{odd(value.OfNull(strings.Repeat("å", 61), value.Bare)), value.OfNull(strings.Repeat("å", 61), value.String), []string{strings.Repeat("å", 60) + "…"}},
	} {
		out, report := contract.Check(vs, value.Tree{c.in}, contract.Options{Request: true})
		if diff := cmp.Diff(value.Tree{c.want}, out); diff != "" || !cmp.Equal(c.unread, report.Unread) || report.Warnings != len(c.unread) || len(report.Violations) > 0 {
			t.Errorf("%+v: %s%+v", c.in, diff, report)
		}
	}
}

func TestCheckTellsAMandatoryOddOne(t *testing.T) {
	vs := []*contract.Value{{Key: "C", Type: value.Complex, Mandatory: true, Values: []*contract.Value{{Key: "S", Type: value.String, Mandatory: true}}}}
	for rule, in := range map[string]value.Entry{
		"C holds no value that reads as complex":  odd(bare("C", "text")),
		"C/S holds no value that reads as string": of("C", odd(value.OfNull("S", value.String))),
	} {
		_, report := contract.Check(vs, value.Tree{in}, contract.Options{})
		if len(report.Violations) != 1 || report.Violations[0].String() != rule {
			t.Errorf("%v, want only %s", report.Violations, rule)
		}
	}
}

func TestCheckStopsListingWhatIsUnreadAt50(t *testing.T) {
	var in value.Tree
	for range 60 {
		in = append(in, odd(value.OfNull("K", value.Bare)))
	}
	_, report := contract.Check(nil, in, contract.Options{})
	if report.Warnings != 60 || len(report.Unread) != 50 {
		t.Errorf("%d, %d listed", report.Warnings, len(report.Unread))
	}
}

// TestCheckNumbers: what is no finite number of its type is null, declared or not,
// and breaks a rule in an answer.
func TestCheckNumbers(t *testing.T) {
	vs := []*contract.Value{{Key: "F", Type: value.Double}, {Key: "OPEN", Type: value.Complex}}
	long := "1" + strings.Repeat("0", 200)
	for _, c := range []struct {
		of         value.Type
		text, want string // want "" is null
	}{
		{value.Double, "1e308", "1e308"}, {value.Double, "1e309", ""}, {value.Double, "INF", ""}, {value.Double, "-INF", ""},
		{value.Double, "+INF", ""}, {value.Double, "NaN", ""}, {value.Double, "Infinity", ""}, {value.Double, "1e-401", ""},
		{value.Double, long, "1.0E200"}, {value.Double, "12.50", "12.50"},
		{value.Float, "3.4e38", "3.4e38"}, {value.Float, "INF", ""}, {value.Float, "x", ""},
	} {
		for key, tree := range map[string]value.Tree{
			"F":      {typed("F", c.of, c.text)},
			"OPEN/X": {value.Of("OPEN", typed("X", c.of, c.text))},
			"MORE":   {typed("MORE", c.of, c.text)},
		} {
			for _, answer := range []bool{false, true} {
				out, report := contract.Check(vs, tree, contract.Options{Answer: answer})
				got := out.Path(key)
				if key != "F" && got.Type != c.of {
					t.Errorf("%s %s became %s", key, c.of, got.Type)
				}
				if got.Text != c.want || got.Null != (c.want == "") || (report.Warnings > 0) != got.Null || (len(report.Violations) > 0) != (answer && got.Null) {
					t.Errorf("%s %s %s (answer %t): %+v, %+v", key, c.of, c.text, answer, got, report)
				}
			}
		}
	}
	_, report := contract.Check(vs, value.Tree{typed("X", value.Float, "3.5e38")}, contract.Options{})
	if report.Warnings != 1 {
		t.Errorf("a float beyond its range: %+v", report)
	}
	if out, _ := contract.Check(vs, value.Tree{typed("F", value.Float, "3.5e38")}, contract.Options{}); out.Text("F") != "3.5e38" {
		t.Errorf("a float where the contract wants a double: %+v", out)
	}
}
