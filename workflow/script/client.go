package script

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"rator/workflow/contract"
	"rator/workflow/value"
)

// A script can run from the client's side too (workflow-scripts.md "From the
// client's side"): the same language with api only, each call one request with
// its own commit. What only a transaction can give, call, hook and emit, is a
// mistake there.

// client is what compiling for the client's side adds to an Env.
type client struct {
	warnings []contract.Mistake
}

// AnyKey among the values that declare a request allows every other key too.
const AnyKey = "*"

// CompileClient checks and compiles a script for the client's side; RunClient
// runs it. request declares the keys of p that are lists, with AnyKey at each
// level for all the others; nil declares nothing. Of env only Contracts and Code
// count. A hookpoint without a contract in env is called unchecked, for the
// server may have its own: that is a warning.
func CompileClient(file string, src []byte, request []*contract.Value, env Env) (p *Program, mistakes, warnings []contract.Mistake) {
	env.Component, env.ComponentNames, env.client = nil, nil, &client{}
	p, mistakes = Compile(file, src, "", env)
	if p != nil {
		p.request = shape{values: request}
	}
	contract.SortMistakes(env.client.warnings)
	return p, mistakes, slices.Compact(env.client.warnings)
}

// RunClient runs a script of CompileClient with p, and gives what run returned
// as JSON: nil for None. A key that an answer's contract lets repeat is an array,
// as in value.Tree's JSON. The limits are those of Run, but for the time: nobody waits
// for a lock meanwhile, and each call of the Host has a timeout of its own. Errors
// are as Run's. The Host's Savepoint has nothing to undo: a call that failed left
// nothing, and one that went well is committed.
func (p *Program) RunClient(runtime *Runtime, in value.Tree) (json.RawMessage, error) {
	runtime.budget, runtime.started, runtime.output = newBudget(), runtime.Clock(), nil
	defer func() { runtime.budget = nil }()
	if _, err := p.Run(runtime, in); err != nil {
		return nil, err
	}
	return runtime.output, nil
}

// clientCall checks call.NAME and api.NAME for the client's side; done says that
// nothing more can be known of it.
func (c *checker) clientCall(f *syntax.DotExpr) (done bool) {
	space, name := hostName(f)
	if space == "call" {
		c.serverOnly(syntax.Start(f), "call."+name)
		return true
	}
	found := c.env.Contracts[name]
	switch {
	case found == nil:
		c.env.client.warnings = append(c.env.client.warnings, mistakeOf(c.file, f.Name.NamePos,
			fmt.Sprintf("no contract of %s is known here, so it is called unchecked%s", name, contract.Suggest(name, slices.Collect(maps.Keys(c.env.Contracts))))))
		return true
	case found.Internal:
		c.mistake(f.Name.NamePos, "%s is internal: only workflows call it", name)
		return true
	}
	return false
}

// inDict warns of keys that are written out for a value, and that it does not declare:
// a server takes them, and does nothing with them.
func (c *checker) inDict(call string, e syntax.Expr, declared *contract.Value) {
	switch e := e.(type) {
	case *syntax.ParenExpr:
		c.inDict(call, e.X, declared)
	case *syntax.ListExpr:
		for _, item := range e.List {
			c.inDict(call, item, declared)
		}
	case *syntax.DictExpr:
		if len(declared.Values) == 0 {
			return
		}
		for _, entry := range e.List {
			pair := entry.(*syntax.DictEntry)
			key, ok := text(pair.Key)
			below := contract.Find(declared.Values, key)
			switch {
			case below != nil:
				c.inDict(call, pair.Value, below)
			case ok:
				c.env.client.warnings = append(c.env.client.warnings, mistakeOf(c.file, syntax.Start(pair.Key),
					fmt.Sprintf("%s: %s has no key %s%s", call, declared.Key, key, contract.Suggest(key, contract.Keys(declared.Values)))))
			}
		}
	}
}

func (c *checker) serverOnly(at syntax.Position, what string) {
	c.mistake(at, "%s works inside of the server only; from the client's side a script calls api.NAME(KEY = value)", what)
}

// clientAnswer is return in run, from the client's side.
func clientAnswer(r *run, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	var b bytes.Buffer
	switch v := args[0].(type) {
	case starlark.NoneType:
		return starlark.None, nil
	case *record, *starlark.Dict:
		if err := r.writeJSON(&b, v, 0); err != nil {
			return nil, fmt.Errorf("the answer: %w", err)
		}
	default:
		return nil, errors.New("run must return a dict such as {\"KEY\": value}, not a " + v.Type() + " value")
	}
	r.runtime.output = b.Bytes()
	return starlark.None, nil
}

// writeJSON writes a value for programs outside. A decimal keeps its digits, a
// date is its literal.
func (r *run) writeJSON(b *bytes.Buffer, v starlark.Value, depth int) error {
	if depth > maxNesting {
		return fmt.Errorf("values nest deeper than %d", maxNesting)
	}
	if err := r.budget.entry(""); err != nil {
		return err
	}
	switch v := v.(type) {
	case starlark.NoneType:
		b.WriteString("null")
	case starlark.Bool:
		fmt.Fprint(b, bool(v))
	case starlark.Int:
		b.WriteString(v.String())
	case number:
		if err := v.finite(); err != nil {
			return err
		}
		b.WriteString(v.Decimal.String())
	case date:
		return r.writeText(b, v.literal)
	case starlark.String:
		return r.writeText(b, string(v))
	case *record:
		if err := r.budget.tree(v.tree); err != nil {
			return err
		}
		b.Write(contract.ShapeOf(v.shape.values).JSON(v.tree))
	case *starlark.List:
		b.WriteByte('[')
		for i := range v.Len() {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := r.writeJSON(b, v.Index(i), depth+1); err != nil {
				return err
			}
		}
		b.WriteByte(']')
	case *starlark.Dict:
		return r.writeDict(b, v, depth)
	default:
		return fmt.Errorf("a %s is not a value that can be passed on", v.Type())
	}
	return nil
}

func (r *run) writeDict(b *bytes.Buffer, dict *starlark.Dict, depth int) error {
	b.WriteByte('{')
	for i, item := range dict.Items() {
		key, ok := starlark.AsString(item[0])
		if !ok {
			return fmt.Errorf("the key %s of a complex value is not a text", clip(item[0].String()))
		}
		if i > 0 {
			b.WriteByte(',')
		}
		if err := r.writeText(b, key); err != nil {
			return err
		}
		b.WriteByte(':')
		if err := r.writeJSON(b, item[1], depth+1); err != nil {
			return fmt.Errorf("%s: %w", clip(key), err)
		}
	}
	b.WriteByte('}')
	return nil
}

func (r *run) writeText(b *bytes.Buffer, s string) error {
	if err := r.budget.take(len(s)); err != nil {
		return err
	}
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		return err
	}
	b.Truncate(b.Len() - 1) // Encode's newline
	return nil
}
