package hookpoints_test

import (
	"encoding/xml"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"rator/workflow/hookpoints"
)

// element is an element as it is written.
type element struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Children []element  `xml:",any"`
}

func read(t *testing.T, file string) element {
	t.Helper()
	src, err := fs.ReadFile(hookpoints.Folders, file)
	if err != nil {
		t.Fatal(err)
	}
	var e element
	if err := xml.Unmarshal(src, &e); err != nil {
		t.Fatal(err)
	}
	return e
}

func contracts(t *testing.T) map[string]element {
	t.Helper()
	files, err := fs.Glob(hookpoints.Folders, "*/contract.xml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no contracts: %v", err)
	}
	all := map[string]element{}
	for _, file := range files {
		all[path.Dir(file)] = read(t, file)
	}
	return all
}

func (e element) attribute(name string) string {
	for _, a := range e.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// says is an element's name and what it says by attributes, but for people.
func (e element) says() string {
	parts := []string{e.XMLName.Local}
	for _, a := range e.Attrs {
		if a.Name.Local != "desc" {
			parts = append(parts, a.Name.Local+"="+a.Value)
		}
	}
	slices.Sort(parts[1:])
	return strings.Join(parts, " ")
}

// lists calls do with every list of values in e, as what each value says.
func (e element) lists(do func(values []string)) {
	var values []string
	for _, child := range e.Children {
		if child.XMLName.Local == "value" || child.XMLName.Local == "use" {
			values = append(values, child.says())
		}
		child.lists(do)
	}
	if e.XMLName.Local != "use" { // what is different in a use is no list
		do(values)
	}
}

// run is how many values in a row are a list of their own.
const run = 3

// TestNoListIsRepeated: no run of three values with the same keys and rules stands in two
// contracts, nor in one and whole in types.xml: it is a type that both use. What a value
// says to people (desc) does not count, for a use may say it otherwise.
func TestNoListIsRepeated(t *testing.T) {
	first := map[string]string{} // contract by run
	whole := map[string]string{} // type by all its values
	for _, e := range read(t, "types.xml").Children {
		var values []string
		for _, child := range e.Children {
			values = append(values, child.says())
		}
		whole[strings.Join(values, "\n")] = e.attribute("name")
	}
	all := contracts(t)
	lines, repeated := 0, 0
	for _, key := range slices.Sorted(maps.Keys(all)) {
		all[key].lists(func(values []string) {
			lines += len(values)
			inRun := make([]bool, len(values))
			for i := range values {
				for j := i + run; j <= len(values); j++ {
					these := strings.Join(values[i:j], "\n")
					if name := whole[these]; name != "" {
						t.Errorf("%s spells type %s out", key, name)
					}
					if j > i+run {
						continue
					}
					switch other := first[these]; other {
					case "":
						first[these] = key
					case key:
					default:
						t.Errorf("%s repeats of %s:\n%s", key, other, these)
						for k := i; k < j; k++ {
							inRun[k] = true
						}
					}
				}
			}
			for _, is := range inRun {
				if is {
					repeated++
				}
			}
		})
	}
	t.Logf("%d of %d lines repeat a list", repeated, lines)
}

// TestTypesAreShared: what one place only uses stands there.
func TestTypesAreShared(t *testing.T) {
	uses := map[string]int{}
	var count func(e element)
	count = func(e element) {
		if e.XMLName.Local == "use" {
			uses[e.attribute("type")]++
		}
		if used := e.attribute("use"); used != "" {
			uses[used]++
		}
		for _, child := range e.Children {
			count(child)
		}
	}
	types := read(t, "types.xml")
	count(types)
	for _, c := range contracts(t) {
		count(c)
	}
	for _, e := range types.Children {
		if name := e.attribute("name"); uses[name] < 2 {
			t.Errorf("type %s is used %d times", name, uses[name])
		}
	}
}
