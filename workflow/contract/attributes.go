package contract

import (
	"slices"
	"strconv"

	"github.com/beevik/etree"

	"rator/workflow/value"
)

// attributes are those of one element, checked against the names it may have.
type attributes struct {
	parser  *parser
	element *etree.Element
	values  map[string]string
}

// attributes reads e's attributes. Unknown and repeated ones are mistakes;
// namespace declarations and attributes of other namespaces are let through.
func (p *parser) attributes(e *etree.Element, known ...string) attributes {
	a := attributes{p, e, map[string]string{}}
	for _, attr := range e.Attr {
		_, twice := a.values[attr.Key]
		switch {
		case attr.Space != "" || attr.Key == "xmlns":
		case !slices.Contains(known, attr.Key):
			p.mistake(e, "%s has no attribute %s%s", e.Tag, attr.Key, Suggest(attr.Key, known))
		case twice:
			p.mistake(e, "attribute %s is written twice", attr.Key)
		default:
			a.values[attr.Key] = attr.Value
		}
	}
	return a
}

func (a attributes) get(name string) string { return a.values[name] }

func (a attributes) has(name string) bool {
	_, ok := a.values[name]
	return ok
}

// boolean reads true or false; absent and empty are false.
func (a attributes) boolean(name string) bool {
	text := a.values[name]
	if text == "" {
		return false
	}
	b, err := value.ParseBoolean(text)
	if err != nil {
		a.parser.mistake(a.element, "%s=%q must be true or false", name, text)
	}
	return b
}

// count reads a whole number above 0; absent is 0.
func (a attributes) count(name string) int {
	text, ok := a.values[name]
	if !ok {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || n <= 0 {
		a.parser.mistake(a.element, "%s=%q must be a whole number above 0", name, text)
		return 0
	}
	return n
}
