package script

import (
	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// Starlark makes room for all variables of a function, and for its longest list,
// whenever it is called: a call is one step, and may take megabytes. So a function
// that needs much room begins with a charge for it.
const (
	fewSlots  = 64 // need no charge
	slotBytes = 16
)

// slots are about as many as a function needs: one for each parameter, variable,
// argument and item of a list.
func slots(parameters []syntax.Expr, function syntax.Node) int {
	n := len(parameters)
	syntax.Walk(function, func(inside syntax.Node) bool {
		switch inside := inside.(type) {
		case *syntax.DefStmt, *syntax.LambdaExpr:
			n++
			return inside == function
		case *syntax.AssignStmt, *syntax.ForStmt, *syntax.ForClause:
			n++
		case *syntax.CallExpr:
			n += len(inside.Args)
		case *syntax.ListExpr:
			n += len(inside.List)
		case *syntax.TupleExpr:
			n += len(inside.List)
		}
		return true
	})
	return n
}

// chargeFrame is the charge for n slots; it is None.
func chargeFrame(at syntax.Position, n int) syntax.Expr {
	return invoke(at, frameName, &syntax.Literal{Token: syntax.INT, TokenPos: at, Value: int64(n)})
}

// frame is that charge.
func frame(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	n, err := starlark.AsInt32(args[0])
	if err != nil {
		return nil, err
	}
	return starlark.None, budgetOf(thread).take(n * slotBytes)
}
