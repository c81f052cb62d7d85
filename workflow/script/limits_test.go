package script_test

import (
	"os"
	"strings"
	"testing"
)

// TestLimitsAreDocumented: docs/integrate.md says what a call may take, as the errors do, and
// a loop of as many turns as it says runs.
func TestLimitsAreDocumented(t *testing.T) {
	page, err := os.ReadFile("../../docs/integrate.md")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(strings.ReplaceAll(string(page), ",", "")), " ")
	for _, limit := range []string{tooManySteps, tooManyCalls, strings.TrimSuffix(tooMuchMemory, " of memory"), "more than 1000 turns of a small loop"} {
		if limit = strings.TrimPrefix(limit, "more than "); !strings.Contains(text, limit) {
			t.Errorf("docs/integrate.md does not say %s", limit)
		}
	}
	const loop = "total = 0\nfor i in range(1000):\n    if i % 2 == 0:\n        total += i\nreturn {\"TEXT\": str(total)}"
	if out, err := answer(t, newWorld(), loop); err != nil || out.Text("TEXT") != "249500" {
		t.Errorf("%s, %v", flat(out), err)
	}
}
