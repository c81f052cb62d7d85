package record

import (
	"bytes"
	"encoding/xml"
	"io"
	"path"
	"strings"

	"rator/wire"
)

// document is what a name for an exchange is taken from, and how its bodies are
// written.
type document struct {
	operation string // local name of the first element in the Body, else of the root
	hookpoint string // what hookpointKey says, or the operation
	whole     bool   // it is well-formed XML
}

// read reads a body as XML as far as it goes.
func read(body []byte) document {
	var d document
	decoder := xml.NewDecoder(bytes.NewReader(body))
	decoder.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return &latin1{in: in}, nil }
	depth, roots, inBody := 0, 0, -1
	var root, first, key string
	for {
		token, err := decoder.Token()
		if err != nil {
			d.whole = err == io.EOF && roots == 1 && depth == 0
			break
		}
		switch t := token.(type) {
		case xml.StartElement:
			switch {
			case depth == 0:
				roots++
				root = t.Name.Local
			case inBody < 0 && depth == 1 && t.Name.Local == wire.Body:
				inBody = depth
			case first == "" && inBody >= 0:
				first = t.Name.Local
			}
			if key == "" && t.Name.Local == wire.HookpointKey {
				key = "?"
			}
			depth++
		case xml.CharData:
			if key == "?" {
				if text := strings.TrimSpace(string(t)); text != "" {
					key = text
				}
			}
			if depth == 0 && len(bytes.TrimSpace(bytes.TrimPrefix(t, []byte("\uFEFF")))) > 0 {
				roots = 2 // text beside the root
			}
		case xml.EndElement:
			depth--
			if key == "?" {
				key = ""
			}
		}
	}
	d.operation = first
	if d.operation == "" {
		d.operation = root
	}
	d.hookpoint = d.operation
	if key != "" && key != "?" {
		d.hookpoint = key
	}
	return d
}

// latin1 makes UTF-8 of bytes that are a character each, which is enough to see
// whether they are well-formed XML.
type latin1 struct {
	in      io.Reader
	pending []byte
}

func (l *latin1) Read(p []byte) (int, error) {
	if len(l.pending) == 0 {
		var buffer [1024]byte
		n, err := l.in.Read(buffer[:])
		for _, b := range buffer[:n] {
			l.pending = append(l.pending, string(rune(b))...)
		}
		if n == 0 {
			return 0, err
		}
	}
	n := copy(p, l.pending)
	l.pending = l.pending[n:]
	return n, nil
}

// name is an exchange's name in its scenario.
func (x *Exchange) name(d document) string {
	if d.hookpoint != "" {
		return d.hookpoint
	}
	target, _, _ := strings.Cut(x.Request.Target, "?")
	name := strings.ToLower(x.Request.Method)
	if base := path.Base(target); base != "/" && base != "." {
		name += "-" + base
	}
	return name
}

// looksLikeXML reports whether a body begins as XML does, in an encoding whose
// ASCII is ASCII.
func looksLikeXML(body []byte) bool {
	body = bytes.TrimLeft(bytes.TrimPrefix(body, []byte("\uFEFF")), " \t\r\n")
	return len(body) > 1 && body[0] == '<' && body[1] != 0
}
