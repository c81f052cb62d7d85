package contract_test

import (
	"regexp"
	"strings"
	"testing"

	"rator/workflow/contract"
	"rator/workflow/value"
)

// TestWhatIsNoID says what it looks like, never what it is.
func TestWhatIsNoID(t *testing.T) {
	const (
		id   = "A is no id of 18 digits"
		name = "A is neither an id of 18 digits nor a key of the catalogue"
	)
	id18, either := `[0-9]{18}`, `[0-9]{18}|[A-Za-z][A-Za-z0-9_]{0,59}`
	for _, c := range []struct{ pattern, given, says string }{
		{id18, "202601020304050001", ""},
		{either, "202601020304050001", ""},
		{either, "BWW_PAYG_Data", ""},
		{id18, "PLAN_A", id + ": it looks like a key of the catalogue"},
		{id18, "aase@example.com", id + ": it looks like a name"},
		{id18, "Åse", id + ": it looks like a name"},
		{id18, "+1 (303) 555-0000", id + ": it looks like a phone number"},
		{id18, "13035550000", id + ": it looks like a phone number"},
		{id18, "100001-1", id + ": it looks like the name of a billing group"},
		{id18, "100001", id + ": it looks like a customer number"},
		{id18, " 202601020304050001", id + ": it looks like an id with other characters around it"},
		{id18, "2026010203040500012", id},
		{either, "100001", name + ": it looks like a customer number"},
		{either, "PLAN A", name + ": it looks like a name"},
		{either, "PLAN_A;", name},
		{`[0-9]{4}`, "PLAN_A", "A does not match [0-9]{4}"},
	} {
		_, report := contract.Check([]*contract.Value{{Key: "A", Type: value.String, Pattern: regexp.MustCompile(`\A(?:` + c.pattern + `)\z`)}}, value.Tree{value.OfString("A", c.given)}, contract.Options{})
		var says []string
		for _, v := range report.Violations {
			says = append(says, v.String())
		}
		if got := strings.Join(says, "; "); got != c.says {
			t.Errorf("%s of %q: %q, want %q", c.pattern, c.given, got, c.says)
		}
	}
}
