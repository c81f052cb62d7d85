package failure

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

// Text is a Code's sentence per language, keyed by CONTEXT.LANGUAGE's two
// capitals. EN is mandatory; the shipped codes have EN, DK, SE, NO, FR and DE.
type Text map[string]string

// Code names one way to fail: the number on the wire (errorCode), the name that
// scripts and contracts use, the Kind, and the sentence per language.
type Code struct {
	Number int
	Name   string
	Kind   Kind
	Text   Text

	verbatim bool
}

// Verbatim says that clients compare the Code's whole sentence: over SOAP nothing
// stands behind it (rator-api.md 3). It gives the Code.
func (c *Code) Verbatim() *Code {
	c.verbatim = true
	return c
}

// TextIn is the sentence in lang, else in English.
func (c *Code) TextIn(lang string) string { return c.Text.in(lang) }

func (t Text) in(lang string) string {
	if text, ok := t[lang]; ok {
		return text
	}
	return t["EN"]
}

var (
	mu       sync.RWMutex
	byName   = map[string]*Code{}
	byNumber = map[int]*Code{}
)

// Declare registers a Code. Numbers below 100 are the endpoint's own, business
// codes start at 100, codes of a site's contracts at 10000. It panics on a
// duplicate name or number and on a missing English text.
func Declare(number int, name string, kind Kind, text Text) *Code {
	c := &Code{Number: number, Name: name, Kind: kind, Text: text}
	mu.Lock()
	defer mu.Unlock()
	switch {
	case text["EN"] == "":
		panic(fmt.Sprintf("failure: %s has no English text", name))
	case byName[name] != nil:
		panic(fmt.Sprintf("failure: %s declared twice", name))
	case byNumber[number] != nil:
		panic(fmt.Sprintf("failure: number %d declared for %s and %s", number, byNumber[number].Name, name))
	case name != strings.ToUpper(name):
		panic(fmt.Sprintf("failure: %s is not in capitals", name))
	}
	byName[name], byNumber[number] = c, c
	return c
}

// ByName is the declared Code of that name, or nil.
func ByName(name string) *Code {
	mu.RLock()
	defer mu.RUnlock()
	return byName[name]
}

// ByNumber is the declared Code with that number, or nil.
func ByNumber(number int) *Code {
	mu.RLock()
	defer mu.RUnlock()
	return byNumber[number]
}

// Codes lists every declared Code by number.
func Codes() []*Code {
	mu.RLock()
	defer mu.RUnlock()
	return slices.SortedFunc(maps.Values(byName), func(a, b *Code) int { return a.Number - b.Number })
}
