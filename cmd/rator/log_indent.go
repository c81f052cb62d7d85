package main

import (
	"encoding/xml"
	"io"
	"path/filepath"
	"strings"
)

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
