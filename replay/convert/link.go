package convert

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"rator/replay/compare"
	"rator/replay/fixture"
)

// link is a value of an answer that later requests send.
type link struct {
	step    string // that answers it
	name    string // of the variable
	element string // local name of the element that holds it
	nth     int    // which of that name in the answer, from 1
	xpath   string // of the element, by position
	id      string // the recorded id, when it is one that chains by itself
}

// exchange is one of a scenario, loaded.
type exchange struct {
	step *fixture.Step
	*fixture.Exchange
}

// loaded are the exchanges of a scenario. Deeds and bytes have no counterpart in
// other tools and are in left.
func loaded(s *fixture.Scenario) (all []exchange, left []Left, err error) {
	for i := range s.Steps {
		step := &s.Steps[i]
		skip := func(file, what string) {
			left = append(left, Left{File: s.File(file), Where: s.Name + "/" + step.Label(), What: what})
		}
		if step.Do != "" {
			skip(step.Do, "what happens beside the calls is not exported")
			continue
		}
		x, err := s.Load(step)
		if err != nil {
			return nil, nil, err
		}
		if !x.Request.Text {
			skip(step.Request, "a request of bytes is not exported")
			continue
		}
		if sent, err := fixture.Sent(x.Request.Body, x.Request.Header.Get("Content-Type")); err != nil || !bytes.Equal(sent, x.Request.Body) {
			skip(step.Request, "the request is sent as "+x.Request.Header.Get("Content-Type")+"; the exported one in UTF-8")
			x.Request.Body = fixture.InUTF8(x.Request.Body)
			x.Request.Header.Set("Content-Type", fixture.WithCharset(x.Request.Header.Get("Content-Type"), "utf-8"))
		}
		if step.Response != "" && !x.Response.Text {
			skip(step.Response, "the expected answer is bytes and is not exported")
		}
		all = append(all, exchange{step, x})
	}
	return all, left, nil
}

var anyID = regexp.MustCompile(`^\d{18}$`)

// links finds what goes from answers into later requests: what is captured, what
// ${03:PATH} names, and ids. left lists captures whose place is not known.
func links(s *fixture.Scenario, all []exchange) (found []link, left []Left) {
	for n, x := range all {
		root, err := compare.Parse(x.Response.Body)
		if err != nil || !x.Response.Text {
			root = nil
		}
		miss := func(what string) {
			left = append(left, Left{File: s.File(x.step.Request), Where: s.Name + "/" + x.step.Label(), What: what})
		}
		for _, c := range s.Config.Capture {
			if c.Step != "" && c.Step != x.step.Number {
				continue
			}
			l := link{step: x.step.Number, name: c.Name}
			if l.place(root, func(leaf *compare.Node) bool { return captures(root, leaf, &c) }) {
				found = append(found, l)
			} else if name := lastName.FindStringSubmatch(c.XPath); name != nil {
				l.element, l.nth, l.xpath = name[1], 1, c.XPath
				found = append(found, l)
			} else if c.Step != "" {
				miss("the place of ${" + c.Name + "} in the answer is not known without an expected answer")
			}
		}
		if root == nil {
			continue
		}
		later := ""
		for _, y := range all[n+1:] {
			later += string(y.Request.Body)
		}
		walk(root, func(leaf *compare.Node) {
			text := strings.TrimSpace(leaf.Content())
			l := link{step: x.step.Number}
			switch {
			case strings.HasPrefix(text, "${capture:"):
				l.name = strings.TrimSuffix(strings.TrimPrefix(text, "${capture:"), "}")
			case anyID.MatchString(text) && strings.Contains(later, text) && !slices.ContainsFunc(found, func(o link) bool { return o.id == text }):
				l.id, l.name = text, fmt.Sprintf("id_%d", len(found)+1)
			default:
				return
			}
			l.place(root, func(n *compare.Node) bool { return n == leaf })
			found = append(found, l)
		})
		for _, m := range answerPath.FindAllStringSubmatch(later, -1) {
			if m[1] != x.step.Number || slices.ContainsFunc(found, func(o link) bool { return o.name == m[0] }) {
				continue
			}
			l := link{step: x.step.Number, name: m[0]}
			path := fixture.Capture{Path: m[2]}
			if l.place(root, func(leaf *compare.Node) bool { return captures(root, leaf, &path) }) {
				found = append(found, l)
			}
		}
	}
	return found, left
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

// place finds the leaf and says where it is; false when there is none.
func (l *link) place(root *compare.Node, is func(*compare.Node) bool) bool {
	if root == nil {
		return false
	}
	count := map[string]int{}
	done := false
	var each func(n *compare.Node, path string)
	each = func(n *compare.Node, path string) {
		count[n.Name.Local]++
		if !done && n.IsLeaf() && is(n) {
			done = true
			l.element, l.nth, l.xpath = n.Name.Local, count[n.Name.Local], path
		}
		at := map[string]int{}
		for child := range n.Elements() {
			at[child.Name.Local]++
			each(child, fmt.Sprintf("%s/*[local-name()='%s'][%d]", path, child.Name.Local, at[child.Name.Local]))
		}
	}
	each(root, "/*")
	return done
}

func walk(n *compare.Node, leaf func(*compare.Node)) {
	if n.IsLeaf() {
		leaf(n)
	}
	for child := range n.Elements() {
		walk(child, leaf)
	}
}
