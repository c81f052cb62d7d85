package contract_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rator/workflow/contract"
	"rator/workflow/value"
)

func TestProject(t *testing.T) {
	rules := []*contract.Value{
		{Key: "A", Type: value.String},
		{Key: "LIST", Type: value.Complex, Values: []*contract.Value{
			{Key: "ID", Type: value.String}, {Key: "ITEM", Type: value.String, List: true}}},
		{Key: "OPEN", Type: value.Complex},
	}
	got := contract.Project(rules, value.Tree{
		value.Of("OPEN", value.OfString("ANY", "x")),
		value.OfString("UNDECLARED", "x"),
		value.Of("LIST", value.OfString("ITEM", "1"), value.OfString("ID", "7"), value.OfString("X", "x"), value.OfString("ITEM", "2")),
		value.OfString("A", "a"),
	})
	want := value.Tree{
		value.OfString("A", "a"),
		value.Of("LIST", value.OfString("ID", "7"), value.OfString("ITEM", "1"), value.OfString("ITEM", "2")),
		value.Of("OPEN", value.OfString("ANY", "x")),
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// What is listed as the contract has it stays, whatever lies below it is brought into
// order, and what was given stays as it was.
func TestProjectOfWhatIsInOrder(t *testing.T) {
	rules := []*contract.Value{
		{Key: "A", Type: value.String, List: true},
		{Key: "B", Type: value.Complex, List: true, Values: []*contract.Value{{Key: "C", Type: value.String}, {Key: "D", Type: value.String}}},
		{Key: "E", Type: value.String},
	}
	text := value.OfString
	for _, c := range []struct{ in, want value.Tree }{
		{nil, nil},
		{value.Tree{text("A", "1"), text("A", "2"), value.Of("B", text("C", "3"), text("D", "4")), text("E", "5")},
			value.Tree{text("A", "1"), text("A", "2"), value.Of("B", text("C", "3"), text("D", "4")), text("E", "5")}},
		{value.Tree{text("A", "1"), value.Of("B", text("D", "4"), text("C", "3")), value.Of("B", text("X", "5")), value.Of("B", text("D", "6"))},
			value.Tree{text("A", "1"), value.Of("B", text("C", "3"), text("D", "4")), value.Of("B"), value.Of("B", text("D", "6"))}},
		{value.Tree{text("A", "1"), text("E", "5"), text("A", "2")}, value.Tree{text("A", "1"), text("A", "2"), text("E", "5")}},
		{value.Tree{text("E", "5"), value.Of("B", text("C", "3"))}, value.Tree{value.Of("B", text("C", "3")), text("E", "5")}},
		{value.Tree{text("A", "1"), text("Z", "0"), text("E", "5")}, value.Tree{text("A", "1"), text("E", "5")}},
	} {
		before := fmt.Sprint(c.in)
		if d := cmp.Diff(c.want, contract.Project(rules, c.in), cmpopts.EquateEmpty()); d != "" {
			t.Errorf("%v: %s", c.in, d)
		}
		if after := fmt.Sprint(c.in); after != before {
			t.Errorf("%s was made %s", before, after)
		}
	}
}

func TestShapeOf(t *testing.T) {
	got := contract.ShapeOf([]*contract.Value{
		{Key: "A", Type: value.String},
		{Key: "B", Type: value.Complex, List: true, Values: []*contract.Value{{Key: "C", Type: value.String, List: true}}},
		{Key: "D", Type: value.Complex, Values: []*contract.Value{{Key: "E", Type: value.String}}},
	})
	want := &value.Shape{Lists: []string{"B"}, Below: map[string]*value.Shape{"B": {Lists: []string{"C"}}}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if got := contract.ShapeOf([]*contract.Value{{Key: "A"}}); got != nil {
		t.Errorf("%+v", got)
	}
}
