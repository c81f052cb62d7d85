package house_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// words are what a pattern finds in the project's documents, each with its place.
func words(t *testing.T, pattern *regexp.Regexp, of func(place string, m []string)) {
	t.Helper()
	for _, name := range gitFiles(t, "*.md") {
		if !isDocument(name) || name == "CHANGELOG.md" { // which tells of what was
			continue
		}
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range pattern.FindAllStringSubmatch(string(text), -1) {
			of(name, m)
		}
	}
}

// TestTestsThatDocumentsNameAreThere: a guarantee's test is a test of ours, and where a
// command runs it, in that package.
func TestTestsThatDocumentsNameAreThere(t *testing.T) {
	declared := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Benchmark)\w+)\(`)
	in := map[string][]string{} // folders, by the function's name
	for _, file := range goFiles(t) {
		if !strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range declared.FindAllStringSubmatch(string(text), -1) {
			in[m[1]] = append(in[m[1]], path.Dir(file))
		}
	}
	found := 0
	words(t, regexp.MustCompile("`((?:Test|Fuzz|Benchmark)[A-Z]\\w+)`"), func(place string, m []string) {
		if found++; in[m[1]] == nil {
			t.Errorf("%s names %s, which is no test", place, m[1])
		}
	})
	words(t, regexp.MustCompile(`go test (?:-\S+ )*\./(\S+) -run '?(\w+|\^\$)'?(?: -bench (\w+|\.))?`), func(place string, m []string) {
		found++
		prefix := m[2]
		if m[2] == "^$" {
			prefix = "Benchmark" + strings.TrimSuffix(m[3], ".")
		}
		for name, folders := range in {
			for _, folder := range folders {
				if strings.HasPrefix(name, prefix) && (folder == m[1] || strings.HasSuffix(m[1], "...") && strings.HasPrefix(folder, strings.TrimSuffix(m[1], "/..."))) {
					return
				}
			}
		}
		t.Errorf("%s: %s runs nothing", place, m[0])
	})
	if found < 50 {
		t.Errorf("%d tests are named", found)
	}
}

// TestFunctionsThatDocumentsNameAreThere: room.Function() and room.Type.Method() are
// declared in a room of that name.
func TestFunctionsThatDocumentsNameAreThere(t *testing.T) {
	declared := map[string]bool{}
	for _, file := range goFiles(t) {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, file), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		room := tree.Name.Name
		if room == "main" {
			room = path.Base(path.Dir(file))
		}
		for _, d := range tree.Decls {
			if f, is := d.(*ast.FuncDecl); is {
				declared[room+"."+receiver(f)+f.Name.Name] = true
			}
		}
	}
	found := 0
	words(t, regexp.MustCompile(`\b([a-z]\w*(?:\.[A-Za-z]\w*){1,2})\(\)`), func(place string, m []string) {
		if path.Dir(place) == "docs" { // programs of other people, in other languages
			return
		}
		if found++; !declared[m[1]] {
			t.Errorf("%s names %s(), which is not there", place, m[1])
		}
	})
	if found < 5 {
		t.Errorf("%d functions are named", found)
	}
}

// receiver is "Type." of a method, "" of a function.
func receiver(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return ""
	}
	of := f.Recv.List[0].Type
	if star, is := of.(*ast.StarExpr); is {
		of = star.X
	}
	if generic, is := of.(*ast.IndexExpr); is {
		of = generic.X
	}
	if name, is := of.(*ast.Ident); is {
		return name.Name + "."
	}
	return ""
}

// TestTheExampleOfScriptsIsPlayed: workflow-scripts.md shows the script that a test runs.
func TestTheExampleOfScriptsIsPlayed(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(root, "docs", "design", "workflow-scripts.md"))
	if err != nil {
		t.Fatal(err)
	}
	script, err := os.ReadFile(filepath.Join(root, "testdata", "script", "signup.star"))
	if err != nil {
		t.Fatal(err)
	}
	_, shown, _ := strings.Cut(string(script), "\n") // without its comment
	if !strings.Contains(string(page), "```python\n"+strings.TrimSpace(shown)+"\n```\n") {
		t.Error("workflow-scripts.md does not show testdata/script/signup.star")
	}
}

// tableBelow are the first cells of the table below a heading of a document, in order.
func tableBelow(t *testing.T, document, heading string) (cells []string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, document))
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(text), "\n## "+heading+"\n")
	if !found {
		t.Fatalf("%s has no section %q", document, heading)
	}
	section, _, _ = strings.Cut(section, "\n## ")
	for _, m := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\|").FindAllStringSubmatch(section, -1) {
		cells = append(cells, m[1])
	}
	return cells
}

// goesDown fails where a room of a picture imports one that stands above it.
func goesDown(t *testing.T, picture string, lines [][]string) {
	t.Helper()
	may := rooms(t)
	var above []string
	for _, line := range lines {
		for _, room := range line {
			imports, known := may[room]
			if !known {
				t.Errorf("%s shows a room %s that does not exist", picture, room)
			}
			for _, over := range above {
				if slices.Contains(imports, "`"+over+"`") {
					t.Errorf("%s: %s stands below %s and may import it", picture, room, over)
				}
			}
		}
		above = append(above, line...)
	}
}

// TestWalksAreShort: a call walks through eight rooms at most, each once; one over SOAP
// never goes up.
func TestWalksAreShort(t *testing.T) {
	for _, walk := range []string{"A call over SOAP, room by room", "A request over TM Forum, room by room"} {
		walked := tableBelow(t, "CONTRIBUTING.md", walk)
		if len(walked) < 6 || len(walked) > 8 {
			t.Errorf("%s: %d rooms", walk, len(walked))
		}
		var lines [][]string
		for _, room := range walked {
			if slices.Contains(walked[:len(lines)], room) {
				t.Errorf("%s: %s twice", walk, room)
			}
			lines = append(lines, []string{room})
		}
		if strings.Contains(walk, "SOAP") {
			goesDown(t, walk, lines[1:]) // every room may import transport
		}
	}
}

// TestThePictureOfTheRooms: README.md shows rooms that there are, in an order in which
// none imports upwards.
func TestThePictureOfTheRooms(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, picture, _ := strings.Cut(string(text), "nothing imports upwards:\n\n```text\n")
	picture, _, _ = strings.Cut(picture, "```")
	var lines [][]string
	for line := range strings.Lines(picture) {
		shown, _, _ := strings.Cut(line, "   ")
		lines = append(lines, strings.Fields(shown))
	}
	if len(lines) < 5 {
		t.Fatalf("README.md's picture has %d lines", len(lines))
	}
	goesDown(t, "README.md", lines)
}
