package script

import (
	"slices"

	"go.starlark.net/syntax"
)

// A hook is asked for by name, and most are bound to nothing. So that what would be
// handed to it is not read for nobody, the components and hookpoints among its values
// are called only where something is bound, when all of them do nothing but read.

// lazyHook says whether e is such a hook.
func (w *rewriter) lazyHook(e *syntax.CallExpr) bool {
	f, ok := e.Fn.(*syntax.Ident)
	if !ok || f.Name != "hook" {
		return false
	}
	reads := false
	for i, arg := range e.Args {
		calls, only := w.reads(arg)
		if !only || calls && (i == 0 || isKey(arg)) { // boundHook has name and key twice
			return false
		}
		reads = reads || calls
	}
	return reads
}

// boundHook is hook(name, key = k, …) as hook?(name, key = k) and hook(name, key = k, …).
func boundHook(e *syntax.CallExpr) syntax.Expr {
	asked := &syntax.CallExpr{Fn: identifier(e.Lparen, boundName), Lparen: e.Lparen, Args: e.Args[:1:1], Rparen: e.Rparen}
	if i := slices.IndexFunc(e.Args, isKey); i >= 0 {
		asked.Args = append(asked.Args, e.Args[i])
	}
	return &syntax.BinaryExpr{X: asked, OpPos: e.Lparen, Op: syntax.AND, Y: e}
}

// isKey says whether an argument is key = ….
func isKey(arg syntax.Expr) bool {
	named, ok := arg.(*syntax.BinaryExpr)
	return ok && named.Op == syntax.EQ && named.X.(*syntax.Ident).Name == "key"
}

// reads says whether an expression calls anything, and that it calls only components and
// hookpoints that read.
func (w *rewriter) reads(e syntax.Expr) (calls, only bool) {
	only = true
	syntax.Walk(e, func(n syntax.Node) bool {
		call, ok := n.(*syntax.CallExpr)
		if !ok {
			return true
		}
		calls = true
		switch space, name := hostName(call.Fn); space {
		case "call":
			c := w.env.component(name)
			only = only && c != nil && c.Reads
		case "api":
			c := w.env.Contracts[name]
			only = only && c != nil && c.Reads
		default:
			only = false
		}
		return true
	})
	return calls, only
}
