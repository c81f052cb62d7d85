package convert_test

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

	"github.com/google/go-cmp/cmp"

	"rator/replay/convert"
	"rator/replay/fixture"
	"rator/suite"
)

// scenario writes files and gives the scenario that they are.
func scenario(t *testing.T, files map[string]string) *fixture.Scenario {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "orders")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	found, err := fixture.Find(fixture.Options{WithoutResponse: true}, dir)
	if err != nil {
		t.Fatal(err)
	}
	return found[0]
}

// everything is a scenario with every way a value goes from an answer to a request.
func everything(t *testing.T) *fixture.Scenario {
	return scenario(t, map[string]string{
		"scenario.toml":        "description = \"All there is\"\npath = \"/shop\"\n[variables]\ncolour = \"it's $red\"\n[[capture]]\nstep = \"01\"\nxpath = \"//token\"\nname = \"token\"\n",
		"01-make.request.xml":  "<make quote='\"' back=\"\\ ` $x\"><c>${colour}</c><p>${PASSWORD}</p><l>$${literal}</l></make>",
		"01-make.response.xml": "<m:made xmlns:m=\"urn:m\"><m:id>000000000000000007</m:id>\n<m:id>202611241800000001</m:id><token>T-1</token><m:state>${capture:state}</m:state><m:sum>7</m:sum></m:made>",
		"02-use.request.xml":   "<use id=\"202611241800000001\"><t>${token}</t><s>${state}</s><n>${01:made/sum}</n></use>",
		"02-use.response.xml":  "<used/>",
		"02-use.http":          "PUT /shop/${colour-less}?a=1 HTTP/1.1\nContent-Type: application/soap+xml; action=\"a\"\nX-State: ${state}\n\nHTTP/1.1 201\n",
		"03-wait.do":           "clock now\n",
	})
}

func TestCurl(t *testing.T) {
	suite.Foreign(t, "curl", "curl", "--version")
	var mu sync.Mutex
	var sent []string
	status := 201
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		sent = append(sent, fmt.Sprintf("%s %s [%s] [%s] %s", r.Method, r.URL, r.Header.Get("Content-Type"), r.Header.Get("X-State"), body))
		w.Header().Set("Content-Type", "text/xml; charset=utf-8")
		if r.Method == "PUT" {
			w.WriteHeader(status)
			return
		}
		io.WriteString(w, "<made/>")
	}))
	defer server.Close()
	src, report, err := convert.Curl(everything(t), convert.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Left) != 1 || !strings.Contains(report.Left[0].String(), "03-wait.do: orders/03-wait: what happens beside the calls") {
		t.Errorf("%v", report.Left)
	}
	file := filepath.Join(t.TempDir(), "orders.sh")
	if err := os.WriteFile(file, src, 0o644); err != nil {
		t.Fatal(err)
	}
	// It stands for rator: says what was taken of the first answer, but for refused ones.
	rator := filepath.Join(t.TempDir(), "rator")
	fake := `#!/bin/sh
[ "$PASSWORD" != refused ] || exit 1
for flag; do
	case $flag in
	--taken=*) printf '%s\t%s\n' 202611241800000001 202612312300000009 '${token}' 'T-&9' '${state}' "$STATE" '${01:made/sum}' 8 >"${flag#--taken=}" ;;
	esac
done
`
	if err := os.WriteFile(rator, []byte(fake), 0o755); err != nil {
		t.Fatal(err)
	}
	run := func(environment ...string) (string, int) {
		t.Helper()
		mu.Lock()
		sent = nil
		mu.Unlock()
		cmd := exec.CommandContext(t.Context(), "sh", file)
		cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "TMPDIR=" + t.TempDir(), "NO_PROXY=*"}, environment...)
		out, err := cmd.CombinedOutput()
		if err != nil && cmd.ProcessState == nil {
			t.Fatal(err)
		}
		return string(out), cmd.ProcessState.ExitCode()
	}
	endpoint := "ENDPOINT=" + server.URL + "/other"
	there, state, grey := "RATOR="+rator, "STATE=new", "colour_less=grey"
	out, code := run(endpoint, there, state, "PASSWORD=p w", grey)
	if code != 0 || out != "01-make: 200\n02-use: 201\n" {
		t.Errorf("exit %d: %s\n%s", code, out, src)
	}
	want := []string{
		"POST /shop [text/xml; charset=utf-8] [] <make quote='\"' back=\"\\ ` $x\"><c>it's $red</c><p>p w</p><l>${literal}</l></make>\n",
		"PUT /shop/grey?a=1 [application/soap+xml; action=\"a\"] [new] <use id=\"202612312300000009\"><t>T-&amp;9</t><s>new</s><n>8</n></use>\n",
	}
	if d := cmp.Diff(want, sent); d != "" {
		t.Error(d)
	}
	status = 500
	for name, c := range map[string]struct {
		environment []string
		code        int
		want        string
	}{
		"another status":   {[]string{endpoint, there, state, "PASSWORD=p", grey}, 1, "02-use: 500, not 201"},
		"missing variable": {[]string{endpoint, there, state, "PASSWORD=p"}, 2, "set colour_less"},
		"no endpoint":      {nil, 2, "set ENDPOINT"},
		"no rator":         {[]string{endpoint, "RATOR=" + rator + "-none", "PASSWORD=p", grey}, 2, "set RATOR"},
		"no value":         {[]string{endpoint, there, "PASSWORD=p", grey}, 1, "01-make: nothing came for ${state}, which later requests need"},
		"another answer":   {[]string{endpoint, there, state, "PASSWORD=refused", grey}, 1, "01-make: later requests need something of it; they are not sent"},
		"nobody there":     {[]string{"ENDPOINT=http://127.0.0.1:1/x", there, state, "PASSWORD=p", grey}, 3, ""},
	} {
		if out, code := run(c.environment...); code != c.code || !strings.Contains(out, c.want) {
			t.Errorf("%s: exit %d: %s", name, code, out)
		}
		if name != "another status" && slices.ContainsFunc(sent, func(r string) bool { return strings.HasPrefix(r, "PUT") }) {
			t.Errorf("%s: sent %q", name, sent)
		}
	}
}
