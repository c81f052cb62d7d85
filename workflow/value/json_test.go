package value_test

import (
	"encoding/json"
	"testing"

	"rator/workflow/value"
)

func TestJSON(t *testing.T) {
	tree := value.Tree{
		value.OfString("NAME", `Åse & <Øre> € "`),
		value.OfLong("ID", 9007199254740993),
		value.OfDouble("PRICE", 12.5),
		value.OfNull("NIL", value.String),
		value.OfBoolean("OK", true),
		{Key: "BAD", Type: value.Double, Text: "NaN"},
		value.Of("LIST", value.OfString("ITEM", "a"), value.OfLong("N", 1), value.OfString("ITEM", "b")),
		value.Of("EMPTY"),
	}
	want := `{"NAME":"Åse & <Øre> € \"","ID":9007199254740993,"PRICE":12.5,"NIL":null,"OK":true,"BAD":"NaN","LIST":{"ITEM":["a","b"],"N":1},"EMPTY":{}}`
	if got := string(tree.JSON()); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if !json.Valid(tree.JSON()) {
		t.Error("not JSON")
	}
}
