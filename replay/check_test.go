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
		"/a/03-event.do:2: \"event 50 topic ${which}\" happens only in a server in this process; leave out --endpoint",
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

// TestMistakesAreFoundBeforePlaying, of all scenarios: what is wrong in the last sends
// nothing of the first.
func TestMistakesAreFoundBeforePlaying(t *testing.T) {
	const other = "; what is to be sent or compared as bytes has another ending than .xml"
	const known = "there are ${xmlunit.ignore}, ${xmlunit.isNumber}, ${xmlunit.isDateTime} and ${xmlunit.matchesRegex(…)}"
	found := suite(t, map[string]string{
		"a/01-a.request.xml": "<a/>", "a/01-a.response.xml": "<echo><a/></echo>",
		"b/00-wait.do":       "# first\n\nclock now\n",
		"b/01-a.request.xml": "<a>\n</b>",
		"b/02-b.request.xml": "<a/>", "b/02-b.response.xml": "<a>\n<b></a>",
		"b/03-c.request.xml": "<a/>", "b/03-c.response.xml": "<a>\n<b x='${xmlunit.foo}'/>${xmlunit.isBlue}</a>",
		"b/04-d.request.xml": "<a/>", "b/04-d.response.xml": "<a>${xmlunit.matchesRegex([)}</a>",
		"b/05-e.request.xml": "<a/>", "b/05-e.response.xml": "<a/>", "b/05-e.http": "no request line\n",
		"b/06-f.request.xml": "<a/>", "b/06-f.response.xml": "",
		"b/07-g.request.xml": "${whole}",
		"b/08-h.request.xml": "<a/>", "b/08-h.response.xml": "<a/>", "b/08-h.http": "POST /%zz HTTP/1.1\n",
		"b/scenario.toml": "ignore = [\"a[x\"]\n[variables]\nwhole = \"<a/>\"\n[[expect]]\nxpath = \"//a[\"\n[[capture]]\nname = \"a\"\nxpath = \"b(\"\n",
	})
	asked := 0
	p := &replay.Player{Sink: &sink{}, Target: remote(t, func(http.ResponseWriter, *http.Request) { asked++ })}
	summary, err := p.Play(t.Context(), found)
	if err == nil || summary != nil || asked > 0 {
		t.Fatalf("%v, %v, %d requests", err, summary, asked)
	}
	want := []string{
		"/scenario.toml:1:12: ignore: path \"a[x\"",
		"/scenario.toml:5:10: expect: ",
		"/scenario.toml:8:10: capture: ",
		"/00-wait.do:3: \"clock now\" happens only in a server in this process; leave out --endpoint",
		"/01-a.request.xml:2:1: <a> is closed by </b>" + other,
		"/02-b.response.xml:2:4: <b> is closed by </a>" + other,
		"/03-c.response.xml:2:1: there is no placeholder ${xmlunit.foo}; " + known,
		"/03-c.response.xml:2:24: there is no placeholder ${xmlunit.isBlue}; " + known,
		"/04-d.response.xml:1:4: ${xmlunit.matchesRegex([)}: error parsing regexp",
		"/05-e.http:1: \"no request line\" is no request line",
		"/08-h.http: the path /%zz cannot be read",
	}
	got := strings.Split(strings.ReplaceAll(err.Error(), found[1].Dir, ""), "\n")
	for i := range got {
		if len(got) != len(want) || !strings.HasPrefix(got[i], want[i]) {
			t.Fatalf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}
