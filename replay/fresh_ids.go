package replay

import (
	"bytes"
	"fmt"
	"strings"

	"rator/replay/compare"
	"rator/replay/fixture"
	"rator/wire"
)

// freshIDs makes the request ids of a scenario others in each playing, the same where
// they were the same: a server does what has an id once.
type freshIDs map[string]string

// idempotencyKey is the header of a request id (store.md).
const idempotencyKey = "Idempotency-Key"

// request writes ${unique} in place of request ids. One that no server takes stays.
func (f freshIDs) request(r *fixture.Request) {
	for i, v := range r.Header[idempotencyKey] {
		r.Header[idempotencyKey][i] = f.named(v)
	}
	if !r.Text || !bytes.Contains(r.Body, []byte(requestIDKey)) && !bytes.Contains(r.Body, []byte(messageID)) {
		return
	}
	r.Body = compare.SetTexts(fixture.InUTF8(r.Body), func(root *compare.Node) map[*compare.Node]string {
		texts := map[*compare.Node]string{}
		f.find(root, texts)
		return texts
	})
}

const (
	requestIDKey = "REQUEST_ID" // of CONTEXT
	messageID    = "MessageID"  // of WS-Addressing
)

// find names the ids of a message: the text of elements with the name of an id, and the
// value of entries with its key.
func (f freshIDs) find(n *compare.Node, texts map[*compare.Node]string) {
	for child := range n.Elements() {
		switch key, v := child.First(wire.Key), child.First(wire.Value); {
		case child.IsLeaf() && (child.Name.Local == requestIDKey || child.Name.Local == messageID):
			texts[child] = f.named(child.Content())
		case key != nil && v != nil && v.IsLeaf() && strings.TrimSpace(key.Content()) == requestIDKey:
			texts[v] = f.named(v.Content())
		default:
			f.find(child, texts)
		}
	}
}

// named is what stands for an id.
func (f freshIDs) named(id string) string {
	const longest = 128
	odd := func(r rune) bool { return r < ' ' || r > '~' }
	if id == "" || len(id) > longest || strings.ContainsFunc(id, odd) || strings.Contains(id, "${") {
		return id
	}
	if f[id] == "" {
		f[id] = fmt.Sprintf("${unique}-%d", len(f)+1)
	}
	return f[id]
}
