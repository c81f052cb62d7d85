package workflow_test

import (
	"testing"
	"testing/fstest"

	"rator/workflow"
)

// TestHashLayers is of what is loaded, and of nothing else.
func TestHashLayers(t *testing.T) {
	files := func(script, types string) fstest.MapFS {
		return fstest.MapFS{"SITE_A/contract.xml": {Data: []byte("<a/>")}, "SITE_A/workflow.star": {Data: []byte(script)}, "types.xml": {Data: []byte(types)}}
	}
	sum := func(layers ...workflow.Layer) string {
		t.Helper()
		s, _, err := workflow.HashLayers(layers...)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	base := workflow.Layer{Name: "here", FS: files("one", "t")}
	beside := files("one", "t")
	beside["SITE_A/README"], beside[".git/contract.xml"], beside["SITE_A/deep/contract.xml"] = &fstest.MapFile{}, &fstest.MapFile{}, &fstest.MapFile{}
	for name, c := range map[string]struct {
		layers []workflow.Layer
		same   bool
	}{
		"elsewhere":          {[]workflow.Layer{{Name: "there", FS: files("one", "t")}}, true},
		"with files beside":  {[]workflow.Layer{{FS: beside}}, true},
		"with nothing above": {[]workflow.Layer{base, {FS: fstest.MapFS{}}}, true},
		"another script":     {[]workflow.Layer{{FS: files("two", "t")}}, false},
		"other types":        {[]workflow.Layer{{FS: files("one", "u")}}, false},
		"twice":              {[]workflow.Layer{base, base}, false},
	} {
		if got := sum(c.layers...); (got == sum(base)) != c.same {
			t.Errorf("%s: the same is %v, want %v", name, !c.same, c.same)
		}
	}
}

// TestHashOfEach is of the files of one hookpoint, whatever the others are.
func TestHashOfEach(t *testing.T) {
	each := func(script, types string) map[string]string {
		t.Helper()
		_, each, err := workflow.HashLayers(workflow.Layer{FS: fstest.MapFS{"SITE_A/contract.xml": {}, "SITE_A/workflow.star": {Data: []byte(script)}, "SITE_B/workflow.star": {}, "types.xml": {Data: []byte(types)}}})
		if err != nil {
			t.Fatal(err)
		}
		return each
	}
	one, script, types := each("one", "t"), each("two", "t"), each("one", "u")
	if len(one) != 3 || one["SITE_A"] == script["SITE_A"] || one["SITE_B"] != script["SITE_B"] || one["types.xml"] != script["types.xml"] ||
		one["SITE_A"] != types["SITE_A"] || one["types.xml"] == types["types.xml"] {
		t.Errorf("%v, with another script %v, with other types %v", one, script, types)
	}
}
