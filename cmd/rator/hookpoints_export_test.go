package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rator/server/servertest"
	"rator/suite"
	"rator/workflow/hookpoints"
)

// TestExportedHookpointsBehaveAlike: over a server whose hookpoints all are exported ones
// the recorded exchanges are what they were.
func TestExportedHookpointsBehaveAlike(t *testing.T) {
	if suite.Apart(t) {
		return
	}
	dir := t.TempDir()
	exported := filepath.Join(dir, "exported")
	o := rator(t, "", "hookpoints", "export", exported)
	if o.code != exitOK || o.err != "" {
		t.Fatalf("%+v", o)
	}
	checked := rator(t, "", "check", exported)
	if want := rator(t, "", "check"); checked != want {
		t.Errorf("check says %+v, want %+v", checked, want)
	}
	scripts, err := fs.Glob(hookpoints.Folders, "*/workflow.star")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, script := range scripts {
		want, err := fs.ReadFile(hookpoints.Folders, script)
		if err != nil {
			t.Fatal(err)
		}
		if servertest.Read(t, filepath.Join(exported, script)) != string(want) {
			t.Errorf("%s is another one", script)
		}
		if written := servertest.Read(t, filepath.Join(exported, filepath.Dir(script), "contract.xml")); strings.Contains(written, "<use ") || strings.Contains(written, ` use="`) {
			t.Errorf("the contract of %s is not spelled out", script)
		}
	}
	settings, err := filepath.Abs(scenarios)
	if err != nil {
		t.Fatal(err)
	}
	servertest.Write(t, dir, "scenario.toml", strings.NewReplacer(
		`"catalogue.toml"`, `"`+filepath.Join(settings, "catalogue.toml")+`"`,
		`["../clients/hookpoints", "hookpoints"]`, `["exported", "`+filepath.Join(settings, "../clients/hookpoints")+`", "`+filepath.Join(settings, "hookpoints")+`"]`,
	).Replace(servertest.Read(t, filepath.Join(scenarios, "scenario.toml"))))
	if !strings.Contains(servertest.Read(t, filepath.Join(dir, "scenario.toml")), `"exported"`) {
		t.Fatal("the scenarios would not run over the exported hookpoints")
	}
	for _, scenario := range glob(t, scenarios, "SOAP_*") {
		if err := os.CopyFS(filepath.Join(dir, filepath.Base(scenario)), os.DirFS(scenario)); err != nil {
			t.Fatal(err)
		}
	}
	if o := rator(t, "", "replay", dir, "--jobs", "2"); o.code != exitOK || !strings.Contains(o.out, ": all equal\n") {
		t.Errorf("%d\n%s%s", o.code, o.out, o.err)
	}
}

// TestExportWritesWhatIsAskedForOnce: named hookpoints only, over nothing that is there.
func TestExportWritesWhatIsAskedForOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	o := rator(t, "", "hookpoints", "export", dir, "SOAP_GET_USER", "CHANGE_OWNER", "SOAP_GET_USER")
	want := ""
	for _, file := range []string{"SOAP_GET_USER/contract.xml", "SOAP_GET_USER/workflow.star", "CHANGE_OWNER/contract.xml", "CHANGE_OWNER/workflow.star"} {
		want += filepath.Join(dir, file) + "\n"
	}
	if o != (outcome{exitOK, want + "2 hookpoints\n", ""}) {
		t.Errorf("%+v", o)
	}
	if o := rator(t, "", "check", dir); o.code != exitOK {
		t.Errorf("%+v", o)
	}
	script := filepath.Join(dir, "SOAP_GET_USER", "workflow.star")
	servertest.Write(t, filepath.Dir(script), "workflow.star", "mine\n")
	if err := os.Remove(filepath.Join(dir, "CHANGE_OWNER", "contract.xml")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ args, says string }{
		{dir + " SOAP_GET_USER", filepath.Join(dir, "SOAP_GET_USER", "contract.xml") + ", " + script + ": there already"},
		{dir + " CHANGE_OWNER SOAP_GET_USER", ": there already; name another directory, or write over it with --force"},
		{dir + " SOAP_GET_USR", "no hookpoint SOAP_GET_USR (did you mean SOAP_GET_USER?)"},
	} {
		o := rator(t, "", append([]string{"hookpoints", "export"}, strings.Fields(c.args)...)...)
		if o.code != exitUsage || o.out != "" || !strings.Contains(o.err, c.says) {
			t.Errorf("%s: %+v", c.args, o)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "CHANGE_OWNER", "contract.xml")); err == nil || servertest.Read(t, script) != "mine\n" {
		t.Errorf("it was written over, or in part: %v", err)
	}
	if o := rator(t, "", "hookpoints", "export", "--force", dir, "SOAP_GET_USER", "CHANGE_OWNER"); o.code != exitOK || servertest.Read(t, script) == "mine\n" {
		t.Errorf("%+v", o)
	}
	if o := rator(t, "", "hookpoints", "export", dir, "SUB_CAN_TERMINATE"); o != (outcome{exitOK, filepath.Join(dir, "SUB_CAN_TERMINATE", "contract.xml") + "\n1 hookpoints\nworkflow.star is yours to write: SUB_CAN_TERMINATE\n", ""}) {
		t.Errorf("%+v", o)
	}
	if o := rator(t, "", "check", dir); o.code != exitFailed || !strings.Contains(o.out, "SUB_CAN_TERMINATE/workflow.star: cannot be read") {
		t.Errorf("%+v", o)
	}
	servertest.Write(t, filepath.Join(dir, "SUB_CAN_TERMINATE"), "workflow.star", "def run(p):\n    return {\"RESULT\": \"SUCCESS\" if p.SUBSCRIPTION.SERVICE else \"NO\"}\n")
	if o := rator(t, "", "check", dir); o.code != exitOK {
		t.Errorf("%+v", o)
	}
	file := servertest.Write(t, t.TempDir(), "file", "")
	if o := rator(t, "", "hookpoints", "export", file); o.code != exitUnreachable {
		t.Errorf("%+v", o)
	}
}
