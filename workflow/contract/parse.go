package contract

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/beevik/etree"

	"rator/workflow/value"
)

// maxFile is the size limit of a contract.xml in bytes.
const maxFile = 1 << 20

// Parse reads a contract.xml (rator-api.md 4, architecture.md 5), which may use types; nil
// are none. file is its name for messages. All mistakes are given at once, in order of
// place; with mistakes the contract holds what could be read, and is nil when src is not
// XML. A file written for a real Rator loads unchanged, except that regexp is
// RE2's: Java's lookaround and backreferences are mistakes.
func Parse(file string, src []byte, types *Types) (*Contract, []Mistake) {
	p, root, mistakes := newParser(file, src, "soapcall", types)
	if len(mistakes) > 0 {
		return nil, mistakes
	}
	c := p.contract(root)
	SortMistakes(p.mistakes)
	return c, p.mistakes
}

// parser collects the mistakes of one file.
type parser struct {
	file     string
	types    *Types // that the file may use
	places   map[*etree.Element]place
	written  map[*Value][]etree.Attr // how each value is declared, for uses that differ
	mistakes []Mistake
}

// newParser reads a file of ours and gives its root element; what is what the file should
// hold, for messages. With mistakes there is nothing to read.
func newParser(file string, src []byte, what string, types *Types) (*parser, *etree.Element, []Mistake) {
	if len(src) > maxFile {
		return nil, nil, []Mistake{{file, 1, 1, fmt.Sprintf("the file has %d bytes, more than %d", len(src), maxFile)}}
	}
	d, at, err := readDocument(src, what)
	if err != nil {
		return nil, nil, []Mistake{{file, at.line, at.column, err.Error()}}
	}
	return &parser{file: file, types: types, places: d.places, written: map[*Value][]etree.Attr{}}, d.root, nil
}

func (p *parser) mistake(e *etree.Element, format string, args ...any) {
	at := p.places[e]
	p.mistakes = append(p.mistakes, Mistake{p.file, at.line, at.column, fmt.Sprintf(format, args...)})
}

// hookpointKey is what a hookpoint may be called: it names a folder, and after
// an @ the dynamic key (workflow-scripts.md).
var hookpointKey = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.]*(@[A-Za-z0-9_.-]+)?$`)

func (p *parser) contract(root *etree.Element) *Contract {
	c := &Contract{File: p.file}
	if root.Tag != "soapcall" {
		p.mistake(root, "the root element is %s, it must be soapcall", root.Tag)
		return c
	}
	a := p.attributes(root, "area", "desc", "reads", "internal", "optional", "dynamickey", "maxbytes", "objectkey")
	c.Area, c.Desc, c.ObjectKey = a.get("area"), a.get("desc"), a.get("objectkey")
	c.Reads, c.Internal = a.boolean("reads"), a.boolean("internal")
	c.Optional, c.DynamicKey = a.boolean("optional"), a.get("dynamickey")
	if c.Optional && !c.Internal {
		p.mistake(root, "only an internal hookpoint is optional; say internal=\"true\" too")
	}
	c.MaxBytes = a.count("maxbytes")

	parts := p.children(root, "request", "response", "errors", "events")
	if request := parts["request"]; request != nil {
		p.attributes(request)
		inside := p.children(request, "hookpointKey", "values")
		c.Hookpoint = p.hookpoint(request, inside["hookpointKey"])
		c.Request = p.values(inside["values"], 1)
	} else {
		p.mistake(root, "request is missing; it holds hookpointKey and values")
	}
	if response := parts["response"]; response != nil {
		p.attributes(response)
		c.Response = p.values(p.children(response, "values")["values"], 1)
	}
	if list := parts["errors"]; list != nil {
		c.Errors = p.failures(list)
	}
	if list := parts["events"]; list != nil {
		c.Events = p.events(list)
	}
	p.objectKey(root, c)
	return c
}

func (p *parser) hookpoint(request, e *etree.Element) string {
	if e == nil {
		p.mistake(request, "hookpointKey is missing; request needs <hookpointKey>SOAP_…</hookpointKey>")
		return ""
	}
	p.attributes(e)
	p.children(e)
	key := strings.TrimSpace(e.Text())
	if !hookpointKey.MatchString(key) {
		p.mistake(e, "hookpointKey %q is not a name of letters, digits, _ and . (a dynamic key may follow after @)", key)
	}
	return key
}

// objectKey checks that the path leads to a scalar.
func (p *parser) objectKey(root *etree.Element, c *Contract) {
	if c.ObjectKey == "" {
		return
	}
	var known []string
	for _, vs := range [][]*Value{c.Request, c.Response} {
		found := findPath(vs, c.ObjectKey)
		switch {
		case found != nil && found.Type == value.Complex:
			p.mistake(root, "objectkey %s is complex; it must name a scalar", c.ObjectKey)
			return
		case found != nil:
			return
		}
		known = appendScalars(known, "", vs)
	}
	p.mistake(root, "objectkey %s is declared neither in request nor in response%s", c.ObjectKey, Suggest(c.ObjectKey, known))
}

// appendScalars lists the paths of all scalars.
func appendScalars(paths []string, prefix string, vs []*Value) []string {
	for _, v := range vs {
		if v.Type == value.Complex {
			paths = appendScalars(paths, prefix+v.Key+"/", v.Values)
		} else {
			paths = append(paths, prefix+v.Key)
		}
	}
	return paths
}

func findPath(vs []*Value, path string) *Value {
	key, rest, deeper := strings.Cut(path, "/")
	v := Find(vs, key)
	if v == nil || !deeper {
		return v
	}
	return findPath(v.Values, rest)
}

// children gives the child elements by name. Names that are not among known,
// repeated ones and stray text are mistakes.
func (p *parser) children(e *etree.Element, known ...string) map[string]*etree.Element {
	found := map[string]*etree.Element{}
	for _, child := range p.elements(e, known) {
		if found[child.Tag] != nil {
			p.mistake(child, "second %s in %s; there may be one", child.Tag, e.Tag)
			continue
		}
		found[child.Tag] = child
	}
	return found
}

// elements gives the child elements whose names are among known, in order.
func (p *parser) elements(e *etree.Element, known []string) []*etree.Element {
	var found []*etree.Element
	for _, token := range e.Child {
		switch child := token.(type) {
		case *etree.Element:
			if !slices.Contains(known, child.Tag) {
				p.mistake(child, "%s has no place in %s%s", child.Tag, e.Tag, Suggest(child.Tag, known))
				continue
			}
			found = append(found, child)
		case *etree.CharData:
			if len(known) > 0 && strings.TrimSpace(child.Data) != "" {
				p.mistake(e, "text %q has no place in %s", strings.TrimSpace(child.Data), e.Tag)
			}
		}
	}
	return found
}
