package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// plantedAnswer is an answer of ours with a secret in every kind of place.
func plantedAnswer(secret, card string) string {
	text := func(key, value string) string {
		return `<values xsi:type="n:stringValueDTO"><key>` + key + `</key><value>` + value + "</value></values>\n"
	}
	return `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><n:executeMethodResponse xmlns:n="http://soap.CDRator.com/"` +
		` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><return><errorCode>0</errorCode><errorMessage>card ` + card + ` refused</errorMessage><status>0</status>` +
		text("PASSWORD", secret) + text("PIN", secret) + text("PUK1", secret) + text("CVV", secret) + text("NOTE", "paid by "+card) +
		text("PASSWORD_OF_"+strings.ToUpper(secret[:3]), secret) + text("TOWN", "from "+secret[:3]) +
		`<values xsi:type="n:complexValueDTO"><key>SIM</key><value xsi:type="n:stringValueDTO"><key>PIN2</key><value>` + secret + `</value></value></values>` +
		`</return></n:executeMethodResponse></S:Body></S:Envelope>`
}

// TestReplayHidesSecrets: what differs is shown without the secrets in it, on the
// terminal and in each report; the places are those of the file.
func TestReplayHidesSecrets(t *testing.T) {
	foreign := func(secret, card string) string {
		return `<R pin="` + secret + `"><password>` + secret + `</password><note>` + card + `</note></R>`
	}
	live := map[string]string{"ours": plantedAnswer("new-planted", "4111111111111111"), "foreign": foreign("new-planted", "4111111111111111")}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		w.Header().Set("X-Api-Key", "new-planted")
		fmt.Fprint(w, live[strings.Trim(r.URL.Path, "/")])
	}))
	defer server.Close()
	dir := t.TempDir()
	for name, want := range map[string]string{"ours": plantedAnswer("old-planted", "5555555555554444"), "foreign": foreign("old-planted", "5555555555554444")} {
		for file, content := range map[string]string{
			"01-ask.request.xml": "<ask/>", "01-ask.response.xml": want,
			"01-ask.http": "POST /" + name + " HTTP/1.1\n\nHTTP/1.1 200\nX-Api-Key: old-planted\n",
		} {
			if err := os.MkdirAll(filepath.Join(dir, "suite", name), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "suite", name, file), []byte(content), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	written := map[string]string{}
	done := rator(t, "", "replay", filepath.Join(dir, "suite"), "--endpoint", server.URL, "-v",
		"--html", filepath.Join(dir, "r.html"), "--json", filepath.Join(dir, "r.json"), "--junit", filepath.Join(dir, "r.xml"))
	if done.code != exitFailed {
		t.Fatalf("%+v", done)
	}
	written["terminal"] = done.out + done.err
	for _, file := range []string{"r.html", "r.json", "r.xml"} {
		src, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			t.Fatal(err)
		}
		written[file] = string(src)
	}
	for name, text := range written {
		for _, secret := range []string{"new-planted", "old-planted", "4111111111111111", "5555555555554444", "\ue000", `\ue000`} {
			if at := strings.Index(text, secret); at >= 0 {
				t.Errorf("%s shows %q: %s", name, secret, text[max(at-150, 0):min(at+100, len(text))])
			}
		}
		for _, shown := range []string{"from new", "values[SIM]/PIN2", "another secret", "***"} {
			if !strings.Contains(text, shown) {
				t.Errorf("%s does not show %q", name, shown)
			}
		}
	}
	if want := "ours/01-ask.response.xml:2:51: return/values[PIN] has another value"; !strings.Contains(done.out, want) {
		t.Errorf("no %s in\n%s", want, done.out)
	}
}

