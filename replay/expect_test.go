package replay_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/replay"
	"rator/replay/fixture"
)

// TestExpectations: an [[expect]] judges an answer, alone and beside a response.
func TestExpectations(t *testing.T) {
	const answer = `<o:made xmlns:o="urn:o"><o:id>T-7</o:id><o:state>open</o:state></o:made>`
	target := remote(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, answer) })
	const id = "xpath = \"declare namespace o='urn:o'; //o:id\"\n"
	for name, c := range map[string]struct{ expect, want string }{
		"value":                {id + `value = "T-7"`, ""},
		"variable":             {id + `value = "T-${number}"`, ""},
		"another value":        {id + `value = "T-8"`, `[//o:id value "T-8" "T-7"]`},
		"not":                  {id + "value = \"T-7\"\nnot = true", `[//o:id value "not T-7" "T-7"]`},
		"there":                {id, ""},
		"not there":            {`xpath = "//id"`, `[//id missing "a value" ""]`},
		"none":                 {"xpath = \"//id\"\nnot = true", ""},
		"matches":              {id + `matches = "^T-[0-9]$"`, ""},
		"matches not":          {id + `matches = "^[0-9]$"`, `[//o:id value "matches ^[0-9]$" "T-7"]`},
		"contains":             {`contains = ">T-${number}<"`, ""},
		"contains not":         {`contains = "T-8"`, `[answer value "contains T-8" "72 bytes"]`},
		"no fault":             {`fault = false`, ""},
		"fault":                {`fault = true`, `[fault value "true" "false"]`},
		"status":               {`status = [201, 200]`, ""},
		"another status":       {`status = [201, 202]`, `[status status "201 202" "200"]`},
		"not that status":      {"status = [200]\nnot = true", `[status status "not 200" "200"]`},
		"of every step":        {"step = \"\"\ncontains = \"zz\"", `[answer value "contains zz" "72 bytes"]`},
		"beside what is alike": {`contains = "<"`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			expect := c.expect
			if !strings.Contains(expect, "step") {
				expect = "step = \"01\"\n" + expect
			}
			s := play(t, &replay.Player{Target: target}, suite(t, map[string]string{
				"a/01-make.request.xml": "<make/>", "a/01-make.response.xml": answer, "a/scenario.toml": "[[expect]]\n" + expect + "\n[variables]\nnumber = \"7\"\n",
				"b/01-make.request.xml": "<make/>", "b/scenario.toml": "[[expect]]\nstep = \"01\"\ncontains = \"T\"\n[[expect]]\n" + expect + "\n[variables]\nnumber = \"7\"\n",
			}))
			want := []string{"a/01-make make equal", "b/01-make make equal"}
			if c.want != "" {
				want = []string{"a/01-make make different " + c.want, "b/01-make make different " + c.want}
			}
			if d := cmp.Diff(want, lines(s)); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestExpectInsteadOfAResponse: the fixture is whole without one, and --update
// writes what came.
func TestExpectInsteadOfAResponse(t *testing.T) {
	target := remote(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "<a>1</a>") })
	found := suite(t, map[string]string{"a/01-a.request.xml": "<a/>", "a/scenario.toml": "[[expect]]\nstep = \"01\"\nfault = false\n"})
	again := func() []*fixture.Scenario {
		t.Helper()
		s, err := fixture.Find(fixture.Options{}, found[0].Dir)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	if s := play(t, &replay.Player{Target: target}, again()); s.results[0].Outcome() != replay.Equal {
		t.Errorf("%v", lines(s))
	}
	update := &replay.Player{Target: target, Answered: func(a *replay.Answer) error { return a.Update(nil) }}
	play(t, update, again())
	s := again()
	if x, err := s[0].Load(&s[0].Steps[0]); err != nil || string(x.Response.Body) != "<a>1</a>" {
		t.Errorf("%v %v", x, err)
	}
}

func TestCaptureByXPath(t *testing.T) {
	c := &counter{}
	s := play(t, &replay.Player{Target: remote(t, c.serve)}, suite(t, map[string]string{
		"a/01-make.request.xml": "<make/>", "a/02-use.request.xml": "<use>${token}</use>",
		"a/scenario.toml":       "[[capture]]\nstep = \"01\"\nxpath = \"//token\"\nname = \"token\"\n[[expect]]\nstep = \"01\"\nfault = false\n[[expect]]\nstep = \"02\"\ncontains = \"t-00100\"\n",
		"b/01-make.request.xml": "<make/>", "b/scenario.toml": "[[capture]]\nstep = \"01\"\nxpath = \"//none\"\nname = \"token\"\n[[expect]]\nstep = \"01\"\nfault = false\n",
	}))
	want := []string{"a/01-make make equal", "a/02-use use equal",
		"b/01-make make failed /01-make.request.xml: cannot capture token: there is nothing at //none",
		"b: /01-make.request.xml: cannot capture token: there is nothing at //none"}
	got := lines(s)
	for i := range got {
		got[i] = strings.ReplaceAll(got[i], s.results[len(s.results)-1].Scenario.Dir, "")
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestExpectMistakes(t *testing.T) {
	for expect, want := range map[string]string{
		"value = \"1\"":                   "needs the xpath",
		"step = \"01\"":                   "says nothing",
		"fault = true\ncontains = \"a\"":  "says one thing",
		"fault = true\nxpath = \"//a\"":   "has no xpath",
		"matches = \"(\"":                 "missing closing",
		"xpath = \"//a\"\nvalues = \"1\"": "there is no setting values",
	} {
		dir := suite(t, map[string]string{"01-a.request.xml": "<a/>"})[0].Dir
		err := fixture.WriteFile(dir+"/scenario.toml", []byte("[[expect]]\n"+expect+"\n"))
		if err == nil {
			_, err = fixture.Find(fixture.Options{}, dir)
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v; want %s", expect, err, want)
		}
	}
}
