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

// TestShapedJSON: a key that may repeat is an array for none, one and two.
func TestShapedJSON(t *testing.T) {
	shape := &value.Shape{Lists: []string{"PHONE"}, Below: map[string]*value.Shape{
		"USERS": {Lists: []string{"USER"}, Below: map[string]*value.Shape{"USER": {Lists: []string{"ROLE"}}}},
	}}
	for want, tree := range map[string]value.Tree{
		`{"PHONE":[]}`: nil,
		`{"PHONE":["1"],"USERS":{"USER":[]}}`: {
			value.OfString("PHONE", "1"), value.Of("USERS")},
		`{"USERS":{"N":1,"USER":[{"ROLE":[]}]},"PHONE":["1","2"]}`: {
			value.Of("USERS", value.OfLong("N", 1), value.Of("USER")), value.OfString("PHONE", "1"), value.OfString("PHONE", "2")},
		`{"USERS":{"USER":[{"ROLE":["a"]},{"ROLE":["b","c"]}]},"PHONE":[]}`: {
			value.Of("USERS", value.Of("USER", value.OfString("ROLE", "a")), value.Of("USER", value.OfString("ROLE", "b"), value.OfString("ROLE", "c")))},
		`{"USERS":null,"OTHER":{"PHONE":"1"},"PHONE":[null]}`: {
			value.OfNull("USERS", value.Complex), value.Of("OTHER", value.OfString("PHONE", "1")), value.OfNull("PHONE", value.String)},
	} {
		if got := string(shape.JSON(tree)); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
