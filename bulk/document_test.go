package bulk

import (
	"bufio"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const document = "../docs/load.md"

// tablesBegin and tablesEnd are round what of the document is made.
const (
	tablesBegin = "<!-- made of the declarations: go test ./bulk -run TestTablesOfTheDocument -update -->\n"
	tablesEnd   = "<!-- end of what is made -->\n"
)

// comments are what the source says of fields, by Type.Field.
func comments(t *testing.T, of reflect.Type) map[string]string {
	t.Helper()
	dir := filepath.Join("..", filepath.FromSlash(strings.TrimPrefix(of.PkgPath(), "rator/")))
	said := map[string]string{}
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			body, ok := spec.Type.(*ast.StructType)
			if !ok {
				return true
			}
			for _, f := range body.Fields.List {
				text := f.Comment.Text()
				if text == "" {
					text = f.Doc.Text()
				}
				for _, name := range f.Names {
					said[spec.Name.Name+"."+name.Name] = strings.Join(strings.Fields(text), " ")
				}
			}
			return true
		})
	}
	return said
}

// tables are those of the document: each kind of thing with its members.
func tables(t *testing.T) string {
	t.Helper()
	packages := map[string]map[string]string{}
	said := func(of reflect.Type, index []int) string {
		owner, f := of, reflect.StructField{}
		for _, n := range index {
			if f.Type != nil {
				owner = f.Type
			}
			f = owner.Field(n)
		}
		if packages[owner.PkgPath()] == nil {
			packages[owner.PkgPath()] = comments(t, owner)
		}
		return strings.TrimPrefix(packages[owner.PkgPath()][owner.Name()+"."+f.Name], f.Name+" is ")
	}
	var b strings.Builder
	done := map[reflect.Type]bool{}
	var table func(p *plan)
	table = func(p *plan) {
		if done[p.of] {
			return
		}
		done[p.of] = true
		fmt.Fprintf(&b, "\n### %s\n\n| member | is | says |\n|---|---|---|\n", heading(p))
		var below []*plan
		for n := range p.members {
			m := &p.members[n]
			text := m.desc
			if text == "" {
				text = said(p.of, m.index)
			}
			if m.implied != zero {
				text = "left out: the account's"
			}
			if m.secret {
				text = strings.TrimPrefix(text+"; written on request alone", "; ")
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", m.name, is(m.plan), strings.ReplaceAll(text, "|", "\\|"))
			of := m.plan
			for of.form == list {
				of = of.each
			}
			if of.form == object {
				below = append(below, of)
			}
		}
		for _, of := range below {
			table(of)
		}
	}
	table(linePlan())
	return b.String()
}

func heading(p *plan) string {
	if p == linePlan() {
		return "A line"
	}
	return strings.ReplaceAll(snake(p.of.Name()), "_", " ")
}

// is says what stands for a value.
func is(p *plan) string {
	name := [...]string{text: "text", day: "date", id: "id", amount: "amount", moment: "moment", whole: "number", truth: "true or false"}
	switch {
	case p.form == list:
		return "list of " + is(p.each)
	case p.form == object:
		return fmt.Sprintf("[%s](#%s)", heading(p), strings.ReplaceAll(heading(p), " ", "-"))
	case p.words != nil:
		var words []string
		for _, word := range p.words {
			if word != "" {
				words = append(words, "`"+word+"`")
			}
		}
		return strings.Join(words, ", ")
	case p.longest > 0:
		return fmt.Sprintf("text of %d", p.longest)
	}
	return name[p.form]
}

func TestTablesOfTheDocument(t *testing.T) {
	t.Parallel()
	kept, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(kept), tablesBegin)
	was, after, ended := strings.Cut(rest, tablesEnd)
	if !ok || !ended {
		t.Fatalf("%s has no place for the tables", document)
	}
	made := tables(t) + "\n"
	if *update {
		if err := os.WriteFile(document, []byte(before+tablesBegin+made+tablesEnd+after), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if diff := cmp.Diff(was, made); diff != "" {
		t.Errorf("the tables of %s differ (-kept +made; -update writes them):\n%s", document, diff)
	}
}

// examples are the blocks of the document in a language.
func examples(t *testing.T, language string) (all []string) {
	t.Helper()
	f, err := os.Open(document)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var block *strings.Builder
	for s := bufio.NewScanner(f); s.Scan(); {
		switch {
		case block == nil && s.Text() == "```"+language:
			block = &strings.Builder{}
		case block != nil && s.Text() == "```":
			all, block = append(all, block.String()), nil
		case block != nil:
			block.WriteString(s.Text() + "\n")
		}
	}
	if len(all) == 0 {
		t.Fatalf("%s has no example in %s", document, language)
	}
	return all
}

func TestExamplesOfTheDocument(t *testing.T) {
	t.Parallel()
	s, store := compiled(t), demo(t)
	for _, lines := range examples(t, "json") {
		line := strings.Join(strings.Fields(lines), " ")
		if said := said(t, store, line); len(said) > 0 {
			t.Errorf("%s\n%v", lines, said)
		}
		if err := valid(s, line); err != nil {
			t.Errorf("%s\n%v", lines, err)
		}
	}
	for _, file := range examples(t, "csv") {
		for _, row := range rows(t, file) {
			if !strings.HasPrefix(row, "{") {
				t.Errorf("%s\n%s", file, row)
			}
		}
	}
}
