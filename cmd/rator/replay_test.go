package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"rator/replay/fixture"
	"rator/server"
	"rator/server/servertest"
	"rator/soap"
)

// TestReplayPlaysEveryFixture: what docs/test.md promises of testdata. One command
// plays all of it, each scenario against a server of its own.
func TestReplayPlaysEveryFixture(t *testing.T) {
	report := filepath.Join(t.TempDir(), "report.html")
	o := rator(t, "", "replay", scenarios, site, "--jobs", "2", "--html", report, "--min-coverage", "85")
	if o.code != exitOK || !regexp.MustCompile(`^\d+ scenarios, [12]\d\d\d exchanges in .*: all equal\n`).MatchString(o.out) {
		t.Fatalf("%d\n%s%s", o.code, o.out, o.err)
	}
	if page := servertest.Read(t, report); !strings.Contains(page, "SOAP_SIGNUP_CUSTOMER") || !strings.HasPrefix(page, "<!doctype html>") {
		t.Errorf("the report has %d bytes", len(page))
	}
}

// copyOf gives a copy of a scenario that stands alone.
func copyOf(t *testing.T, name string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, name), os.DirFS(filepath.Join(scenarios, name))); err != nil {
		t.Fatal(err)
	}
	servertest.Write(t, dir, "scenario.toml", servertest.WithCatalogue()+"clock = 2026-01-02T03:04:05Z\n")
	return dir
}

// edit replaces text in a file.
func edit(t *testing.T, file, old, changed string) {
	t.Helper()
	text := servertest.Read(t, file)
	if !strings.Contains(text, old) {
		t.Fatalf("%s has no %s", file, old)
	}
	servertest.Write(t, filepath.Dir(file), filepath.Base(file), strings.ReplaceAll(text, old, changed))
}

// TestReplayOfAChangedAnswer tells where it differs, and --update mends the file
// without touching another one.
func TestReplayOfAChangedAnswer(t *testing.T) {
	dir := copyOf(t, "SOAP_GET_RECHARGE_TICKET")
	var file string
	for _, f := range glob(t, dir, "SOAP_GET_RECHARGE_TICKET", "*success.response.xml") {
		file = f
	}
	before := servertest.Read(t, file)
	edit(t, file, "<errorCode>0<", "<errorCode>3<")
	edit(t, file, "<key>STATUS</key><value>0</value>", "<key>STATUS</key><value>${xmlunit.matchesRegex([0-9])}</value>")
	junit, asJSON := filepath.Join(dir, "junit.xml"), filepath.Join(dir, "report.json")
	o := rator(t, "", "replay", dir, "--junit", junit, "--json", asJSON)
	if o.code != exitFailed || !strings.Contains(o.out, file+":1:") || !strings.Contains(o.out, "return/errorCode has another value") || !strings.Contains(o.out, "expected  3\n  actual    0\n") {
		t.Errorf("%d\n%s", o.code, o.out)
	}
	for _, f := range []string{junit, asJSON} {
		if !strings.Contains(servertest.Read(t, f), "return/errorCode") {
			t.Errorf("%s does not tell the difference", f)
		}
	}
	times := modified(t, dir)
	if o := rator(t, "", "replay", dir, "--update"); o.code != exitOK || !strings.Contains(o.out, "1 different") {
		t.Errorf("%d\n%s", o.code, o.out)
	}
	want := strings.ReplaceAll(before, "<key>STATUS</key><value>0</value>", "<key>STATUS</key><value>${xmlunit.matchesRegex([0-9])}</value>")
	if got := servertest.Read(t, file); got != want {
		t.Errorf("written:\n%s\nwant:\n%s", got, want)
	}
	for f, at := range modified(t, dir) {
		if f != file && at != times[f] {
			t.Errorf("%s was written too", f)
		}
	}
	if o := rator(t, "", "replay", dir); o.code != exitOK || !strings.Contains(o.out, "all equal") {
		t.Errorf("%d\n%s", o.code, o.out)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if o := rator(t, "", "replay", dir); o.code != exitUsage || !strings.Contains(o.err, "has no response; record it, or write it with --update") {
		t.Errorf("%d\n%s", o.code, o.err)
	}
	if o := rator(t, "", "replay", dir, "--update"); o.code != exitOK || servertest.Read(t, file) != before {
		t.Errorf("%d\n%s", o.code, o.out)
	}
}

func glob(t *testing.T, parts ...string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(parts...))
	if err != nil || len(found) == 0 {
		t.Fatalf("%v: %v", parts, err)
	}
	return found
}

