package script

import (
	"slices"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// rewriter turns a checked script into the one that runs. It adds to names what
// the script uses of components, hookpoints and decimal constants.
type rewriter struct {
	file  string
	env   Env
	names starlark.StringDict
}

func identifier(at syntax.Position, name string) *syntax.Ident {
	return &syntax.Ident{NamePos: at, Name: name}
}

// invoke is name(args) at a place.
func invoke(at syntax.Position, name string, args ...syntax.Expr) syntax.Expr {
	return &syntax.CallExpr{Fn: identifier(at, name), Lparen: at, Args: args, Rparen: at}
}

func (w *rewriter) statements(list []syntax.Stmt) []syntax.Stmt {
	for i, s := range list {
		list[i] = w.statement(s)
	}
	return list
}

func (w *rewriter) statement(s syntax.Stmt) syntax.Stmt {
	switch s := s.(type) {
	case *syntax.AssignStmt:
		return w.assignment(s)
	case *syntax.DefStmt:
		w.parameters(s.Params)
		n := slots(s.Params, s)
		s.Body = w.statements(s.Body)
		if n > fewSlots {
			s.Body = slices.Insert(s.Body, 0, syntax.Stmt(&syntax.ExprStmt{X: chargeFrame(s.Def, n)}))
		}
	case *syntax.ExprStmt:
		s.X = w.expression(s.X)
	case *syntax.ForStmt:
		s.Vars, s.X = w.target(s.Vars), w.expression(s.X)
		s.Body = w.statements(s.Body)
	case *syntax.IfStmt:
		s.Cond = w.expression(s.Cond)
		s.True, s.False = w.statements(s.True), w.statements(s.False)
	case *syntax.ReturnStmt:
		if s.Result != nil {
			s.Result = w.expression(s.Result)
		}
	}
	return s
}

// answers makes what run returns the answer where it is returned, so that a
// mistake in it has a place.
func (w *rewriter) answers(tree *syntax.File) {
	for _, s := range tree.Stmts {
		if def, ok := s.(*syntax.DefStmt); ok && def.Name.Name == "run" {
			returns(def.Body, func(r *syntax.ReturnStmt) {
				if r.Result != nil {
					r.Result = invoke(r.Return, answerName, r.Result)
				}
			})
		}
	}
}

// assignment rewrites x op= y to x = op=(x, y), and x[i] op= y to a call that
// looks at x and i once.
func (w *rewriter) assignment(s *syntax.AssignStmt) syntax.Stmt {
	s.RHS = w.expression(s.RHS)
	for op, assigning := range growing {
		if s.Op != assigning {
			continue
		}
		lhs := s.LHS
		for {
			paren, ok := lhs.(*syntax.ParenExpr)
			if !ok {
				break
			}
			lhs = paren.X
		}
		switch lhs := lhs.(type) {
		case *syntax.Ident:
			s.RHS = invoke(s.OpPos, inPlaceName(op), identifier(lhs.NamePos, lhs.Name), s.RHS)
			s.LHS, s.Op = lhs, syntax.EQ
			return s
		case *syntax.IndexExpr:
			return &syntax.ExprStmt{X: invoke(s.OpPos, atName(op), w.expression(lhs.X), w.expression(lhs.Y), s.RHS)}
		}
	}
	s.LHS = w.target(s.LHS)
	return s
}

// target rewrites what lies inside the target of an assignment.
func (w *rewriter) target(e syntax.Expr) syntax.Expr {
	switch e := e.(type) {
	case *syntax.IndexExpr:
		e.X, e.Y = w.expression(e.X), w.expression(e.Y)
	case *syntax.ParenExpr:
		e.X = w.target(e.X)
	case *syntax.TupleExpr:
		for i := range e.List {
			e.List[i] = w.target(e.List[i])
		}
	case *syntax.ListExpr:
		for i := range e.List {
			e.List[i] = w.target(e.List[i])
		}
	}
	return e
}

func (w *rewriter) parameters(list []syntax.Expr) {
	for _, p := range list {
		if withDefault, ok := p.(*syntax.BinaryExpr); ok {
			withDefault.Y = w.expression(withDefault.Y)
		}
	}
}

func (w *rewriter) expressions(list []syntax.Expr) []syntax.Expr {
	for i, e := range list {
		list[i] = w.expression(e)
	}
	return list
}

func (w *rewriter) expression(e syntax.Expr) syntax.Expr {
	switch e := e.(type) {
	case *syntax.Ident:
		if e.Name == "now" {
			return invoke(e.NamePos, nowName)
		}
	case *syntax.Literal:
		if e.Token == syntax.FLOAT {
			return w.constant(e)
		}
	case *syntax.BinaryExpr:
		return w.binary(e)
	case *syntax.CallExpr:
		return w.call(e)
	case *syntax.DotExpr:
		if x, ok := e.X.(*syntax.Ident); ok && x.Name == "context" {
			return invoke(x.NamePos, contextName, &syntax.Literal{Token: syntax.STRING, TokenPos: e.NamePos, Raw: e.Name.Name, Value: e.Name.Name})
		}
		e.X = w.expression(e.X)
	case *syntax.IndexExpr:
		return invoke(e.Lbrack, indexName, w.expression(e.X), w.expression(e.Y))
	case *syntax.SliceExpr:
		return invoke(e.Lbrack, sliceName, w.expression(e.X), w.optional(e.Lbrack, e.Lo), w.optional(e.Lbrack, e.Hi), w.optional(e.Lbrack, e.Step))
	case *syntax.TupleExpr:
		start, end := e.Span()
		return &syntax.ListExpr{Lbrack: start, List: w.expressions(e.List), Rbrack: end}
	case *syntax.ListExpr:
		w.expressions(e.List)
	case *syntax.ParenExpr:
		e.X = w.expression(e.X)
	case *syntax.UnaryExpr:
		e.X = w.expression(e.X)
	case *syntax.CondExpr:
		e.Cond, e.True, e.False = w.expression(e.Cond), w.expression(e.True), w.expression(e.False)
	case *syntax.DictExpr:
		w.expressions(e.List)
	case *syntax.DictEntry:
		e.Key, e.Value = w.expression(e.Key), w.expression(e.Value)
	case *syntax.LambdaExpr:
		w.parameters(e.Params)
		n := slots(e.Params, e)
		e.Body = w.expression(e.Body)
		if n > fewSlots {
			e.Body = &syntax.BinaryExpr{X: chargeFrame(e.Lambda, n), OpPos: e.Lambda, Op: syntax.OR, Y: e.Body}
		}
	case *syntax.Comprehension:
		w.comprehension(e)
	}
	return e
}

func (w *rewriter) comprehension(e *syntax.Comprehension) {
	e.Body = w.expression(e.Body)
	for _, clause := range e.Clauses {
		switch clause := clause.(type) {
		case *syntax.ForClause:
			clause.Vars, clause.X = w.target(clause.Vars), w.expression(clause.X)
		case *syntax.IfClause:
			clause.Cond = w.expression(clause.Cond)
		}
	}
}

func (w *rewriter) optional(at syntax.Position, e syntax.Expr) syntax.Expr {
	if e == nil {
		return identifier(at, "None")
	}
	return w.expression(e)
}

// constant makes a number with a fraction a decimal that exists once.
func (w *rewriter) constant(e *syntax.Literal) syntax.Expr {
	n, err := parseDecimal(e.Raw)
	if err == nil {
		n = number{Decimal: n.(number).Decimal}
		w.names[e.Raw] = n
	}
	return identifier(e.TokenPos, e.Raw)
}

func (w *rewriter) binary(e *syntax.BinaryExpr) syntax.Expr {
	several := e.Op == syntax.PERCENT && tuple(e.Y) != nil
	e.X, e.Y = w.expression(e.X), w.expression(e.Y)
	switch {
	case several:
		return invoke(e.OpPos, percentName, e.X, e.Y)
	case growing[e.Op] != 0:
		return invoke(e.OpPos, operatorName(e.Op), e.X, e.Y)
	case e.Op == syntax.IN:
		return invoke(e.OpPos, inName, e.X, e.Y)
	case e.Op == syntax.NOT_IN:
		return &syntax.UnaryExpr{OpPos: e.OpPos, Op: syntax.NOT, X: invoke(e.OpPos, inName, e.X, e.Y)}
	case slices.Contains(comparing, e.Op) && !cheap(e.X) && !cheap(e.Y):
		return invoke(e.OpPos, operatorName(e.Op), e.X, e.Y)
	}
	return e
}

// cheap is what Starlark's own comparison takes at once: a text, None, a truth
// value.
func cheap(e syntax.Expr) bool {
	switch e := e.(type) {
	case *syntax.Literal:
		return e.Token == syntax.STRING
	case *syntax.Ident:
		return isConstant(e.Name)
	}
	return false
}

// call rewrites call.X(…), api.X(…), attempt(call.X, …) and value.method(…) to
// calls of one builtin each.
func (w *rewriter) call(e *syntax.CallExpr) syntax.Expr {
	lazy := w.lazyHook(e)
	for i, arg := range e.Args {
		if named, ok := arg.(*syntax.BinaryExpr); ok && named.Op == syntax.EQ {
			named.Y = w.expression(named.Y)
			continue
		}
		if host := w.host(arg); host != nil {
			e.Args[i] = host
			continue
		}
		e.Args[i] = w.expression(arg)
	}
	e.Lparen, _ = e.Span()
	dot, ok := e.Fn.(*syntax.DotExpr)
	if lazy {
		return boundHook(e)
	}
	if !ok {
		e.Fn = w.expression(e.Fn)
		return e
	}
	if host := w.host(dot); host != nil {
		e.Fn = host
		return e
	}
	e.Lparen = dot.Dot
	e.Args = slices.Insert(e.Args, 0, w.expression(dot.X))
	e.Fn = identifier(dot.NamePos, methodName(dot.Name.Name))
	return e
}

// host is the builtin behind call.X and api.X; nil for anything else.
func (w *rewriter) host(e syntax.Expr) syntax.Expr {
	space, name := hostName(e)
	if space == "" {
		return nil
	}
	full := space + "." + name
	if w.names[full] == nil {
		if space == "call" {
			c := w.env.component(name)
			w.names[full] = callComponent(c, componentValues(c)).named(full)
		} else {
			w.names[full] = callAPI(name, w.env.Contracts[name]).named(full)
		}
	}
	return identifier(syntax.Start(e), full)
}

// hostName takes call.X and api.X apart.
func hostName(e syntax.Expr) (space, name string) {
	dot, ok := e.(*syntax.DotExpr)
	if !ok {
		return "", ""
	}
	if x, ok := dot.X.(*syntax.Ident); ok && (x.Name == "call" || x.Name == "api") {
		return x.Name, dot.Name.Name
	}
	return "", ""
}
