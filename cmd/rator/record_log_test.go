package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/replay/fixture"
	"rator/server"
	"rator/server/servertest"
	"rator/soap"
	"rator/workflow/value"
)

// TestExportOfLoggedCalls: a logged call becomes a fixture that can be sent again
// once the variables that stand for its secrets are given.
func TestExportOfLoggedCalls(t *testing.T) {
	s, endpoint, store := servertest.Logged(t)
	servertest.CallAt(t, endpoint, "SOAP_SIGNUP_CUSTOMER", "sign-up", servertest.SignUpValues("export")...)
	servertest.CallAt(t, endpoint, "LOGGED", "dollar", value.OfString("ACCOUNT_ID", "${not-a-variable}"))
	servertest.CallAt(t, endpoint, "TELLS_SECRETS", "told", value.OfString("FIRST_PET", "Rex"))
	twelve := soap.AppendRequest(nil, soap.Version12, "LOGGED", value.Tree{servertest.Context(value.OfString("REQUEST_ID", "twelve"))})
	latin := `<?xml version="1.0" encoding="ISO-8859-1"?><` + "\xC5/>"
	for contentType, body := range map[string]string{"application/soap+xml": string(twelve), "text/xml": latin} {
		resp, err := http.Post(endpoint, contentType, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
	}
	if err := s.Calls.Flush(); err != nil {
		t.Fatal(err)
	}
	fault := rator(t, "", "log", "--outcome", "fault", "--json", "--store", store).out
	faultID := strings.Split(fault, `"`)[3]
	export := func(dir string, more ...string) outcome {
		return rator(t, "", append([]string{"record", "--store", store, "--dir", dir}, more...)...)
	}
	site := filepath.Join(servertest.Root, "server", "servertest", "testdata", "logged")
	dir := filepath.Join(t.TempDir(), "scenario")
	if o := export(dir, "--hookpoints", site, "--from-log", "sign-up", "--from-log", "dollar", "--from-log", "told"); o.code != exitOK || o.out != dir+": 01-signup-customer\n"+dir+": 02-logged\n"+dir+": 03-tells-secrets\n" {
		t.Fatalf("%+v", o)
	}
	if o := export(dir, "--from-log", "twelve", "--from-log", faultID); o.code != exitOK || o.out != dir+": 04-logged\n"+dir+": 05-call\n" || o.err != "" {
		t.Fatalf("%+v", o)
	}
	if o := export(dir, "--from-log", "sign-up", "--from-log", "unknown"); o.code != exitFailed || !strings.Contains(o.err, "unknown is neither an id nor a request id") {
		t.Errorf("%+v", o)
	}
	found, err := fixture.Find(fixture.Options{}, dir)
	if err != nil || len(found) != 1 || len(found[0].Steps) != 5 {
		t.Fatalf("%+v %v", found, err)
	}
	exchange := func(i int) *fixture.Exchange {
		t.Helper()
		x, err := found[0].Load(&found[0].Steps[i])
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	variables := map[string]string{"PASSWORD": server.DemoPassword, "xmlunit.ignore": "anything"}
	expand := func(body []byte) string {
		t.Helper()
		text, unknown := fixture.Expand(string(body), func(name string) (string, bool) { v, ok := variables[name]; return v, ok })
		if unknown != nil {
			t.Errorf("${%s} in %s", unknown.Text, body)
		}
		return text
	}
	signUp := exchange(0)
	if n := strings.Count(string(signUp.Request.Body), "<value>${PASSWORD}</value>"); n != 2 || !signUp.Request.Text || signUp.Request.Header != nil {
		t.Errorf("%d passwords: %+v\n%s", n, signUp.Request, signUp.Request.Body)
	}
	sent := soap.AppendRequest(nil, soap.Version11, "SOAP_SIGNUP_CUSTOMER", append(servertest.SignUpValues("export"), servertest.Context()))
	if d := cmp.Diff(strings.ReplaceAll(string(sent), ">secret<", ">demo<"), expand(signUp.Request.Body)); d != "" {
		t.Errorf("(-sent +exported):\n%s", d)
	}
	if got := expand(exchange(1).Request.Body); !strings.Contains(got, "<value>${not-a-variable}</value>") {
		t.Error(got)
	}
	if told := exchange(2); !strings.Contains(string(told.Request.Body), "<value>${FIRST_PET}</value>") || strings.Contains(string(told.Response.Body), "Rex") {
		t.Errorf("%s\n%s", told.Request.Body, told.Response.Body)
	}
	if x := exchange(3); x.Request.Header.Get("Content-Type") != "application/soap+xml" || x.Response.Status != 200 || !strings.HasPrefix(x.Response.Header.Get("Content-Type"), "application/soap+xml") {
		t.Errorf("%+v", x)
	}
	if x := exchange(4); x.Request.Header.Get("Content-Type") != "text/xml" || x.Response.Status != 0 || string(x.Request.Body) != latin {
		t.Errorf("%+v", x)
	}
	foreign := filepath.Join(t.TempDir(), "foreign")
	if o := export(foreign, "--from-log", "told", "--json"); o.code != exitOK || !strings.Contains(o.out, `"exchanges":1,`) {
		t.Errorf("%+v", o)
	}
	for file, want := range map[string]string{"request": "<key>FIRST_PET</key><value>${SECRET}</value>", "response": "<key>MAIDEN_NAME</key><value>${xmlunit.ignore}</value>"} {
		if got, err := os.ReadFile(filepath.Join(foreign, "01-tells-secrets."+file+".xml")); err != nil || !strings.Contains(string(got), want) {
			t.Errorf("%v %s", err, got)
		}
	}
	if o := export(filepath.Join(store, "x"), "--from-log", "sign-up"); o.code != exitUnreachable {
		t.Errorf("a directory that cannot be made: %+v", o)
	}
}
