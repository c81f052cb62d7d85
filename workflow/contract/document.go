package contract

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"

	"github.com/beevik/etree"

	"rator/charset"
)

// place is where an element begins, from 1; the column counts bytes.
type place struct{ line, column int }

// document is a parsed XML file with the place of every element. etree keeps
// none, so encoding/xml's decoder, which etree reads with, runs alongside: its
// start tags come in etree's document order.
type document struct {
	root   *etree.Element
	places map[*etree.Element]place
}

// readDocument parses src; what is what it should hold, for messages. The place goes with
// an error.
func readDocument(src []byte, what string) (*document, place, error) {
	src = charset.Text(src)
	starts, at, err := startTags(src, what)
	if err != nil {
		return nil, at, err
	}
	parsed := etree.NewDocument()
	parsed.ReadSettings = etree.ReadSettings{CharsetReader: decoded, PreserveDuplicateAttrs: true}
	if err := parsed.ReadFromBytes(src); err != nil {
		return nil, place{1, 1}, err
	}
	d := &document{root: parsed.Root(), places: make(map[*etree.Element]place, len(starts))}
	var walk func(e *etree.Element)
	walk = func(e *etree.Element) {
		d.places[e], starts = starts[0], starts[1:]
		for _, child := range e.ChildElements() {
			walk(child)
		}
	}
	walk(d.root)
	return d, place{}, nil
}

// maxDepth bounds elements inside each other; values nest to 8 (security.md),
// with a values element between each two.
const maxDepth = 32

// startTags gives the place of every start tag, and refuses what is not one
// well-formed document.
func startTags(src []byte, what string) (starts []place, at place, err error) {
	decoder := xml.NewDecoder(bytes.NewReader(src))
	decoder.CharsetReader = decoded
	depth := 0
	for {
		at.line, at.column = decoder.InputPos()
		token, err := decoder.Token()
		if err == io.EOF && len(starts) == 0 {
			return nil, at, fmt.Errorf("the file has no element; it must hold a %s", what)
		}
		if err == io.EOF {
			return starts, at, nil
		}
		var syntax *xml.SyntaxError
		if errors.As(err, &syntax) {
			at.line, at.column = decoder.InputPos()
			return nil, at, fmt.Errorf("not well-formed XML: %s", syntax.Msg)
		}
		if err != nil {
			return nil, at, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			if depth == 0 && len(starts) > 0 {
				return nil, at, fmt.Errorf("second root element %s; a file holds one %s", token.Name.Local, what)
			}
			if depth++; depth > maxDepth {
				return nil, at, fmt.Errorf("elements nest deeper than %d", maxDepth)
			}
			starts = append(starts, at)
		case xml.EndElement:
			depth--
		}
	}
}

// decoded reads the encodings that hand-written files come in.
func decoded(name string, input io.Reader) (io.Reader, error) {
	is := charset.Of(name)
	if table := is.Charmap(); table != nil {
		return table.NewDecoder().Reader(input), nil
	}
	// A file in UTF-16 comes here as UTF-8, for its declaration was read.
	if is == charset.UTF8 || is == charset.ASCII || is == charset.UTF16 {
		return input, nil
	}
	return nil, fmt.Errorf("encoding %q is not supported; save the file as UTF-8", name)
}
