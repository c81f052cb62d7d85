package house_test

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

// loaded is a package of ours with its syntax and types; a room's tests are loaded with
// it once more, as the compiler sees them.
type loaded struct {
	path    string // of the room, also for its external tests
	forTest bool
	fset    *token.FileSet
	files   []*ast.File
	types   *types.Package
	info    *types.Info
}

// load reads the types of all packages of ours from their source, each after what it
// imports. Other packages are read from what the compiler has of them; ours would have
// to be compiled first, with all tests.
func load(t *testing.T) []*loaded {
	t.Helper()
	graph, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedImports | packages.NeedDeps | packages.NeedForTest,
		Dir:  root, Tests: true,
	}, "./...")
	if err != nil {
		t.Fatal(err)
	}
	l := &loader{fset: token.NewFileSet(), done: map[string]*loaded{}, others: map[string]string{}}
	packages.Visit(graph, nil, func(p *packages.Package) {
		if !ours(p) {
			l.others[p.PkgPath] = ""
		}
	})
	compiled, err := packages.Load(&packages.Config{Mode: packages.NeedName | packages.NeedExportFile, Dir: root},
		slices.Collect(maps.Keys(l.others))...)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range compiled {
		l.others[p.PkgPath] = p.ExportFile
	}
	l.compiled = importer.ForCompiler(l.fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(l.others[path]) })
	packages.Visit(graph, nil, func(p *packages.Package) {
		if ours(p) && err == nil {
			err = l.check(p)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return slices.Collect(maps.Values(l.done))
}

// ours reports whether a package is of this module, and not the main one that the go
// command writes for tests.
func ours(p *packages.Package) bool {
	return strings.HasPrefix(p.PkgPath, module) && !strings.HasSuffix(p.PkgPath, ".test")
}

type loader struct {
	fset     *token.FileSet
	done     map[string]*loaded // by id, which tells a package from its copy for tests
	others   map[string]string  // path → file of the compiler
	compiled types.Importer
}

// check reads a package whose imports are read.
func (l *loader) check(p *packages.Package) error {
	x := &loaded{path: strings.TrimSuffix(p.PkgPath, "_test"), forTest: p.ForTest != "", fset: l.fset,
		info: &types.Info{Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}}}
	for _, name := range p.GoFiles {
		f, err := parser.ParseFile(l.fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		x.files = append(x.files, f)
	}
	imports := importing(func(path string) (*types.Package, error) {
		imported := p.Imports[path]
		switch {
		case path == "unsafe":
			return types.Unsafe, nil
		case imported == nil:
			return nil, fmt.Errorf("%s imports %s, which was not found", p.ID, path)
		case ours(imported):
			return l.done[imported.ID].types, nil
		}
		return l.compiled.Import(path)
	})
	var err error
	x.types, err = (&types.Config{Importer: imports}).Check(p.PkgPath, l.fset, x.files, x.info)
	l.done[p.ID] = x
	return err
}

type importing func(path string) (*types.Package, error)

func (f importing) Import(path string) (*types.Package, error) { return f(path) }
