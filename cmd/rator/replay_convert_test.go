package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rator/replay/convert"
)

// TestReplayConverts: a project becomes a folder, a scenario of it a script and a
// project, with what is left on the terminal and as JSON.
func TestReplayConverts(t *testing.T) {
	project := filepath.Join(root, "testdata", "replay", "soapui", "orders-soapui-project.xml")
	dir := t.TempDir()
	suite, report := filepath.Join(dir, "suite"), filepath.Join(dir, "report.json")
	done := rator(t, "", "replay", "--import", "soapui", project, "--to", suite, "--json", report)
	if done.code != exitOK || !strings.Contains(done.out, "orders-soapui-project.xml:55: Happy paths/Order a pot/Work it out: a Groovy step is not converted\n") ||
		!strings.Contains(done.out, "4 exchanges in 2 scenarios: "+suite) {
		t.Fatalf("%+v", done)
	}
	var told convert.Report
	src, err := os.ReadFile(report)
	if err == nil {
		err = json.Unmarshal(src, &told)
	}
	if err != nil || told.Exchanges != 4 || len(told.Left) == 0 || told.Left[0].Line == 0 {
		t.Errorf("%v %+v", err, told)
	}
	one := filepath.Join(suite, "Happy-paths", "Order-a-pot")
	for _, kind := range []string{"curl", "soapui"} {
		file := filepath.Join(dir, kind)
		if done := rator(t, "", "replay", "--export", kind, one, "--to", file); done.code != exitOK {
			t.Errorf("%s: %+v", kind, done)
		}
		if src, err := os.ReadFile(file); err != nil || !strings.Contains(string(src), "Order-a-pot") {
			t.Errorf("%s: %v\n%s", kind, err, src)
		}
	}
	if done := rator(t, "", "replay", "--import", "soapui", filepath.Join(dir, "soapui"), "--to", filepath.Join(dir, "again")); done.code != exitOK {
		t.Errorf("%+v", done)
	}
}

func TestReplayConvertsNot(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{
		"broken.xml": "<a>", "other.har": "{}",
		"empty.xml": `<con:soapui-project xmlns:con="http://eviware.com/soapui/config" name="p"/>`,
		"full/mine": "",
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	project := filepath.Join(root, "testdata", "replay", "soapui", "orders-soapui-project.xml")
	suite := filepath.Join(root, "testdata", "replay", "soapui", "orders")
	for name, c := range map[string]struct {
		args string
		code int
		want string
	}{
		"no XML":         {"--import soapui DIR/broken.xml", exitUsage, "broken.xml:1:4: it is no XML: the element a is not closed"},
		"no HAR":         {"--import har DIR/other.har", exitUsage, "it has no log"},
		"nothing in it":  {"--import soapui DIR/empty.xml", exitFailed, ""},
		"too long":       {"--import soapui --max-file 10 DIR/empty.xml", exitUsage, "empty.xml: it has 75 bytes, and at most 10 are read; --max-file sets that"},
		"too many":       {"--import soapui --max-entries 5 " + project, exitUsage, "steps, and at most 5 are read; --max-entries sets that"},
		"no entries":     {"--import soapui --max-entries 0 DIR/empty.xml", exitUsage, "--max-file and --max-entries are numbers from 1"},
		"not there":      {"--import soapui DIR/none.xml", exitUnreachable, "none.xml"},
		"in the way":     {"--import soapui " + project + " --to DIR/full", exitUnreachable, "full is not empty"},
		"two files":      {"--import soapui DIR/empty.xml DIR/broken.xml", exitUsage, "at a time"},
		"both":           {"--import soapui --export curl DIR/empty.xml", exitUsage, "two commands"},
		"only to":        {"DIR --to DIR/x", exitUsage, "--to belongs to"},
		"unknown kind":   {"--import jmeter DIR/empty.xml", exitUsage, "must be one of"},
		"many scenarios": {"--export curl " + suite + " --to DIR/x", exitUsage, "there are 2 scenarios"},
		"to nowhere":     {"--export curl " + suite + "/Happy-paths/A-fault", exitUsage, "--to is missing"},
	} {
		done := rator(t, "", append([]string{"replay"}, strings.Fields(strings.ReplaceAll(c.args, "DIR", dir))...)...)
		if done.code != c.code || !strings.Contains(done.err, c.want) {
			t.Errorf("%s: %+v", name, done)
		}
	}
}
