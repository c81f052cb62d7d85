package compare_test

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"rator/replay/compare"
)

const (
	xsi = "http://www.w3.org/2001/XMLSchema-instance"
	cdr = "http://soap.CDRator.com/"
)

// writer writes a tree in another way that means the same.
type writer struct {
	soap, contract, instance string // prefixes; soap "" = the default namespace
	declareLate              bool   // xsi and the contract on each entry that uses them
	pretty                   bool
	cdata                    bool
	references               bool // characters as numbers
	comments                 bool
	backwards                bool // different keys and members in the other order
	short                    bool // <value/> for what is empty
}

func (w *writer) document(n *compare.Node) string {
	var b strings.Builder
	b.WriteString("<?xml version='1.0'?>\n")
	w.write(&b, n, 0)
	return b.String()
}

func (w *writer) write(b *strings.Builder, n *compare.Node, depth int) {
	if n.Name.Local == "" {
		w.text(b, n.Text)
		return
	}
	name, attributes := n.Name.Local, ""
	switch n.Name.Space {
	case cdr:
		name = w.contract + ":" + name
		attributes += fmt.Sprintf(` xmlns:%s="%s"`, w.contract, cdr)
	case "":
		if w.soap == "" && depth == 3 {
			attributes += ` xmlns=""`
		}
	case "http://www.w3.org/2005/08/addressing", "http://schemas.xmlsoap.org/ws/2004/08/addressing":
		attributes += fmt.Sprintf(` xmlns="%s"`, n.Name.Space)
	default:
		if w.soap != "" {
			name = w.soap + ":" + name
		}
		if depth == 0 {
			attributes += fmt.Sprintf(` xmlns%s="%s"`, strings.TrimSuffix(":"+w.soap, ":"), n.Name.Space)
		}
	}
	if !w.declareLate && depth == 0 {
		attributes += fmt.Sprintf(` xmlns:%s='%s'`, w.instance, xsi)
	}
	if n.Type.Local != "" {
		kind := fmt.Sprintf(` %s:type="%s:%s"`, w.instance, w.contract, n.Type.Local)
		declared := ""
		if w.declareLate {
			declared = fmt.Sprintf(` xmlns:%s="%s" xmlns:%s="%s"`, w.instance, xsi, w.contract, cdr)
		}
		attributes += declared + kind
	}
	b.WriteString("<" + name + attributes)
	if len(n.Nodes) == 0 && w.short {
		b.WriteString("/>")
		return
	}
	b.WriteString(">")
	if w.comments {
		b.WriteString("<!-- a comment --><?note it?>")
	}
	elements := false
	for _, child := range w.order(n) {
		if child.Name.Local != "" {
			elements = true
			w.space(b, depth+1)
		}
		w.write(b, child, depth+1)
	}
	if elements {
		w.space(b, depth)
	}
	b.WriteString("</" + name + ">")
}

func (w *writer) space(b *strings.Builder, depth int) {
	if w.pretty {
		b.WriteString("\r\n" + strings.Repeat("\t", depth))
	}
}

func (w *writer) text(b *strings.Builder, text string) {
	switch {
	case w.cdata:
		b.WriteString("<![CDATA[" + strings.ReplaceAll(text, "]]>", "]]]]><![CDATA[>") + "]]>")
	case w.references:
		for _, r := range text {
			fmt.Fprintf(b, "&#x%X;", r)
		}
	default:
		for i, r := range text {
			if w.comments && i == 1 {
				b.WriteString("<!-- in the middle -->")
			}
			switch r {
			case '<':
				b.WriteString("&lt;")
			case '&':
				b.WriteString("&amp;")
			case '\r':
				b.WriteString("&#13;")
			default:
				b.WriteRune(r)
			}
		}
	}
}

// order is what is in an element; backwards it is the members and different keys
// the other way round, the items of a key as they were.
func (w *writer) order(n *compare.Node) []*compare.Node {
	if !w.backwards || n.Name.Space != "" {
		return n.Nodes
	}
	var order []string
	groups := map[string][]*compare.Node{}
	for _, child := range n.Nodes {
		k := child.Name.Local
		if child.First("key") != nil {
			k += " " + key(child)
		}
		if groups[k] == nil {
			order = append(order, k)
		}
		groups[k] = append(groups[k], child)
	}
	var all []*compare.Node
	for i := len(order) - 1; i >= 0; i-- {
		all = append(all, groups[order[i]]...)
	}
	return all
}

var usual = writer{soap: "S", contract: "ns2", instance: "xsi"}

func rewritten(change func(*writer)) writer {
	w := usual
	change(&w)
	return w
}

var rewritings = map[string]writer{
	"as it is":              usual,
	"prefixes":              {soap: "soapenv", contract: "x", instance: "i"},
	"default namespace":     rewritten(func(w *writer) { w.soap = "" }),
	"xsi declared late":     rewritten(func(w *writer) { w.declareLate = true }),
	"white space":           rewritten(func(w *writer) { w.pretty = true }),
	"CDATA":                 rewritten(func(w *writer) { w.cdata = true }),
	"character references":  rewritten(func(w *writer) { w.references = true }),
	"comments":              rewritten(func(w *writer) { w.comments = true }),
	"member order":          rewritten(func(w *writer) { w.backwards = true }),
	"empty element tags":    rewritten(func(w *writer) { w.short = true }),
	"all of it, with a BOM": {soap: "env", contract: "c", instance: "t", declareLate: true, pretty: true, comments: true, backwards: true, short: true},
}

// TestRewritingsAreNotNoticed writes every recorded answer in every way that means
// the same.
func TestRewritingsAreNotNoticed(t *testing.T) {
	for file, src := range answers(t) {
		tree := parse(t, src)
		for name, w := range rewritings {
			text := w.document(tree)
			got := []byte(text)
			if strings.Contains(name, "BOM") {
				got = append([]byte("\xEF\xBB\xBF"), got...)
			}
			checkEqual(t, file+": "+name, src, got)
			if strings.Contains(name, "all of it") {
				checkEqual(t, file+": "+name+", the other way", got, src)
			}
		}
	}
}

func TestCharsets(t *testing.T) {
	const text = `<a b="Æ"><c>Åse Ørsted</c></a>`
	encode := func(s string, err error) []byte {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return []byte(s)
	}
	for name, got := range map[string][]byte{
		"latin 1":      encode(charmap.ISO8859_1.NewEncoder().String(`<?xml version="1.0" encoding="iso-8859-1"?>` + text)),
		"windows-1252": encode(charmap.Windows1252.NewEncoder().String(`<?xml version='1.0' encoding='windows-1252' standalone='yes'?>` + text)),
		"UTF-16LE": encode(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().
			String(`<?xml version="1.0" encoding="UTF-16"?>` + text)),
		"UTF-16BE":              encode(unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String(text)),
		"UTF-16 without a mark": encode(unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().String(text)),
		"UTF-8 with a mark":     []byte("\xEF\xBB\xBF" + text),
	} {
		checkEqual(t, name, []byte(text), got)
	}
}

func checkEqual(t *testing.T, name string, want, got []byte) {
	t.Helper()
	found, err := compare.Answers(want, got, nil)
	if err != nil || len(found) > 0 {
		t.Fatalf("%s: %v %+v\nwant %s\ngot  %s", name, err, found, want, got)
	}
}
