package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"rator/batch"
	"rator/customer"
	"rator/server"
	"rator/server/servertest"
	"rator/store"
)

const runs = "../../testdata/run"

// runner is a directory with the files of testdata/run, and a server for the
// scripts in it.
type runner struct {
	*servertest.Server
	dir string
	url string
}

func newRunner(t *testing.T) *runner {
	t.Helper()
	r := &runner{servertest.New(t), t.TempDir(), ""}
	r.url = r.Endpoint
	if err := os.CopyFS(r.dir, os.DirFS(runs)); err != nil {
		t.Fatal(err)
	}
	t.Chdir(r.dir)
	runPauses = []time.Duration{time.Millisecond, time.Millisecond}
	t.Cleanup(func() { runPauses = nil })
	return r
}

// run runs rator run with the words of args, ended by ctx.
func (r *runner) run(ctx context.Context, args string) outcome {
	var out, err bytes.Buffer
	words := append([]string{"run", "--endpoint", r.url, "--operator", server.DemoOperator, "--password", server.DemoPassword}, shellWords(args)...)
	code := run(&terminal{ctx: ctx, out: &out, err: &err, in: strings.NewReader(""), getenv: func(string) string { return "" }}, &commands{}, words)
	return outcome{code, out.String(), err.String()}
}

