package workflow_test

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"rator/workflow"
	"rator/workflow/contract"
	"rator/workflow/hookpoints"
)

var shipped = workflow.Layer{Name: "shipped", FS: hookpoints.Folders}

// TestLoadFindsEveryMistake loads wrong folders: every mistake is told at once,
// with its place, and there is no set.
func TestLoadFindsEveryMistake(t *testing.T) {
	returns := "def run(p):\n    return {}\n"
	for _, c := range []struct {
		name  string
		files fstest.MapFS
		want  []string // how the mistakes begin, in order
	}{
		{"no contract", fstest.MapFS{"A/workflow.star": {Data: []byte(returns)}},
			[]string{"site/A/contract.xml: cannot be read; a hookpoint folder holds contract.xml and workflow.star"}},
		{"no script", func() fstest.MapFS {
			files := folders(map[string]folder{"A": {script: returns}})
			delete(files, "A/workflow.star")
			return files
		}(), []string{"site/A/workflow.star: cannot be read"}},
		{"folder named otherwise", func() fstest.MapFS {
			files := folders(map[string]folder{"A": {script: returns}})
			return fstest.MapFS{"B/contract.xml": files["A/contract.xml"], "B/workflow.star": files["A/workflow.star"]}
		}(), []string{`site/B/contract.xml: hookpointKey is "A" in a folder named B; they must agree`}},
		{"contract and scripts of several folders", folders(map[string]folder{
			"A": {script: "def run(p):\n    return call.creat_user()\n"},
			"B": {request: `<value key="N" type="x"/>`, script: "def run(p):\n    return {\"X\": p.Y}\n"},
			"C": {script: "def run(p):\n    api.D()\n    fail(\"NO_SUCH\")\n"},
		}), []string{
			"site/A/workflow.star:2:17: no component creat_user (did you mean create_user?)",
			`site/B/contract.xml:1:93: type="x" of key N is not one of`,
			"site/B/workflow.star:2:13: output X is not declared",
			"site/B/workflow.star:2:20: p has no Y (did you mean N?)",
			"site/C/workflow.star:2:9: no hookpoint D",
			"site/C/workflow.star:3:10: error NO_SUCH is not declared in the contract's errors",
		}},
		{"unknown code", folders(map[string]folder{"A": {errors: `<error name="UNKNOWN_USR"/>`, script: returns}}),
			[]string{"site/A/contract.xml:1:"}},
		{"number of a shipped code", folders(map[string]folder{"A": {errors: `<error name="UNKNOWN_USER" number="10001"><text lang="EN">x</text></error>`, script: returns}}),
			[]string{"site/A/contract.xml:1:"}},
		{"number below the site's", folders(map[string]folder{"A": {errors: `<error name="OWN" number="9999"><text lang="EN">x</text></error>`, script: returns}}),
			[]string{"site/A/contract.xml:1:"}},
		{"one number twice", folders(map[string]folder{
			"A": {errors: `<error name="OWN" number="10001"><text lang="EN">x</text></error>`, script: returns},
			"B": {errors: `<error name="OTHER" number="10001"><text lang="EN">x</text></error>`, script: returns},
		}), []string{"site/B/contract.xml:1:"}},
		{"one name with two numbers", folders(map[string]folder{
			"A": {errors: `<error name="OWN" number="10001"><text lang="EN">x</text></error>`, script: returns},
			"B": {errors: `<error name="OWN" number="10002"><text lang="EN">x</text></error>`, script: returns},
		}), []string{"site/B/contract.xml:1:"}},
		{"no English", folders(map[string]folder{"A": {errors: `<error name="OWN" number="10001"><text lang="DK">x</text></error>`, script: returns}}),
			[]string{"site/A/contract.xml:1:"}},
		{"a circle", folders(map[string]folder{
			"A": {script: "def run(p):\n    api.B()\n"},
			"B": {script: "def run(p):\n    api.A()\n"},
		}), []string{"site/A/workflow.star:2:"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			set, mistakes := workflow.Load(shipped, workflow.Layer{Name: "site", FS: c.files})
			if set != nil {
				t.Error("there is a set all the same")
			}
			var got []string
			for _, m := range mistakes {
				got = append(got, m.String())
			}
			if len(got) != len(c.want) {
				t.Fatalf("%d mistakes, want %d:\n%s", len(got), len(c.want), strings.Join(got, "\n"))
			}
			for i := range got {
				if !strings.HasPrefix(got[i], c.want[i]) {
					t.Errorf("mistake %d is %s\nand should begin with %s", i, got[i], c.want[i])
				}
			}
		})
	}
}

