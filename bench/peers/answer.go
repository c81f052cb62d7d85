package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// values are what an answer of executeMethod says, a line for each element of its return
// that holds no other: its path, its type if it names one, its text. Prefixes count for
// nothing, a date as the moment that it is. So the answers of different libraries can be
// compared.
func values(answer []byte) (lines []string, err error) {
	type element struct {
		name, kind string
		text       strings.Builder
		parent     bool
	}
	var open []*element
	for d := xml.NewDecoder(bytes.NewReader(answer)); ; {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if len(open) > 0 {
				open[len(open)-1].parent = true
			}
			e := &element{name: t.Name.Local}
			for _, a := range t.Attr {
				if a.Name.Local == "type" {
					e.kind = a.Value[strings.IndexByte(a.Value, ':')+1:]
				}
			}
			open = append(open, e)
		case xml.CharData:
			if len(open) > 0 {
				open[len(open)-1].text.Write(t)
			}
		case xml.EndElement:
			const outside = 4 // Envelope, Body, executeMethodResponse, return
			last := len(open) - 1
			if e := open[last]; last >= outside && (!e.parent || e.kind != "") {
				text := ""
				if !e.parent {
					text = moment(open[last-1].kind, e.text.String())
				}
				path := ""
				for _, x := range open[outside:] {
					path += "/" + x.name
				}
				lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %s %s", path, e.kind, text)))
			}
			open = open[:last]
		}
	}
	if len(lines) == 0 {
		return nil, errors.New("no answer of executeMethod")
	}
	return lines, nil
}

// moment is a date's text in one form, any other text as it is.
func moment(kind, text string) string {
	if t, err := time.Parse(time.RFC3339, text); err == nil && kind == "dateValueDTO" {
		return t.UTC().Format(time.RFC3339)
	}
	return text
}
