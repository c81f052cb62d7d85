package scratch_test

import (
	"testing"

	"rator/server/scratch"
)

func TestWithSetting(t *testing.T) {
	const text = "[[brand]]\nkey = \"A\"\n\n[[brand.tax]]\nkey = \"B\"\n\n[[brand]]\nkey = \"B\"\nback_dated_days = 3\n\n[[brand.tax]]\ncode = \"T\"\n"
	for _, c := range []struct{ key, setting, value, want string }{
		{"B", "back_dated_days", "10", "[[brand]]\nkey = \"A\"\n\n[[brand.tax]]\nkey = \"B\"\n\n[[brand]]\nkey = \"B\"\nback_dated_days = 10\n\n[[brand.tax]]\ncode = \"T\"\n"},
		{"A", "country", `"DK"`, "[[brand]]\nkey = \"A\"\ncountry = \"DK\"\n\n[[brand.tax]]\nkey = \"B\"\n\n[[brand]]\nkey = \"B\"\nback_dated_days = 3\n\n[[brand.tax]]\ncode = \"T\"\n"},
	} {
		got, err := scratch.WithSetting(text, c.key, c.setting, c.value)
		if err != nil || got != c.want {
			t.Errorf("%s of %s: %v\n%s", c.setting, c.key, err, got)
		}
	}
	if _, err := scratch.WithSetting(text, "C", "country", "1"); err == nil {
		t.Error("a brand that is not there got a setting")
	}
}
