package convert_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"rator/replay/convert"
	"rator/suite"
)

// TestCurlCompares: where rator is there the script asks it about each answer, with what
// the scenario says of comparing.
func TestCurlCompares(t *testing.T) {
	suite.Foreign(t, "curl", "curl", "--version")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "text/xml; charset=latin1")
		io.WriteString(w, "<came>"+string(body)+"</came>")
	}))
	defer server.Close()
	src, _, err := convert.Curl(scenario(t, map[string]string{
		"scenario.toml":       "ignore = [\"//sum\"]\n[variables]\ncolour = \"it's $red\"\n",
		"01-a.request.xml":    "<m><arg0><hookpointKey>SOAP_MAKE</hookpointKey></arg0></m>",
		"01-a.response.xml":   "<first>${colour} ${capture:unused} ${xmlunit.isNumber} $x `y`</first>",
		"02-b.request.xml":    "<b/>",
		"02-b.response.xml":   "<second>${lacking}</second>",
		"03-c.request.xml":    "<c/>",
		"03-c.response.plain": "bytes",
	}), convert.Options{})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	script, compared, rator := filepath.Join(dir, "s.sh"), filepath.Join(dir, "compared"), filepath.Join(dir, "rator")
	// It stands for rator: keeps what it is asked, and says that the second answer differs.
	fake := "#!/bin/sh\necho \"$*\" >>" + compared + "\nshift $(($#-2))\ncat \"$1\" \"$2\" >>" + compared + "\n! grep -q second \"$1\"\n"
	for name, text := range map[string]string{script: string(src), rator: fake} {
		if err := os.WriteFile(name, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), "sh", script)
	cmd.Env = []string{"PATH=" + dir + ":" + os.Getenv("PATH"), "TMPDIR=" + dir, "NO_PROXY=*", "ENDPOINT=" + server.URL}
	out, _ := cmd.CombinedOutput()
	if code := cmd.ProcessState.ExitCode(); code != 1 || string(out) != "01-a: 200\n02-b: 200\n02-b: another answer than expected\n03-c: 200\n" {
		t.Errorf("exit %d: %s\n%s", code, out, src)
	}
	asked, err := os.ReadFile(compared)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"compare --content-type=text/xml; charset=latin1 --hookpoint=SOAP_MAKE --ignore=//sum --set=colour=it's $red /",
		"<first>${colour} ${capture:unused} ${xmlunit.isNumber} $x `y`</first>", "<came><m><arg0>", "<second>${xmlunit.ignore}</second>", "<came><b/>",
	} {
		if !strings.Contains(string(asked), want) {
			t.Errorf("rator is not asked with %s:\n%s", want, asked)
		}
	}
	if strings.Contains(string(asked), "bytes") {
		t.Errorf("what is no text is compared: %s", asked)
	}
}
