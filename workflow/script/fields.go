package script

import (
	"slices"

	"go.starlark.net/syntax"

	"rator/workflow/contract"
)

// field checks x.NAME outside of a call.
func (c *checker) field(e *syntax.DotExpr) {
	if c.spoken[e.Name] {
		return
	}
	name, at := e.Name.Name, e.Name.NamePos
	if x, ok := e.X.(*syntax.Ident); ok && variable(x) == nil {
		switch x.Name {
		case "call", "api":
			c.spoken[x] = true
			c.mistake(syntax.Start(e), "%s.%s is called right where it is named: %s.%s(KEY = value)", x.Name, name, x.Name, name)
			return
		case "context":
			c.spoken[x] = true
			if !slices.Contains(contextKeys, name) {
				c.mistake(at, "context has no %s%s", name, contract.Suggest(name, contextKeys))
			}
			return
		}
	}
	if methodNames[name] || slices.Contains(starlarkMethods, name) {
		c.mistake(at, "%s is a method and is called where it is named; a key of that name is x[\"%s\"]", name, name)
		return
	}
	c.key(e.X, at, name)
}

// key checks that what x gives may have the key.
func (c *checker) key(x syntax.Expr, at syntax.Position, key string) {
	k := c.know(x)
	switch k.kind {
	case complexKind:
		if _, ok := k.shape.find(key); !ok {
			c.mistake(at, "%s has no %s%s", k.name, key, contract.Suggest(key, k.shape.keys()))
		}
	case attemptKind:
		if !slices.Contains(attemptedKeys, key) {
			c.mistake(at, "%s has no %s%s", k.name, key, contract.Suggest(key, attemptedKeys))
		}
	case scalarKind:
		c.mistake(at, "%s is a %s value and has no %s", k.name, k.typ, key)
	case listKind:
		c.mistake(at, "%s is a list and has no %s; walk it with for, or take one with [0]", k.name, key)
	}
}
