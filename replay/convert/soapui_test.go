package convert_test

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/replay"
	"rator/replay/convert"
	"rator/replay/fixture"
	"rator/workflow/contract"
)

var update = flag.Bool("update", false, "write the golden folders anew")

const testdata = "../../testdata/replay"

// tree is every file below a folder.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		src, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		files[filepath.ToSlash(name)] = string(src)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// written writes an import to a folder.
func written(t *testing.T, i *convert.Import) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "suite")
	if err := i.Write(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// golden compares a folder with the one that is kept, byte for byte.
func golden(t *testing.T, dir, kept string) {
	t.Helper()
	got := tree(t, dir)
	if *update {
		if err := errors.Join(os.RemoveAll(kept), os.CopyFS(kept, os.DirFS(dir))); err != nil {
			t.Fatal(err)
		}
	}
	if d := cmp.Diff(tree(t, kept), got); d != "" {
		t.Error(d)
	}
}

func TestSoapUI(t *testing.T) {
	imported, err := convert.SoapUI(testdata+"/soapui/orders-soapui-project.xml", convert.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if imported.Scenarios != 2 || imported.Report.Exchanges != 4 {
		t.Errorf("%d scenarios, %d exchanges", imported.Scenarios, imported.Report.Exchanges)
	}
	golden(t, written(t, imported), testdata+"/soapui/orders")
}

// shop is the service that the project is of.
func shop(t *testing.T, change func(answer string) string) replay.Target {
	t.Helper()
	handler := func(w http.ResponseWriter, r *http.Request) {
		src, _ := io.ReadAll(r.Body)
		body, action := string(src), r.Header.Get("Soapaction")
		const fault = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:Client</faultcode><faultstring>no</faultstring></s:Fault></s:Body></s:Envelope>`
		answer := fault
		wrap := func(space, in string) string {
			return `<x:Envelope xmlns:x="` + space + `" xmlns:q="urn:shop"><x:Body>` + in + `</x:Body></x:Envelope>`
		}
		const soap11, soap12 = "http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"
		switch {
		case r.URL.Path != "/shop":
		case action == `"urn:login"` && strings.Contains(body, "<s:user>ann</s:user><s:password>suite-secret</s:password>"):
			answer = wrap(soap11, `<q:loginResponse><q:token>T-42</q:token></q:loginResponse>`)
		case strings.HasPrefix(r.Header.Get("Content-Type"), "application/soap+xml") && strings.Contains(r.Header.Get("Content-Type"), `action="urn:order"`) &&
			r.Header.Get("X-Shop") == "ann" && strings.Contains(body, `token="T-42"`):
			answer = wrap(soap12, `<q:orderResponse><q:number>N-1</q:number><q:article>pot</q:article><q:colour>red</q:colour></q:orderResponse>`)
		case action == `"urn:state"` && strings.Contains(body, "<s:token>T-42</s:token><s:number>N-1</s:number>"):
			answer = wrap(soap11, `<q:stateResponse><q:state>open</q:state></q:stateResponse>`)
		}
		if answer == fault {
			w.WriteHeader(500)
		}
		io.WriteString(w, change(answer))
	}
	server := httptest.NewServer(http.HandlerFunc(handler))
	t.Cleanup(server.Close)
	target, err := replay.Remote(server.URL, 1, time.Minute, func(string) *contract.Contract { return nil })
	if err != nil {
		t.Fatal(err)
	}
	return target
}

// told keeps what is played: an exchange that is not equal a line.
type told []string

func (l *told) Played(r *replay.Result) error {
	if r.Err != nil {
		*l = append(*l, r.Scenario.Name+": "+r.Err.Error())
	}
	for i := range r.Exchanges {
		for _, d := range r.Exchanges[i].Differences {
			*l = append(*l, fmt.Sprintf("%s/%s: %s %q, not %q", r.Scenario.Name, r.Exchanges[i].Step.Label(), d.Path, d.Got, d.Want))
		}
	}
	return nil
}

func (l *told) Done(*replay.Summary) error { return nil }

// play plays a folder, with the secrets it was imported without; how many exchanges
// were equal, and what was not.
func play(t *testing.T, target replay.Target, dir string) (equal int, bad []string) {
	t.Helper()
	found, err := fixture.Find(fixture.Options{}, dir)
	if err != nil {
		t.Fatal(err)
	}
	var l told
	summary, err := (&replay.Player{Target: target, Sink: &l, Variables: map[string]string{"TestSuite_User": "suite-secret", "TOKEN": "none"}}).Play(t.Context(), found)
	if err != nil {
		t.Fatal(err)
	}
	return summary.Exchanges[replay.Equal], l
}

// TestSoapUIIsPlayed: what was imported passes against the service, and every
// expectation fails when the service changes what it is about.
func TestSoapUIIsPlayed(t *testing.T) {
	imported, err := convert.SoapUI(testdata+"/soapui/orders-soapui-project.xml", convert.Options{})
	if err != nil {
		t.Fatal(err)
	}
	dir := written(t, imported)
	if equal, bad := play(t, shop(t, func(a string) string { return a }), dir); equal != 4 || bad != nil {
		t.Fatalf("%d equal; %s", equal, strings.Join(bad, "\n"))
	}
	for name, c := range map[string]struct{ old, new, want string }{
		"state":    {">open<", ">shut<", `Happy-paths/Order-a-pot/03-state: Envelope/Body/stateResponse/state "shut", not "open"`},
		"article":  {">pot<", ">POT<", `Happy-paths/Order-a-pot/02-order: answer`},
		"not":      {"</q:article>", "</q:article><q:pan/>", `not "not contains pan"`},
		"any case": {">pot<", ">pt<", `not "matches (?i)POT"`},
		"colour":   {">red<", ">blue<", `02-order: //s:colour "blue", not "red"`},
		"token":    {"T-42", "U-42", `01-login: //s:token "U-42", not "matches (?s)^T-.*$"`},
		"envelope": {"x:Envelope", "x:envelope", `01-login: /*:Envelope/*:Body`},
		"fault":    {"<s:Fault>", "<s:fault>", `Happy-paths/A-fault/01-order: fault "false", not "true"`},
	} {
		t.Run(name, func(t *testing.T) {
			_, bad := play(t, shop(t, func(a string) string { return strings.ReplaceAll(a, c.old, c.new) }), dir)
			if !strings.Contains(strings.Join(bad, "\n"), c.want) {
				t.Errorf("got %s; want %s", strings.Join(bad, "\n"), c.want)
			}
		})
	}
}

func TestSoapUIMistakes(t *testing.T) {
	const con = `<con:soapui-project xmlns:con="http://eviware.com/soapui/config" name="p" soapui-version="5.7.0">`
	for name, c := range map[string]struct{ src, want string }{
		"no XML":      {"<a>\n  <b>\n</a>", "project.xml:3:1: it is no XML: <b> is closed by </a>"},
		"empty":       {"", "it is no XML"},
		"other XML":   {"<definitions/>", "project.xml:1:1: it is no SoapUI project: its root is definitions"},
		"other root":  {`<c:mock xmlns:c="http://eviware.com/soapui/config"/>`, "it is no SoapUI project"},
		"entity bomb": {`<!DOCTYPE a [<!ENTITY b "bb">]>` + con + `<con:description>&b;</con:description></con:soapui-project>`, "it is no XML: &b; is not known"},
		"deep":        {strings.Repeat("<a>", 300) + strings.Repeat("</a>", 300), "deep"},
		"encrypted":   {con + `<con:encryptedContent>x</con:encryptedContent></con:soapui-project>`, "encrypted"},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "project.xml")
			if err := os.WriteFile(file, []byte(c.src), 0o644); err != nil {
				t.Fatal(err)
			}
			_, err := convert.SoapUI(file, convert.Options{})
			var mistake *fixture.Error
			if !errors.As(err, &mistake) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v; want %s", err, c.want)
			}
		})
	}
	file := filepath.Join(t.TempDir(), "huge.xml")
	if err := errors.Join(os.WriteFile(file, nil, 0o644), os.Truncate(file, 64<<20+1)); err != nil {
		t.Fatal(err)
	}
	if _, err := convert.SoapUI(file, convert.Options{}); err == nil || !strings.Contains(err.Error(), "--max-file sets that") {
		t.Errorf("huge: %v", err)
	}
}

