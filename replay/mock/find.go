package mock

import (
	"strings"

	"rator/replay/compare"
	"rator/replay/fixture"
	"rator/wire"
)

// looseTries is how many groups that differ from a request in ids are looked at.
const looseTries = 64

// found is a recorded exchange for a request, with what its answer is to say
// otherwise.
type found struct {
	*exchange
	server    *Server
	response  *fixture.Response
	ids       *compare.IDs
	variables map[string]string
	typed     bool // the request is, and executeMethod is recorded
}

// find is the recorded exchange for a request and the next answer of those
// recorded for it; nil when none says the same. Requests with the same ids come
// first, then those with ids that can stand for them.
func (s *Server) find(asked *request) (*found, error) {
	o := s.index.operations[asked.key]
	if o == nil {
		return nil, nil
	}
	sums := make([][2]uint64, len(o.masks))
	for i, m := range o.masks {
		sums[i][0], sums[i][1] = m.sums(asked.facts)
		for _, g := range m.exact[sums[i][0]] {
			if f, err := s.take(g, asked); f != nil || err != nil {
				return f, err
			}
		}
	}
	for i, m := range o.masks {
		all := m.loose[sums[i][1]]
		if all == nil {
			continue
		}
		tries := 0
		for _, g := range s.freshFirst(all) {
			if f, err := s.take(g, asked); f != nil || err != nil {
				return f, err
			}
			if tries++; tries == looseTries {
				break
			}
		}
	}
	return nil, nil
}

// freshFirst are the groups that nobody asked for yet, then the others.
func (s *Server) freshFirst(all *others) []*group {
	s.mu.Lock()
	defer s.mu.Unlock()
	for all.fresh < len(all.groups) && all.groups[all.fresh].turn > 0 {
		all.fresh++
	}
	first := all.groups[all.fresh:]
	return append(first[:min(len(first), looseTries):min(len(first), looseTries)], all.groups[:min(all.fresh, looseTries)]...)
}

// take takes the next exchange of a group if the request is as its requests are.
func (s *Server) take(g *group, asked *request) (*found, error) {
	f := &found{exchange: g.exchanges[0], server: s}
	if ok, err := s.learn(f, asked); !ok || err != nil {
		return nil, err
	}
	s.mu.Lock()
	e := g.exchanges[min(g.turn, len(g.exchanges)-1)]
	g.turn++
	if of := e.recorded(); !of.asked {
		of.asked = true
		s.index.used++
	}
	s.mu.Unlock()
	if e == f.exchange {
		return f, nil
	}
	f = &found{exchange: e, server: s}
	_, err := s.learn(f, asked)
	return f, err
}

// learn reads a recorded exchange and compares its request with the one asked. It
// is false when they do not say the same; else f knows what stands for what.
func (s *Server) learn(f *found, asked *request) (bool, error) {
	recorded, err := f.scenario.Load(f.step())
	if err != nil {
		return false, err
	}
	f.response, f.ids, f.variables = &recorded.Response, &compare.IDs{}, map[string]string{}
	if asked.at == nil {
		return true, nil // the same bytes
	}
	root, err := f.parse(recorded.Request.Header, recorded.Request.Body)
	if err != nil {
		return false, err
	}
	var at *compare.Node
	at, f.typed = recordedAs(root, asked)
	f.open(at, asked.at)
	differences, err := compare.Trees(at, asked.at, &compare.Options{
		Contract: asked.contract, Ignore: notCounted, IDs: f.ids,
		Captured: func(name, v string) { f.variables[name] = v },
	})
	if err != nil {
		return false, placed(f.scenario.File(f.step().Request), err)
	}
	f.noteRequestIDs(root, asked.root)
	return len(differences) == 0, nil
}

// notCounted are the ids of requests, of executeMethod and in the typed form.
var notCounted = func() []*compare.Pattern {
	p, err := compare.ParsePattern("*/CONTEXT/" + requestID)
	if err != nil {
		panic(err)
	}
	return []*compare.Pattern{p}
}()

// open makes what a recorded request leaves open match: *** anything, ${name} the
// value that stands for it in the answer. One that is the whole of a text may be
// empty, so it is looked up rather than captured.
func (f *found) open(recorded, asked *compare.Node) {
	if recorded.IsText() {
		switch name := wholePlaceholder(recorded.Text); {
		case recorded.Text == masked:
			recorded.Text = anything
		case strings.HasPrefix(name, "xmlunit.") || !holdsPlaceholder(recorded.Text):
		case name != "" && asked != nil && asked.IsLeaf():
			f.variables[name] = asked.Content()
			recorded.Text = anything
		case name != "":
			recorded.Text = anything
		default:
			recorded.Text = captured(recorded.Text)
		}
		return
	}
	for i := range recorded.Attributes {
		if a := &recorded.Attributes[i]; a.Value == masked {
			a.Value = anything
		} else if holdsPlaceholder(a.Value) {
			a.Value = captured(a.Value)
		}
	}
	if recorded.IsLeaf() && len(recorded.Nodes) == 1 {
		f.open(recorded.Nodes[0], asked)
		return
	}
	partners := map[string][]*compare.Node{}
	if asked != nil {
		for n := range asked.Elements() {
			partners[partnerOf(n)] = append(partners[partnerOf(n)], n)
		}
	}
	for _, n := range recorded.Nodes {
		var partner *compare.Node
		if like := partners[partnerOf(n)]; len(like) > 0 && !n.IsText() {
			partner, partners[partnerOf(n)] = like[0], like[1:]
		}
		f.open(n, partner)
	}
}

// partnerOf is what an element and its partner have in common.
func partnerOf(n *compare.Node) string {
	key, _ := n.EntryKey()
	return n.Name.String() + pathSeparator + key
}

const anything = "${xmlunit.ignore}"

// wholePlaceholder is the name when text is one placeholder and nothing else.
func wholePlaceholder(text string) string {
	text = strings.TrimSpace(text)
	name, ok := strings.CutPrefix(text, "${")
	if !ok || !strings.HasSuffix(name, "}") || strings.Contains(name[:len(name)-1], "}") {
		return ""
	}
	return strings.TrimPrefix(name[:len(name)-1], "capture:")
}

// captured is text in which each ${name} takes a value.
func captured(text string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "${")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		b.WriteString("${")
		if !strings.HasPrefix(rest, "xmlunit.") && !strings.HasPrefix(rest, "capture:") && !strings.HasSuffix(before, "$") {
			b.WriteString("capture:")
		}
		text = rest
	}
}

// noteRequestIDs has the answer repeat the request id that the client gave, as a
// server does.
func (f *found) noteRequestIDs(recorded, asked *compare.Node) {
	for _, of := range []func(*compare.Node) string{contextID, messageID} {
		if was, is := of(recorded), of(asked); was != "" && is != "" && !holdsPlaceholder(was) {
			f.ids.Note(was, is)
		}
	}
}

func contextID(root *compare.Node) string {
	id, err := root.Find(contextKey + "/" + requestID)
	if err != nil {
		return ""
	}
	return id
}

const contextKey = "CONTEXT"

// messageID is WS-Addressing's, which an answer relates to.
func messageID(root *compare.Node) string {
	if header := root.First(wire.Header); header != nil {
		if id := header.First("MessageID"); id != nil {
			return id.Content()
		}
	}
	return ""
}
