package replay_test

import (
	"net/http"
	"strings"
	"testing"

	"rator/replay"
)

// TestChosenIDStands: an id that the recording had before any answer stands for itself:
// an answer about another object is not equal, and that one is not asked for next.
func TestChosenIDStands(t *testing.T) {
	const find, charge = "<find><id>" + preexisting + "</id></find>", "<charge><id>" + preexisting + "</id></charge>"
	files := map[string]string{
		"s/01-find.request.xml": find, "s/01-find.response.xml": "<found><id>" + preexisting + "</id></found>",
		"s/02-charge.request.xml": charge, "s/02-charge.response.xml": "<done/>",
	}
	var sent []string
	answers := func(w http.ResponseWriter, r *http.Request) {
		body := make([]byte, r.ContentLength)
		_, _ = r.Body.Read(body)
		sent = append(sent, string(body))
		if strings.Contains(string(body), "find") {
			_, _ = w.Write([]byte("<found><id>" + liveID + "</id></found>"))
			return
		}
		_, _ = w.Write([]byte("<done/>"))
	}
	s := play(t, &replay.Player{Target: remote(t, answers)}, suite(t, files))
	if told := lines(s); !strings.HasPrefix(told[0], "s/01-find find different [found/id ") {
		t.Error(told)
	}
	if len(sent) != 2 || sent[1] != charge {
		t.Errorf("sent %q", sent)
	}
}
