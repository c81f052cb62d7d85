package compare

import (
	"rator/wire"
	"rator/workflow/contract"
	"rator/workflow/value"
)

// requestID is the key of what a caller calls its request.
const requestID = "REQUEST_ID"

// ValueType is what an entry's xsi:type says it is: Bare when there is none, or
// one that nobody knows.
func (n *Node) ValueType() value.Type {
	var of value.Type
	if n.Type.Space == wire.Namespace {
		of, _ = value.OfDTO(n.Type.Local)
	} else {
		of, _ = value.OfSchema(n.Type.Space, n.Type.Local)
	}
	return of
}

var errorMessage = &contract.Value{Key: wire.ErrorMessage, Type: value.String}

// members are what an answer or request of ours says beside its values.
var members = map[string]*contract.Value{
	wire.ErrorCode:    {Key: wire.ErrorCode, Type: value.Long},
	wire.ErrorMessage: errorMessage,
	wire.Status:       {Key: wire.Status, Type: value.Long},
	wire.HookpointKey: {Key: wire.HookpointKey, Type: value.String},
}

// answeredID is the request id that every answer holds: the server's own where the
// request carried none (rator-api.md 1.5).
var answeredID = &contract.Value{Key: requestID, Type: value.String, Volatile: true}

// operation compares two operations of ours, of the same name: executeMethod, its
// answer, or a typed one, in which elements are named by their keys.
func (c *comparison) operation(want, got *Node) {
	at := &step{name: want.Name.Local, index: -1}
	var declared []*contract.Value
	isAnswer := want.Name.Local != wire.Operation
	if c.Contract != nil && isAnswer && want.Name.Local != c.Contract.Hookpoint {
		declared = c.Contract.Response
	} else if c.Contract != nil {
		declared = c.Contract.Request
	}
	c.attributes(at, want, got, false)
	if !isAnswer || want.Name.Local == wire.OperationAnswer {
		c.keyed(nil, want, got, func(n *Node) (string, string) { return n.Name.Local, "" }, func(below *step, w, g *Node) {
			if local := w.Name.Local; local == wire.Return || local == wire.Argument {
				c.record(below, w, g, declared)
			} else {
				c.element(below, w, g)
			}
		})
		return
	}
	c.typed(at, want, got, declared, true)
}

// record compares the argument or the return of executeMethod: what is in it
// stands in any order, but the values of one key.
func (c *comparison) record(at *step, want, got *Node, declared []*contract.Value) {
	if !c.same(at, want, got) || !c.sameNil(at, want, got) {
		return
	}
	if want.Type != got.Type {
		c.differ(at, Type, want, typeText(want), typeText(got))
		return
	}
	c.directText(at, want, got)
	c.keyed(at, want, got, entryStep, func(below *step, w, g *Node) {
		if w.Name.Local == wire.Values {
			v := contract.Find(declared, below.key)
			if v == nil && below.key == requestID && want.Name.Local == wire.Return {
				v = answeredID
			}
			c.entry(below, w, g, v)
		} else {
			c.typedElement(below, w, g, members[w.Name.Local])
		}
	})
}

// entryStep is the step to a member of a record: values[KEY] or errorCode.
func entryStep(n *Node) (name, key string) {
	if n.Name.Local == wire.Values {
		key, _ = n.EntryKey()
	}
	return n.Name.Local, key
}

// same compares name, attributes and direct text of two elements that hold others,
// and is false when what is in them need not be compared.
func (c *comparison) same(at *step, want, got *Node) bool {
	if c.err != nil || c.ignored(at) {
		return false
	}
	if want.Name != got.Name {
		c.differ(at, Name, want, want.Name.String(), got.Name.String())
		return false
	}
	c.attributes(at, want, got, true)
	return !c.isAny(want)
}

// typed compares elements that are named by their keys, in any order but those of
// one name.
func (c *comparison) typed(at *step, want, got *Node, declared []*contract.Value, top bool) {
	c.keyed(at, want, got, func(n *Node) (string, string) { return n.Name.Local, "" }, func(below *step, w, g *Node) {
		v := contract.Find(declared, w.Name.Local)
		if v == nil && top {
			v = members[w.Name.Local]
			if w.Name.Local == requestID {
				v = answeredID
			}
		}
		c.typedElement(below, w, g, v)
	})
}

func (c *comparison) typedElement(at *step, want, got *Node, v *contract.Value) {
	if !c.same(at, want, got) {
		return
	}
	if want.Type != got.Type {
		c.differ(at, Type, want, want.Type.String(), got.Type.String())
		return
	}
	if !c.sameNil(at, want, got) {
		return
	}
	if want.IsLeaf() && got.IsLeaf() {
		c.text(at, want, want.Content(), got.Content(), scalarOf(v, value.Bare))
		return
	}
	var below []*contract.Value
	if v != nil {
		below = v.Values
	}
	c.directText(at, want, got)
	c.typed(at, want, got, below, false)
}

// directText compares text beside elements, which our messages do not have.
func (c *comparison) directText(at *step, want, got *Node) {
	w, g := textOf(want), textOf(got)
	if w != g {
		c.text(&step{up: at, name: "text()", index: -1}, want, w, g, scalar{})
	}
}

func textOf(n *Node) string {
	if n.IsLeaf() && isSpace(n.Content()) {
		return ""
	}
	return n.Content()
}

// keyed compares elements by the step to them: those of one step in their order,
// different ones in any.
func (c *comparison) keyed(at *step, want, got *Node, of func(*Node) (name, key string), each func(at *step, want, got *Node)) {
	groups := grouped(want, got, of)
	for i := range groups {
		group := &groups[i]
		several := len(group.want) > 1 || len(group.got) > 1
		step := func(index int) *step {
			if !several {
				index = -1
			}
			return &step{up: at, name: group.name, key: group.key, index: index}
		}
		if len(group.want) == 1 && len(group.got) == 1 {
			each(step(0), group.want[0], group.got[0])
			continue
		}
		for _, p := range c.align(group.want, group.got) {
			switch {
			case p.want < 0:
				c.extra(step(p.got), want, group.got[p.got])
			case p.got < 0:
				c.missing(step(p.want), group.want[p.want])
			default:
				each(step(p.want), group.want[p.want], group.got[p.got])
			}
		}
	}
}

// group is what both sides have at one step.
type group struct {
	name, key string
	want, got []*Node
}

// manyGroups is where a map becomes quicker than looking at each.
const manyGroups = 16

// grouped are the groups of two elements, by their first place in want, then in got.
func grouped(want, got *Node, of func(*Node) (name, key string)) []group {
	groups := make([]group, 0, len(want.Nodes))
	var index map[[2]string]int // only where there are many
	add := func(n *Node) *group {
		name, key := of(n)
		if index == nil && len(groups) < manyGroups {
			for i := range groups {
				if groups[i].name == name && groups[i].key == key {
					return &groups[i]
				}
			}
		} else if index == nil {
			index = make(map[[2]string]int, 2*manyGroups)
			for i := range groups {
				index[[2]string{groups[i].name, groups[i].key}] = i
			}
		}
		if i, ok := index[[2]string{name, key}]; ok {
			return &groups[i]
		}
		if index != nil {
			index[[2]string{name, key}] = len(groups)
		}
		groups = append(groups, group{name: name, key: key})
		return &groups[len(groups)-1]
	}
	for n := range want.Elements() {
		g := add(n)
		g.want = append(g.want, n)
	}
	for n := range got.Elements() {
		g := add(n)
		g.got = append(g.got, n)
	}
	return groups
}
