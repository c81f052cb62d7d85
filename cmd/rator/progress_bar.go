package main

import (
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/term"
)

const (
	clearLine = "\r\x1b[K"
	// usualColumns is how wide a terminal is taken to be that does not say.
	usualColumns = 80
	widestBar    = 30
	leastBar     = 5
)

// columnsOf asks how wide the terminal behind a stream is at the moment.
func columnsOf(stream any) int {
	if f, ok := stream.(interface{ Fd() uintptr }); ok {
		if columns, _, err := term.GetSize(int(f.Fd())); err == nil && columns > 0 {
			return columns
		}
	}
	return usualColumns
}

// barLine is a bar with its text. It leaves the last column free, where some terminals
// begin a new line. Where there is little room the bar goes first, then the last parts
// of the text.
func barLine(parts []string, done, total, columns int) string {
	room := max(columns-1, 0)
	text := strings.Join(parts, ", ")
	for len(parts) > 1 && utf8.RuneCountInString(text) > room {
		parts = parts[:len(parts)-1]
		text = strings.Join(parts, ", ")
	}
	left := room - utf8.RuneCountInString(text)
	if left < 0 {
		return string([]rune(text)[:room])
	}
	width := min(left-len("[] "), widestBar)
	if width < leastBar {
		return text
	}
	full := width
	if total > 0 {
		full = min(width, width*done/total)
	}
	return "[" + strings.Repeat("#", full) + strings.Repeat(" ", width-full) + "] " + text
}

// over is w, a terminal too, before which the bar gives way.
func (p *progress) over(w io.Writer) io.Writer { return &overBar{bar: p, to: w} }

type overBar struct {
	bar *progress
	to  io.Writer
}

func (o *overBar) Write(b []byte) (int, error) {
	o.bar.mu.Lock()
	defer o.bar.mu.Unlock()
	o.bar.clear()
	if len(b) > 0 { // a line that is not ended yet is not drawn over
		o.bar.hidden = b[len(b)-1] != '\n'
	}
	return o.to.Write(b)
}
