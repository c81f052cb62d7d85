package compare_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"rator/replay/compare"
)

const recorded = "../../testdata/soap"

// answers are the recorded answers of the project, by their file.
func answers(tb testing.TB) map[string][]byte {
	tb.Helper()
	all := map[string][]byte{}
	err := filepath.WalkDir(recorded, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".response.xml") {
			return err
		}
		src, err := os.ReadFile(path)
		if bytes.Contains(src, []byte("executeMethodResponse")) {
			all[path] = src
		}
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	if len(all) < 500 {
		tb.Fatalf("only %d answers under %s", len(all), recorded)
	}
	return all
}

// spot is an element of an answer with the path a difference must show for it.
type spot struct {
	path    string
	node    *compare.Node
	parent  *compare.Node
	isEntry bool
}

func (s *spot) complex() bool { return s.node.Type.Local == "complexValueDTO" }

// value is the element that holds a scalar entry's text; nil when it is null.
func (s *spot) value() *compare.Node { return s.node.First("value") }

// volatile is what differs between runs anyhow.
func (s *spot) volatile() bool { return s.path == "return/values[REQUEST_ID]" }

// ignored is what the answer says to leave alone.
func (s *spot) ignored() bool {
	return s.isEntry && s.value() != nil && s.value().Content() == "${xmlunit.ignore}"
}

func key(n *compare.Node) string { return n.First("key").Content() }

// spots walks an answer's entries and members. It knows paths by itself, from
// replay.md, not from what it tests.
func spots(t *testing.T, root *compare.Node) []spot {
	t.Helper()
	answer := root.First("Body").First("executeMethodResponse").First("return")
	var all []spot
	var walk func(prefix string, parent *compare.Node, top bool)
	walk = func(prefix string, parent *compare.Node, top bool) {
		count, seen := map[string]int{}, map[string]int{}
		for n := range parent.Elements() {
			if n.First("key") != nil {
				count[key(n)]++
			}
		}
		for n := range parent.Elements() {
			if n.First("key") == nil {
				if top {
					all = append(all, spot{prefix + "/" + n.Name.Local, n, parent, false})
				}
				continue
			}
			k := key(n)
			path := prefix + "/" + k
			if top {
				path = prefix + "/values[" + k + "]"
			}
			if count[k] > 1 {
				path += fmt.Sprintf("[%d]", seen[k])
			}
			seen[k]++
			all = append(all, spot{path, n, parent, true})
			if n.Type.Local == "complexValueDTO" {
				walk(path, n, false)
			}
		}
	}
	walk("return", answer, true)
	return all
}

// mutation changes an answer in one way that counts. It gives how to undo it, nil
// when it does not apply there.
type mutation struct {
	name  string
	kinds []compare.Kind
	apply func(s *spot) (undo func())
}

