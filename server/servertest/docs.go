package servertest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Fence is a block of a page between two lines of ```.
type Fence struct {
	Line          int // of the first line below the opening one
	Kind, Heading string
	Before        string // the last line above it that is not empty
	Text          string
}

// FencesOf are the blocks of a page, in their order.
func FencesOf(page string) (all []Fence) {
	var open *Fence
	heading, before := "", ""
	for n, line := range strings.Split(page, "\n") {
		kind, isFence := strings.CutPrefix(line, "```")
		switch {
		case open == nil && isFence:
			open = &Fence{Line: n + 2, Kind: kind, Heading: heading, Before: before}
		case open != nil && isFence:
			all, open = append(all, *open), nil
		case open != nil:
			open.Text += line + "\n"
		case strings.HasPrefix(line, "#"):
			heading = strings.TrimLeft(line, "# ")
		case strings.TrimSpace(line) != "":
			before = line
		}
	}
	return all
}

// DocsTable is the rows below a header in a page of docs, each its cells.
func DocsTable(t *testing.T, page, header string) (rows [][]string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(Root, "docs", page))
	if err != nil {
		t.Fatal(err)
	}
	_, below, found := strings.Cut(string(text), "| "+header)
	if !found {
		t.Fatalf("docs/%s has no table %s", page, header)
	}
	for line := range strings.Lines(below[strings.IndexByte(below, '\n')+1:]) {
		if !strings.HasPrefix(line, "|") {
			break
		}
		if strings.HasPrefix(line, "|---") {
			continue
		}
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		rows = append(rows, cells)
	}
	return rows
}
