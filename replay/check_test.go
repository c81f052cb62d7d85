package replay_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/replay"
	"rator/replay/fixture"
)

// TestUnknownPlaceholdersAreFoundBeforePlaying, in every file of every scenario.
func TestUnknownPlaceholdersAreFoundBeforePlaying(t *testing.T) {
	const known = "; give it with --set NAME=…, under [variables] in scenario.toml, or take it from an earlier answer with ${capture:NAME}"
	nothing := func(name, near string) string {
		return "nothing is known of ${" + name + "}" + near + strings.ReplaceAll(known, "NAME", name)
	}
	found := suite(t, map[string]string{
		"scenario.toml":          "path = \"/${PTAH}\"\n[variables]\nACCOUNT = \"1\"\n",
		"a/01-a.request.xml":     "<a>\n <b>${ACCOUTN} ${ACCOUNT} $${x} ${set} ${unique} ${repetition}</b></a>",
		"a/01-a.response.xml":    "<echo>${capture:took} ${xmlunit.matchesRegex(a{2}${)}</echo>",
		"a/02-b.request.xml":     "<a>${took} ${01:echo} ${02:echo}${09:A/B}</a>",
		"a/02-b.response.xml":    "<echo a='${nobody}'/>",
		"a/02-b.http":            "POST /${who} HTTP/1.1\nX: ${what}\n\nHTTP/1.1 200\nX: ${xmlunit.ignore}\n",
		"a/03-event.do":          "# ${comment}\nevent 50 topic ${which}\n",
		"a/04-c.request.xml":     "<a>${50:token} ${later}</a>",
		"a/04-c.response.xml":    "<a/>",
		"a/scenario.toml":        "[[expect]]\nstep = \"04\"\ncontains = \"${whole}\"\n[[capture]]\nstep = \"04\"\npath = \"a\"\nname = \"later\"\n",
		"b/01-bytes.request.bin": "${plain}", "b/01-bytes.response.bin": "${plain}",
		"b/02-c.request.xml": "<a>${took}</a>", "b/02-c.response.xml": "<a/>",
	})
	asked := 0
	s := &sink{}
	p := &replay.Player{Sink: s, Variables: map[string]string{"set": "x"}, Target: remote(t, func(http.ResponseWriter, *http.Request) { asked++ })}
	summary, err := p.Play(t.Context(), found)
	want := []string{
		"/a/01-a.request.xml:2:5: " + nothing("ACCOUTN", " (did you mean ACCOUNT?)"),
		"/scenario.toml:1:10: " + nothing("PTAH", ""),
		"/a/02-b.request.xml:1:23: ${02:echo}: there is no step 02 before this one",
		"/a/02-b.request.xml:1:33: ${09:A/B}: there is no step 09 before this one",
		"/a/02-b.http:1:7: " + nothing("who", ""),
		"/a/02-b.http:2:4: " + nothing("what", ""),
		"/a/02-b.response.xml:1:10: " + nothing("nobody", ""),
		"/a/03-event.do:2:16: " + nothing("which", ""),
		"/a/04-c.request.xml:1:16: " + nothing("later", ""),
		"/a/scenario.toml:3:13: " + nothing("whole", ""),
		"/b/02-c.request.xml:1:4: " + nothing("took", ""),
	}
	dir := strings.TrimSuffix(found[0].Dir, "/a")
	if d := cmp.Diff(want, strings.Split(strings.ReplaceAll(err.Error(), dir, ""), "\n")); d != "" {
		t.Error(d)
	}
	var mistake *fixture.Error
	if summary != nil || !errors.As(err, &mistake) || asked > 0 || s.summary != nil {
		t.Errorf("%v, %d requests", summary, asked)
	}
	if _, err := p.Relearn(t.Context(), found); !errors.As(err, &mistake) || asked > 0 {
		t.Errorf("relearn: %v, %d requests", err, asked)
	}
}
