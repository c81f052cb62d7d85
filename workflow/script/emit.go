package script

import (
	"fmt"
	"time"

	"go.starlark.net/syntax"

	"rator/event"
	"rator/workflow/contract"
	"rator/workflow/value"
)

// emit checks emit(topic, KEY = value), where the topic is written out. One of ours is the
// server's to tell: copies of shipped scripts of before name such, so it is a warning. One
// that a contract declares is held to that. Any other is a warning.
func (c *checker) emit(f *syntax.Ident, args []syntax.Expr) {
	if !c.first(f, args, "emit(\"topic\", KEY = value)") {
		return
	}
	given := c.keywords("emit, after its topic,", args[1:])
	topic, written := text(args[0])
	if !written {
		return
	}
	at := syntax.Start(args[0])
	if event.ByName(topic) != nil {
		c.warn(at, "emit of %s is dropped: the server tells of it itself; leave it out", topic)
		return
	}
	declared := c.env.Events[topic]
	if declared == nil {
		c.warn(at, "topic %s is not declared%s; declare it in a contract: <events><event name=\"%s\" desc=\"…\"><values>…</values></event></events>",
			topic, contract.Suggest(topic, c.topics()), topic)
		return
	}
	c.arguments(f.NamePos, "emit "+topic, declared.Values, given)
	for _, k := range given {
		if v := contract.Find(declared.Values, k.name.Name); v != nil {
			c.literalFits(k, v)
		}
	}
}

// topics are the names that a topic may have been meant to be.
func (c *checker) topics() []string {
	var names []string
	for name := range c.env.Events {
		names = append(names, name)
	}
	for _, t := range event.Topics() {
		names = append(names, t.Name)
	}
	return names
}

func (c *checker) warn(at syntax.Position, format string, args ...any) {
	if c.env.Warn != nil {
		c.env.Warn(mistakeOf(c.file, at, fmt.Sprintf(format, args...)))
	}
}

// literalFits checks that a value that is written out is one of its key's type.
func (c *checker) literalFits(k keyword, v *contract.Value) {
	written, is := literal(k.from)
	if is == "" || v.Type == value.Complex || v.Type == value.Bare {
		return
	}
	var err error
	want := "a number"
	switch v.Type {
	case value.Boolean:
		want = "a boolean"
	case value.Long:
		_, err = value.ParseLong(written)
	case value.Double, value.Float:
	case value.Date:
		want = "a text"
		_, err = value.ParseDate(written, time.UTC)
	default:
		want = "a text"
	}
	if is != want || err != nil {
		c.mistake(syntax.Start(k.from), "%s is a %s value, and %s is none", v.Key, v.Type, written)
	}
}

// literal is a value that is written out, and what it is; "" for what is worked out.
func literal(e syntax.Expr) (written, is string) {
	switch e := e.(type) {
	case *syntax.ParenExpr:
		return literal(e.X)
	case *syntax.UnaryExpr:
		if number, is := literal(e.X); e.Op == syntax.MINUS && is == "a number" {
			return "-" + number, is
		}
	case *syntax.Literal:
		if e.Token == syntax.STRING {
			return e.Value.(string), "a text"
		}
		return e.Raw, "a number"
	case *syntax.Ident:
		if (e.Name == "True" || e.Name == "False") && variable(e) == nil {
			return e.Name, "a boolean"
		}
	}
	return "", ""
}
