package contract_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/workflow/contract"
	"rator/workflow/value"
)

func TestUnknown(t *testing.T) {
	rules := []*contract.Value{
		{Key: "OPEN", Type: value.Complex},
		{Key: "USERS", Type: value.Complex, Values: []*contract.Value{
			{Key: "USER", Type: value.Complex, List: true, Values: []*contract.Value{{Key: "PHONE1"}, {Key: "EMAIL"}}}}},
	}
	user := func(keys ...string) value.Entry {
		var items value.Tree
		for _, key := range keys {
			items = append(items, value.OfString(key, "x"))
		}
		return value.Of("USER", items...)
	}
	got := contract.Unknown(rules, value.Tree{
		value.Of("OPEN", value.OfString("ANY", "x")),
		value.Of("USERS", user("PHONE1", "PHONE_1"), user("EMAIL", "PHONE_1", "SOMETHING")),
		value.Of("CONTEXT", value.OfString("OPERATOR", "x"), value.OfString("BRANDKEY", "x")),
		value.OfString("USERZ", "x"),
	})
	want := []string{
		"USERS/USER/PHONE_1 (did you mean PHONE1?)", "USERS/USER/SOMETHING (known: EMAIL, PHONE1)",
		"CONTEXT/BRANDKEY (did you mean BRAND_KEY?)", "USERZ (did you mean USERS?)",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