// TestSitesUseTypes: a site's contracts may use the shipped types and those of its own
// types.xml, which lie over the shipped ones for its own contracts only.
func TestSitesUseTypes(t *testing.T) {
	keys := func(set *workflow.Set, hookpoint string) string {
		return strings.Join(contract.Keys(set.Find(hookpoint).Contract.Request[0].Values), " ")
	}
	echo := func(hookpoint, use string) fstest.MapFS {
		return folders(map[string]folder{hookpoint: {request: `<value key="N" type="c" use="` + use + `"/>`, script: "def run(p):\n    return {}\n"}})
	}
	own := func(files fstest.MapFS, types string) fstest.MapFS {
		files["types.xml"] = &fstest.MapFile{Data: []byte(types)}
		return files
	}
	const names = `<types><type name="NAME"><value key="NICK" type="s"/></type></types>`
	set, mistakes := workflow.Load(shipped, workflow.Layer{Name: "site1", FS: echo("A", "NAME")},
		workflow.Layer{Name: "site2", FS: own(echo("B", "NAME"), names)}, workflow.Layer{Name: "site3", FS: echo("C", "NAME")})
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	for hookpoint, want := range map[string]string{"A": "FIRST_NAME LAST_NAME COMPANY", "B": "NICK", "C": "NICK"} {
		if got := keys(set, hookpoint); got != want {
			t.Errorf("%s has %s, want %s", hookpoint, got, want)
		}
	}
	for _, c := range []struct {
		name  string
		files fstest.MapFS
		want  string
	}{
		{"unknown", echo("A", "NAEM"), "site/A/contract.xml:1:93: no type NAEM (did you mean NAME?)"},
		{"wrong", own(echo("A", "NAME"), "<types>\n<type name=\"A\"/></types>"), "site/types.xml:2:1: type A has no values"},
		{"no types", own(echo("A", "NAME"), "<soapcall/>"), "site/types.xml:1:1: the root element is soapcall, it must be types"},
		{"a folder", fstest.MapFS{"types.xml/contract.xml": {}}, "site/types.xml: cannot be read: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			set, mistakes := workflow.Load(shipped, workflow.Layer{Name: "site", FS: c.files})
			if set != nil || len(mistakes) == 0 || !strings.HasPrefix(mistakes[0].String(), c.want) {
				t.Errorf("%v\nwant %s", mistakes, c.want)
			}
		})
	}
}

// TestOptionalHookpointsAreNotThere: a contract without a script that says optional is
// known, and no hookpoint: a site may bind one to it, or have a public one by its name.
func TestOptionalHookpointsAreNotThere(t *testing.T) {
	public := folders(map[string]folder{"SIGNUP": {script: "def run(p):\n    return {}\n"}})
	public["OWN_HOOK/contract.xml"] = &fstest.MapFile{Data: []byte(`<soapcall internal="true" optional="true"><request><hookpointKey>OWN_HOOK</hookpointKey><values/></request></soapcall>`)}
	set, mistakes := workflow.Load(shipped, workflow.Layer{Name: "site", FS: public})
	for _, m := range mistakes {
		t.Error(m)
	}
	if set == nil {
		t.FailNow()
	}
	if h := set.Find("SIGNUP"); h == nil || h.Contract.Internal {
		t.Errorf("the site's SIGNUP is %v", h)
	}
	optional := map[string]bool{}
	for _, c := range set.Optional() {
		optional[c.Hookpoint] = true
		if set.Find(c.Hookpoint) != nil || slices.Contains(set.Contracts(), c) {
			t.Errorf("%s is there", c.Hookpoint)
		}
	}
	if !optional["SUB_REACTIVATE"] || !optional["OWN_HOOK"] || optional["SIGNUP"] {
		t.Errorf("optional are %v", optional)
	}
	_, mistakes = workflow.Load(shipped, workflow.Layer{Name: "site", FS: folders(map[string]folder{"A": {script: "def run(p):\n    api.SUB_REACTIVATE()\n    return {}\n"}})})
	if len(mistakes) != 1 || !strings.Contains(mistakes[0].Message, "no hookpoint SUB_REACTIVATE") {
		t.Errorf("called by api: %v", mistakes)
	}
}

func TestLoadNamesAnUnreadableFolder(t *testing.T) {
	_, mistakes := workflow.Load(workflow.Layer{Name: "site", FS: unreadable{}})
	if len(mistakes) != 1 || !strings.HasPrefix(mistakes[0].String(), "site: cannot be read: ") {
		t.Errorf("%v", mistakes)
	}
}

type unreadable struct{ fstest.MapFS }

func (unreadable) ReadDir(string) ([]fs.DirEntry, error) { return nil, fmt.Errorf("no right") }

// TestSiteFoldersLieOverShippedOnes also has a site's own code, which another
// folder may name.
func TestSiteFoldersLieOverShippedOnes(t *testing.T) {
	h := newHouse(t, folders(map[string]folder{
		"SOAP_CREATE_USER": {errors: `<error name="OWN_RULE" number="10001"><text lang="EN">the site's own rule</text><text lang="DK">stedets regel</text></error>`,
			script: "def run(p):\n    fail(\"OWN_RULE\")\n"},
		"T_TOO": {errors: `<error name="OWN_RULE"/>`, script: "def run(p):\n    fail(\"OWN_RULE\")\n"},
	}))
	for _, hookpoint := range []string{"SOAP_CREATE_USER", "T_TOO"} {
		r := h.call(t, workflow.Request{Hookpoint: hookpoint, Values: tree(as("root", text("LANGUAGE", "DK")))})
		if r.ErrorCode != 10001 || r.ErrorMessage != "stedets regel" || r.Status != workflow.StatusBusiness {
			t.Errorf("%s: %+v", hookpoint, r)
		}
	}
}