func modified(t *testing.T, dir string) map[string]time.Time {
	t.Helper()
	times := map[string]time.Time{}
	for _, f := range glob(t, dir, "*", "*") {
		info, err := os.Stat(f)
		if err != nil {
			t.Fatal(err)
		}
		times[f] = info.ModTime()
	}
	return times
}

// TestReplayAgainstAnEndpoint: ids and customer numbers are the server's own, which
// the contracts say; ids are put in for the recorded ones.
func TestReplayAgainstAnEndpoint(t *testing.T) {
	dir := copyOf(t, "SOAP_GET_USER")
	account := regexp.MustCompile(`\d{18}`).FindString(servertest.Read(t, filepath.Join(dir, "SOAP_GET_USER", "01-customer.response.xml")))
	edit(t, filepath.Join(dir, "SOAP_GET_USER", "02-another-user.request.xml"), "${01:ACCOUNT/ID}", account)
	s := servertest.New(t)
	if r, err := s.Client.Call(t.Context(), soap.Call{Hookpoint: "SOAP_SIGNUP_CUSTOMER", Values: server.DemoCustomer()}); err != nil || r.ErrorCode != 0 {
		t.Fatalf("%+v %v", r, err)
	}
	o := rator(t, "", "replay", dir, "--endpoint", s.Endpoint, "-v")
	if o.code != exitOK || !regexp.MustCompile(account+` → 202601020304\d{6}`).MatchString(o.out) {
		t.Errorf("%d\n%s%s", o.code, o.out, o.err)
	}
	// The names are taken now, and without its answer the rest cannot be sent.
	o = rator(t, "", "replay", dir, "--endpoint", s.Endpoint)
	if o.code != exitFailed || !strings.Contains(o.out, "actual    username is not unique") || !strings.Contains(o.out, "not played") {
		t.Errorf("%d\n%s%s", o.code, o.out, o.err)
	}
}

// TestReplayStaysInThisProcess also where the address of a server is set for rator
// call: fixtures make customers, so only who says so plays them against a server.
func TestReplayStaysInThisProcess(t *testing.T) {
	t.Setenv("RATOR_URL", "http://127.0.0.1:9/")
	t.Setenv("RATOR_JSON", "true")
	if o := rator(t, "", "replay", copyOf(t, "SOAP_GET_CAMPAIGNS")); o.code != exitOK {
		t.Errorf("%d\n%s%s", o.code, o.out, o.err)
	}
	t.Setenv("RATOR_REPLAY_ENDPOINT", "http://127.0.0.1:9/")
	if o := rator(t, "", "replay", copyOf(t, "SOAP_GET_USER")); o.code != exitUnreachable {
		t.Errorf("%d\n%s%s", o.code, o.out, o.err)
	}
}

