// Package script is the dialect workflow scripts are written in: Starlark,
// checked when it is loaded, bounded while it runs (workflow-scripts.md). It
// knows no business and no store; what a script asks for, a Host does.
//
// # What differs from Starlark
//
//   - Numbers with a fraction are decimals: 0.1 + 0.2 is 0.3. round(x, digits)
//     rounds half away from zero. A decimal that is passed on as it came keeps
//     its literal.
//   - A text is a sequence of characters, not of bytes.
//   - There are no tuples, sets, bytes, *args, **keywords, while, load and
//     recursion. What makes a tuple in Starlark makes a list: (a, b), items(),
//     enumerate(), zip(). A slice has no step. text % (a, b) knows %s %r %d %i %o
//     %x %X %f and %%; only values written out in parentheses are several.
//   - Functions: abs all any bool decimal dict enumerate int len list max min
//     range reversed round sorted str type zip. Methods: see methods.go.
//   - At the top of a file stand only def and constants.
//
// # Values
//
// A complex value is read where it lies and cannot be changed. x.KEY and x["KEY"]
// give what stands under the key: None when it is absent or null, a list (empty
// when absent) when the contract lets it repeat, an error when it is not
// declared. "KEY" in x reports whether the key is there, null or not. An empty
// complex value is false; len(x) counts what lies below, and a loop walks it,
// whatever the keys: the items of a container. x.get(key, default), x.keys(),
// x.values() and x.items() are as a dict's. A date compares, moves by
// date.add(days = n), and str(date) is its literal. Its numbers that scripts
// cannot compute with (a double INF) are None, but pass on with the whole.
//
// # What a script gives
//
// Arguments and answers become entries as the contract, or the component's
// parameters, declare them. None is null. A dict or a complex value becomes
// complex. A list under a key that is declared as a list becomes that key,
// repeated. A list under any other key is a container: each of its items is a
// dict with one key, {"BILLING_GROUP": …}, or came out of a container and keeps
// its key; where exactly one key is declared below and may repeat, an item of
// any kind gets that key. A text given for a number, a date or a truth value is
// read as one, "" as null.
package script

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"go.starlark.net/resolve"
	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"rator/charset"
	"rator/failure"
	"rator/workflow/component"
	"rator/workflow/contract"
)

// Env is what scripts are compiled against, the same for a whole set.
type Env struct {
	// Component finds what call has; nil finds nothing. ComponentNames are those
	// a mistake may suggest.
	Component      func(name string) *component.Component
	ComponentNames []string
	// Contracts are those of the whole set by hookpointKey: what api has, and what
	// hook may find.
	Contracts map[string]*contract.Contract
	// Code finds an error code by name.
	Code func(name string) *failure.Code
	// Events are the topics of the site's own by name, of all contracts.
	Events map[string]*contract.Event
	// Warn is told what is no mistake but ought to change; nil = nobody is.
	Warn func(contract.Mistake)

	client *client // set by CompileClient
}

// bound is the contract of a hookpoint that hook("NAME") may find: an internal
// one. What clients call is never bound by the chance of its name.
func (e *Env) bound(name string) *contract.Contract {
	if c := e.Contracts[name]; c != nil && c.Internal {
		return c
	}
	return nil
}

// Program is a compiled script. It is immutable; many calls may run it at once.
type Program struct {
	file     string
	contract *contract.Contract
	request  shape
	main     starlark.Value
	calls    []reference // of other hookpoints
}

// reference is a place where a script names a hookpoint.
type reference struct {
	hookpoint    string
	line, column int
}

// Compile checks the script of a hookpoint and compiles it. file is its name for
// messages. A hookpoint without a contract in env, "" say, declares nothing:
// everything may be asked of p and returned. All mistakes are given at once, in
// order of place, and then there is no Program; only what keeps the file from
// being parsed hides the others.
func Compile(file string, src []byte, hookpoint string, env Env) (*Program, []contract.Mistake) {
	src = charset.Text(src)
	tree, mistakes := parse(file, src)
	if len(mistakes) > 0 {
		return nil, mistakes
	}
	own := env.Contracts[hookpoint]
	c := newChecker(file, own, env)
	c.check(tree)
	if len(c.mistakes) > 0 {
		contract.SortMistakes(c.mistakes)
		return nil, slices.Compact(c.mistakes)
	}
	p := &Program{file: file, contract: own, request: requestShape(own), calls: c.calls}
	if err := p.compile(src, env); err != nil {
		return nil, []contract.Mistake{mistakeOf(file, p.position(err), err.Error())}
	}
	return p, nil
}

func (e Env) component(name string) *component.Component {
	if e.Component == nil {
		return nil
	}
	return e.Component(name)
}

func requestShape(c *contract.Contract) shape {
	if c == nil {
		return shape{}
	}
	return declaredShape(c.Request)
}

var options = &syntax.FileOptions{}

// parse reads a script, unless its size or nesting would harm us.
func parse(file string, src []byte) (*syntax.File, []contract.Mistake) {
	if len(src) > maxSource {
		return nil, []contract.Mistake{{File: file, Line: 1, Column: 1, Message: fmt.Sprintf("the script has %d bytes, more than %d", len(src), maxSource)}}
	}
	const tooDeep = "the expression nests too deeply; take it apart with variables"
	if line, column, found := nestsTooDeep(string(src)); found {
		return nil, []contract.Mistake{{File: file, Line: line, Column: column, Message: tooDeep}}
	}
	tree, err := options.Parse(file, src, 0)
	if err != nil {
		var at syntax.Error
		if errors.As(err, &at) {
			return nil, []contract.Mistake{mistakeOf(file, at.Pos, at.Msg)}
		}
		return nil, []contract.Mistake{{File: file, Line: 1, Column: 1, Message: err.Error()}}
	}
	depth := 0
	var deep []contract.Mistake
	syntax.Walk(tree, func(n syntax.Node) bool {
		if n == nil {
			depth--
			return true
		}
		if depth++; depth == maxTree && deep == nil {
			deep = []contract.Mistake{mistakeOf(file, syntax.Start(n), tooDeep)}
		}
		return true
	})
	return tree, deep
}

func mistakeOf(file string, at syntax.Position, message string) contract.Mistake {
	return contract.Mistake{File: file, Line: int(at.Line), Column: int(at.Col), Message: message}
}

// compile makes the program that runs: the same script with every operation that
// can grow rewritten to a builtin that charges the budget.
func (p *Program) compile(src []byte, env Env) error {
	tree, err := options.Parse(p.file, src, 0)
	if err != nil {
		return err
	}
	names := maps.Clone(common)
	w := rewriter{file: p.file, env: env, names: names}
	tree.Stmts = w.statements(tree.Stmts)
	w.answers(tree)
	names["fail"] = fail(env.Code).named("fail")
	names["hook"] = callHook(env.bound).named("hook")
	if env.client != nil {
		names[answerName] = hostBuiltin(clientAnswer).named(answerName)
	}

	compiled, err := starlark.FileProgram(tree, names.Has)
	if err != nil {
		var all resolve.ErrorList
		if errors.As(err, &all) {
			return errors.New(all[0].Msg)
		}
		return err
	}
	thread := &starlark.Thread{Name: p.file}
	b := newBudget()
	thread.SetLocal(budgetKey, b)
	if err := b.enter(thread); err != nil {
		return err
	}
	globals, err := compiled.Init(thread, names)
	if err != nil {
		return err
	}
	globals.Freeze()
	p.main = globals["run"]
	return nil
}