// TestReplayHidesGivenSecrets: what --set, a setting or an answer gives for a secret is
// on no terminal and in no report, whatever names it; nor are a password and a token of
// the endpoint's address.
func TestReplayHidesGivenSecrets(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		fmt.Fprint(w, `<R><echo>so planted-set it was</echo><session><token>planted-captured</token></session><town>Odense</town></R>`)
	}))
	defer server.Close()
	dir := t.TempDir()
	for file, content := range map[string]string{
		"01-ask.request.xml": "<ask><x>${PASSWORD}</x></ask>", "02-ask.request.xml": "<GET_PERSON><x>${SSN_2}</x></GET_PERSON>",
		"scenario.toml": `[variables]
NEW_PIN = "planted-setting"
[[capture]]
step = "01"
xpath = "//token"
name = "TOKEN"
[[expect]]
step = "01"
contains = "${PASSWORD} and"
[[expect]]
step = "01"
xpath = "//town"
value = "${NEW_PIN}"
[[expect]]
step = "01"
xpath = "//town"
value = "${PIN}"
[[expect]]
step = "02"
xpath = "//town"
value = "${TOKEN}"
[[expect]]
step = "02"
xpath = "//echo"
value = "${01:R/session/token}"
[[expect]]
step = "02"
xpath = "//town"
value = "${SSN_2}"
`,
	} {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	hookpoints := filepath.Join(t.TempDir(), "GET_PERSON")
	if err := os.MkdirAll(hookpoints, 0o755); err != nil {
		t.Fatal(err)
	}
	for file, content := range map[string]string{
		"contract.xml":  `<soapcall area="Example" desc="Example."><request><hookpointKey>GET_PERSON</hookpointKey><values><value key="SSN" type="s" secret="true"/></values></request><response><values/></response></soapcall>`,
		"workflow.star": "def run(r):\n    return {}\n",
	} {
		if err := os.WriteFile(filepath.Join(hookpoints, file), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	reports := t.TempDir()
	play := func(endpoint string) (code int, written map[string]string) {
		done := rator(t, "", "replay", dir, "--endpoint", endpoint, "--hookpoints", filepath.Dir(hookpoints),
			"--set", "PASSWORD=planted-set", "--set", "SSN_2=planted-ssn", "--set", "PIN=17",
			"--html", filepath.Join(reports, "r.html"), "--json", filepath.Join(reports, "r.json"), "--junit", filepath.Join(reports, "r.xml"))
		written = map[string]string{"terminal": done.out + done.err}
		for _, file := range []string{"r.html", "r.json", "r.xml"} {
			src, err := os.ReadFile(filepath.Join(reports, file))
			if err != nil {
				t.Fatal(err, done)
			}
			written[file] = string(src)
		}
		return done.code, written
	}
	host := strings.TrimPrefix(server.URL, "http://")
	address := func(host string) string {
		return "http://bob:planted-user@" + host + "/x?token=planted-query&town=Odense"
	}
	code, written := play(address(host))
	if code != exitFailed || !strings.Contains(written["terminal"], "contains *** and") || !strings.Contains(written["terminal"], "so *** it was") {
		t.Errorf("exit %d\n%s", code, written["terminal"])
	}
	server.Close()
	code, gone := play(address(host))
	if want := "http://bob:***@" + host + "/x?token=***&town=Odense"; code != exitUnreachable || !strings.Contains(gone["terminal"], want) {
		t.Errorf("exit %d, no %s in\n%s", code, want, gone["terminal"])
	}
	for name, text := range gone {
		written["unreachable "+name] = text
	}
	relearn := rator(t, "", "replay", dir, "--endpoint", address(host), "--relearn", "--set", "PASSWORD=x", "--set", "PIN=1", "--set", "SSN_2=x", "--hookpoints", filepath.Dir(hookpoints))
	written["relearn"] = relearn.out + relearn.err
	mistyped := rator(t, "", "replay", dir, "--endpoint", "ftp:bob@h?token=planted-query")
	written["mistyped"] = mistyped.out + mistyped.err
	for name, text := range written {
		for _, secret := range []string{"planted-", "is 17", "another value 17", `"17"`, ">17<"} {
			if at := strings.Index(text, secret); at >= 0 {
				t.Errorf("%s shows %q: %s", name, secret, text[max(at-150, 0):min(at+100, len(text))])
			}
		}
	}
}

// TestReplayWritesNoSecrets: --update writes neither passwords nor headers that are
// secret, says what it did, and what it wrote fits; --relearn shows none.
func TestReplayWritesNoSecrets(t *testing.T) {
	var calls atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := calls.Add(1)
		w.Header().Set("Content-Type", "text/xml")
		w.Header().Set("X-Api-Key", fmt.Sprint("planted-", n))
		fmt.Fprintf(w, `<R><password>planted-%d</password><town>Odense</town><serial>s%d</serial></R>`, n, n)
	}))
	defer server.Close()
	dir := t.TempDir()
	for file, content := range map[string]string{
		"01-ask.request.xml": "<ask/>", "01-ask.response.xml": "<R><password>old</password><town>Aarhus</town><serial>${xmlunit.ignore}</serial></R>",
		"01-ask.http": "POST / HTTP/1.1\n\nHTTP/1.1 200\nX-Api-Key: old\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	done := rator(t, "", "replay", dir, "--endpoint", server.URL, "--relearn")
	if done.code != exitOK || strings.Contains(done.out+done.err, "planted") || !strings.Contains(done.out, "serial") {
		t.Errorf("%+v", done)
	}
	// The proposals are lines of scenario.toml as they are.
	if err := os.WriteFile(filepath.Join(dir, "scenario.toml"), []byte(done.out), 0o644); err != nil {
		t.Fatal(err)
	}
	if done := rator(t, "", "replay", dir, "--endpoint", server.URL, "--relearn"); done.code != exitOK || !strings.Contains(done.out, "nothing differs") {
		t.Errorf("%+v", done)
	}
	if err := os.Remove(filepath.Join(dir, "scenario.toml")); err != nil {
		t.Fatal(err)
	}
	done = rator(t, "", "replay", dir, "--endpoint", server.URL, "--update")
	if done.code != exitOK || !strings.Contains(done.out, "1 expectation written, without secrets") {
		t.Errorf("%+v", done)
	}
	for _, file := range []string{"01-ask.response.xml", "01-ask.http"} {
		src, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil || strings.Contains(string(src), "planted") || !strings.Contains(string(src), "${xmlunit.ignore}") {
			t.Errorf("%s: %v\n%s", file, err, src)
		}
	}
	if done := rator(t, "", "replay", dir, "--endpoint", server.URL); done.code != exitOK {
		t.Errorf("%+v", done)
	}
}

// TestReplayReportNowhere: a report that cannot be written is named as it was given.
func TestReplayReportNowhere(t *testing.T) {
	place := filepath.Join(t.TempDir(), "none", "r.html")
	done := rator(t, "", "replay", filepath.Join(root, "testdata", "soap", "SOAP_GET_CAMPAIGNS"), "--html", place)
	if done.code != exitUnreachable || !strings.Contains(done.err, "cannot write "+place+": no such file") || strings.Contains(done.err, ".new-") {
		t.Errorf("%+v", done)
	}
}