func TestReplayExitCodes(t *testing.T) {
	dir := copyOf(t, "SOAP_GET_CAMPAIGNS")
	empty, unknown := t.TempDir(), t.TempDir()
	servertest.Write(t, unknown, "01-a.request.xml", "<a>${USR}</a>")
	servertest.Write(t, unknown, "01-a.response.xml", "<a/>")
	for name, c := range map[string]struct {
		args []string
		code int
		want string
	}{
		"no folder":       {[]string{filepath.Join(empty, "none")}, exitUsage, "no such file"},
		"empty folder":    {[]string{empty}, exitUsage, "there is no scenario in it"},
		"jobs":            {[]string{dir, "--jobs", "0"}, exitUsage, "--jobs and --repeat are numbers from 1"},
		"relearn, json":   {[]string{dir, "--relearn", "--json", filepath.Join(empty, "x.json")}, exitUsage, "leave out --update, --junit, --json and --html"},
		"relearn, junit":  {[]string{dir, "--relearn", "--junit", filepath.Join(empty, "x.xml")}, exitUsage, "leave out"},
		"relearn, html":   {[]string{dir, "--relearn", "--html", filepath.Join(empty, "x.html")}, exitUsage, "leave out"},
		"relearn, update": {[]string{dir, "--relearn", "--update"}, exitUsage, "leave out"},
		"placeholder":     {[]string{unknown, dir}, exitUsage, "01-a.request.xml:1:4: nothing is known of ${USR}; give it with --set USR=…"},
		"set":             {[]string{dir, "--set", "x"}, exitUsage, `"x" is not NAME=VALUE`},
		"endpoint":        {[]string{dir, "--endpoint", "localhost"}, exitUsage, `"localhost" is no endpoint`},
		"unreachable":     {[]string{copyOf(t, "SOAP_GET_USER"), "--endpoint", "http://127.0.0.1:9/x"}, exitUnreachable, "no answer from http://127.0.0.1:9/x"},
		"deeds":           {[]string{dir, "--endpoint", "http://127.0.0.1:9/x"}, exitUsage, "03-in-its-summer.do:1: \"clock 2014-08-31T23:59:59Z\" happens only in a server in this process; leave out --endpoint"},
		"report":          {[]string{dir, "--html", filepath.Join(empty, "none", "x.html")}, exitUnreachable, "no such file"},
		"slow":            {[]string{dir, "--max-p99", "1ns"}, exitFailed, "SOAP_GET_CAMPAIGNS"},
		"fast enough":     {[]string{dir, "--max-p99", "1h"}, exitOK, "all equal"},
		"little coverage": {[]string{dir, "--min-coverage", "90"}, exitFailed, "coverage"},
		"hookpoints":      {[]string{dir, "--hookpoints", filepath.Join(empty, "none")}, exitUnreachable, "no such file"},
		"repeated":        {[]string{dir, "--repeat", "3", "--jobs", "2"}, exitOK, "all equal"},
	} {
		t.Run(name, func(t *testing.T) {
			o := rator(t, "", append([]string{"replay"}, c.args...)...)
			if o.code != c.code || !strings.Contains(o.out+o.err, c.want) {
				t.Errorf("%d, want %d with %s\n%s%s", o.code, c.code, c.want, o.out, o.err)
			}
		})
	}
	if left, err := os.ReadDir(empty); err != nil || len(left) > 0 {
		t.Errorf("left: %v %v", left, err)
	}
}

// TestMinCoverageOfForeignXML: where no contract is known of anything that was played,
// --min-coverage is not met, and the command says why.
func TestMinCoverageOfForeignXML(t *testing.T) {
	dir := t.TempDir()
	servertest.Write(t, dir, "01-a.request.xml", "<a/>")
	servertest.Write(t, dir, "01-a.response.xml", "<a/>")
	up := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		_, _ = io.WriteString(w, "<a/>")
	}))
	defer up.Close()
	o := rator(t, "", "replay", dir, "--endpoint", up.URL, "--min-coverage", "1")
	if o.code != exitFailed || !strings.Contains(o.err, "nothing that was played has a contract") {
		t.Errorf("%+v", o)
	}
}