var mutations = []mutation{
	{"name of an element", []compare.Kind{compare.Name, compare.Missing, compare.Null}, func(s *spot) func() {
		was := s.node.Name
		s.node.Name.Local = "valu"
		return func() { s.node.Name = was }
	}},
	{"namespace of an element", []compare.Kind{compare.Name}, func(s *spot) func() {
		s.node.Name.Space = "urn:other"
		return func() { s.node.Name.Space = "" }
	}},
	{"key", []compare.Kind{compare.Missing}, func(s *spot) func() {
		if !s.isEntry {
			return nil
		}
		return set(s.node.First("key"), "NO_SUCH_KEY")
	}},
	{"type", []compare.Kind{compare.Type}, func(s *spot) func() {
		if !s.isEntry {
			return nil
		}
		was := s.node.Type
		s.node.Type.Local = "longValueDTO"
		if was.Local == "longValueDTO" {
			s.node.Type.Local = "stringValueDTO"
		}
		return func() { s.node.Type = was }
	}},
	{"value", []compare.Kind{compare.Value}, func(s *spot) func() {
		v := s.node
		if s.isEntry {
			v = s.value()
		}
		if v == nil || s.complex() || s.volatile() {
			return nil
		}
		switch s.node.Type.Local {
		case "booleanValueDTO":
			return set(v, fmt.Sprint(v.Content() == "false"))
		case "dateValueDTO":
			return set(v, "1999-12-31T23:59:59Z")
		case "":
			return set(v, v.Content()+"7")
		case "longValueDTO", "doubleValueDTO":
			return set(v, "7"+v.Content())
		}
		return set(v, v.Content()+" ")
	}},
	{"value becomes null", []compare.Kind{compare.Null}, func(s *spot) func() {
		if !s.isEntry || s.complex() || s.value() == nil {
			return nil
		}
		return without(s.node, s.value())
	}},
	{"null becomes empty", []compare.Kind{compare.Null}, func(s *spot) func() {
		if !s.isEntry || s.complex() || s.value() != nil {
			return nil
		}
		was := s.node.Nodes
		s.node.Nodes = append(slices.Clone(was), &compare.Node{Name: compare.QName{Local: "value"}})
		return func() { s.node.Nodes = was }
	}},
	{"value becomes empty", []compare.Kind{compare.Value}, func(s *spot) func() {
		v := s.node
		if s.isEntry {
			v = s.value()
		}
		if v == nil || s.complex() || v.Content() == "" {
			return nil
		}
		return set(v, "")
	}},
	{"missing", []compare.Kind{compare.Missing}, func(s *spot) func() { return without(s.parent, s.node) }},
}

func set(n *compare.Node, text string) (undo func()) {
	was := n.Nodes
	n.Nodes = []*compare.Node{{Text: text}}
	return func() { n.Nodes = was }
}

func without(parent, n *compare.Node) (undo func()) {
	was := parent.Nodes
	parent.Nodes = slices.DeleteFunc(slices.Clone(was), func(x *compare.Node) bool { return x == n })
	return func() { parent.Nodes = was }
}

// samples spare the machine: an answer is changed in each way at one place at least,
// and at every kind of place, by scenario and path, that was not changed yet.
type samples map[string]bool

func (s samples) wants(file, way, path string) bool {
	place := filepath.Dir(file) + way + itemIndex.ReplaceAllString(path, "")
	if s[place] && s[file+way] {
		return false
	}
	s[place], s[file+way] = true, true
	return true
}

var itemIndex = regexp.MustCompile(`\[\d+\]`)

// TestEveryMutationIsNoticed changes every recorded answer in every way that counts,
// and demands a difference at the place that was changed.
func TestEveryMutationIsNoticed(t *testing.T) {
	done, sampled := map[string]int{}, samples{}
	recorded := answers(t)
	for _, file := range slices.Sorted(maps.Keys(recorded)) {
		src := recorded[file]
		want, got := parse(t, src), parse(t, src)
		all := spots(t, got)
		for _, m := range mutations {
			for i := range all {
				s := &all[i]
				if s.ignored() {
					continue
				}
				undo := m.apply(s)
				if undo == nil {
					continue
				}
				if !sampled.wants(file, m.name, s.path) {
					undo()
					continue
				}
				done[m.name]++
				found := differences(t, want, got)
				undo()
				if !notices(found, s.path, m.kinds) {
					t.Fatalf("%s: %s at %s: %+v", file, m.name, s.path, found)
				}
			}
		}
		for i := range all {
			if !sampled.wants(file, "extra and order", all[i].path) {
				continue
			}
			checkExtra(t, file, want, got, &all[i], done)
			checkOrder(t, file, want, got, &all[i], done)
		}
		if found := differences(t, want, got); len(found) > 0 {
			t.Fatalf("%s: a mutation was not undone: %+v", file, found)
		}
	}
	for _, name := range append(names(), "extra", "extra item", "order of list items") {
		if done[name] == 0 {
			t.Errorf("nothing was changed for %q", name)
		}
	}
	t.Logf("%v", done)
}

func names() []string {
	var all []string
	for _, m := range mutations {
		all = append(all, m.name)
	}
	return all
}

