package convert

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"rator/replay/compare"
	"rator/replay/fixture"
	"rator/wire"
	"rator/workflow/contract"
)

// link is a value of an answer that later requests need a live one of.
type link struct {
	step     int              // index of the exchange that answers it
	recorded string           // an id, or the value of a volatile key; "" for a capture
	name     string           // what stands between ${ and } for a capture
	capture  *fixture.Capture // that takes it; nil: comparing with the expected answer does
	xpath    string           // of the element that holds it, by position; "" = not known
	needed   bool             // later messages have it
}

// key is what stands in the recording for it.
func (l *link) key() string {
	if l.recorded != "" {
		return l.recorded
	}
	return "${" + l.name + "}"
}

// linker finds what goes from answers into later requests, by the same rules as replay:
// what a recorded answer introduced belongs to the server that was recorded.
type linker struct {
	scenario  *fixture.Scenario
	all       []exchange
	contracts func(hookpoint string) *contract.Contract
	origin    map[string]bool // of recorded values: an answer introduced it
	found     []link
}

func links(s *fixture.Scenario, all []exchange, contracts func(string) *contract.Contract) []link {
	l := &linker{scenario: s, all: all, contracts: contracts, origin: map[string]bool{}}
	for n := range all {
		l.ids(n)
		l.volatile(n)
		l.captures(n)
	}
	return l.found
}

// ids are those that an answer introduces.
func (l *linker) ids(n int) {
	x := &l.all[n]
	for _, text := range x.sent() {
		for id := range compare.IDsIn([]byte(text)) {
			l.introduce(id, false)
		}
	}
	for _, text := range append(headerTexts(x.Response.Header), string(x.Response.Body)) {
		for id := range compare.IDsIn([]byte(text)) {
			if l.introduce(id, true) {
				l.value(n, id)
			}
		}
	}
}

// volatile are the values that the contract says may change. A later answer that has one
// again gives it anew.
func (l *linker) volatile(n int) {
	x := &l.all[n]
	var c *contract.Contract
	if hookpoint, err := compare.At(x.Request.Body, wire.HookpointKey); err == nil && l.contracts != nil {
		c = l.contracts(hookpoint)
	}
	var values []string
	for _, v := range compare.Volatile(x.Response.Body, c) {
		if v != "" && !slices.Contains(values, v) {
			values = append(values, v)
		}
	}
	slices.Sort(values)
	for _, v := range values {
		before := x.sends(v)
		for i := range n {
			y := &l.all[i]
			before = before || y.sends(v) || compare.Holds(y.Response.Body, v)
		}
		if l.introduce(v, !before) || l.origin[v] {
			l.value(n, v)
		}
	}
}

// introduce notes who had a value first; false when somebody had it before.
func (l *linker) introduce(v string, answer bool) bool {
	if _, known := l.origin[v]; known {
		return false
	}
	l.origin[v] = answer
	return answer
}

// value links a recorded one, if a later request sends it.
func (l *linker) value(n int, v string) {
	for i := range l.all[n+1:] {
		if l.all[n+1+i].sends(v) {
			l.found = append(l.found, link{step: n, recorded: v, needed: true})
			return
		}
	}
}

// captures are what [[capture]] and ${capture:…} take, and what ${03:PATH} names.
func (l *linker) captures(n int) {
	x := &l.all[n]
	root, err := compare.Parse(x.Response.Body)
	if err != nil || !x.Response.Text {
		root = nil
	}
	take := func(name string, c *fixture.Capture, is func(*compare.Node) bool) {
		if slices.ContainsFunc(l.found, func(o link) bool { return o.step == n && o.name == name }) {
			return
		}
		at := link{step: n, name: name, capture: c, xpath: place(root, is), needed: l.later(n, "${"+name+"}")}
		if at.xpath == "" && c != nil {
			at.xpath = c.XPath
			if c.Step == "" { // it is not in this answer
				return
			}
		}
		l.found = append(l.found, at)
	}
	for i := range l.scenario.Config.Capture {
		if c := &l.scenario.Config.Capture[i]; c.Step == "" || c.Step == x.step.Number {
			take(c.Name, c, func(leaf *compare.Node) bool { return captures(root, leaf, c) })
		}
	}
	if x.Response.Text {
		_, names := compare.Placeholders(x.Response.Body)
		for _, name := range names {
			take(name, nil, func(leaf *compare.Node) bool { return strings.TrimSpace(leaf.Content()) == "${capture:"+name+"}" })
		}
	}
	for i := range l.all[n+1:] {
		y := &l.all[n+1+i]
		for _, text := range append(y.sent(), string(y.Response.Body)) {
			for _, m := range answerPath.FindAllStringSubmatch(text, -1) {
				if m[1] == x.step.Number {
					c := &fixture.Capture{Step: m[1], Path: m[2]}
					take(m[1]+":"+m[2], c, func(leaf *compare.Node) bool { return captures(root, leaf, c) })
				}
			}
		}
	}
}

// later says that a message after an answer has a text.
func (l *linker) later(n int, text string) bool {
	for i := range l.all[n+1:] {
		y := &l.all[n+1+i]
		if slices.ContainsFunc(append(y.sent(), string(y.Response.Body)), func(s string) bool { return strings.Contains(s, text) }) {
			return true
		}
	}
	return false
}

// answerPath is ${03:PATH}.
var answerPath = regexp.MustCompile(`\$\{(\d+):([^}]*)\}`)

// captures says that a leaf is what a capture names. A leaf is marked, for paths do
// not say where they lead.
func captures(root, leaf *compare.Node, c *fixture.Capture) bool {
	if c.XPath != "" {
		x, err := compare.ParseXPath(c.XPath)
		if err != nil {
			return false
		}
		nodes := x.Nodes(root)
		return len(nodes) > 0 && nodes[0] == leaf
	}
	const mark = "\x00here"
	was := leaf.Nodes
	leaf.Nodes = []*compare.Node{{Text: mark}}
	v, err := root.Find(c.Path)
	leaf.Nodes = was
	return err == nil && v == mark
}

// place is the XPath of a leaf, by position; "" when there is none such.
func place(root *compare.Node, is func(*compare.Node) bool) (xpath string) {
	if root == nil {
		return ""
	}
	var each func(n *compare.Node, path string)
	each = func(n *compare.Node, path string) {
		if xpath == "" && n.IsLeaf() && is(n) {
			xpath = path
		}
		at := map[string]int{}
		for child := range n.Elements() {
			at[child.Name.Local]++
			each(child, fmt.Sprintf("%s/*[local-name()='%s'][%d]", path, child.Name.Local, at[child.Name.Local]))
		}
	}
	each(root, "/*")
	return xpath
}

func walk(n *compare.Node, leaf func(*compare.Node)) {
	if n.IsLeaf() {
		leaf(n)
	}
	for child := range n.Elements() {
		walk(child, leaf)
	}
}
