package script

import (
	"slices"

	"go.starlark.net/syntax"

	"rator/workflow/contract"
	"rator/workflow/value"
)

// outputs checks every return of run against the contract's response.
func (c *checker) outputs(run *syntax.DefStmt) {
	if c.contract == nil {
		return
	}
	declared := c.contract.Response
	returns(run.Body, func(r *syntax.ReturnStmt) {
		if r.Result == nil {
			c.missing(r.Return, declared, nil)
			return
		}
		c.output(r.Return, r.Result, declared)
	})
	if !ends(run.Body) {
		if v := firstMandatory(declared); v != nil {
			c.mistake(run.Def, "run may end without a return, but output %s is mandatory", v.Key)
		}
	}
}

func firstMandatory(declared []*contract.Value) *contract.Value {
	for _, v := range declared {
		if v.Mandatory {
			return v
		}
	}
	return nil
}

// returns visits the return statements of one function, not of those inside it.
func returns(body []syntax.Stmt, visit func(*syntax.ReturnStmt)) {
	for _, s := range body {
		switch s := s.(type) {
		case *syntax.ReturnStmt:
			visit(s)
		case *syntax.IfStmt:
			returns(s.True, visit)
			returns(s.False, visit)
		case *syntax.ForStmt:
			returns(s.Body, visit)
		}
	}
}

// ends reports whether a body always ends in return or fail.
func ends(body []syntax.Stmt) bool {
	if len(body) == 0 {
		return false
	}
	switch s := body[len(body)-1].(type) {
	case *syntax.ReturnStmt:
		return true
	case *syntax.IfStmt:
		return ends(s.True) && ends(s.False)
	case *syntax.ExprStmt:
		if call, ok := s.X.(*syntax.CallExpr); ok {
			f, ok := call.Fn.(*syntax.Ident)
			return ok && f.Name == "fail"
		}
	}
	return false
}

// output checks an answer, or what lies below a complex value of it.
func (c *checker) output(at syntax.Position, e syntax.Expr, declared []*contract.Value) {
	switch e := e.(type) {
	case *syntax.ParenExpr:
		c.output(at, e.X, declared)
	case *syntax.CondExpr:
		c.output(at, e.True, declared)
		c.output(at, e.False, declared)
	case *syntax.DictExpr:
		c.dictOutput(at, e, declared, nil)
	case *syntax.Ident:
		c.variableOutput(at, e, declared)
	case *syntax.ListExpr, *syntax.Literal:
		c.mistake(syntax.Start(e), "run returns a dict: {\"KEY\": value}")
	}
}

// dictOutput checks a dict that is written out; more are keys it gets later.
func (c *checker) dictOutput(at syntax.Position, dict *syntax.DictExpr, declared []*contract.Value, more []string) {
	given := slices.Clone(more)
	for _, e := range dict.List {
		entry := e.(*syntax.DictEntry)
		key, ok := text(entry.Key)
		if !ok {
			return // computed: the answer's own check finds what is wrong with it
		}
		given = append(given, key)
		v := c.declaredOutput(entry.Key, key, declared)
		if v == nil {
			continue
		}
		switch inside := entry.Value.(type) {
		case *syntax.DictExpr:
			c.nestedOutput(inside, v)
		case *syntax.Literal:
			if v.Type == value.Complex {
				c.mistake(inside.TokenPos, "output %s is complex", key)
			}
		}
	}
	c.missing(at, declared, given)
}

func (c *checker) nestedOutput(dict *syntax.DictExpr, v *contract.Value) {
	switch {
	case v.Type != value.Complex:
		c.mistake(dict.Lbrace, "output %s is a %s value, not complex", v.Key, v.Type)
	case len(v.Values) > 0:
		c.dictOutput(dict.Lbrace, dict, v.Values, nil)
	}
}

func (c *checker) declaredOutput(at syntax.Expr, key string, declared []*contract.Value) *contract.Value {
	v := contract.Find(declared, key)
	if v == nil {
		var keys []string
		for _, d := range declared {
			keys = append(keys, d.Key)
		}
		c.mistake(syntax.Start(at), "output %s is not declared%s", key, contract.Suggest(key, keys))
	}
	return v
}

func (c *checker) missing(at syntax.Position, declared []*contract.Value, given []string) {
	for _, v := range declared {
		if v.Mandatory && !v.HasDef && !slices.Contains(given, v.Key) {
			c.mistake(at, "output %s is mandatory and not returned here", v.Key)
		}
	}
}

// variableOutput checks a variable that is given one dict and then keys by name.
// One that is used in any other way might get keys the checker cannot see.
func (c *checker) variableOutput(at syntax.Position, id *syntax.Ident, declared []*contract.Value) {
	v := variable(id)
	if v == nil || len(c.sources[v]) != 1 {
		return
	}
	dict, ok := c.sources[v][0].from.(*syntax.DictExpr)
	if !ok {
		return
	}
	var more []string
	uses, plain := 0, 0 // plain: by name in a return or an assignment to a key
	syntax.Walk(c.main, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Ident:
			if variable(n) == v {
				uses++
			}
		case *syntax.ReturnStmt:
			if same(n.Result, v) {
				plain++
			}
		case *syntax.AssignStmt:
			if index, ok := n.LHS.(*syntax.IndexExpr); ok && same(index.X, v) && n.Op == syntax.EQ {
				if key, ok := text(index.Y); ok {
					plain++
					more = append(more, key)
					c.declaredOutput(index.Y, key, declared)
				}
			}
		}
		return true
	})
	if uses == plain+1 {
		c.dictOutput(at, dict, declared, more)
	}
}

func same(e syntax.Expr, v *syntax.Ident) bool {
	id, ok := e.(*syntax.Ident)
	return ok && variable(id) == v
}