// TestUpdateOfAnEcho: what --update writes has no secret that the server says again,
// outside of where secrets stand.
func TestUpdateOfAnEcho(t *testing.T) {
	dir := t.TempDir()
	servertest.Write(t, dir, "01-a.request.xml", "<ask><password>open sesame</password><name>Bo</name></ask>")
	servertest.Write(t, dir, "01-a.response.xml", "<said/>")
	up := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		_, _ = io.WriteString(w, "<said><password>open sesame</password><what>Bo</what><text>open sesame</text><at as=\"open sesame\"/></said>")
	}))
	defer up.Close()
	if o := rator(t, "", "replay", dir, "--endpoint", up.URL, "--update"); o.code != exitOK {
		t.Errorf("%+v", o)
	}
	if written := servertest.Read(t, filepath.Join(dir, "01-a.response.xml")); strings.Contains(written, "sesame") || !strings.Contains(written, "<what>Bo</what>") {
		t.Error(written)
	}
	if o := rator(t, "", "replay", dir, "--endpoint", up.URL); o.code != exitOK {
		t.Errorf("what was written is not what comes: %+v", o)
	}
}

// TestReplayInterrupted keeps what was played, and says so.
func TestReplayInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, said strings.Builder
	file := filepath.Join(t.TempDir(), "report.json")
	code := run(&terminal{ctx: ctx, out: &out, err: &said, in: strings.NewReader(""), getenv: func(string) string { return "" }}, &commands{},
		[]string{"replay", scenarios, "--json", file})
	if code != exitFailed || !strings.Contains(said.String(), "interrupted") || strings.Contains(out.String(), "all equal") || !strings.Contains(out.String(), " 0 of ") {
		t.Errorf("%d %s%s", code, out.String(), said.String())
	}
	if report := servertest.Read(t, file); !strings.Contains(report, `"interrupted":true`) || strings.Count(report, `"outcome":"not finished"`) < 60 {
		t.Errorf("the report does not have all scenarios as not finished: %.300s", report)
	}
}

// TestDeeds: what is not one, or cannot be done, ends the scenario with its place.
func TestDeeds(t *testing.T) {
	for deed, want := range map[string]string{
		"dance":                "00-x.do:1: there is no deed \"dance\"; there are billing-run, brand, charge, clock, close-account, event, run-due, terminate",
		"clock yesterday":      "00-x.do: clock: parsing time",
		"billing-run soon":     "00-x.do: billing-run: parsing time",
		"run-due 5 0 0":        "00-x.do: run-due: 0 0 0 were done, refused and failed, not 5 0 0",
		"terminate DEMO x":     "00-x.do: terminate: ",
		"charge 1 2":           "00-x.do: charge: ",
		"event 01 nothing":     "00-x.do: event: there is no event nothing",
		"clock ${06:ACCOUNT}":  "00-x.do:1:7: ${06:ACCOUNT}: there is no step 06 before this one",
		"close-account NONE 1": "00-x.do: close-account: ",
	} {
		t.Run(deed, func(t *testing.T) {
			dir := copyOf(t, "SOAP_GET_CAMPAIGNS")
			servertest.Write(t, dir, "SOAP_GET_CAMPAIGNS/00-x.do", deed)
			o := rator(t, "", "replay", dir)
			if o.code != exitUsage || !strings.Contains(o.out+o.err, want) {
				t.Errorf("%d\n%s%s", o.code, o.out, o.err)
			}
		})
	}
}

// TestServerOfAScenario: settings that do not hold keep the server from starting.
func TestServerOfAScenario(t *testing.T) {
	for settings, want := range map[string]string{
		"catalogue = [\"none.toml\"]":      "none.toml: no such file",
		"hookpoints = [\"none\"]":          "hookpoints: stat",
		"[[server.operator]]\nname = \"\"": "operator",
	} {
		dir := copyOf(t, "SOAP_GET_CAMPAIGNS")
		servertest.Write(t, dir, "scenario.toml", "[server]\n"+settings)
		if o := rator(t, "", "replay", dir); o.code != exitFailed || !strings.Contains(o.out, want) || !strings.Contains(o.out, "cannot start") {
			t.Errorf("%s: %d\n%s", settings, o.code, o.out)
		}
	}
	if _, err := fixture.Settings(scenarios); err != nil {
		t.Error(err)
	}
}
