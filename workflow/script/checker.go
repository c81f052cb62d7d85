package script

import (
	"fmt"
	"math/big"
	"slices"

	"go.starlark.net/resolve"
	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"rator/workflow/contract"
)

// checker finds the mistakes of one script (workflow-scripts.md, "Checked when
// loaded").
type checker struct {
	file     string
	contract *contract.Contract // the script's own; nil for none
	env      Env
	mistakes []contract.Mistake
	calls    []reference
	// spoken are the names of the dialect that stand where they may.
	spoken map[*syntax.Ident]bool
	// sources are what is assigned to each variable, by its first name.
	sources map[*syntax.Ident][]source
	// knowing keeps known from following a variable in circles.
	knowing map[*syntax.Ident]bool
	main    *syntax.DefStmt
	// functions are how many there are, lambdas too.
	functions int
}

func newChecker(file string, own *contract.Contract, env Env) *checker {
	return &checker{
		file: file, contract: own, env: env, spoken: map[*syntax.Ident]bool{},
		sources: map[*syntax.Ident][]source{}, knowing: map[*syntax.Ident]bool{},
	}
}

func (c *checker) mistake(at syntax.Position, format string, args ...any) {
	c.mistakes = append(c.mistakes, mistakeOf(c.file, at, fmt.Sprintf(format, args...)))
}

func (c *checker) check(tree *syntax.File) {
	c.top(tree)
	c.names(tree)
	c.collect(tree)
	syntax.Walk(tree, func(n syntax.Node) bool {
		c.node(n)
		return true
	})
	c.recursion(tree)
	if c.main != nil {
		c.outputs(c.main)
	}
}

// top checks what stands outside of functions: def and constants.
func (c *checker) top(tree *syntax.File) {
	var functions []string
	for i, s := range tree.Stmts {
		switch s := s.(type) {
		case *syntax.DefStmt:
			functions = append(functions, s.Name.Name)
			if s.Name.Name == "run" {
				c.main = s
			}
			for _, p := range s.Params {
				if withDefault, ok := p.(*syntax.BinaryExpr); ok {
					c.constant(withDefault.Y)
				}
			}
		case *syntax.AssignStmt:
			c.constant(s.RHS)
		case *syntax.ExprStmt:
			if _, isText := s.X.(*syntax.Literal); !isText || i > 0 {
				c.mistake(syntax.Start(s), "only def and constants stand outside of a function; write this inside run")
			}
		case *syntax.LoadStmt:
			c.mistake(s.Load, "load is not offered; call another hookpoint with api.NAME(…)")
		}
	}
	if c.main == nil {
		c.mistake(syntax.MakePosition(&c.file, 1, 1), "def run(p) is missing%s", contract.Suggest("run", functions))
		return
	}
	if len(c.main.Params) != 1 {
		c.mistake(c.main.Def, "run takes one parameter: def run(p)")
		return
	}
	if _, plain := c.main.Params[0].(*syntax.Ident); !plain {
		c.mistake(c.main.Def, "run takes one plain parameter: def run(p)")
	}
}

// constant checks that a value outside of functions, or a parameter's default,
// needs no call: when the script is loaded there is none yet.
func (c *checker) constant(e syntax.Expr) {
	syntax.Walk(e, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.CallExpr:
			c.mistake(syntax.Start(n), "a constant outside of a function calls nothing")
			return false
		case *syntax.Ident:
			if n.Name == "now" || n.Name == "context" {
				c.mistake(n.NamePos, "%s is known only inside of a function", n.Name)
			}
		}
		return true
	})
}

// names resolves every name: what each stands for is kept in the tree.
func (c *checker) names(tree *syntax.File) {
	err := resolve.File(tree, isKnownName, isConstant)
	bound := knownNames()
	undefined := map[syntax.Position]bool{}
	eachName(tree, func(id *syntax.Ident, binding *resolve.Binding) {
		if binding.First != nil {
			bound = append(bound, binding.First.Name)
		}
	})
	eachName(tree, func(id *syntax.Ident, binding *resolve.Binding) {
		switch {
		case binding.Scope == resolve.Undefined:
			undefined[id.NamePos] = true
			hint := contract.Suggest(id.Name, bound)
			if instead, ok := foreign[id.Name]; ok {
				hint = " (here: " + instead + ")"
			}
			c.mistake(id.NamePos, "undefined: %s%s", id.Name, hint)
		case binding.First == id && isDialectName(id.Name):
			c.mistake(id.NamePos, "%s is a name of the dialect; choose another", id.Name)
		}
	})
	if list, ok := err.(resolve.ErrorList); ok {
		for _, e := range list {
			if !undefined[e.Pos] {
				c.mistake(e.Pos, "%s", e.Msg)
			}
		}
	}
}

