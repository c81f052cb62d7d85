package report_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/replay"
	"rator/replay/report"
)

var update = flag.Bool("update", false, "write what is made now to testdata/replay/report")

const goldens = "../../testdata/replay/report"

// golden compares with a file kept.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join(goldens, name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s is another (-want +got), -update writes it anew:\n%s", name, diff)
	}
}

// TestGolden: every report of a set that holds everything, and of one that is all
// equal, is as it is kept.
func TestGolden(t *testing.T) {
	for _, tt := range []struct {
		file string
		sink func(b *bytes.Buffer, o report.Options) replay.Sink
	}{
		{"terminal.txt", func(b *bytes.Buffer, o report.Options) replay.Sink {
			return report.NewTerminal(b, report.TerminalOptions{Options: o})
		}},
		{"terminal-verbose.txt", func(b *bytes.Buffer, o report.Options) replay.Sink {
			return report.NewTerminal(b, report.TerminalOptions{Options: o, Verbose: true})
		}},
		{"terminal-colour.txt", func(b *bytes.Buffer, o report.Options) replay.Sink {
			return report.NewTerminal(b, report.TerminalOptions{Options: o, Colour: true})
		}},
		{"junit.xml", func(b *bytes.Buffer, o report.Options) replay.Sink { return report.NewJUnit(b, o) }},
		{"report.json", func(b *bytes.Buffer, o report.Options) replay.Sink { return report.NewJSON(b, o) }},
		{"report.html", func(b *bytes.Buffer, o report.Options) replay.Sink { return report.NewHTML(b, o) }},
	} {
		t.Run(tt.file, func(t *testing.T) {
			p := everything(t)
			var b bytes.Buffer
			p.tell(t, tt.sink(&b, report.Options{Coverage: p.coverage, MaxP99: 50 * time.Millisecond, MinCoverage: 80}))
			golden(t, tt.file, b.Bytes())
		})
		t.Run("equal-"+tt.file, func(t *testing.T) {
			p := allEqual()
			var b bytes.Buffer
			p.tell(t, tt.sink(&b, report.Options{}))
			golden(t, "equal-"+tt.file, b.Bytes())
		})
	}
}
