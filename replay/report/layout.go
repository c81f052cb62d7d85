package report

import (
	"bytes"
	"encoding/xml"
	"sort"
	"strings"
	"unicode/utf8"

	"rator/wire"
)

// layoutLine is a line of a body laid out to be read: an element with text, an entry
// of key and value, or a tag around others is one line, whatever the body's own
// lines are.
type layoutLine struct {
	Text   string // as in the body
	Plain  string // Text without prefixes and namespace declarations
	Shape  string // what it is, without its value: <values[NAME]
	Depth  int
	Offset int // of its begin in the body
	Close  int // index of the line with the end tag; its own when it has no other
}

const maxDepth = 200

// layout lays a body out; one that is no XML by its own lines.
func layout(body []byte) []layoutLine {
	root, ok := parseTree(body)
	if !ok {
		return ownLines(string(body))
	}
	l := layouter{body: string(body)}
	for _, n := range root.children {
		l.node(n, 0)
	}
	return l.lines
}

func ownLines(body string) []layoutLine {
	var lines []layoutLine
	at := 0
	for text := range strings.Lines(body) {
		line := strings.TrimRight(text, "\r\n")
		lines = append(lines, layoutLine{Text: line, Plain: line, Offset: at, Close: len(lines)})
		at += len(text)
	}
	return lines
}

// lineAt is the index of the line that an offset of the body is in.
func lineAt(lines []layoutLine, offset int) int {
	i := sort.Search(len(lines), func(i int) bool { return lines[i].Offset > offset })
	return max(i-1, 0)
}

// treeNode is an element, or other markup or text when local is "".
type treeNode struct {
	local      string
	plain      string // the start tag without prefixes and declarations
	start, end int    // of it all
	inner      int    // behind the start tag
	endTag     int    // where the end tag begins
	children   []*treeNode
}

// parseTree reads what begins like XML. Where it ends to be XML, or was cut off, the
// rest is one text in what is still open.
func parseTree(body []byte) (*treeNode, bool) {
	if start := bytes.TrimLeft(body, "\ufeff \t\r\n"); !utf8.Valid(body) || len(start) == 0 || start[0] != '<' {
		return nil, false
	}
	d := xml.NewDecoder(bytes.NewReader(body))
	root := &treeNode{end: len(body)}
	open := []*treeNode{root}
	for {
		from := int(d.InputOffset())
		top := open[len(open)-1]
		token, err := d.RawToken()
		to := int(d.InputOffset())
		if end, ok := token.(xml.EndElement); err == nil && ok && top.local == end.Name.Local {
			top.endTag, top.end = from, to
			open = open[:len(open)-1]
			continue
		} else if err != nil || ok || len(open) > maxDepth {
			for _, n := range open {
				n.endTag, n.end = len(body), len(body)
			}
			top.text(body, from, len(body))
			return root, len(root.children) > 0 && root.children[0].start < from
		}
		if t, ok := token.(xml.StartElement); ok {
			n := &treeNode{local: t.Name.Local, plain: plainTag(&t), start: from, inner: to}
			top.children = append(top.children, n)
			open = append(open, n)
			continue
		}
		top.text(body, from, to)
	}
}

// text adds what is no element.
func (n *treeNode) text(body []byte, from, to int) {
	if len(bytes.TrimSpace(body[from:to])) > 0 {
		n.children = append(n.children, &treeNode{start: from, end: to})
	}
}

// plainTag is a start tag in which only names and values are left.
func plainTag(t *xml.StartElement) string {
	var b strings.Builder
	b.WriteString("<" + t.Name.Local)
	for _, a := range t.Attr {
		if a.Name.Space == "xmlns" || a.Name.Space == "" && a.Name.Local == "xmlns" {
			continue
		}
		v := a.Value
		if _, local, found := strings.Cut(v, ":"); found && a.Name.Local == "type" {
			v = local
		}
		b.WriteString(" " + a.Name.Local + "=" + v)
	}
	return b.String()
}

type layouter struct {
	body  string
	lines []layoutLine
}

func (l *layouter) node(n *treeNode, depth int) {
	text := l.body[n.start:n.end]
	line := layoutLine{Text: oneLine(text), Depth: depth, Offset: n.start, Close: len(l.lines)}
	key := l.key(n)
	switch {
	case n.local == "":
		line.Plain, line.Shape = line.Text, "#"
		l.lines = append(l.lines, line)
		return
	case l.isEntry(n):
		line.Shape = "<" + n.local + "[" + key + "]"
		line.Plain = n.plain
		for _, c := range n.children {
			line.Plain += c.plain + ">" + l.body[c.inner:c.endTag]
		}
		line.Text = oneLine(l.body[n.start:n.inner])
		for _, c := range n.children {
			line.Text += oneLine(l.body[c.start:c.end])
		}
		line.Text += l.body[n.endTag:n.end]
		l.lines = append(l.lines, line)
		return
	case l.isLeaf(n):
		line.Shape = "<" + n.local
		line.Plain = n.plain + ">" + l.body[n.inner:n.endTag]
		l.lines = append(l.lines, line)
		return
	}
	shape := n.local
	if key != "" {
		shape += "[" + key + "]"
	}
	at := len(l.lines)
	line.Text, line.Plain, line.Shape = oneLine(l.body[n.start:n.inner]), n.plain, "<"+shape
	l.lines = append(l.lines, line)
	for _, c := range n.children {
		l.node(c, depth+1)
	}
	if n.endTag == n.end { // cut off, or empty
		l.lines[at].Close = len(l.lines) - 1
		return
	}
	l.lines[at].Close = len(l.lines)
	l.lines = append(l.lines, layoutLine{
		Text: l.body[n.endTag:n.end], Plain: "</" + n.local, Shape: "</" + shape, Depth: depth, Offset: n.endTag, Close: len(l.lines),
	})
}

func (l *layouter) isLeaf(n *treeNode) bool {
	return len(n.children) == 0 || len(n.children) == 1 && n.children[0].local == ""
}

// key is the text of the key of an entry of ours.
func (l *layouter) key(n *treeNode) string {
	if len(n.children) > 0 && n.children[0].local == wire.Key && l.isLeaf(n.children[0]) {
		c := n.children[0]
		return strings.TrimSpace(l.body[c.inner:c.endTag])
	}
	return ""
}

// isEntry reports whether an element is a key with at most one value.
func (l *layouter) isEntry(n *treeNode) bool {
	return l.key(n) != "" && len(n.children) <= 2 && (len(n.children) == 1 || n.children[1].local == wire.Value && l.isLeaf(n.children[1]))
}

// oneLine is markup without its own line ends between attributes.
func oneLine(s string) string {
	if !strings.ContainsAny(s, "\r\n") || !strings.HasPrefix(s, "<") {
		return strings.TrimSpace(s)
	}
	tag := strings.IndexByte(s, '>') + 1
	return strings.Join(strings.Fields(s[:tag]), " ") + s[tag:]
}
