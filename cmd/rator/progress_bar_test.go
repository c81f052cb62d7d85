package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"rator/server/servertest"
)

// TestBarIsAsWideAsTheTerminal at every moment, in terminals of any width that may
// change while it is drawn.
func TestBarIsAsWideAsTheTerminal(t *testing.T) {
	var out bytes.Buffer
	p := newProgress(&out, 60, 0)
	columns, at := 0, servertest.Now
	p.bar, p.every, p.now, p.begun, p.shown = true, 0, func() time.Time { return at }, at, at
	p.columns = func() int { return columns }
	p.noun, p.bad = "exchanges", "not equal"
	for columns = range 200 {
		out.Reset()
		at = at.Add(time.Second)
		p.set(20, 12)
		drawn := strings.TrimPrefix(out.String(), clearLine)
		if n := utf8.RuneCountInString(drawn); n >= max(columns, 1) {
			t.Errorf("%d columns: %d characters: %q", columns, n, drawn)
		}
		if columns > 19 && !strings.Contains(drawn, "20 of 60 exchanges") {
			t.Errorf("%d columns do not say how far it is: %q", columns, drawn)
		}
	}
}

func TestBarLine(t *testing.T) {
	parts := []string{"20 of 60 exchanges", "0 not equal", "2s left"}
	for columns, want := range map[int]string{
		0:  "",
		5:  "20 o",
		32: "20 of 60 exchanges, 0 not equal",
		40: "[#    ] 20 of 60 exchanges, 0 not equal",
		41: "20 of 60 exchanges, 0 not equal, 2s left",
		49: "[#    ] 20 of 60 exchanges, 0 not equal, 2s left",
		99: "[##########                    ] 20 of 60 exchanges, 0 not equal, 2s left",
	} {
		if got := barLine(parts, 20, 60, columns); got != want {
			t.Errorf("%d columns: got %q, want %q", columns, got, want)
		}
	}
}

// TestLinesOverABar: it gives way to them, and comes back only below a whole line.
func TestLinesOverABar(t *testing.T) {
	var out bytes.Buffer
	p := newProgress(&out, 9, 0)
	p.bar, p.every, p.now = true, 0, func() time.Time { return p.begun }
	p.columns = func() int { return 12 }
	lines := p.over(&out)
	p.set(1, 0)
	fmt.Fprint(lines, "one\ntw")
	p.set(2, 0)
	fmt.Fprint(lines, "o\n")
	p.set(3, 0)
	p.end()
	p.set(4, 0)
	want := clearLine + "1 of 9 rows" + clearLine + "one\ntwo\n" + clearLine + "3 of 9 rows" + clearLine
	if got := out.String(); got != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
}
