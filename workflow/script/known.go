package script

import (
	"go.starlark.net/resolve"
	"go.starlark.net/syntax"

	"rator/workflow/component"
	"rator/workflow/contract"
	"rator/workflow/value"
)

// known is what the checker knows of an expression's value before it runs.
type known struct {
	kind  kind
	name  string     // of the thing, for messages
	shape shape      // of a complex value
	typ   value.Type // of a scalar
	item  *known     // of a list's items; of an attempt's value
}

type kind uint8

const (
	unknown kind = iota
	scalarKind
	complexKind
	listKind
	attemptKind
)

// source is one assignment to a variable: the value of an expression, or its
// items when a loop walks it; nil for a value nobody knows.
type source struct {
	from syntax.Expr
	each bool
	at   syntax.Position
	// inside is the loop whose items these are; nil for other assignments.
	inside *syntax.ForStmt
}

// collect notes what is assigned to every variable.
func (c *checker) collect(tree *syntax.File) {
	syntax.Walk(tree, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.AssignStmt:
			from := n.RHS
			if n.Op != syntax.EQ {
				from = nil
			}
			c.assign(n.LHS, source{from: from})
		case *syntax.ForStmt:
			c.assign(n.Vars, source{from: n.X, each: true, inside: n})
		case *syntax.ForClause:
			c.assign(n.Vars, source{from: n.X, each: true})
		case *syntax.DefStmt:
			c.assign(n.Name, source{})
			c.assignParameters(n.Params)
		case *syntax.LambdaExpr:
			c.assignParameters(n.Params)
		}
		return true
	})
}

func (c *checker) assignParameters(list []syntax.Expr) {
	for _, p := range list {
		if withDefault, ok := p.(*syntax.BinaryExpr); ok {
			p = withDefault.X
		}
		c.assign(p, source{})
	}
}

func (c *checker) assign(target syntax.Expr, s source) {
	switch target := target.(type) {
	case *syntax.Ident:
		if v := variable(target); v != nil {
			s.at = target.NamePos
			c.sources[v] = append(c.sources[v], s)
		}
	case *syntax.ParenExpr:
		c.assign(target.X, s)
	case *syntax.TupleExpr:
		for _, each := range target.List {
			c.assign(each, source{inside: s.inside})
		}
	case *syntax.ListExpr:
		for _, each := range target.List {
			c.assign(each, source{inside: s.inside})
		}
	}
}

// variable is the first name of what id stands for, its identity in the whole
// file; nil when it is none of the script's own.
func variable(id *syntax.Ident) *syntax.Ident {
	if binding, ok := id.Binding.(*resolve.Binding); ok {
		return binding.First
	}
	return nil
}

// know finds what an expression gives, as far as that is sure.
func (c *checker) know(e syntax.Expr) known {
	switch e := e.(type) {
	case *syntax.Ident:
		return c.knowVariable(e)
	case *syntax.ParenExpr:
		return c.know(e.X)
	case *syntax.DotExpr:
		if x, ok := e.X.(*syntax.Ident); ok && x.Name == "context" {
			return known{kind: scalarKind, typ: value.String, name: "context." + e.Name.Name}
		}
		return c.know(e.X).under(e.Name.Name)
	case *syntax.IndexExpr:
		if key, ok := e.Y.(*syntax.Literal); ok && key.Token == syntax.STRING {
			return c.know(e.X).under(key.Value.(string))
		}
		if list := c.know(e.X); list.kind == listKind {
			return *list.item
		}
	case *syntax.CallExpr:
		return c.knowCall(e)
	case *syntax.BinaryExpr:
		return c.knowEither(e)
	case *syntax.CondExpr:
		if empty(e.False) {
			return c.know(e.True)
		}
		if empty(e.True) {
			return c.know(e.False)
		}
	case *syntax.Comprehension:
		if !e.Curly {
			item := c.know(e.Body)
			return known{kind: listKind, item: &item}
		}
	}
	return known{}
}

// knowEither is x or y, x and y.
func (c *checker) knowEither(e *syntax.BinaryExpr) known {
	switch {
	case e.Op == syntax.AND:
		return c.know(e.Y)
	case e.Op == syntax.OR && empty(e.Y):
		return c.know(e.X)
	}
	return known{}
}

// empty reports whether e is None, [] or {}: nothing is asked of them.
func empty(e syntax.Expr) bool {
	switch e := e.(type) {
	case *syntax.Ident:
		return e.Name == "None"
	case *syntax.ListExpr:
		return len(e.List) == 0
	case *syntax.DictExpr:
		return len(e.List) == 0
	case *syntax.ParenExpr:
		return empty(e.X)
	}
	return false
}