func (r *runner) customers(t *testing.T) (n int64) {
	t.Helper()
	if err := r.Store.View(t.Context(), func(tx store.Tx) (err error) {
		n, err = customer.Count(tx)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

// lines are the rows of a results file, by row.
func resultsOf(t *testing.T, file string) map[int]batch.Result {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	all := map[int]batch.Result{}
	for i, line := range strings.Split(strings.TrimSuffix(string(src), "\n"), "\n") {
		var one batch.Result
		if err := json.Unmarshal([]byte(line), &one); err != nil {
			t.Fatalf("%s:%d: %v", file, i+1, err)
		}
		if i > 0 {
			if _, twice := all[one.Row]; twice {
				t.Errorf("row %d is there twice", one.Row)
			}
			all[one.Row] = one
		}
	}
	return all
}

// people writes a file of n rows; the row numbered bad has a username that is
// taken by the one before it.
func people(t *testing.T, n, bad int) {
	t.Helper()
	var b strings.Builder
	b.WriteString("USER.FIRST_NAME,USER.LAST_NAME,USER.CITY,USER.ZIP,USER.EMAIL,USER.USERNAME\n")
	for i := 1; i <= n; i++ {
		name := i
		if i == bad {
			name--
		}
		fmt.Fprintf(&b, "P,%d,Odense,5000,p%d@example.com,p%d\n", i, i, name)
	}
	servertest.Write(t, ".", "people.csv", b.String())
}

const peopleRun = "chain.star --rows people.csv --set PRODUCT_CODE=POST_PAID "

// TestPageOfChaining does what docs/integrate.md's section on chaining shows: its files
// are those of testdata/run, its commands run.
func TestPageOfChaining(t *testing.T) {
	page := servertest.Read(t, filepath.Join(root, "docs", "integrate.md"))
	r := newRunner(t)
	_, section, ok := strings.Cut(page, "## Chain API methods from outside\n")
	if !ok {
		t.Fatal("docs/integrate.md has no such section")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	kinds := map[string][]string{}
	for _, m := range regexp.MustCompile("(?s)```(\\w+)\n(.*?)```").FindAllStringSubmatch(section, -1) {
		kinds[m[1]] = append(kinds[m[1]], m[2])
	}
	if src := servertest.Read(t, "chain.star"); !slices.Equal(kinds["python"], []string{src}) {
		t.Errorf("chain.star is not that of docs/integrate.md:\n%s", src)
	}
	if src := servertest.Read(t, "people.csv"); !slices.Equal(kinds["csv"], []string{src}) {
		t.Errorf("people.csv is not that of docs/integrate.md:\n%s", src)
	}
	t.Setenv("RATOR_URL", r.Endpoint)
	var said []string
	for _, block := range kinds["sh"] {
		words := shellWords(strings.ReplaceAll(block, "\\\n", " "))
		o := rator(t, "", words[1:]...)
		if o.code != exitOK || o.err != "" {
			t.Errorf("%s\n%+v", block, o)
		}
		said = append(said, o.out)
	}
	want := []string{
		"{\n  \"CUSTOMER_NUMBER\": \"100001\",\n  \"MSISDN\": \"13035550000\"\n}\n",
		"2 rows: 2 ok, 0 failed, 0 left; results in people.csv.results.jsonl\n",
	}
	if !slices.Equal(said, want) {
		t.Errorf("got %q; want %q", said, want)
	}
	if got := string(resultsOf(t, "people.csv.results.jsonl")[2].Values); !strings.Contains(got, `"MSISDN":"13035550123"`) {
		t.Errorf("row 2 gave %s", got)
	}
}

// TestRunJSONRows: arrays are lists, also of one item.
func TestRunJSONRows(t *testing.T) {
	r := newRunner(t)
	o := r.run(t.Context(), "families.star --rows families.json --json")
	if want := `{"rows":2,"ok":2,"failed":0,"left":0,"repeated":0,"results":"families.json.results.jsonl"}` + "\n"; o.code != exitOK || o.out != want || o.err != "" {
		t.Fatalf("%+v", o)
	}
	all := resultsOf(t, "families.json.results.jsonl")
	if got := string(all[1].Values) + string(all[2].Values); got != `{"CUSTOMER_NUMBER":"100001","LINES":["13035550000","13035550001"]}{"CUSTOMER_NUMBER":"100002","LINES":["13035550002"]}` {
		t.Error(got)
	}
	if all[1].Line != 2 || all[2].Line != 4 {
		t.Errorf("lines %d, %d", all[1].Line, all[2].Line)
	}
}

// TestRunMistakes: all mistakes are told, and nothing is called.
func TestRunMistakes(t *testing.T) {
	r := newRunner(t)
	asked := r.behind(t, nil)
	o := r.run(t.Context(), "mistakes.star")
	places := regexp.MustCompile(`(?m)^mistakes\.star:(\d+:\d+): `).FindAllStringSubmatch(o.err, -1)
	var got []string
	for _, p := range places {
		got = append(got, p[1])
	}
	if want := []string{"3:15", "4:21", "5:5", "6:5", "7:9", "7:26", "11:10", "12:35"}; o.code != exitFailed || !slices.Equal(got, want) {
		t.Errorf("%d %v\n%s", o.code, got, o.err)
	}
	for _, line := range []string{"8:9: no contract of INTERNAL_ONLY", "10:9: no contract of SOAP_SOMETHING_OF_THEIRS"} {
		if !strings.Contains(o.err, "rator: warning: mistakes.star:"+line) {
			t.Errorf("no warning %s:\n%s", line, o.err)
		}
	}
	if len(asked()) > 0 {
		t.Errorf("called %v", asked())
	}
	o = r.run(t.Context(), "mistakes.star --json")
	var answer struct{ Mistakes []jsonMistake }
	if err := json.Unmarshal([]byte(o.out), &answer); err != nil || o.code != exitFailed || len(answer.Mistakes) != 8 || answer.Mistakes[0].Line != 3 {
		t.Errorf("%v %+v", err, o)
	}
}

// TestRunUnchecked calls a hookpoint of the server that has no contract here, and
// checks it with --hookpoints.
func TestRunUnchecked(t *testing.T) {
	theirs, err := filepath.Abs(filepath.Join(scenarios, "hookpoints"))
	if err != nil {
		t.Fatal(err)
	}
	r := newRunner(t)
	servertest.Write(t, ".", "theirs.star", "def run(p):\n    x = attempt(api.FAILS_LATE, USERNAME = p.NAME)\n    return {\"OK\": x.ok, \"CODE\": x.code, \"MESSAGE\": x.message}\n")
	o := r.run(t.Context(), "theirs.star --set NAME=a")
	if o.code != exitOK || !strings.Contains(o.err, "warning: theirs.star:2:21: no contract of FAILS_LATE") || !strings.Contains(o.out, `"CODE": "ERROR_10001"`) || !strings.Contains(o.out, `"MESSAGE": "too late"`) {
		t.Errorf("%+v", o)
	}
	o = r.run(t.Context(), "theirs.star --set NAME=a --hookpoints "+theirs)
	if o.code != exitOK || o.err != "" || !strings.Contains(o.out, `"CODE": "TOO_LATE"`) {
		t.Errorf("%+v", o)
	}
	servertest.Write(t, ".", "internal.star", "def run(p):\n    api.INTERNAL_ONLY()\n")
	if o := r.run(t.Context(), "internal.star --hookpoints "+theirs); o.code != exitFailed || !strings.Contains(o.err, "internal.star:2:9: INTERNAL_ONLY is internal") {
		t.Errorf("%+v", o)
	}
	servertest.Write(t, ".", "broken.star", "def run(p):\n    api.BROKEN_SCRIPT()\n")
	if o := r.run(t.Context(), "broken.star --hookpoints "+theirs); o.code != exitFailed || !strings.Contains(o.err, "broken.star:2:5: api.BROKEN_SCRIPT: WORKFLOW_FAILED: ") {
		t.Errorf("%+v", o)
	}
	servertest.Write(t, ".", "own.star", "def run(p):\n    return {\"X\": 1 + p.NAME}\n")
	if o := r.run(t.Context(), "own.star --set NAME=a"); o.code != exitFailed || o.err != "rator: own.star:2:20: WORKFLOW_FAILED: int + string does not work; write str(…) to join a text and another value\n" {
		t.Errorf("%+v", o)
	}
}

// TestRunFiles has every way in which the files of a run may be wrong.
func TestRunFiles(t *testing.T) {
	r := newRunner(t)
	asked := r.behind(t, nil)
	chain := "chain.star --set PRODUCT_CODE=X "
	for _, c := range []struct {
		file, content, args string
		code                int
		says                string
	}{
		{"", "", "none.star", exitUnreachable, "none.star: no such file"},
		{"", "", "chain.star --jobs 0", exitUsage, "--jobs"},
		{"", "", "chain.star --set X", exitUsage, `--set: "X" is not KEY=value`},
		{"", "", "chain.star --hookpoints none", exitUnreachable, "none: no such file"},
		{"", "", chain + "--rows none.csv", exitUnreachable, "none.csv: no such file"},
		{"a.txt", "", chain + "--rows a.txt", exitUsage, "the name ends in .csv, .json or .jsonl"},
		{"a.csv", "", chain + "--rows a.csv", exitFailed, "a.csv: the file is empty; its first line names the keys"},
		{"a.csv", "A,B\n1,2\n1,2,3\n", chain + "--rows a.csv", exitFailed, "a.csv:3:1: the row has 3 cells, the header 2; a cell that holds ',' stands in quotes"},
		{"a.csv", "A,B\n1,2\n\"1,2\n", chain + "--rows a.csv", exitFailed, "a.csv:3:6: extraneous or missing \" in quoted-field"},
		{"a.csv", "A,B\n1,2\n1,x\"y\n", chain + "--rows a.csv", exitFailed, `a.csv:3:4: bare " in non-quoted-field`},
		{"a.csv", "A,\n1,2\n", chain + "--rows a.csv", exitFailed, "a.csv:2:3: there is a value in column 2, which has no key in the header"},
		{"a.csv", "A,A.B\n1,2\n", chain + "--rows a.csv", exitFailed, `a.csv:1:3: column 2, "A.B": A is a value of its own in one column, and has keys below it in another`},
		{"a.csv", "A\nx\n\xff\n", chain + "--rows a.csv", exitFailed, "a.csv:3: the text is not UTF-8"},
		{"a.json", "[{\"A\": 1},\n{\"A\" 2}]", chain + "--rows a.json", exitFailed, "a.json:2: row 2: invalid character '2' after object key"},
		{"a.json", "[{\"A\": 1},\n7]", chain + "--rows a.json", exitFailed, "a.json:2: row 2: a row is an object"},
		{"a.json", "[{\"A\": 1},\n{\"A\": 1}", chain + "--rows a.json", exitFailed, "a.json:2: after row 2: the file ends too early"},
		{"a.json", "[{\"A\": 1}]\n[]", chain + "--rows a.json", exitFailed, "a.json:2: there is more after the rows"},
		{"a.json", "{\"A\": {\"F\": 1e400}}", chain + "--rows a.json", exitFailed, "a.json:1: row 1: A/F: \"1e400\" is not a number"},
		{"a.json", "{\"A\": 1}\n{\"A\": [[1]]}", chain + "--rows a.json", exitFailed, "a.json:2: row 2: A/: an array in an array"},
		{"a.json", strings.Repeat(`{"A": `, 20) + "1" + strings.Repeat("}", 20), chain + "--rows a.json", exitFailed, "values nest deeper than 8"},
		{"a.csv", "A\n", chain + "--rows a.csv", exitOK, "0 rows: 0 ok, 0 failed, 0 left"},
		{"r", "some text\n", chain + "--rows people.csv --results r", exitUsage, "r is no results file"},
		{"r", "{\"run\":\"x\"}\n", chain + "--rows people.csv --results r", exitUsage, "r is of another run"},
		{"", "", chain + "--rows people.csv --results none/r", exitUnreachable, "none/r: no such file"},
	} {
		if c.file != "" {
			servertest.Write(t, ".", c.file, c.content)
		}
		if o := r.run(t.Context(), c.args); o.code != c.code || !strings.Contains(o.err+o.out, c.says) {
			t.Errorf("%s %q: %+v; want %s", c.args, c.content, o, c.says)
		}
	}
	if len(asked()) > 0 {
		t.Errorf("called %v", asked())
	}
	r.run(t.Context(), peopleRun)
	r.url += "?other"
	if o := r.run(t.Context(), peopleRun); o.code != exitUsage || !strings.Contains(o.err, "people.csv.results.jsonl is of another endpoint, http") {
		t.Errorf("%+v", o)
	}
	r.url = "http://127.0.0.1:1/x"
	if o := r.run(t.Context(), peopleRun+"--results down.jsonl"); o.code != exitUnreachable || !strings.Contains(o.err, "127.0.0.1:1: connect: connection refused") || !strings.HasPrefix(o.out, "2 rows: 0 ok, 0 failed, 2 left") {
		t.Errorf("%+v", o)
	}
}

// TestRunAgain: a run without rows is a new one each time.
func TestRunAgain(t *testing.T) {
	r := newRunner(t)
	asked := r.behind(t, nil)
	servertest.Write(t, ".", "read.star", "def run(p):\n    note(\"asked\")\n    api.SOAP_GET_WEB_USER_PROFILE_INTERNAL(CUSTOMER_NUMBER = p.N)\n")
	for range 2 {
		if o := r.run(t.Context(), "read.star --set N=1"); o.code != exitFailed || !strings.HasPrefix(o.err, "note: asked\nrator: read.star:3:5: api.SOAP_GET_WEB_USER_PROFILE_INTERNAL: ") || o.out != "" {
			t.Errorf("%+v", o)
		}
	}
	if ids := asked(); len(ids) != 2 || ids[0] == ids[1] {
		t.Errorf("request ids %v", ids)
	}
	o := r.run(t.Context(), "read.star --set N=1 --json")
	if want := regexp.MustCompile(`^{"outcome":"failed","error":{"code":"[A-Z_]+","number":\d+,"message":"[^"]+","file":"read.star","line":3,"column":5,"step":"api.SOAP_GET_WEB_USER_PROFILE_INTERNAL"},"notes":\["asked"\],"calls":1}\n$`); o.code != exitFailed || !want.MatchString(o.out) {
		t.Errorf("%+v", o)
	}
}

// TestRunNow: a run that goes on has the time of its beginning, so that its calls
// are the same ones.
func TestRunNow(t *testing.T) {
	r := newRunner(t)
	servertest.Write(t, ".", "now.star", "def run(p):\n    return {\"NOW\": now}\n")
	servertest.Write(t, ".", "a.csv", "A\n1\n2\n")
	r.run(t.Context(), "now.star --rows a.csv")
	src := strings.SplitAfter(servertest.Read(t, "a.csv.results.jsonl"), "\n")
	servertest.Write(t, ".", "a.csv.results.jsonl", regexp.MustCompile(`"begun":"[^"]+"`).ReplaceAllString(src[0], `"begun":"2020-01-02T03:04:05Z"`)+src[1])
	o := r.run(t.Context(), "now.star --rows a.csv")
	if o.code != exitOK || !strings.Contains(o.err, "warning: this run was begun on 2020-01-02; the server no longer knows its requests") {
		t.Errorf("%+v", o)
	}
	if got := string(resultsOf(t, "a.csv.results.jsonl")[2].Values); !strings.Contains(got, "2020-01-02T") {
		t.Errorf("row 2 says %s", got)
	}
}

// TestProgress: a bar that redraws itself on a terminal, else lines.
func TestProgress(t *testing.T) {
	for _, bar := range []bool{false, true} {
		var out bytes.Buffer
		at := servertest.Now
		p := newProgress(&out, 4, 1)
		p.bar, p.now, p.begun, p.shown = bar, func() time.Time { return at }, at, at
		for i, r := range []batch.Result{{Row: 2}, {Row: 3, Line: 4, Error: &batch.Failure{File: "c.star", Line: 1, Column: 2, Message: "no"}}, {Row: 4}} {
			if at = at.Add(6 * time.Second); i == 2 {
				at = at.Add(time.Hour)
			}
			p.add("x.csv", &r)
		}
		p.end()
		want := "x.csv:4: row 3: c.star:1:2: no\n3 of 4 rows, 1 failed, 6s left\n4 of 4 rows, 1 failed\n"
		if bar {
			want = "x.csv:4: row 3: c.star:1:2: no\n" +
				clearLine + "[######################        ] 3 of 4 rows, 1 failed, 6s left" +
				clearLine + "[##############################] 4 of 4 rows, 1 failed" + clearLine
		}
		if got := out.String(); got != want {
			t.Errorf("got %q\nwant %q", got, want)
		}
	}
	var out bytes.Buffer
	p := newProgress(&out, 100, 0)
	for i := range 50 {
		p.add("x.csv", &batch.Result{Row: i + 1, Error: &batch.Failure{}})
	}
	lines := 0
	for s := bufio.NewScanner(&out); s.Scan(); {
		lines++
	}
	if lines != maxComplaints+1 {
		t.Errorf("%d lines of complaints", lines)
	}
}
