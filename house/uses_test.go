package house_test

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// exports are the exported names of all rooms and what uses them. An object is known
// by the place where it is declared: a package, its tests' copy of it and what its
// importers see of it have objects of their own.
type exports struct {
	names  map[string]string   // place → room.Name or room.Type.Method
	used   map[string]bool     // place of what another room says, or an interface asks for
	shows  map[string][]string // place → places of the types in its declaration
	fellow map[string][]string // place of an enumeration's member → its fellows'
}

func newExports() *exports {
	return &exports{map[string]string{}, map[string]bool{}, map[string][]string{}, map[string][]string{}}
}

// askedByName are methods that the standard library asks for in interfaces without a
// name, or in packages that a room need not import.
var askedByName = []string{"As", "Is", "Unwrap", "MarshalText", "UnmarshalText", "MarshalJSON", "UnmarshalJSON"}

func place(p *loaded, o types.Object) string {
	return p.fset.Position(o.Pos()).String()
}

// uses notes what a package says of other rooms.
func (x *exports) uses(p *loaded) {
	for _, o := range p.info.Uses {
		if o.Pkg() == nil || strings.TrimSuffix(o.Pkg().Path(), "_test") == p.path {
			continue
		}
		switch generic := o.(type) {
		case *types.Func:
			o = generic.Origin()
		case *types.Var:
			o = generic.Origin()
		}
		x.used[place(p, o)] = true
	}
}

// declares notes what a package exports.
func (x *exports) declares(p *loaded) {
	asked := interfaces(p.types)
	scope := p.types.Scope()
	for _, name := range scope.Names() {
		o := scope.Lookup(name)
		x.show(p, o, o.Type())
		if o.Exported() {
			x.names[place(p, o)] = strings.TrimPrefix(p.path, module) + "." + name
		}
		declared, ok := o.(*types.TypeName)
		if !ok || declared.IsAlias() {
			continue
		}
		x.show(p, o, declared.Type().Underlying())
		named := declared.Type().(*types.Named)
		for m := range named.Methods() {
			if o.Exported() && m.Exported() {
				x.names[place(p, m)] = x.names[place(p, o)] + "." + m.Name()
			}
			x.show(p, m, m.Type())
			if slices.Contains(askedByName, m.Name()) || asksFor(asked, named, m) {
				x.used[place(p, m)] = true
			}
		}
		if fields, ok := named.Underlying().(*types.Struct); ok {
			for f := range fields.Fields() {
				x.show(p, f, f.Type())
			}
		}
	}
	for _, file := range p.files {
		for _, d := range file.Decls {
			if d, ok := d.(*ast.GenDecl); ok && d.Tok != token.IMPORT {
				x.enumeration(p, d)
			}
		}
	}
}

// enumeration notes the constants of each type of one declaration as fellows, and its
// coded errors, which are one list of what can be told.
func (x *exports) enumeration(p *loaded, d *ast.GenDecl) {
	of := map[types.Type][]string{}
	for _, spec := range d.Specs {
		values, ok := spec.(*ast.ValueSpec)
		if !ok {
			continue
		}
		for _, name := range values.Names {
			o := p.info.Defs[name]
			if o == nil {
				continue
			}
			t := o.Type()
			if pointer, ok := t.(*types.Pointer); ok && d.Tok == token.VAR {
				t = pointer.Elem()
			}
			if named, ok := t.(*types.Named); ok && (d.Tok == token.CONST || named.String() == module+"failure.Code") {
				of[named] = append(of[named], place(p, o))
			}
		}
	}
	for _, all := range of {
		for _, one := range all {
			x.fellow[one] = all
		}
	}
}

// show notes the package's own types that stand in a type that o shows.
func (x *exports) show(p *loaded, o types.Object, shown types.Type) {
	switch s := shown.(type) {
	case *types.Named:
		if s.Obj().Pkg() == p.types && s.Obj() != o {
			x.shows[place(p, o)] = append(x.shows[place(p, o)], place(p, s.Obj()))
		}
		for of := range s.TypeArgs().Types() {
			x.show(p, o, of)
		}
	case *types.Map:
		x.show(p, o, s.Key())
		x.show(p, o, s.Elem())
	case interface{ Elem() types.Type }: // pointers, slices, arrays, channels
		x.show(p, o, s.Elem())
	case *types.Signature:
		for _, all := range []*types.Tuple{s.Params(), s.Results()} {
			for v := range all.Variables() {
				x.show(p, o, v.Type())
			}
		}
	case *types.Struct:
		for f := range s.Fields() {
			if f.Exported() {
				x.show(p, o, f.Type())
			}
		}
	case *types.Interface:
		for m := range s.ExplicitMethods() {
			x.show(p, o, m.Type())
		}
	}
}

// interfaces are those with methods that a package exports or can see in others.
func interfaces(from *types.Package) []*types.Interface {
	found := []*types.Interface{types.Universe.Lookup("error").Type().Underlying().(*types.Interface)}
	seen := map[*types.Package]bool{}
	var look func(*types.Package)
	look = func(p *types.Package) {
		if seen[p] {
			return
		}
		seen[p] = true
		for _, name := range p.Scope().Names() {
			declared, ok := p.Scope().Lookup(name).(*types.TypeName)
			if !ok || p == from && !declared.Exported() {
				continue
			}
			if i, ok := declared.Type().Underlying().(*types.Interface); ok && i.NumMethods() > 0 {
				found = append(found, i)
			}
		}
		for _, imported := range p.Imports() {
			look(imported)
		}
	}
	look(from)
	return found
}

// asksFor tells whether one of the interfaces has a method and the type has them all.
func asksFor(all []*types.Interface, named *types.Named, m *types.Func) bool {
	return m.Exported() && slices.ContainsFunc(all, func(i *types.Interface) bool {
		asks, _, _ := types.LookupFieldOrMethod(i, false, m.Pkg(), m.Name())
		return asks != nil && types.Implements(types.NewPointer(named), i)
	})
}

// unused are the names without use, and where they are declared.
func (x *exports) unused() map[string]string {
	used := map[string]bool{}
	var use func(string)
	use = func(at string) {
		if used[at] {
			return
		}
		used[at] = true
		for _, shown := range x.shows[at] {
			use(shown)
		}
		for _, fellow := range x.fellow[at] {
			use(fellow)
		}
	}
	for at := range x.used {
		use(at)
	}
	unused := map[string]string{}
	for at, name := range x.names {
		if !used[at] {
			unused[name] = at
		}
	}
	return unused
}
