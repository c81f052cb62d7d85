package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"rator/server/servertest"
	"rator/suite"
)

// curlScript exports a scenario to a script and runs it against answers by path, with the
// rator of this source. It gives the requests that came, what the script and the export
// said, and the script's exit code.
func curlScript(t *testing.T, files, answers map[string]string) (sent []string, said, told string, code int) {
	t.Helper()
	suite.Foreign(t, "curl", "curl", "--version")
	binary, err := buildRator()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, content := range files {
		servertest.Write(t, dir, name, content)
	}
	script := filepath.Join(t.TempDir(), "s.sh")
	done := rator(t, "", "replay", "--export", "curl", dir, "--to", script)
	if done.code != exitOK {
		t.Fatalf("%+v", done)
	}
	var mu sync.Mutex
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		sent = append(sent, fmt.Sprintf("%s [%s] %s", r.URL, r.Header.Get("X-Id"), strings.TrimSpace(string(body))))
		w.Header().Set("Content-Type", "text/xml; charset=utf-8")
		answer := answers[r.URL.Path]
		if answer == "" {
			w.WriteHeader(http.StatusInternalServerError)
		}
		_, _ = io.WriteString(w, answer)
	}))
	defer server.Close()
	cmd := exec.CommandContext(t.Context(), "sh", script)
	cmd.Dir = filepath.Dir(script)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "TMPDIR=" + t.TempDir(), "NO_PROXY=*", "ENDPOINT=" + server.URL, "RATOR=" + binary}
	out, err := cmd.CombinedOutput()
	if err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	if beside, err := os.ReadDir(cmd.Dir); err != nil || len(beside) != 1 {
		t.Errorf("the script left %v beside it: %v", beside, err)
	}
	mu.Lock()
	defer mu.Unlock()
	return slices.Clone(sent), string(out), done.out, cmd.ProcessState.ExitCode()
}

// TestCurlScriptSendsLiveValues: what a recorded answer introduced is exchanged wherever
// a later request has it, or that request is not sent.
func TestCurlScriptSendsLiveValues(t *testing.T) {
	const recorded, live, stranger = "202601010101010001", "202609090909090001", "202609090909090666"
	post := func(target, header string) string {
		return "POST " + target + " HTTP/1.1\nContent-Type: text/xml\n" + header
	}
	came := "<r><id>" + live + "</id></r>"
	for name, c := range map[string]struct {
		http, body   string
		answer, want string
		told         string
	}{
		"path":              {post("/b/"+recorded, ""), "<b/>", came, "/b/" + live + " [] <b/>", ""},
		"query":             {post("/b?id="+recorded+"&x=1", ""), "<b/>", came, "/b?id=" + live + "&x=1 [] <b/>", ""},
		"header":            {post("/b", "X-Id: a "+recorded+"\n"), "<b/>", came, "/b [a " + live + "] <b/>", ""},
		"text":              {post("/b", ""), "<b>" + recorded + "</b>", came, "/b [] <b>" + live + "</b>", ""},
		"attribute":         {post("/b", ""), "<b id='" + recorded + "'/>", came, "/b [] <b id='" + live + "'/>", ""},
		"behind a dollar":   {post("/b", ""), "<b>$" + recorded + "</b>", came, "/b [] <b>$" + live + "</b>", ""},
		"reference":         {post("/b", ""), "<b>&#50;02601010101010001</b>", came, "", "the script ends before this request: it has " + recorded},
		"cut by a comment":  {post("/b", ""), "<b>20260101<!-- -->0101010001</b>", came, "", "the script ends before this request"},
		"variable":          {post("/b", ""), "<b>${old}</b>", came, "", "the variable old has " + recorded},
		"no answer":         {post("/b/"+recorded, ""), "<b/>", "", "", ""},
		"another id before": {post("/b", ""), "<b>" + recorded + "</b>", "<r><owner><id>" + stranger + "</id></owner><id>" + live + "</id></r>", "", ""},
		"another element":   {post("/b", ""), "<b>" + recorded + "</b>", "<r><other>" + stranger + "</other></r>", "", ""},
		"no XML":            {post("/b", ""), "<b>" + recorded + "</b>", "<html>", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			sent, said, told, code := curlScript(t, map[string]string{
				"scenario.toml":    "[variables]\nold = \"" + recorded + "\"\n",
				"01-a.http":        post("/a", ""),
				"01-a.request.xml": "<a/>", "01-a.response.xml": "<r><id>" + recorded + "</id></r>",
				"02-b.http": c.http, "02-b.request.xml": c.body, "02-b.response.xml": "<r/>",
			}, map[string]string{"/a": c.answer, "/b": "<r/>", "/b/" + live: "<r/>"})
			want, exit := []string{"/a [] <a/>"}, exitFailed
			if c.want != "" {
				want, exit = append(want, c.want), exitOK
			}
			if !slices.Equal(sent, want) || code != exit {
				t.Errorf("exit %d, sent %q\n%s", code, sent, said)
			}
			if !strings.Contains(told, c.told) || c.told == "" && !strings.Contains(told, "; 0 things were not converted") {
				t.Errorf("told %s", told)
			}
		})
	}
}

