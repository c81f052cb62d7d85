package report

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"rator/replay"
)

// JUnit is a replay.Sink that writes JUnit XML, as Jenkins and GitLab read it: a
// testsuite for each scenario, a testcase for each exchange, a failure for one that
// is different, an error for one that failed, skipped for one that was not played, with
// the cause. A scenario that ended for another reason has an error under the name
// scenario, or is skipped there when it was interrupted. That it was, what --max-p99 and --min-coverage find are testcases of a last
// testsuite.
type JUnit struct {
	out    io.Writer
	o      Options
	suites scratch
	totals suiteTotals
}

// NewJUnit writes to w when the playing is done. Close gives the scratch file free
// when it never is.
func NewJUnit(w io.Writer, o Options) *JUnit { return &JUnit{out: w, o: o} }

// Close is for a playing that is not done; after Done it does nothing.
func (j *JUnit) Close() error { return j.suites.Close() }

// suiteTotals are what testsuite and testsuites have as attributes. Those of the XML
// are not in the order of the schema, which has none.
type suiteTotals struct {
	Tests    int    `xml:"tests,attr"`
	Failures int    `xml:"failures,attr"`
	Errors   int    `xml:"errors,attr"`
	Skipped  int    `xml:"skipped,attr"`
	Time     string `xml:"time,attr"`
}

type testSuite struct {
	XMLName   xml.Name `xml:"testsuite"`
	Name      string   `xml:"name,attr"`
	Timestamp string   `xml:"timestamp,attr,omitempty"`
	suiteTotals
	Cases []testCase `xml:"testcase"`
}

type testCase struct {
	Name    string       `xml:"name,attr"`
	Class   string       `xml:"classname,attr"`
	Time    string       `xml:"time,attr"`
	File    string       `xml:"file,attr,omitempty"`
	Failure *testProblem `xml:"failure"`
	Error   *testProblem `xml:"error"`
	Skipped *testSkipped `xml:"skipped"`
}

type testSkipped struct {
	Message string `xml:"message,attr"`
}

type testProblem struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

// Played is a replay.Sink's.
func (j *JUnit) Played(r *replay.Result) error {
	suite := testSuite{Name: visible(r.Scenario.Name), Timestamp: r.Started.UTC().Format("2006-01-02T15:04:05")}
	suite.Time = seconds(r.Took)
	class := strings.ReplaceAll(suite.Name, "/", ".")
	for i := range r.Exchanges {
		x := &r.Exchanges[i]
		c := testCase{
			Name: visible(x.Step.Label()), Class: class, Time: seconds(average(&x.Latency)),
			File: visible(slashed(r.Scenario.File(x.Step.Request))),
		}
		if x.Operation != "" {
			c.Name += " (" + visible(x.Operation) + ")"
		}
		switch {
		case x.Outcome == replay.NotPlayed:
			c.Skipped = &testSkipped{cut("not played, "+visible(x.Why), 300)}
		case x.Outcome == replay.Failed || x.Err != nil:
			c.Error = problem(string(replay.Failed), x.Err)
		case x.Outcome == replay.Different:
			c.Failure = differencesProblem(r, x)
		}
		suite.add(c)
	}
	if text := unfinished(r); text != "" {
		suite.add(testCase{Name: "scenario", Class: class, Time: seconds(0), Skipped: &testSkipped{text}})
	} else if r.Err != nil && !failedAlready(r) {
		suite.add(testCase{Name: "scenario", Class: class, Time: seconds(0), Error: problem("scenario", r.Err)})
	}
	j.totals.count(&suite.suiteTotals)
	return j.write(&suite)
}

func (s *testSuite) add(c testCase) {
	t := suiteTotals{Tests: 1}
	switch {
	case c.Failure != nil:
		t.Failures = 1
	case c.Error != nil:
		t.Errors = 1
	case c.Skipped != nil:
		t.Skipped = 1
	}
	s.count(&t)
	s.Cases = append(s.Cases, c)
}

func (t *suiteTotals) count(of *suiteTotals) {
	t.Tests, t.Failures, t.Errors, t.Skipped = t.Tests+of.Tests, t.Failures+of.Failures, t.Errors+of.Errors, t.Skipped+of.Skipped
}

