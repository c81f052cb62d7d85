package replay_test

import (
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/replay"
)

// TestRepetitionsReadOnce: what is played again is not read again, except where an
// answer may have been written over the expected one. Here the files change after
// the first exchange.
func TestRepetitionsReadOnce(t *testing.T) {
	for name, c := range map[string]struct {
		answered func(*replay.Answer) error
		want     []string
	}{
		"replayed": {nil, []string{"<first n='1'/>", "<first n='2'/>", "<first n='3'/>"}},
		"updated":  {func(*replay.Answer) error { return nil }, []string{"<first n='1'/>", "<second/>", "<second/>"}},
	} {
		t.Run(name, func(t *testing.T) {
			found := suite(t, map[string]string{"s/01-a.request.xml": "<first n='${repetition}'/>", "s/01-a.response.xml": "<b/>"})
			var sent []string
			target := remote(t, func(w http.ResponseWriter, r *http.Request) {
				body, err := io.ReadAll(r.Body)
				if err == nil {
					err = os.WriteFile(found[0].File("01-a.request.xml"), []byte("<second/>"), 0o644)
				}
				if err != nil {
					t.Error(err)
				}
				sent = append(sent, string(body))
				io.WriteString(w, "<b/>")
			})
			s := play(t, &replay.Player{Target: target, Repeat: 3, Answered: c.answered}, found)
			if d := cmp.Diff(c.want, sent); d != "" {
				t.Error(d)
			}
			for _, line := range lines(s) {
				if !strings.Contains(line, " equal") {
					t.Error(line)
				}
			}
		})
	}
}