// TestCurlScriptSendsVolatileValues: so is what a contract calls volatile, in an answer
// whose keys come in another order and number.
func TestCurlScriptSendsVolatileValues(t *testing.T) {
	entry := func(key, v string) string { return "<values><key>" + key + "</key><value>" + v + "</value></values>" }
	answer := func(values string) string {
		return `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><n:executeMethodResponse xmlns:n="http://soap.CDRator.com/"><return><errorCode>0</errorCode>` +
			values + `</return></n:executeMethodResponse></S:Body></S:Envelope>`
	}
	request := func(hookpoint, values string) string {
		return "<n:executeMethod xmlns:n=\"http://soap.CDRator.com/\"><arg0><hookpointKey>" + hookpoint + "</hookpointKey>" + values + "</arg0></n:executeMethod>"
	}
	account := func(number, other string) string {
		return "<values><key>ACCOUNT</key><value><key>STATUS</key><value>" + other + "</value></value><value><key>CUSTOMER_NUMBER</key><value>" + number + "</value></value></values>"
	}
	swapped := "<values><key>ACCOUNT</key><value><key>CUSTOMER_NUMBER</key><value>100777</value></value><value><key>STATUS</key><value>ACTIVE</value></value></values>"
	for name, c := range map[string]struct {
		second, came, want, told string
	}{
		"number":      {request("SOAP_SEARCH_CUSTOMERS", entry("CUSTOMER_NUMBER", "100003")), answer(entry("STATUS", "0") + swapped), entry("CUSTOMER_NUMBER", "100777"), ""},
		"as recorded": {request("SOAP_SEARCH_CUSTOMERS", entry("CUSTOMER_NUMBER", "100003")), answer(entry("STATUS", "0") + account("100003", "ACTIVE")), entry("CUSTOMER_NUMBER", "100003"), ""},
		"refused":     {request("SOAP_SEARCH_CUSTOMERS", entry("CUSTOMER_NUMBER", "100003")), answer(entry("STATUS", "1")), "", ""},
		"in a text":   {request("SOAP_SEARCH_CUSTOMERS", entry("TEXT", "of 100003.")), answer(entry("STATUS", "0") + swapped), "", "the script ends before this request: it has 100003"},
	} {
		t.Run(name, func(t *testing.T) {
			sent, said, told, _ := curlScript(t, map[string]string{
				"01-a.http": "POST /a HTTP/1.1\nContent-Type: text/xml\n", "02-b.http": "POST /b HTTP/1.1\nContent-Type: text/xml\n",
				"01-a.request.xml": request("SOAP_SIGNUP_CUSTOMER", ""), "01-a.response.xml": answer(entry("STATUS", "0") + account("100003", "ACTIVE")),
				"02-b.request.xml": c.second, "02-b.response.xml": "<r/>",
			}, map[string]string{"/a": c.came, "/b": "<r/>"})
			if got := strings.Join(sent[1:], ""); !strings.Contains(got, c.want) || (c.want == "") != (got == "") {
				t.Errorf("sent %q\n%s", got, said)
			}
			if !strings.Contains(told, c.told) {
				t.Errorf("told %s", told)
			}
		})
	}
}

