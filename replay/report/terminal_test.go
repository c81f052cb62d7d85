package report_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"rator/replay"
	"rator/replay/compare"
	"rator/replay/report"
)

func terminalOf(t *testing.T, p *playing, o report.TerminalOptions) string {
	t.Helper()
	var b bytes.Buffer
	p.tell(t, report.NewTerminal(&b, o))
	return b.String()
}

func TestUseColour(t *testing.T) {
	for _, tt := range []struct {
		terminal bool
		env      map[string]string
		want     bool
	}{
		{true, nil, true},
		{false, nil, false},
		{true, map[string]string{"NO_COLOR": "1"}, false},
		{true, map[string]string{"TERM": "dumb"}, false},
		{true, map[string]string{"TERM": "xterm"}, true},
	} {
		if got := report.UseColour(tt.terminal, func(k string) string { return tt.env[k] }); got != tt.want {
			t.Errorf("%+v: %v", tt, got)
		}
	}
}

// TestTerminalIsNotWrittenOn: no character of an answer reaches a terminal but
// those that can be seen.
func TestTerminalIsNotWrittenOn(t *testing.T) {
	got := terminalOf(t, everywhere(), report.TerminalOptions{Verbose: true})
	for i, r := range got {
		if r < ' ' && r != '\n' || r == 0x7f || r == '\u202e' || r == '\u00a0' || r == '\ufffd' {
			t.Fatalf("%U behind %q", r, got[max(0, i-60):i])
		}
	}
	if !strings.Contains(got, `\x1b[31mred`) {
		t.Error("the text is not shown")
	}
}

// TestTerminalGroups: one block for what is alike in many scenarios, and a bound on
// how many blocks there are.
func TestTerminalGroups(t *testing.T) {
	p := &playing{}
	for i := range 40 {
		r := scenario(fmt.Sprintf("s%02d", i/2), "a")
		played(r, "A", time.Millisecond, func(x *replay.Exchange) {
			different(x, []byte("<a/>"), []byte("<b/>"), compare.Difference{Path: fmt.Sprintf("return/values[LIST]/ITEM[%d]/NAME", i), Kind: compare.Value, Want: "a", Got: "b", Line: 1, Column: 1})
		})
		p.results = append(p.results, r)
	}
	p.summary = finish(p.results)
	got := terminalOf(t, p, report.TerminalOptions{})
	if want := "and 39 more like it in 20 scenarios: s00, s01, s02, s03, s04 and 15 others"; strings.Count(got, "has another value") != 1 || !strings.Contains(got, want) {
		t.Errorf("not one block with %q:\n%s", want, got)
	}

	many := scenario("many", "a")
	played(many, "A", time.Millisecond, func(x *replay.Exchange) {
		var d []compare.Difference
		for i := range 1000 {
			d = append(d, compare.Difference{Path: fmt.Sprintf("return/values[K%d]", i), Kind: compare.Missing, Want: "a"})
		}
		different(x, []byte("<a/>"), []byte("<b/>"), d...)
	})
	p = &playing{results: []*replay.Result{many}, summary: finish([]*replay.Result{many})}
	if got := terminalOf(t, p, report.TerminalOptions{}); strings.Count(got, "is missing") != 100 || !strings.Contains(got, "and 900 differences of other kinds") {
		t.Errorf("%d blocks:\n%s", strings.Count(got, "is missing"), got[max(0, len(got)-600):])
	}
}
