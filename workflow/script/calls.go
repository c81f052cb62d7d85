package script

import (
	"maps"
	"slices"

	"go.starlark.net/syntax"

	"rator/workflow/component"
	"rator/workflow/contract"
	"rator/workflow/value"
)

// maxArguments is how many one call may have.
const maxArguments = 200

// call checks a call: what is called, and with what.
func (c *checker) call(e *syntax.CallExpr) {
	if len(e.Args) > maxArguments {
		c.mistake(e.Lparen, "a call has at most %d arguments", maxArguments)
	}
	for _, arg := range e.Args {
		if star, ok := arg.(*syntax.UnaryExpr); ok && (star.Op == syntax.STAR || star.Op == syntax.STARSTAR) {
			c.mistake(star.OpPos, "%s spreads no arguments here; write each one", star.Op)
		}
	}
	switch f := e.Fn.(type) {
	case *syntax.DotExpr:
		if space, _ := hostName(f); space != "" {
			c.hosted(f, e.Args)
			return
		}
		c.spoken[f.Name] = true
		if !methodNames[f.Name.Name] {
			c.mistake(f.Name.NamePos, "no value has a method %s%s", f.Name.Name, contract.Suggest(f.Name.Name, sortedMethodNames()))
		}
		if f.Name.Name == "format" {
			c.format(f, e.Args)
		}
	case *syntax.Ident:
		if variable(f) == nil && isDialectName(f.Name) {
			c.dialect(f, e)
		}
	}
}

// hosted checks call.NAME(…) and api.NAME(…), also inside attempt.
func (c *checker) hosted(f *syntax.DotExpr, args []syntax.Expr) {
	c.spoken[f.X.(*syntax.Ident)] = true
	c.spoken[f.Name] = true
	space, name := hostName(f)
	at := f.Name.NamePos
	full := space + "." + name
	keywords := c.keywords(full, args)
	if c.env.client != nil && c.clientCall(f) {
		return
	}
	if space == "call" {
		found := c.env.component(name)
		if found == nil {
			c.mistake(at, "no component %s%s", name, contract.Suggest(name, c.env.ComponentNames))
			return
		}
		c.reads(at, found.Reads, full)
		c.arguments(at, full, componentValues(found), keywords)
		return
	}
	found := c.env.Contracts[name]
	if found == nil {
		c.mistake(at, "no hookpoint %s%s", name, contract.Suggest(name, slices.Collect(maps.Keys(c.env.Contracts))))
		return
	}
	c.refer(at, name)
	c.reads(at, found.Reads, full)
	c.arguments(at, full, found.Request, keywords)
}

func (c *checker) refer(at syntax.Position, hookpoint string) {
	c.calls = append(c.calls, reference{hookpoint, int(at.Line), int(at.Col)})
}

// reads checks that a hookpoint that only reads calls nothing that writes.
func (c *checker) reads(at syntax.Position, only bool, what string) {
	if c.contract != nil && c.contract.Reads && !only {
		c.mistake(at, "%s writes, but the contract says reads=\"true\"", what)
	}
}

// componentValues are a component's parameters as a contract declares values.
func componentValues(c *component.Component) []*contract.Value {
	values := make([]*contract.Value, len(c.In))
	for i, p := range c.In {
		values[i] = &contract.Value{Key: p.Key, Type: p.Type, Mandatory: p.Mandatory}
	}
	return values
}

// keyword is KEY = value.
type keyword struct {
	name *syntax.Ident
	from syntax.Expr
}

// keywords takes the arguments of f, which may only be keywords, apart.
func (c *checker) keywords(f string, args []syntax.Expr) []keyword {
	var found []keyword
	for _, arg := range args {
		switch arg := arg.(type) {
		case *syntax.BinaryExpr:
			if arg.Op == syntax.EQ {
				found = append(found, keyword{arg.X.(*syntax.Ident), arg.Y})
				continue
			}
		case *syntax.UnaryExpr:
			if arg.Op == syntax.STAR || arg.Op == syntax.STARSTAR {
				continue // told already
			}
		}
		c.mistake(syntax.Start(arg), "%s takes KEY = value only", f)
	}
	return found
}

