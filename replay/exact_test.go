package replay_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/replay"
)

// TestExactWithALivePlaceholder: where answers are compared byte for byte, what ${…}
// takes from a live answer stands where the recorded id stood.
func TestExactWithALivePlaceholder(t *testing.T) {
	target := remote(t, func(w http.ResponseWriter, r *http.Request) {
		if body, _ := io.ReadAll(r.Body); strings.Contains(string(body), "again") {
			fmt.Fprint(w, "<a><id>202601020304050002</id><also>202601020304050002</also></a>")
			return
		}
		fmt.Fprint(w, "<a><id>202601020304050002</id></a>")
	})
	played := play(t, &replay.Player{Target: target}, suite(t, map[string]string{
		"s/scenario.toml":         `compare = "exact"`,
		"s/01-make.request.xml":   "<make/>",
		"s/01-make.response.xml":  "<a><id>202601020304050001</id></a>",
		"s/02-again.request.xml":  "<again/>",
		"s/02-again.response.xml": "<a><id>${01:a/id}</id><also>202601020304050001</also></a>",
	}))
	if diff := cmp.Diff([]string{"s/01-make make equal", "s/02-again again equal"}, lines(played)); diff != "" {
		t.Error(diff)
	}
}
