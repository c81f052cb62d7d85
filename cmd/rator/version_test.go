package main

import (
	"encoding/json"
	"runtime"
	"runtime/debug"
	"testing"
)

// TestVersion: it says version, commit and Go release, of whatever was built how.
func TestVersion(t *testing.T) {
	for _, c := range []struct {
		info *debug.BuildInfo
		want string
	}{
		{nil, "rator (devel) of an unknown commit " + runtime.Version()},
		{&debug.BuildInfo{GoVersion: "go1.26.8", Main: debug.Module{Version: "v1.2.3"}}, "rator v1.2.3 of an unknown commit go1.26.8"},
		{&debug.BuildInfo{GoVersion: "go1.26.8", Main: debug.Module{Version: "(devel)"}, Settings: []debug.BuildSetting{
			{Key: "vcs.revision", Value: "0f1e2d"}, {Key: "vcs.time", Value: "2026-11-30T01:02:03Z"}, {Key: "vcs.modified", Value: "false"},
		}}, "rator (devel) 0f1e2d 2026-11-30T01:02:03Z go1.26.8"},
		{&debug.BuildInfo{GoVersion: "go1.26.8", Main: debug.Module{Version: "v1.2.3+dirty"}, Settings: []debug.BuildSetting{
			{Key: "vcs.revision", Value: "0f1e2d"}, {Key: "vcs.time", Value: "2026-11-30T01:02:03Z"}, {Key: "vcs.modified", Value: "true"},
		}}, "rator v1.2.3+dirty 0f1e2d 2026-11-30T01:02:03Z modified go1.26.8"},
	} {
		if got := buildOf(c.info).String(); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

// TestVersionCommand: the command says it of its own binary.
func TestVersionCommand(t *testing.T) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		t.Fatal("the test binary has no build info")
	}
	want := buildOf(info)
	if o := rator(t, "", "version"); o.code != exitOK || o.err != "" || o.out != want.String()+"\n" {
		t.Errorf("%+v, want %s", o, want)
	}
	var got build
	o := rator(t, "", "version", "--json")
	if err := json.Unmarshal([]byte(o.out), &got); err != nil || o.code != exitOK || got != want {
		t.Errorf("%v %+v, want %+v", err, got, want)
	}
}