// knowVariable knows a variable that is given one thing only, beside nothing.
func (c *checker) knowVariable(id *syntax.Ident) known {
	v := variable(id)
	if v == nil || c.knowing[v] {
		return known{}
	}
	if c.main != nil && len(c.main.Params) == 1 && c.main.Params[0] == syntax.Expr(v) {
		if len(c.sources[v]) > 1 {
			return known{}
		}
		return known{kind: complexKind, name: "p", shape: requestShape(c.contract)}
	}
	c.knowing[v] = true
	defer delete(c.knowing, v)
	var found known
	for _, s := range c.sourcesAt(v, id.NamePos) {
		switch {
		case s.from == nil || found.kind != unknown:
			return known{}
		case !s.each && empty(s.from):
		case s.each:
			found = c.know(s.from).each()
		default:
			found = c.know(s.from)
		}
		if found.kind == unknown && !(!s.each && empty(s.from)) {
			return known{}
		}
	}
	return found
}

// sourcesAt are the assignments that may count at a place: inside a loop over
// the variable, unless its body assigns it too, the loop's own.
func (c *checker) sourcesAt(v *syntax.Ident, at syntax.Position) []source {
	var loop *source
	for i, s := range c.sources[v] {
		if s.inside != nil && within(s.inside.Body, at) && (loop == nil || within(loop.inside.Body, s.at)) {
			loop = &c.sources[v][i]
		}
	}
	if loop == nil {
		return c.sources[v]
	}
	for _, s := range c.sources[v] {
		if within(loop.inside.Body, s.at) {
			return c.sources[v]
		}
	}
	return []source{*loop}
}

func within(body []syntax.Stmt, at syntax.Position) bool {
	start, _ := body[0].Span()
	_, end := body[len(body)-1].Span()
	return !before(at, start) && !before(end, at)
}

func before(a, b syntax.Position) bool {
	return a.Line < b.Line || a.Line == b.Line && a.Col < b.Col
}

// knowCall is what a call gives.
func (c *checker) knowCall(e *syntax.CallExpr) known {
	switch space, name := hostName(e.Fn); space {
	case "call":
		return knowComponent(c.env.component(name))
	case "api":
		return knowHookpoint("api."+name, c.env.Contracts[name])
	}
	f, ok := e.Fn.(*syntax.Ident)
	if !ok || len(e.Args) == 0 || variable(f) != nil {
		return known{}
	}
	switch f.Name {
	case "attempt":
		inside := c.knowCall(&syntax.CallExpr{Fn: e.Args[0]})
		return known{kind: attemptKind, name: "attempt", item: &inside}
	case "hook":
		if name, ok := text(e.Args[0]); ok {
			return knowHookpoint("hook "+name, c.env.bound(name))
		}
	case "list", "reversed", "sorted":
		if list := c.know(e.Args[0]); list.kind == listKind {
			return list
		}
	}
	return known{}
}

func knowComponent(component *component.Component) known {
	if component == nil || component.Open {
		return known{}
	}
	return known{kind: complexKind, name: "call." + component.Name, shape: shape{out: append([]string{}, component.Out...)}}
}

func knowHookpoint(name string, c *contract.Contract) known {
	if c == nil {
		return known{}
	}
	return known{kind: complexKind, name: name, shape: declaredShape(c.Response)}
}

// under is what stands under a key of k.
func (k known) under(key string) known {
	switch k.kind {
	case complexKind:
		if v, _ := k.shape.find(key); v != nil {
			return knowValue(v)
		}
	case attemptKind:
		if key == "value" {
			return *k.item
		}
	}
	return known{}
}

// knowValue is a declared value as a script sees it.
func knowValue(v *contract.Value) known {
	one := known{kind: scalarKind, name: v.Key, typ: v.Type}
	if v.Type == value.Complex {
		one = known{kind: complexKind, name: v.Key, shape: below(v)}
	}
	if v.List {
		return known{kind: listKind, name: v.Key, item: &one}
	}
	return one
}

// each is an item of k in a loop: of a list, or of a container, whose items may
// be of every kind it declares.
func (k known) each() known {
	switch {
	case k.kind == listKind:
		return *k.item
	case k.kind != complexKind || len(k.shape.values) == 0:
		return known{}
	}
	if len(k.shape.values) == 1 {
		one := *k.shape.values[0]
		one.List = false
		return knowValue(&one)
	}
	for _, v := range k.shape.values {
		if v.Type != value.Complex || len(v.Values) == 0 {
			return known{}
		}
	}
	return known{kind: complexKind, name: "an item of " + k.name, shape: shape{values: []*contract.Value{}, siblings: k.shape.values}}
}

// text is a text that is written out.
func text(e syntax.Expr) (string, bool) {
	if literal, ok := e.(*syntax.Literal); ok && literal.Token == syntax.STRING {
		return literal.Value.(string), true
	}
	return "", false
}
