package main

import (
	"encoding/xml"
	"io"
	"path/filepath"
	"strings"
)

// indent puts a message on lines, as XML or as JSON.
func indent(message string) string {
	switch begin := strings.TrimLeft(strings.TrimPrefix(message, "\uFEFF"), " \t\r\n"); {
	case strings.HasPrefix(begin, "{"), strings.HasPrefix(begin, "["):
		return indentJSON(begin)
	}
	return indentXML(message)
}

// indentJSON puts each member and each element on a line of its own, two blanks deeper
// than what it is in. Texts stay as they were written; what is broken or cut off is put
// on lines as far as it goes.
func indentJSON(message string) string {
	var b strings.Builder
	depth := 0
	line := func() {
		b.WriteByte('\n')
		b.WriteString(strings.Repeat("  ", depth))
	}
	for i := 0; i < len(message); i++ {
		switch c := message[i]; c {
		case ' ', '\t', '\r', '\n':
		case '{', '[':
			b.WriteByte(c)
			next := strings.TrimLeft(message[i+1:], " \t\r\n")
			if next != "" && next[0] == c+2 { // } and ] are two behind { and [
				b.WriteByte(next[0])
				i = len(message) - len(next)
				continue
			}
			depth = min(depth+1, deepestIndent)
			line()
		case '}', ']':
			depth = max(0, depth-1)
			line()
			b.WriteByte(c)
		case ',':
			b.WriteByte(c)
			line()
		case ':':
			b.WriteString(": ")
		case '"':
			end := i + 1
			for end < len(message) && message[end] != '"' {
				if message[end] == '\\' {
					end++
				}
				end++
			}
			end = min(end+1, len(message))
			b.WriteString(message[i:end])
			i = end - 1
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// deepestIndent bounds how far lines are indented: what is broken may nest without end.
const deepestIndent = 64

// indentXML puts each element on a line of its own, two blanks deeper than the
// one it is in; those that hold text only stay on one line. Tags and texts stay as
// they were written. What is no XML is given as it is from there on.
func indentXML(message string) string {
	d := xml.NewDecoder(strings.NewReader(message))
	d.Strict = false
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	var b strings.Builder
	depth := 0
	inline := false // the innermost element was opened on this line and has no elements
	line := func() {
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(strings.Repeat("  ", depth))
	}
	for at := 0; ; {
		token, err := d.RawToken()
		if err != nil {
			if rest := strings.TrimSpace(message[at:]); rest != "" {
				line()
				b.WriteString(rest)
			}
			return b.String()
		}
		end := int(d.InputOffset())
		raw := message[at:end]
		at = end
		switch token.(type) {
		case xml.StartElement:
			line()
			b.WriteString(raw)
			depth++
			inline = true
		case xml.EndElement:
			depth = max(0, depth-1)
			if raw == "" { // of an empty-element tag
				inline = false
				continue
			}
			if !inline {
				line()
			}
			b.WriteString(raw)
			inline = false
		case xml.CharData:
			if strings.TrimSpace(raw) == "" && !inline {
				continue
			}
			if !inline {
				line()
				raw = strings.TrimSpace(raw)
			} else if strings.TrimSpace(raw) == "" {
				continue
			}
			b.WriteString(raw)
		default:
			line()
			b.WriteString(raw)
			inline = false
		}
	}
}

func absolute(dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(abs)
}
