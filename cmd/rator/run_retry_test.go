package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"rator/batch"
	"rator/server/servertest"
)

// lines writes lines.csv: a person with a phone line in each row, whose number is one
// of numbers.
func lines(t *testing.T, numbers ...string) {
	t.Helper()
	var b strings.Builder
	b.WriteString("USER.FIRST_NAME,USER.LAST_NAME,USER.CITY,USER.ZIP,USER.EMAIL,USER.USERNAME,MSISDN\n")
	for i, number := range numbers {
		fmt.Fprintf(&b, "P,%d,Odense,5000,p%d@example.com,p%d,%s\n", i+1, i+1, i+1, number)
	}
	servertest.Write(t, ".", "lines.csv", b.String())
}

const linesRun = "chain.star --rows lines.csv --set PRODUCT_CODE=POST_PAID "

// lastOf are the last lines of a results file, by row.
func lastOf(t *testing.T, file string) map[int]batch.Result {
	t.Helper()
	last := map[int]batch.Result{}
	for line := range strings.Lines(servertest.Read(t, file)) {
		var one batch.Result
		if err := json.Unmarshal([]byte(line), &one); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if one.Row > 0 {
			last[one.Row] = one
		}
	}
	return last
}

// TestRetryFailed: rows that failed are done again from a corrected file, and only
// those; what such a row had done before it failed is not done twice.
func TestRetryFailed(t *testing.T) {
	r := newRunner(t)
	asked := r.behind(t, nil)
	lines(t, "13035550001", "12", "13035550003", "34")
	if o := r.run(t.Context(), linesRun+"--jobs 2"); o.code != exitFailed || !strings.HasPrefix(o.out, "4 rows: 2 ok, 2 failed, 0 left;") {
		t.Fatalf("%+v", o)
	}
	if bad := lastOf(t, "lines.csv.results.jsonl")[2]; r.customers(t) != 4 || len(bad.Made) != 1 || bad.Made[0].API != "SOAP_SIGNUP_CUSTOMER" || bad.Error.Step != "api.SOAP_SIGNUP_SUBSCRIPTION" {
		t.Fatalf("%d customers, %+v", r.customers(t), bad)
	}
	before := asked()
	// A spreadsheet wrote the corrected file, in its own way.
	lines(t, "13035550001", "13035550002", "13035550003", "34")
	servertest.Write(t, ".", "lines.csv", "\ufeffsep=;\r\n"+strings.ReplaceAll(strings.ReplaceAll(servertest.Read(t, "lines.csv"), ",", ";"), "\n", "\r\n"))
	if o := r.run(t.Context(), linesRun); o.code != exitUsage || o.err != "rator: lines.csv:4: row 2 failed and has changed since; --retry-failed does it again (values of --set count too)\n" {
		t.Errorf("%+v", o)
	}
	o := r.run(t.Context(), linesRun+"--retry-failed")
	if o.code != exitFailed || !strings.HasPrefix(o.out, "4 rows: 3 ok, 1 failed, 0 left;") || !strings.Contains(o.err, "2 of 4 rows are done, going on with the others\nlines.csv.results.jsonl: 2 of the others failed before and begin again\n") ||
		!strings.Contains(o.err, "2 calls had been made before") {
		t.Errorf("%+v", o)
	}
	after := asked()[len(before):]
	repeated := slices.DeleteFunc(slices.Clone(after), func(id string) bool { return !slices.Contains(before, id) })
	if len(after) != 5 || len(repeated) != 2 || r.customers(t) != 4 {
		t.Errorf("calls %v after %v, %d customers", after, before, r.customers(t))
	}
	last := lastOf(t, "lines.csv.results.jsonl")
	if two := last[2]; two.Outcome != batch.OK || two.Try != 2 || !strings.Contains(string(two.Values), "13035550002") || two.Made != nil {
		t.Errorf("%+v", two)
	}
	// A third try of the row that nobody corrected, and then of one who did.
	if o := r.run(t.Context(), linesRun+"--retry-failed"); o.code != exitFailed || len(asked()) != len(before)+7 {
		t.Errorf("%+v", o)
	}
	lines(t, "13035550001", "13035550002", "13035550003", "")
	if o := r.run(t.Context(), linesRun+"--retry-failed"); o.code != exitOK || !strings.HasPrefix(o.out, "4 rows: 4 ok, 0 failed, 0 left;") {
		t.Errorf("%+v", o)
	}
	if four := lastOf(t, "lines.csv.results.jsonl")[4]; four.Try != 4 || four.Repeated != 1 || r.customers(t) != 4 {
		t.Errorf("%+v, %d customers", four, r.customers(t))
	}
	done := len(asked())
	for _, again := range []string{"--retry-failed", ""} {
		if o := r.run(t.Context(), linesRun+again); o.code != exitOK || len(asked()) != done {
			t.Errorf("nothing is left to do: %+v", o)
		}
	}
	// On purpose it is all done again, and refused, for the people are there.
	if o := r.run(t.Context(), linesRun+"--results again.jsonl --set ROUND=2"); !strings.HasPrefix(o.out, "4 rows: 0 ok, 4 failed, 0 left;") {
		t.Errorf("%+v", o)
	}
}

