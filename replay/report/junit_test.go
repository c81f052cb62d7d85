package report_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/replay/report"
	"rator/suite"
)

// TestJUnitIsValid has libxml2 hold both kept files against the schema.
func TestJUnitIsValid(t *testing.T) {
	suite.Foreign(t, "xmllint", "xmllint", "--version")
	for _, file := range []string{"junit.xml", "equal-junit.xml"} {
		cmd := exec.CommandContext(t.Context(), "xmllint", "--noout", "--nonet", "--schema", filepath.Join(goldens, "junit.xsd"), filepath.Join(goldens, file))
		if said, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, said)
		}
	}
}

// junit is what a reader makes of a report.
type junit struct {
	Tests    int `xml:"tests,attr"`
	Failures int `xml:"failures,attr"`
	Errors   int `xml:"errors,attr"`
	Skipped  int `xml:"skipped,attr"`
	Suites   []struct {
		Name     string `xml:"name,attr"`
		Tests    int    `xml:"tests,attr"`
		Failures int    `xml:"failures,attr"`
		Errors   int    `xml:"errors,attr"`
		Skipped  int    `xml:"skipped,attr"`
		Cases    []struct {
			Name    string    `xml:"name,attr"`
			Failure *string   `xml:"failure"`
			Error   *string   `xml:"error"`
			Skipped *struct{} `xml:"skipped"`
		} `xml:"testcase"`
	} `xml:"testsuite"`
}

// TestJUnitTotals: the totals of every level are those of the testcases.
func TestJUnitTotals(t *testing.T) {
	p := everything(t)
	var b bytes.Buffer
	p.tell(t, report.NewJUnit(&b, report.Options{Coverage: p.coverage, MinCoverage: 80, MaxP99: 50 * time.Millisecond}))
	var got junit
	if err := xml.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	var total [4]int
	for _, s := range got.Suites {
		var in [4]int
		for _, c := range s.Cases {
			in[0]++
			if c.Failure != nil {
				in[1]++
			}
			if c.Error != nil {
				in[2]++
			}
			if c.Skipped != nil {
				in[3]++
			}
		}
		if said := [4]int{s.Tests, s.Failures, s.Errors, s.Skipped}; said != in {
			t.Errorf("%s says %v and holds %v", s.Name, said, in)
		}
		for i := range in {
			total[i] += in[i]
		}
	}
	if said := [4]int{got.Tests, got.Failures, got.Errors, got.Skipped}; said != total {
		t.Errorf("testsuites says %v and holds %v", said, total)
	}
	// 15 exchanges, 2 operations and the coverage; 1 exchange, 1 scenario and the endpoint; 4 steps.
	if diff := cmp.Diff([4]int{19 + 1 + 4 + 1 + 6 + 1, 15 + 3, 3, 4}, total); diff != "" {
		t.Errorf("tests, failures, errors, skipped (-want +got):\n%s", diff)
	}
}

// TestDiskFull: what a report cannot write is an error, and no scratch file is left.
func TestDiskFull(t *testing.T) {
	full := errors.New("no space left on device")
	scratch := t.TempDir()
	t.Setenv("TMPDIR", scratch)
	for name, sink := range map[string]func(limit int) sinkCloser{
		"junit": func(n int) sinkCloser { return report.NewJUnit(&limited{n, full}, report.Options{}) },
		"html":  func(n int) sinkCloser { return report.NewHTML(&limited{n, full}, report.Options{}) },
		"json":  func(n int) sinkCloser { return noClose{report.NewJSON(&limited{n, full}, report.Options{})} },
		"terminal": func(n int) sinkCloser {
			return noClose{report.NewTerminal(&limited{n, full}, report.TerminalOptions{})}
		},
	} {
		p := everything(t)
		s := sink(500)
		var err error
		for _, r := range p.results {
			err = errors.Join(err, s.Played(r))
		}
		err = errors.Join(err, s.Done(p.summary))
		if !errors.Is(err, full) {
			t.Errorf("%s: %v, want that the disk is full", name, err)
		}
		interrupted := sink(500)
		if err := interrupted.Played(p.results[0]); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := interrupted.Close(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if left, err := os.ReadDir(scratch); err != nil || len(left) > 0 {
		t.Errorf("scratch files are left: %v %v", left, err)
	}
}
