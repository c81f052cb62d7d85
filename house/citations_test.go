package house_test

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"
)

// cited are the files whose words lead to documents: code, scripts and contracts of ours,
// and the documents themselves.
func cited(t *testing.T) (names []string) {
	t.Helper()
	for _, name := range gitFiles(t, "*.go", "*.star", "*contract.xml", "*.sh", "Makefile", ".ci/run", "*.md") {
		if !strings.HasSuffix(name, ".md") || isDocument(name) {
			names = append(names, name)
		}
	}
	if len(names) < 100 {
		t.Fatalf("%d files", len(names))
	}
	return names
}

// isDocument reports whether name is one of the project's own documents.
func isDocument(name string) bool {
	dir := path.Dir(name)
	return strings.HasSuffix(name, ".md") && (dir == "." || dir == "docs" || dir == "docs/design")
}

// written are the names of documents that a command writes or a test makes up.
var written = map[string]bool{"CONVERSION.md": true, "readme.md": true}

var (
	// citation is the name of a document, and the sections that it is followed by: numbers,
	// or a heading between quotes.
	citation = regexp.MustCompile(`([\w./-]*\w\.md)(?:,? (\d+(?:\.\d+)*(?:(?:,| and| to) \d+(?:\.\d+)*)*))?(?:,? "([A-Za-z][^"]*)")?`)
	number   = regexp.MustCompile(`\d+(?:\.\d+)*`)
	numbered = regexp.MustCompile(`^#+ (\d+(?:\.\d+)*)\.? `)
	link     = regexp.MustCompile(`\]\(([^)#\s]*)(?:#([^)\s]*))?\)`)
	margin   = regexp.MustCompile(`^[ \t]*(?://|#|\*)?[ \t]*`)
)

// flowing is a file's text in one line, without the margins of comments, so that a
// citation may run over the end of a line; lineOf gives the line of a place in it.
func flowing(text string) (flow string, lineOf func(at int) int) {
	var b strings.Builder
	var starts []int
	for line := range strings.Lines(text) {
		starts = append(starts, b.Len())
		b.WriteString(strings.TrimRight(line[len(margin.FindString(line)):], "\r\n") + " ")
	}
	return b.String(), func(at int) int { return sort.SearchInts(starts, at+1) }
}

// document is the file that a name in the file from means, "" = there is none: a path from
// the root or from where it is named, or the bare name of one of docs and docs/design.
func document(from, name string) string {
	for _, at := range []string{name, path.Join(path.Dir(from), name), path.Join("docs", name), path.Join("docs", "design", name)} {
		if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(strings.TrimPrefix(at, "/")))); err == nil && !strings.HasPrefix(at, "..") {
			return strings.TrimPrefix(at, "/")
		}
	}
	return ""
}

// headings are a document's: the numbers of its sections, its headings and the first cells
// of its tables as a citation quotes them, and the anchors of links.
type headings struct {
	numbers, anchors map[string]bool
	texts            []string
}

func headingsOf(t *testing.T, name string) *headings {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	h := &headings{numbers: map[string]bool{}, anchors: map[string]bool{}}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if m := numbered.FindStringSubmatch(line); m != nil {
			h.numbers[m[1]] = true
			h.texts = append(h.texts, strings.ToLower(line[len(m[0]):]))
		}
		switch {
		case strings.HasPrefix(line, "#"):
			heading := strings.TrimLeft(line, "# ")
			h.texts = append(h.texts, strings.ToLower(heading))
			h.anchors[anchor(heading)] = true
		case strings.HasPrefix(line, "|"):
			h.texts = append(h.texts, strings.ToLower(strings.TrimLeft(line, "| `")))
		}
	}
	return h
}

// anchor is what a link to a heading ends with.
func anchor(heading string) string {
	kept := regexp.MustCompile(`[^\p{L}\p{N}_\- ]`).ReplaceAllString(strings.ToLower(heading), "")
	return strings.ReplaceAll(strings.TrimSpace(kept), " ", "-")
}

func (h *headings) have(quoted string) bool {
	for _, text := range h.texts {
		if strings.HasPrefix(text, strings.ToLower(quoted)) {
			return true
		}
	}
	return false
}

// TestCitationsResolve: what code and documents cite is there: each document, each
// section by its number or heading, each link with its anchor.
func TestCitationsResolve(t *testing.T) {
	known := map[string]*headings{}
	of := func(name string) *headings {
		if known[name] == nil {
			known[name] = headingsOf(t, name)
		}
		return known[name]
	}
	found := 0
	for _, name := range cited(t) {
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		flow, lineOf := flowing(string(text))
		for _, at := range citation.FindAllStringSubmatchIndex(flow, -1) {
			part := func(n int) string {
				if at[2*n] < 0 {
					return ""
				}
				return flow[at[2*n]:at[2*n+1]]
			}
			cites := part(1)
			if written[path.Base(cites)] || strings.Contains(flow[max(0, at[0]-8):at[0]], "://") {
				continue
			}
			found++
			is := document(name, cites)
			if is == "" {
				t.Errorf("%s:%d: there is no %s", name, lineOf(at[0]), cites)
				continue
			}
			for _, section := range number.FindAllString(part(2), -1) {
				if !of(is).numbers[section] {
					t.Errorf("%s:%d: %s has no section %s", name, lineOf(at[0]), is, section)
				}
			}
			if quoted := part(3); quoted != "" && !of(is).have(quoted) {
				t.Errorf("%s:%d: %s has no heading %q", name, lineOf(at[0]), is, quoted)
			}
		}
		if !isDocument(name) {
			continue
		}
		for _, at := range link.FindAllStringSubmatchIndex(flow, -1) {
			target, section := flow[at[2]:at[3]], ""
			if at[4] >= 0 {
				section = flow[at[4]:at[5]]
			}
			if strings.Contains(target, "://") {
				continue
			}
			found++
			is := name
			if target != "" {
				is = path.Join(path.Dir(name), target)
			}
			if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(is))); err != nil {
				t.Errorf("%s:%d: a link leads to %s, which is not there", name, lineOf(at[0]), is)
			} else if section != "" && !of(is).anchors[section] {
				t.Errorf("%s:%d: a link leads to %s#%s, which is not there", name, lineOf(at[0]), is, section)
			}
		}
	}
	if found < 200 {
		t.Errorf("%d citations were found", found)
	}
}

// TestDocumentNamesAreTheirOwn: a bare name says which document is meant.
func TestDocumentNamesAreTheirOwn(t *testing.T) {
	at := map[string]string{}
	for _, name := range gitFiles(t, "*.md") {
		if !isDocument(name) {
			continue
		}
		if other := at[path.Base(name)]; other != "" {
			t.Errorf("%s and %s have one name", other, name)
		}
		at[path.Base(name)] = name
	}
}