// arguments checks keywords against what is declared.
func (c *checker) arguments(at syntax.Position, f string, declared []*contract.Value, given []keyword) {
	for _, k := range given {
		v := contract.Find(declared, k.name.Name)
		if v == nil {
			c.mistake(k.name.NamePos, "%s has no key %s%s", f, k.name.Name, contract.Suggest(k.name.Name, contract.Keys(declared)))
			continue
		}
		c.fits(k, v)
		if c.env.client != nil {
			c.inDict(f, k.from, v)
		}
	}
	for _, v := range declared {
		if v.Mandatory && !v.HasDef && !slices.ContainsFunc(given, func(k keyword) bool { return k.name.Name == v.Key }) {
			c.mistake(at, "%s: key %s is missing", f, v.Key)
		}
	}
}

// fits checks that a scalar is not given for a complex value, or the reverse.
func (c *checker) fits(k keyword, v *contract.Value) {
	switch is := c.know(k.from); {
	case is.kind == scalarKind && v.Type == value.Complex:
		c.mistake(k.name.NamePos, "%s is complex, but %s is a %s value", v.Key, is.name, is.typ)
	case is.kind == complexKind && v.Type != value.Complex && v.Type != value.Bare:
		c.mistake(k.name.NamePos, "%s is a %s value, but %s is complex", v.Key, v.Type, is.name)
	}
}

// dialect checks attempt, fail, hook, emit and note.
func (c *checker) dialect(f *syntax.Ident, e *syntax.CallExpr) {
	c.spoken[f] = true
	if c.env.client != nil && (f.Name == "hook" || f.Name == "emit") {
		c.serverOnly(f.NamePos, f.Name)
		return
	}
	switch f.Name {
	case "attempt":
		c.attempt(f, e.Args)
	case "fail":
		c.fail(f, e.Args)
	case "hook":
		c.hook(f, e.Args)
	case "emit":
		c.reads(f.NamePos, false, "emit")
		c.emit(f, e.Args)
	case "note":
		if len(e.Args) != 1 {
			c.mistake(f.NamePos, "write note(text)")
		}
	case "now":
		c.mistake(f.NamePos, "now is a date, not a function; write now without ()")
	default:
		delete(c.spoken, f) // call(…), api(…), context(…): told when the name is met
	}
}

func (c *checker) attempt(f *syntax.Ident, args []syntax.Expr) {
	if len(args) > 0 {
		if dot, ok := args[0].(*syntax.DotExpr); ok {
			if space, _ := hostName(dot); space != "" {
				c.hosted(dot, args[1:])
				return
			}
		}
	}
	c.mistake(f.NamePos, "write attempt(call.NAME, KEY = value) or attempt(api.NAME, KEY = value)")
}

func (c *checker) fail(f *syntax.Ident, args []syntax.Expr) {
	if len(args) == 0 || len(args) > 2 {
		c.mistake(f.NamePos, "write fail(\"CODE\") or fail(\"CODE\", text)")
		return
	}
	code := args[0]
	if named, ok := code.(*syntax.BinaryExpr); ok && named.Op == syntax.EQ {
		code = named.Y
	}
	name, ok := text(code)
	if !ok {
		c.mistake(syntax.Start(code), "the code of fail is written out: fail(\"CODE\", text)")
		return
	}
	if c.contract == nil {
		if c.env.Code(name) == nil {
			c.mistake(syntax.Start(code), "no error code %s is declared", name)
		}
		return
	}
	var declared []string
	for _, failure := range c.contract.Errors {
		declared = append(declared, failure.Name)
	}
	if !slices.Contains(declared, name) {
		c.mistake(syntax.Start(code), "error %s is not declared in the contract's errors%s", name, contract.Suggest(name, declared))
	}
}

// first checks that the first argument is there and no keyword.
func (c *checker) first(f *syntax.Ident, args []syntax.Expr, form string) bool {
	if len(args) > 0 {
		if named, ok := args[0].(*syntax.BinaryExpr); !ok || named.Op != syntax.EQ {
			return true
		}
	}
	c.mistake(f.NamePos, "write %s", form)
	return false
}

// hook checks hook(name, key = …, KEY = value). Nothing need be bound to the
// name; when something is, its contract counts.
func (c *checker) hook(f *syntax.Ident, args []syntax.Expr) {
	if !c.first(f, args, "hook(\"NAME\", KEY = value)") {
		return
	}
	given := slices.DeleteFunc(c.keywords("hook, after its name,", args[1:]), func(k keyword) bool { return k.name.Name == "key" })
	name, written := text(args[0])
	if !written {
		return
	}
	c.refer(f.NamePos, name)
	if found := c.env.bound(name); found != nil {
		c.reads(f.NamePos, found.Reads, "hook "+name)
		c.arguments(f.NamePos, "hook "+name, found.Request, given)
	}
}
