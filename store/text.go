package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"rator/failure"
)

// nul is how JSON writes U+0000, in one way only.
var nul = []byte(`\u0000`)

// HoldsNUL reports whether a text of a JSON document, or the name of a member, has U+0000,
// which databases do not keep.
func HoldsNUL(doc []byte) bool {
	for rest := doc; ; {
		at := bytes.Index(rest, nul)
		if at < 0 {
			return false
		}
		escaped := 0 // backslashes before it
		for escaped < at && rest[at-1-escaped] == '\\' {
			escaped++
		}
		if escaped%2 == 0 {
			return true
		}
		rest = rest[at+len(nul):]
	}
}

// CheckText says as a *TextError what keeps a document of kind from being kept: a text
// that HoldsNUL.
func CheckText(kind string, doc []byte) error {
	if !HoldsNUL(doc) {
		return nil
	}
	return &TextError{Kind: kind, Field: nulField(doc)}
}

// nulField is the member of a document, after those that it lies in, whose text or name
// has U+0000.
func nulField(doc []byte) string {
	var path []string
	var walk func(d *json.Decoder) bool
	walk = func(d *json.Decoder) bool {
		t, err := d.Token()
		if err != nil {
			return false
		}
		switch t := t.(type) {
		case string:
			return strings.IndexByte(t, 0) >= 0
		case json.Delim:
			for d.More() {
				if t == '{' {
					name, _ := d.Token()
					path = append(path, fmt.Sprint(name))
					if strings.IndexByte(path[len(path)-1], 0) >= 0 {
						return true
					}
				}
				if walk(d) {
					return true
				}
				if t == '{' {
					path = path[:len(path)-1]
				}
			}
			_, _ = d.Token() // its end
		}
		return false
	}
	walk(json.NewDecoder(bytes.NewReader(doc)))
	return strings.ReplaceAll(strings.Join(path, "."), "\x00", "")
}

// TextError says that a document, or the body of an event, is not kept because a text in
// it has U+0000. Callers are told it with INVALID_REQUEST.
type TextError struct {
	Kind  string // of the record; of an event "event" and its topic
	Field string // as "Address.Street"
}

func (e *TextError) Error() string { return e.Unwrap().Error() }

// Unwrap gives the error with its code.
func (e *TextError) Unwrap() error {
	return failure.InvalidRequest.With("%s of %s: it holds the character U+0000, which is not kept; leave it out", e.Field, e.Kind)
}