// TestSoapUILeft: oddities are told with their place, and the rest is converted.
func TestSoapUILeft(t *testing.T) {
	step := func(name, body string) string {
		return `<con:testStep type="httprequest" name="` + name + `"><con:config method="POST" mediaType="text/xml"><con:endpoint>http://h/p</con:endpoint><con:request>` + body + `</con:request></con:config></con:testStep>`
	}
	for name, c := range map[string]struct{ attributes, in, want string }{
		"unknown version": {`soapui-version="9.1"`, step("a", "&lt;a/>"), "project.xml:1: it is of SoapUI 9.1, which is not known here; it is read as one of SoapUI 5"},
		"one name twice":  {"", step("a", "&lt;a/>") + "\n" + step("a", "&lt;b/>"), "project.xml:2: s/c/a: two steps have this name; ${a#…} means the first"},
		"no answer":       {"", step("a", "&lt;a/>"), "project.xml:1: s/c/a: the project says nothing of the answer; rator replay --update writes the one that comes"},
		"groovy value":    {"", step("a", "&lt;a>${=1+1}&lt;/a>"), "project.xml:1: s/c/a: ${=1+1} is worked out by SoapUI; give its value with --set groovy_1=…"},
		"unknown value":   {"", step("a", "&lt;a>${#Env#HOME}&lt;/a>"), "project.xml:1: s/c/a: nothing gives ${#Env#HOME} a value; give it with --set HOME=…"},
		"foreign step":    {"", step("a", "&lt;a>${groovy#result}&lt;/a>"), "project.xml:1: s/c/a: ${groovy#result} cannot be taken from a step; give its value with --set groovy_result=…, or capture it"},
		"loose prefix":    {"", step("a", "&lt;a/>") + step("b", "&lt;b>${a#Response#//n:x}&lt;/b>"), "project.xml:1: s/c/b: nobody says what the prefix n stands for; the XPath takes any namespace"},
		"odd XPath":       {"", step("a", "&lt;a/>") + step("b", "&lt;b>${a#Response#sum(//x)}&lt;/b>"), `project.xml:1: s/c/b: not captured: XPath "sum(//x)" at character 1: the function sum() is not known; give it with --set x=…`},
		"new kind":        {"", step("a", "&lt;a/>") + `<con:testStep type="quantum" name="q"><con:config/></con:testStep>`, "project.xml:1: s/c/q: a step of kind quantum is not converted"},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "project.xml")
			src := `<con:soapui-project xmlns:con="http://eviware.com/soapui/config" name="p" ` + c.attributes + `><con:testSuite name="s"><con:testCase name="c">` + c.in + `</con:testCase></con:testSuite></con:soapui-project>`
			if err := os.WriteFile(file, []byte(src), 0o644); err != nil {
				t.Fatal(err)
			}
			imported, err := convert.SoapUI(file, convert.Options{})
			if err != nil {
				t.Fatal(err)
			}
			var all []string
			for _, l := range imported.Left {
				all = append(all, l.String())
			}
			if !strings.Contains(strings.Join(all, "\n"), c.want) {
				t.Errorf("got %s\nwant %s", strings.Join(all, "\n"), c.want)
			}
			if _, err := fixture.Find(fixture.Options{WithoutResponse: true}, written(t, imported)); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestImportGoesToANewFolder(t *testing.T) {
	imported, err := convert.SoapUI(testdata+"/soapui/orders-soapui-project.xml", convert.Options{})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "mine"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := imported.Write(dir); err == nil || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("got %v", err)
	}
	if got := tree(t, dir); len(got) != 1 {
		t.Errorf("%v", got)
	}
}
