package contract

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"rator/card"
	"rator/workflow/value"
)

// XML is c as a contract.xml with everything spelled out, laid out as people write one.
// Parse reads it as c again, but for the places.
func (c *Contract) XML() []byte {
	w := writer("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
	w.contract(c)
	return w
}

// writer is the text so far.
type writer []byte

// line writes one line of an element: its indentation in steps of two, its name, pairs of
// attribute names and texts, and what closes it.
func (w *writer) line(indent int, name string, attributes []string, end string) {
	*w = fmt.Appendf(*w, "%*s<%s", 2*indent, "", name)
	for i := 0; i < len(attributes); i += 2 {
		w.attribute(" ", attributes[i], attributes[i+1])
	}
	*w = append(*w, end+"\n"...)
}

func (w *writer) attribute(before, name, text string) {
	*w = fmt.Appendf(*w, "%s%s=\"%s\"", before, name, inAttribute.Replace(text))
}

// said are the pairs whose text is not empty.
func said(attributes ...string) []string {
	var all []string
	for i := 0; i < len(attributes); i += 2 {
		if attributes[i+1] != "" {
			all = append(all, attributes[i], attributes[i+1])
		}
	}
	return all
}

var (
	inText      = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#13;")
	inAttribute = strings.NewReplacer("&", "&amp;", "<", "&lt;", "\"", "&quot;", "\t", "&#9;", "\n", "&#10;", "\r", "&#13;")
)

func (w *writer) contract(c *Contract) {
	const root = "soapcall"
	head := said("area", c.Area, "objectkey", c.ObjectKey, "reads", flag(c.Reads), "internal", flag(c.Internal), "optional", flag(c.Optional), "dynamickey", c.DynamicKey, "maxbytes", number(c.MaxBytes))
	*w = append(*w, "<"+root...)
	for i := 0; i < len(head); i += 2 {
		w.attribute(" ", head[i], head[i+1])
	}
	if c.Desc != "" { // it is long, and stands in a line of its own
		w.attribute("\n"+strings.Repeat(" ", len(root)+2), "desc", c.Desc)
	}
	*w = append(*w, ">\n"...)
	w.open(1, "request")
	w.line(2, "hookpointKey", nil, ">"+inText.Replace(c.Hookpoint)+"</hookpointKey>")
	w.values(2, c.Request)
	w.close(1, "request")
	w.open(1, "response")
	w.values(2, c.Response)
	w.close(1, "response")
	w.failures(c.Errors)
	w.events(c.Events)
	w.close(0, root)
}

func (w *writer) open(indent int, name string, attributes ...string) {
	w.line(indent, name, attributes, ">")
}

func (w *writer) close(indent int, name string) { w.line(indent, "/"+name, nil, ">") }

func (w *writer) values(indent int, vs []*Value) {
	if len(vs) == 0 {
		w.line(indent, "values", nil, "/>")
		return
	}
	w.open(indent, "values")
	for _, v := range vs {
		w.value(indent+1, v)
	}
	w.close(indent, "values")
}

func (w *writer) value(indent int, v *Value) {
	switch {
	case v.Type != value.Complex:
		w.line(indent, "value", v.attributes(), "/>")
	case len(v.Values) == 0:
		w.line(indent, "value", v.attributes(), "><values/></value>")
	default:
		w.open(indent, "value", v.attributes()...)
		w.values(indent+1, v.Values)
		w.close(indent, "value")
	}
}

// attributes are those of a value element, in the order in which people write them.
func (v *Value) attributes() []string {
	pattern := ""
	if v.Pattern != nil {
		pattern = v.source()
	}
	all := said("key", v.Key, "type", v.letter(), "list", flag(v.List), "mandatory", flag(v.Mandatory),
		"regexp", pattern, "maxlen", number(v.MaxLen), "enum", strings.Join(v.Enum, "|"))
	if v.HasDef {
		all = append(all, "default", v.Default)
	}
	switch v.Secret {
	case Masked:
		all = append(all, "secret", "true")
	case Password:
		all = append(all, "secret", "password")
	}
	switch {
	case v.Cards == card.Reference:
		all = append(all, "reference", "true")
	case v.Cards == card.Identifier && v.Secret != Password: // which is one anyway
		all = append(all, "identifier", "true")
	case v.Cards == card.Text:
		all = append(all, "identifier", "false")
	}
	return append(all, said("volatile", flag(v.Volatile), "since", v.Since, "class", v.Class, "desc", v.Desc)...)
}

// letter is v's type as Rator's validation format writes it.
func (v *Value) letter() string {
	for letter, t := range typeLetters {
		if t == v.Type {
			return letter
		}
	}
	return ""
}

func (w *writer) failures(all []Failure) {
	if len(all) == 0 {
		return
	}
	w.open(1, "errors")
	for _, f := range all {
		attributes := said("name", f.Name, "number", number(f.Number), "desc", f.Desc)
		if len(f.Text) == 0 {
			w.line(2, "error", attributes, "/>")
			continue
		}
		w.open(2, "error", attributes...)
		for _, language := range slices.Sorted(maps.Keys(f.Text)) {
			w.line(3, "text", said("lang", language), ">"+inText.Replace(f.Text[language])+"</text>")
		}
		w.close(2, "error")
	}
	w.close(1, "errors")
}

func (w *writer) events(all []*Event) {
	if len(all) == 0 {
		return
	}
	w.open(1, "events")
	for _, e := range all {
		w.open(2, "event", said("name", e.Name, "desc", e.Desc)...)
		w.values(3, e.Values)
		w.close(2, "event")
	}
	w.close(1, "events")
}

// flag is the text of an attribute that is true, or nothing.
func flag(is bool) string {
	if is {
		return "true"
	}
	return ""
}

// number is the text of a number, or nothing for 0.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