// TestRetryResumes: a retry that was cut off after any of its calls, the answer
// unheard, goes on where it was, and nothing is done twice.
func TestRetryResumes(t *testing.T) {
	for cut := 1; cut <= 6; cut++ {
		t.Run(fmt.Sprintf("call %d", cut), func(t *testing.T) {
			r := newRunner(t)
			lines(t, "12", "13035550002", "34")
			const first = 7 // calls before the retry: 2, 3 and 2
			ctx, interrupt := context.WithCancel(t.Context())
			asked := r.behind(t, func(call int, w http.ResponseWriter, req *http.Request, forward func(http.ResponseWriter)) bool {
				if call != first+cut {
					return false
				}
				forward(httptest.NewRecorder())
				interrupt()
				<-req.Context().Done()
				return true
			})
			if o := r.run(t.Context(), linesRun); o.code != exitFailed || !strings.HasPrefix(o.out, "3 rows: 1 ok, 2 failed, 0 left;") {
				t.Fatalf("%+v", o)
			}
			lines(t, "13035550001", "13035550002", "13035550003")
			if o := r.run(ctx, linesRun+"--retry-failed"); o.code != exitFailed || !strings.Contains(o.err, "rator: interrupted; the same command goes on where this one ended") {
				t.Fatalf("%+v", o)
			}
			f, err := os.OpenFile("lines.csv.results.jsonl", os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprint(f, `{"row":3,"outcome":"ok"`) // a crash leaves half a line
			f.Close()
			lines(t, "13035550001", "13035550002", "13035550009")
			if o := r.run(t.Context(), linesRun+"--retry-failed"); o.code != exitUsage || !strings.Contains(o.err, "lines.csv:4: row 3 has not ended yet and has changed since, so that nobody knows what of it is done") {
				t.Errorf("%+v", o)
			}
			lines(t, "13035550001", "13035550002", "13035550003")
			if o := r.run(t.Context(), linesRun+"--retry-failed"); o.code != exitOK || !strings.HasPrefix(o.out, "3 rows: 3 ok, 0 failed, 0 left;") || r.customers(t) != 3 {
				t.Errorf("%+v, %d customers", o, r.customers(t))
			}
			// Each of two rows has two calls more, whose ids stayed; its first was
			// made by the try before.
			ids := asked()
			if slices.Sort(ids); len(slices.Compact(ids)) != first+4 {
				t.Errorf("request ids %v", ids)
			}
			for row, one := range lastOf(t, "lines.csv.results.jsonl") {
				if want := fmt.Sprintf("1303555000%d", row); one.Outcome != batch.OK || !strings.Contains(string(one.Values), want) || one.Notes != nil {
					t.Errorf("row %d: %+v", row, one)
				}
			}
		})
	}
}

// TestRetryMistakes: what may not have changed is told before anything runs, and the
// results stay as they are.
func TestRetryMistakes(t *testing.T) {
	r := newRunner(t)
	asked := r.behind(t, nil)
	lines(t, "13035550001", "12", "13035550003", "13035550004")
	if o := r.run(t.Context(), linesRun+"--stop-on-error"); !strings.HasPrefix(o.out, "4 rows: 1 ok, 1 failed, 2 left;") {
		t.Fatalf("%+v", o)
	}
	before := len(asked())
	kept := servertest.Read(t, "lines.csv.results.jsonl")
	servertest.Write(t, ".", "other.star", servertest.Read(t, "chain.star"))
	for _, c := range []struct {
		numbers []string
		args    string
		says    []string
	}{
		{[]string{"13035550009", "5", "13035550003", "13035550004"}, linesRun, []string{"lines.csv:2: row 1 is done and has changed since; put it back, or name another --results for a new run"}},
		{[]string{"13035550001", "5", "13035550008", "9"}, linesRun, []string{
			"lines.csv:4: row 3 has not ended yet and has changed since", "lines.csv:5: row 4 has not ended yet"}},
		{[]string{"13035550001", "12", "13035550003"}, linesRun, []string{"lines.csv.results.jsonl is of a file with 4 rows, and lines.csv has 3: rows are known by their number"}},
		{[]string{"13035550001", "12", "13035550003", "13035550004"}, linesRun + "--set REFERENCED_BY=x", []string{"row 1 is done and has changed since", "row 4 has not ended"}},
		{[]string{"13035550001", "12", "13035550003", "13035550004"}, strings.Replace(linesRun, "chain", "other", 1), []string{"lines.csv.results.jsonl is of another script, chain.star"}},
	} {
		lines(t, c.numbers...)
		o := r.run(t.Context(), c.args+" --retry-failed")
		for _, says := range c.says {
			if o.code != exitUsage || !strings.Contains(o.err, says) {
				t.Errorf("%v: %+v; want %s", c.numbers, o, says)
			}
		}
	}
	for name, src := range map[string]string{
		"half a head, not ours": "important",
		"again what never was":  kept + `{"again":[{"row":3,"try":2,"content":""}]}` + "\n",
		"a row too many":        kept + `{"row":5,"outcome":"ok"}` + "\n",
		"no reason":             kept + `{"row":3,"outcome":"failed"}` + "\n",
	} {
		lines(t, "13035550001", "12", "13035550003", "13035550004")
		servertest.Write(t, ".", "r", src)
		if o := r.run(t.Context(), linesRun+"--retry-failed --results r"); o.code != exitUsage || servertest.Read(t, "r") != src {
			t.Errorf("%s: %+v", name, o)
		}
	}
	if servertest.Read(t, "lines.csv.results.jsonl") != kept || len(asked()) != before {
		t.Errorf("%v was asked; the results are\n%s", asked()[before:], servertest.Read(t, "lines.csv.results.jsonl"))
	}
	if o := r.run(t.Context(), "chain.star --retry-failed"); o.code != exitUsage || !strings.Contains(o.err, "--retry-failed is for a run with --rows") {
		t.Errorf("%+v", o)
	}
	// Rows after the one that stopped the run are done, and it again.
	lines(t, "13035550001", "", "13035550003", "13035550004")
	if o := r.run(t.Context(), linesRun+"--retry-failed"); o.code != exitOK || !strings.HasPrefix(o.out, "4 rows: 4 ok, 0 failed, 0 left;") {
		t.Errorf("%+v", o)
	}
}

// TestResultsOfEarlierVersion: a file whose head has no digests goes on, and its
// failed rows begin again from the file as it was.
func TestResultsOfEarlierVersion(t *testing.T) {
	r := newRunner(t)
	lines(t, "13035550001", "12")
	r.run(t.Context(), linesRun)
	src := servertest.Read(t, "lines.csv.results.jsonl")
	at, end := strings.Index(src, `,"contents"`), strings.Index(src, "]")
	servertest.Write(t, ".", "lines.csv.results.jsonl", src[:at]+src[end+1:])
	if o := r.run(t.Context(), linesRun); o.code != exitFailed || !strings.HasPrefix(o.out, "2 rows: 1 ok, 1 failed, 0 left;") {
		t.Errorf("%+v", o)
	}
	if o := r.run(t.Context(), linesRun+"--retry-failed"); o.code != exitFailed || !strings.Contains(o.err, "1 of the others failed before and begin again") {
		t.Errorf("%+v", o)
	}
	lines(t, "13035550001", "")
	if o := r.run(t.Context(), linesRun+"--retry-failed"); o.code != exitUsage || !strings.Contains(o.err, "is of another run") {
		t.Errorf("%+v", o)
	}
}
