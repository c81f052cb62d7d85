package failure_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"rator/failure"
)

// TestErrorsPage: docs/errors.md has each code of the endpoint's own by its number, and
// no other below 100.
func TestErrorsPage(t *testing.T) {
	page, err := os.ReadFile("../docs/errors.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := regexp.MustCompile(`(?m)^\| (\d+) \| (\w+) \|`).FindAllString(string(page), -1)
	var want []string
	for _, c := range failure.Codes() {
		if c.Number < 100 {
			want = append(want, fmt.Sprintf("| %d | %s |", c.Number, c.Name))
		}
	}
	if got := strings.Join(rows, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("docs/errors.md has\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
}
