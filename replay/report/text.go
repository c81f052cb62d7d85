package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// visible is text that does to a terminal, an XML file or a browser nothing but be
// seen: control and format characters, line ends and bytes that are no UTF-8 come
// as escapes such as \n, \x1b, \u202e.
func visible(s string) string {
	clean := true
	for _, r := range s {
		if r == utf8.RuneError || !shows(r) {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case shows(r):
			b.WriteString(s[i : i+size])
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case r < 0x80:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
		i += size
	}
	return b.String()
}

// shows reports whether a character can be printed as it is. Space characters
// other than the plain one look like it and would hide a difference.
func shows(r rune) bool { return r == ' ' || unicode.IsGraphic(r) && !unicode.IsSpace(r) }

// visibleLines is visible for a text of several lines: line ends and tabs stay.
func visibleLines(s string) string {
	lines := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	for i, l := range lines {
		lines[i] = visible(strings.ReplaceAll(l, "\t", "    "))
	}
	return strings.Join(lines, "\n")
}

// cut is text of at most max characters; what is left out is said.
func cut(s string, max int) string {
	if len(s) <= max {
		return s
	}
	runes, at := 0, 0
	for i := range s {
		if runes == max {
			at = i
			break
		}
		runes++
	}
	if at == 0 {
		return s
	}
	return s[:at] + fmt.Sprintf("… (%d bytes more)", len(s)-at)
}

// pair shortens two long texts to the part where they begin to differ, so that
// the same place of both is seen.
func pair(want, got string, max int) (string, string) {
	if len(want) <= max && len(got) <= max {
		return visible(want), visible(got)
	}
	const before = 40 // bytes that are alike
	from := commonPrefix(want, got)
	if from <= before || from == len(want) && from == len(got) {
		from = 0
	} else {
		from = runeStart(want, from-before)
	}
	show := func(s string) string {
		if from == 0 {
			return visible(cut(s, max))
		}
		return fmt.Sprintf("(%d bytes) …", from) + visible(cut(s[from:], max))
	}
	return show(want), show(got)
}

// commonPrefix is how many bytes two texts begin with alike, in whole characters.
func commonPrefix(a, b string) int {
	n := min(len(a), len(b))
	i := 0
	for i < n && a[i] == b[i] {
		i++
	}
	if i < len(a) {
		i = runeStart(a, i)
	}
	return i
}

// commonSuffix is how many bytes two texts end with alike, in whole characters.
func commonSuffix(a, b string) int {
	n := min(len(a), len(b))
	i := 0
	for i < n && a[len(a)-1-i] == b[len(b)-1-i] {
		i++
	}
	for i > 0 && !utf8.RuneStart(a[len(a)-i]) {
		i--
	}
	return i
}

func runeStart(s string, i int) int {
	for i > 0 && i < len(s) && !utf8.RuneStart(s[i]) {
		i--
	}
	return i
}

// offsetOf is where a line and column, from 1, are in a text, in bytes; the column
// counts characters.
func offsetOf(text string, line, column int) int {
	at := 0
	for ; line > 1; line-- {
		i := strings.IndexByte(text[at:], '\n')
		if i < 0 {
			return len(text)
		}
		at += i + 1
	}
	for ; column > 1 && at < len(text) && text[at] != '\n'; column-- {
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	return at
}