func (j *JUnit) write(suite *testSuite) error {
	var b bytes.Buffer
	e := xml.NewEncoder(&b)
	e.Indent("  ", "  ")
	if err := e.Encode(suite); err != nil {
		return err
	}
	b.WriteByte('\n')
	_, err := j.suites.Write(b.Bytes())
	return err
}

func problem(kind string, err error) *testProblem {
	text := "not played to the end"
	if err != nil {
		text = visibleLines(err.Error())
	}
	first, _, _ := strings.Cut(text, "\n")
	return &testProblem{Type: kind, Message: cut(first, 300), Text: text}
}

// maxListed is how many differences of one exchange a report lists.
const maxListed = 200

func differencesProblem(r *replay.Result, x *replay.Exchange) *testProblem {
	p := &testProblem{Type: string(replay.Different), Message: count(len(x.Differences), "difference")}
	if len(x.Differences) > 0 {
		p.Message += ", first: " + cut(statement(&x.Differences[0]), 200)
	}
	var b strings.Builder
	for i := range x.Differences {
		if i == maxListed {
			fmt.Fprintf(&b, "and %d more\n", len(x.Differences)-i)
			break
		}
		d := &x.Differences[i]
		want, got := inWords(d, 1000)
		fmt.Fprintf(&b, "%s: %s\n  expected  %s\n  actual    %s\n", visible(place(r.Scenario, &x.Step, d)), statement(d), want, got)
	}
	p.Text = b.String()
	return p
}

// Done is a replay.Sink's: it writes it all.
func (j *JUnit) Done(s *replay.Summary) error {
	defer j.suites.Close()
	if last := j.judged(s); len(last.Cases) > 0 {
		j.totals.count(&last.suiteTotals)
		if err := j.write(&last); err != nil {
			return err
		}
	}
	j.totals.Time = seconds(s.Took)
	out := bufio.NewWriter(j.out)
	fmt.Fprintf(out, "%s<testsuites name=\"rator replay\" tests=\"%d\" failures=\"%d\" errors=\"%d\" skipped=\"%d\" time=\"%s\">\n", xml.Header,
		j.totals.Tests, j.totals.Failures, j.totals.Errors, j.totals.Skipped, j.totals.Time)
	if err := j.suites.copyTo(out); err != nil {
		return err
	}
	fmt.Fprintln(out, "</testsuites>")
	return out.Flush()
}

// judged is the testsuite of what is asked of the playing as a whole.
func (j *JUnit) judged(s *replay.Summary) testSuite {
	suite := testSuite{Name: "replay", Timestamp: s.Started.UTC().Format("2006-01-02T15:04:05")}
	suite.Time = seconds(0)
	judge := func(name, broken string) {
		c := testCase{Name: name, Class: "replay", Time: seconds(0)}
		if broken != "" {
			c.Failure = &testProblem{Type: "limit", Message: broken, Text: broken}
		}
		suite.add(c)
	}
	broken := func(name, kind, text string) {
		suite.add(testCase{Name: name, Class: "replay", Time: seconds(0), Error: &testProblem{Type: kind, Message: text, Text: text}})
	}
	if s.Unreachable {
		broken("endpoint", "unreachable", endpointOf(s)+" did not answer, or stopped to")
	}
	if s.Interrupted {
		broken("playing", "interrupted", interruption(s))
	}
	if j.o.MaxP99 > 0 {
		for _, o := range operationsOf(s, j.o.MaxP99) {
			broken := ""
			if o.Slow {
				broken = fmt.Sprintf("p99 is %s, more than %s", brief(o.P99), j.o.MaxP99)
			}
			judge("p99 of "+visible(o.Name), broken)
		}
	}
	if c := j.o.Coverage.Report(); c != nil && j.o.MinCoverage > 0 {
		broken := ""
		if c.Percent < j.o.MinCoverage {
			broken = fmt.Sprintf("coverage is %.1f %%, less than %g %%", c.Percent, j.o.MinCoverage)
		}
		judge("coverage", broken)
	}
	return suite
}

// seconds is a duration as JUnit has it.
func seconds(d time.Duration) string { return fmt.Sprintf("%.6f", d.Seconds()) }
