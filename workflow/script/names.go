package script

import (
	"maps"
	"slices"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// The dialect's own names. call, api and context exist only before a dot; the
// others only before their arguments.
var dialectNames = []string{"api", "attempt", "call", "context", "emit", "fail", "hook", "note", "now"}

func isDialectName(name string) bool { return slices.Contains(dialectNames, name) }

// isKnownName is what a script may use without binding it.
func isKnownName(name string) bool {
	return functions[name] != nil || isDialectName(name)
}

// isConstant is what stays of Starlark's own names.
func isConstant(name string) bool { return name == "None" || name == "True" || name == "False" }

func knownNames() []string {
	return slices.Concat(dialectNames, slices.Sorted(maps.Keys(functions)), []string{"None", "True", "False"})
}

// foreign tells what stands here for names that Python or Starlark have.
var foreign = map[string]string{
	"print": "note(text)", "float": "decimal(x)", "tuple": "list(x)", "set": "a dict or a list",
	"getattr": "x[\"KEY\"]", "hasattr": "\"KEY\" in x", "repr": "str(x)", "map": "[f(x) for x in …]",
	"filter": "[x for x in … if …]", "sum": "a loop", "open": "call.NAME",
}

// The names that only the rewritten script uses. None can be written by hand.
const (
	indexName   = "[]"
	sliceName   = "[:]"
	inName      = "in"
	contextName = "context."
	nowName     = "now()"
	answerName  = "return"
	frameName   = "def"
	percentName = "%()"
	boundName   = "hook?"
)

func operatorName(op syntax.Token) string { return op.String() }
func inPlaceName(op syntax.Token) string  { return op.String() + "=" }
func atName(op syntax.Token) string       { return op.String() + "=[]" }
func methodName(name string) string       { return "." + name }

// growing are the operators that are rewritten, with the form that assigns.
var growing = map[syntax.Token]syntax.Token{
	syntax.PLUS: syntax.PLUS_EQ, syntax.MINUS: syntax.MINUS_EQ, syntax.STAR: syntax.STAR_EQ, syntax.SLASH: syntax.SLASH_EQ,
	syntax.SLASHSLASH: syntax.SLASHSLASH_EQ, syntax.PERCENT: syntax.PERCENT_EQ, syntax.LTLT: syntax.LTLT_EQ, syntax.PIPE: syntax.PIPE_EQ,
}

var comparing = []syntax.Token{syntax.EQL, syntax.NEQ, syntax.LT, syntax.LE, syntax.GT, syntax.GE}

// common are the builtins that are the same in every script.
var common = func() starlark.StringDict {
	names := starlark.StringDict{}
	add := func(name string, f builtin) { names[name] = starlark.NewBuiltin(name, f) }
	for name, f := range functions {
		add(name, f)
	}
	for name := range methodNames {
		add(methodName(name), callMethod(name))
	}
	for op := range growing {
		add(operatorName(op), func(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
			return budgetOf(thread).operate(op, args[0], args[1])
		})
		add(inPlaceName(op), func(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
			return budgetOf(thread).operateInPlace(op, args[0], args[1])
		})
		add(atName(op), func(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
			return starlark.None, budgetOf(thread).operateAt(op, args[0], args[1], args[2])
		})
	}
	for _, op := range comparing {
		add(operatorName(op), func(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
			is, err := budgetOf(thread).compare(op, args[0], args[1])
			return starlark.Bool(is), err
		})
	}
	add(percentName, func(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
		return budgetOf(thread).operateTuple(args[0], args[1].(*starlark.List))
	})
	add(inName, func(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
		is, err := budgetOf(thread).contains(args[0], args[1])
		return starlark.Bool(is), err
	})
	add(indexName, func(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
		return budgetOf(thread).index(args[0], args[1])
	})
	add(sliceName, func(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
		return budgetOf(thread).slice(args[0], args[1], args[2], args[3])
	})
	add("attempt", attempt)
	add(frameName, frame)
	for name, f := range map[string]hostBuiltin{"emit": emit, "note": note, contextName: contextValue, nowName: currentTime, answerName: answer, boundName: hookIsBound} {
		names[name] = f.named(name)
	}
	return names
}()

// named is the builtin as Starlark calls it.
func (f hostBuiltin) named(name string) *starlark.Builtin {
	return starlark.NewBuiltin(name, func(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
		return f(runOf(thread), args, keywords)
	})
}
