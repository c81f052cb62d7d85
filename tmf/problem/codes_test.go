package problem_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"testing"
)

// TestProblemsAreListed: the documents have every problem there is.
func TestProblemsAreListed(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "problem.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	listed, err := os.ReadFile("codes.go")
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if ok && !regexp.MustCompile(`\b`+spec.Names[0].Name+`\b`).Match(listed) {
			t.Errorf("%s is not in codes.go", spec.Names[0].Name)
		}
		return true
	})
}