// TestCurlScriptRunsNoRecording: nothing of a scenario is run by the shell or read by curl.
func TestCurlScriptRunsNoRecording(t *testing.T) {
	const deed = "touch PWNED"
	hostile := "<x a='$(" + deed + ")'>\nRATOR_BODY\n" + deed + "\ncat <<RATOR_BODY\n`" + deed + "` \\`" + deed + "\\` ${RATOR} ${rator_work} $$(" + deed + ") \"; " + deed + "\n\\\nRATOR_BODY_\n</x>"
	expected := "<x>\nRATOR_EXPECTED\n" + deed + "\ncat <<'RATOR_EXPECTED'\n'; " + deed + "; '\n</x>"
	files := map[string]string{
		"scenario.toml":    "description = \"\"\"a\n" + deed + "\n\"\"\"\nignore = [\"a'; " + deed + "; 'b\"]\n[variables]\nRATOR = \"" + deed + "\"\nrator_work = \"$(" + deed + ")\"\n\"a-b\" = \"1\"\na_b = \"2\"\n",
		"01-a.http":        "POST /a/$(" + deed + ")`" + deed + "`'\"{b,c}[1-3];" + strings.ReplaceAll(deed, " ", "$IFS") + " HTTP/1.1\nContent-Type: text/xml\nX-Id: '$(" + deed + ")' \"`" + deed + "` ${a-b}${a_b} ${capture\n",
		"01-a.request.xml": hostile, "01-a.response.xml": expected,
		"02-b\n" + deed + "\n'; " + deed + ";'.request.xml": "<b><hookpointKey>'; " + deed + "; '</hookpointKey></b>", "02-b\n" + deed + "\n'; " + deed + ";'.response.xml": "<r/>",
	}
	files["01-a.http"] = strings.Replace(files["01-a.http"], "/a/$("+deed+")`"+deed+"`", "/a/$(touch$IFS)`id`", 1)
	sent, said, _, _ := curlScript(t, files, map[string]string{"/": "<r/>"})
	if len(sent) != 2 || !strings.Contains(sent[0], deed) || !strings.Contains(sent[0], "12 ${capture") {
		t.Errorf("sent %q\n%s", sent, said)
	}
	if strings.Contains(said, "not found") || strings.Contains(said, "yntax") {
		t.Error(said)
	}
}

// TestCurlScriptTellsWhatItDoesNotCheck: an [[expect]] is checked or told.
func TestCurlScriptTellsWhatItDoesNotCheck(t *testing.T) {
	_, said, told, code := curlScript(t, map[string]string{
		"scenario.toml":    "[[expect]]\nstep = \"01\"\nxpath = \"//id\"\nvalue = \"5\"\n[[expect]]\nstep = \"01\"\nstatus = [404]\n[[expect]]\nfault = false\n",
		"01-a.request.xml": "<a/>", "01-a.response.xml": "<r><id>7</id></r>",
	}, map[string]string{"/": "<r><id>7</id></r>"})
	if code != exitFailed || !strings.Contains(said, "01-a: 200, not 404") {
		t.Errorf("exit %d: %s", code, said)
	}
	for _, want := range []string{"does not check an [[expect]] of //id", "does not check an [[expect]] of the fault", "; 2 things were not converted"} {
		if !strings.Contains(told, want) {
			t.Errorf("not told %q: %s", want, told)
		}
	}
}