// notices reports whether a difference is at the place, or says that another
// number of items of its list is there.
func notices(found []compare.Difference, path string, kinds []compare.Kind) bool {
	list, _, _ := strings.Cut(path[strings.LastIndexByte(path, '/')+1:], "[")
	list = path[:strings.LastIndexByte(path, '/')+1] + list
	for _, d := range found {
		if slices.Contains(kinds, d.Kind) && d.Line > 0 && d.Column > 0 &&
			(d.Path == path || d.Kind == compare.Missing && strings.HasPrefix(d.Path, list) && strings.HasSuffix(path, "]") && strings.HasSuffix(d.Path, "]")) {
			return true
		}
	}
	return false
}

// checkExtra puts one more entry and one more item behind a place.
func checkExtra(t *testing.T, file string, want, got *compare.Node, s *spot, done map[string]int) {
	if !s.isEntry {
		return
	}
	was := s.parent.Nodes
	at := slices.Index(was, s.node) + 1
	defer func() { s.parent.Nodes = was }()

	other := clone(s.node)
	set(other.First("key"), "MORE")
	s.parent.Nodes = slices.Insert(slices.Clone(was), at, other)
	done["extra"]++
	above := s.path[:strings.LastIndexByte(s.path, '/')]
	path := above + "/MORE"
	if above == "return" {
		path = "return/values[MORE]"
	}
	if found := differences(t, want, got); len(found) != 1 || found[0].Kind != compare.Extra || found[0].Path != path {
		t.Fatalf("%s: extra %s: %+v", file, path, found)
	}

	s.parent.Nodes = slices.Insert(slices.Clone(was), at, clone(s.node))
	done["extra item"]++
	if found := differences(t, want, got); len(found) != 1 || found[0].Kind != compare.Extra || !strings.HasPrefix(found[0].Path, strings.TrimRight(s.path, "[]0123456789")) {
		t.Fatalf("%s: an item more at %s: %+v", file, s.path, found)
	}
}

// checkOrder exchanges an item of a list with the next of its key.
func checkOrder(t *testing.T, file string, want, got *compare.Node, s *spot, done map[string]int) {
	if !s.isEntry {
		return
	}
	was := s.parent.Nodes
	at := slices.Index(was, s.node)
	for next := at + 1; next < len(was); next++ {
		n := was[next]
		if n.First("key") == nil || key(n) != key(s.node) {
			continue
		}
		if text(n) == text(s.node) {
			return // alike: nothing to notice
		}
		done["order of list items"]++
		s.parent.Nodes = slices.Clone(was)
		s.parent.Nodes[at], s.parent.Nodes[next] = n, s.node
		found := differences(t, want, got)
		s.parent.Nodes = was
		list := strings.TrimRight(s.path, "0123456789]")
		if len(found) == 0 || !strings.HasPrefix(found[0].Path, list) {
			t.Fatalf("%s: exchanged %s with the next: %+v", file, s.path, found)
		}
		return
	}
}

func text(n *compare.Node) string {
	var b strings.Builder
	var walk func(n *compare.Node)
	walk = func(n *compare.Node) {
		fmt.Fprintf(&b, "<%s %s>%s", n.Name.Local, n.Type.Local, n.Text)
		for _, child := range n.Nodes {
			walk(child)
		}
	}
	walk(n)
	return b.String()
}

func clone(n *compare.Node) *compare.Node {
	c := *n
	c.Nodes = nil
	for _, child := range n.Nodes {
		c.Nodes = append(c.Nodes, clone(child))
	}
	return &c
}

func parse(tb testing.TB, src []byte) *compare.Node {
	tb.Helper()
	n, err := compare.Parse(src)
	if err != nil {
		tb.Fatal(err)
	}
	return n
}

func differences(tb testing.TB, want, got *compare.Node) []compare.Difference {
	tb.Helper()
	found, err := compare.Trees(want, got, &compare.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	return found
}
