package contract_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

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
