package compare

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"rator/wire"
)

// IsXML reports whether body can be read as XML.
func IsXML(body []byte) bool {
	_, err := Parse(body)
	return err == nil
}

// KeepPlaceholders is message, which is to become the expected one, with the
// placeholders that want has as the content of elements put into the same elements.
// What has no counterpart is left out.
func KeepPlaceholders(want, message []byte) []byte {
	if !bytes.Contains(want, []byte("${")) || !utf8.Valid(message) {
		return message
	}
	w, err := Parse(want)
	if err != nil {
		return message
	}
	g, err := Parse(message)
	if err != nil {
		return message
	}
	k := keeper{message: string(message)}
	k.element(w, g)
	return k.rewritten()
}

// SetTexts is message with other texts in elements that hold nothing but text: those
// that of names in the tree it gets. All else stays byte for byte, and so does all of
// a message that is no XML in UTF-8.
func SetTexts(message []byte, of func(root *Node) map[*Node]string) []byte {
	mark, text := message[:0], message
	if bytes.HasPrefix(message, markUTF8) {
		mark, text = message[:len(markUTF8)], message[len(markUTF8):]
	}
	if !utf8.Valid(text) {
		return message
	}
	root, err := Parse(text)
	if err != nil {
		return message
	}
	k := keeper{message: string(text)}
	for n, text := range of(root) {
		if start, end, ok := k.content(n); ok && n.IsLeaf() {
			k.kept = append(k.kept, span{start, end, escape(text)})
		}
	}
	return append(slices.Clip(mark), k.rewritten()...)
}

// rewritten is the message with the texts that were kept.
func (k *keeper) rewritten() []byte {
	slices.SortFunc(k.kept, func(a, b span) int { return a.start - b.start })
	var out []byte
	at := 0
	for _, s := range k.kept {
		out = append(append(out, k.message[at:s.start]...), s.text...)
		at = s.end
	}
	return append(out, k.message[at:]...)
}

// keeper finds where placeholders go.
type keeper struct {
	message string
	kept    []span
}

type span struct {
	start, end int
	text       string
}

func (k *keeper) element(want, got *Node) {
	if want.IsLeaf() && got.IsLeaf() {
		if text := want.Content(); holdsPlaceholder(text) {
			if start, end, ok := k.content(got); ok {
				k.kept = append(k.kept, span{start, end, escape(text)})
			}
		}
		return
	}
	seen := map[string]int{}
	there := map[string][]*Node{}
	for n := range got.Elements() {
		there[n.likeness()] = append(there[n.likeness()], n)
	}
	for n := range want.Elements() {
		like := n.likeness()
		if i := seen[like]; i < len(there[like]) {
			k.element(n, there[like][i])
		}
		seen[like]++
	}
}

// likeness is what an element and its counterpart have in common: the name, and
// the key of an entry.
func (n *Node) likeness() string {
	if key := n.First(wire.Key); key != nil {
		return n.Name.String() + "\x00" + key.Content()
	}
	return n.Name.String()
}

// content is where the text of a leaf stands in the message.
func (k *keeper) content(n *Node) (start, end int, ok bool) {
	at := 0
	for range n.Line - 1 {
		at += strings.IndexByte(k.message[at:], '\n') + 1
	}
	for range n.Column - 1 {
		_, size := utf8.DecodeRuneInString(k.message[at:])
		at += size
	}
	var quote byte
	for ; at < len(k.message); at++ {
		switch c := k.message[at]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			start = at + 1
			length := strings.Index(k.message[start:], "</")
			if k.message[at-1] == '/' || length < 0 {
				return 0, 0, false
			}
			return start, start + length, true
		}
	}
	return 0, 0, false
}

// holdsPlaceholder says that text holds one that is not escaped.
func holdsPlaceholder(text string) bool {
	return strings.Contains(strings.ReplaceAll(text, "$${", ""), "${")
}
