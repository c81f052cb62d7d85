package mock

import (
	"hash/maphash"
	"strconv"
	"strings"
	"time"

	"rator/replay/compare"
	"rator/wire"
	"rator/workflow/contract"
	"rator/workflow/value"
)

// A fact is one thing that a request says: a value at a path. Requests say the same
// when their facts are the same, however they are written.
type fact struct {
	path string
	// exact is a hash of path and value; loose the same with ids of 18 digits left out.
	exact, loose uint64
	// wild says that a recorded request does not say it: *** or ${…} stands there.
	wild     bool
	template string // of what is wild
}

// pathSeparator is in no name and no key.
const pathSeparator = "\x1f"

// factsOf reads what an operation says. Volatile values and request ids say nothing.
func factsOf(operation *compare.Node, c *contract.Contract, recorded bool) []fact {
	r := reader{recorded: recorded}
	if operation.Name.Space != wire.Namespace {
		r.element("", operation)
		return r.facts
	}
	var declared []*contract.Value
	if c != nil {
		declared = c.Request
	}
	if operation.Name.Local != wire.Operation {
		r.typed("", operation, declared, true)
		return r.facts
	}
	seen := map[string]int{}
	for argument := range operation.Elements() {
		for n := range argument.Elements() {
			key, isEntry := n.EntryKey()
			if !isEntry {
				if n.Name.Local != wire.HookpointKey {
					r.element(below("", n.Name.String(), &seen), n)
				}
				continue
			}
			r.entry(below("", key, &seen), n, find(declared, key, true), key == contract.ContextKey)
		}
	}
	return r.facts
}

func find(declared []*contract.Value, key string, top bool) *contract.Value {
	if v := contract.Find(declared, key); v != nil || !top || key != contract.ContextKey {
		return v
	}
	return &contract.Value{Key: key, Type: value.Complex, Values: contract.Context}
}

type reader struct {
	recorded bool // $${ is a plain ${
	facts    []fact
}

// below is the path of the next of a name.
func below(path, name string, seen *map[string]int) string {
	n := (*seen)[name]
	(*seen)[name]++
	return path + pathSeparator + name + "#" + strconv.Itoa(n)
}

func (r *reader) add(path, kind, text string) {
	f := fact{path: path}
	if r.recorded {
		if text == masked || holdsPlaceholder(text) {
			f.wild, f.template = true, text
		}
		text = strings.ReplaceAll(text, "$${", "${")
	}
	f.exact, f.loose = hashOf(path, kind, text), hashOf(path, kind, withoutIDs(text))
	r.facts = append(r.facts, f)
}

// masked is what the recorder writes for a secret when it is told no variable.
const masked = "***"

func holdsPlaceholder(text string) bool {
	return strings.Contains(text, "${") && strings.Contains(strings.ReplaceAll(text, "$${", ""), "${")
}

// entry reads an entry of executeMethod; the keys below are in any order but those
// of one key.
func (r *reader) entry(path string, n *compare.Node, v *contract.Value, isContext bool) {
	kind := n.Type.String()
	if v != nil && v.Volatile {
		return
	}
	var declared []*contract.Value
	of := n.ValueType()
	if v != nil {
		declared = v.Values
		if of == value.Bare {
			of = v.Type
		}
	}
	seen := map[string]int{}
	complex, null := of == value.Complex, true
	for _, child := range n.Nodes {
		if child.IsText() {
			r.add(path, "text", child.Text)
			continue
		}
		if child.Name.Local != wire.Value {
			if child.Name.Local != wire.Key {
				r.element(below(path, child.Name.String(), &seen), child)
			}
			continue
		}
		key, isEntry := child.EntryKey()
		switch {
		case isEntry && isContext && key == requestID:
		case isEntry:
			complex = true
			r.entry(below(path, key, &seen), child, contract.Find(declared, key), false)
		case child.IsNil():
		case child.IsLeaf():
			null = false
			r.add(path, kind, canonical(child.Content(), of))
		default:
			r.element(below(path, child.Name.String(), &seen), child)
		}
	}
	if complex {
		r.add(path, kind, "complex")
	} else if null {
		r.add(path, kind+" null", "")
	}
}

const requestID = "REQUEST_ID"

// typed reads an operation whose elements are named by their keys.
func (r *reader) typed(path string, n *compare.Node, declared []*contract.Value, top bool) {
	seen := map[string]int{}
	for child := range n.Elements() {
		name := child.Name.String()
		v := find(declared, name, top)
		switch {
		case v != nil && v.Volatile, name == requestID && strings.HasSuffix(path, contract.ContextKey+"#0"):
		case child.IsNil():
			r.add(below(path, name, &seen), "null", "")
		case child.IsLeaf():
			of := value.Bare
			if v != nil {
				of = v.Type
			}
			r.add(below(path, name, &seen), "", canonical(child.Content(), of))
		default:
			var inner []*contract.Value
			if v != nil {
				inner = v.Values
			}
			r.typed(below(path, name, &seen), child, inner, false)
		}
	}
}

// element reads XML in which the order counts.
func (r *reader) element(path string, n *compare.Node) {
	for _, a := range n.Attributes {
		if a.Name.Space != wire.NamespaceXSI {
			r.add(path+pathSeparator+"@"+a.Name.String(), "", n.Resolved(a.Name, a.Value))
		}
	}
	if n.Type != (compare.QName{}) {
		r.add(path+pathSeparator+"@type", "", n.Type.String())
	}
	switch {
	case n.IsNil():
		r.add(path, "null", "")
		return
	case n.IsLeaf():
		r.add(path, "", n.Resolved(compare.QName{}, n.Content()))
		return
	}
	for i, child := range n.Nodes {
		at := path + pathSeparator + strconv.Itoa(i) + child.Name.String()
		if child.IsText() {
			r.add(at, "text", child.Text)
			continue
		}
		r.element(at, child)
	}
}

// canonical is one way to write what a literal means.
func canonical(text string, of value.Type) string {
	switch of {
	case value.Long:
		if n, err := value.ParseLong(text); err == nil {
			return strconv.FormatInt(n, 10)
		}
	case value.Double, value.Float:
		if d, err := value.ParseDecimal(text); err == nil {
			return d.String()
		}
	case value.Boolean:
		if b, err := value.ParseBoolean(text); err == nil {
			return strconv.FormatBool(b)
		}
	case value.Date:
		if d, err := value.ParseDate(text, time.UTC); err == nil {
			zone := ""
			if t := strings.TrimSpace(text); strings.HasSuffix(t, "Z") || len(t) > 6 && t[len(t)-3] == ':' && strings.ContainsAny(t[len(t)-6:], "+-") {
				zone = "Z"
			}
			return strconv.FormatInt(d.UnixNano(), 10) + zone
		}
	}
	return text
}

// withoutIDs is text with a # for each run of exactly 18 digits.
func withoutIDs(text string) string {
	if len(text) < idDigits {
		return text
	}
	var b strings.Builder
	for at := 0; at < len(text); {
		end := at
		for end < len(text) && text[end] >= '0' && text[end] <= '9' {
			end++
		}
		switch {
		case end == at:
			b.WriteByte(text[at])
			at++
			continue
		case end-at == idDigits:
			b.WriteByte('#')
		default:
			b.WriteString(text[at:end])
		}
		at = end
	}
	return b.String()
}

const idDigits = 18

var seed = maphash.MakeSeed()

func hashOf(parts ...string) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	for _, p := range parts {
		_, _ = h.WriteString(p) // cannot fail
		_ = h.WriteByte(0)
	}
	return h.Sum64()
}