// eachName visits every identifier that was resolved.
func eachName(tree syntax.Node, visit func(*syntax.Ident, *resolve.Binding)) {
	syntax.Walk(tree, func(n syntax.Node) bool {
		if id, ok := n.(*syntax.Ident); ok {
			if binding, ok := id.Binding.(*resolve.Binding); ok {
				visit(id, binding)
			}
		}
		return true
	})
}

// node checks one node of the tree; those it stands in come before it.
func (c *checker) node(n syntax.Node) {
	switch n := n.(type) {
	case *syntax.CallExpr:
		c.call(n)
	case *syntax.BinaryExpr:
		if n.Op == syntax.PERCENT {
			c.percent(n)
		}
	case *syntax.DotExpr:
		c.field(n)
	case *syntax.IndexExpr:
		if key, ok := n.Y.(*syntax.Literal); ok && key.Token == syntax.STRING {
			c.key(n.X, key.TokenPos, key.Value.(string))
		}
	case *syntax.Ident:
		c.bare(n)
	case *syntax.Literal:
		c.literal(n)
	case *syntax.DefStmt:
		c.function(n.Def, n.Params)
	case *syntax.LambdaExpr:
		c.function(n.Lambda, n.Params)
	case *syntax.SliceExpr:
		if n.Step != nil {
			c.mistake(n.Lbrack, "a slice has no step; write [x[i] for i in range(…)]")
		}
	case *syntax.AssignStmt:
		c.targets(n.LHS)
	case *syntax.ForStmt:
		c.targets(n.Vars)
	case *syntax.ForClause:
		c.targets(n.Vars)
	}
}

// bare checks a name of the dialect that stands alone.
func (c *checker) bare(id *syntax.Ident) {
	binding, ok := id.Binding.(*resolve.Binding)
	if !ok || binding.Scope != resolve.Predeclared || c.spoken[id] || id.Name == "now" || !isDialectName(id.Name) {
		return
	}
	switch id.Name {
	case "call", "api":
		c.mistake(id.NamePos, "%s stands before a dot and a name: %s.NAME(KEY = value)", id.Name, id.Name)
	case "context":
		c.mistake(id.NamePos, "context stands before a dot: context.LANGUAGE")
	default:
		c.mistake(id.NamePos, "%s is called right where it is named", id.Name)
	}
}

func (c *checker) literal(n *syntax.Literal) {
	switch v := n.Value.(type) {
	case *big.Int:
		if v.BitLen() > maxBits {
			c.mistake(n.TokenPos, "%s", errTooLarge)
		}
	case string:
		if n.Token == syntax.BYTES {
			c.mistake(n.TokenPos, "there are no bytes; write a text")
		} else if len(v) > maxText {
			c.mistake(n.TokenPos, "a text of %d bytes is longer than %d", len(v), maxText)
		}
	}
	if n.Token == syntax.FLOAT {
		if _, err := parseDecimal(n.Raw); err != nil {
			c.mistake(n.TokenPos, "%s", err)
		}
	}
}

// maxFunctions bounds how deep calls nest too: none is called by itself, however
// it got its name.
const maxFunctions = 200

func (c *checker) function(at syntax.Position, parameters []syntax.Expr) {
	if c.functions++; c.functions == maxFunctions+1 {
		c.mistake(at, "a script has at most %d functions", maxFunctions)
	}
	for _, p := range parameters {
		if star, ok := p.(*syntax.UnaryExpr); ok && star.X != nil {
			c.mistake(star.OpPos, "there is no %s parameter; name each one", star.Op)
		}
	}
}

func (c *checker) targets(e syntax.Expr) {
	syntax.Walk(e, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.DotExpr:
			c.mistake(n.Dot, "a field cannot be set; build a dict: {\"%s\": …}", n.Name.Name)
			return false
		case *syntax.IndexExpr:
			return false
		}
		return true
	})
}

// starlarkMethods are the names that Starlark's own values answer to: without a
// call they would get by the budget.
var starlarkMethods = slices.Concat(
	starlark.String("").AttrNames(), starlark.Bytes("").AttrNames(), new(starlark.List).AttrNames(),
	new(starlark.Dict).AttrNames(), new(starlark.Set).AttrNames())
