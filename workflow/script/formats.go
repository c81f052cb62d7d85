package script

import (
	"strings"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"rator/workflow/value"
)

// written is a text that is known before the script runs, with the literal it stands
// in: one that is written out, or the only thing a variable is given.
func (c *checker) written(e syntax.Expr) (*syntax.Literal, string, bool) {
	switch e := e.(type) {
	case *syntax.Literal:
		s, ok := text(e)
		return e, s, ok
	case *syntax.ParenExpr:
		return c.written(e.X)
	case *syntax.Ident:
		v := variable(e)
		if v == nil || len(c.sources[v]) != 1 || c.sources[v][0].each {
			break
		}
		if literal, ok := c.sources[v][0].from.(*syntax.Literal); ok {
			return c.written(literal)
		}
	}
	return nil, "", false
}

// percent checks format % values, as far as the format is known.
func (c *checker) percent(e *syntax.BinaryExpr) {
	literal, format, ok := c.written(e.X)
	if !ok {
		return
	}
	all, at, err := verbsOf(format)
	if err != nil {
		c.mistake(inside(literal, format, at), "%s", err)
		return
	}
	values := tuple(e.Y)
	if values == nil {
		values = []syntax.Expr{e.Y}
	}
	if err := counted(all, len(values)); err != nil {
		c.mistake(e.OpPos, "%s", err)
		return
	}
	for _, v := range all {
		if v.letter == '%' {
			continue
		}
		if what := c.noNumber(values[0]); what != "" && takes[v.letter] != "" {
			c.mistake(inside(literal, format, v.at), "%%%c takes %s, but %s; write %%s", v.letter, takes[v.letter], what)
		}
		values = values[1:]
	}
}

// noNumber says what an expression is that is surely no number; "" for all others.
func (c *checker) noNumber(e syntax.Expr) string {
	if _, isText := text(e); isText {
		return "its value is a text"
	}
	switch is := c.know(e); {
	case is.kind == complexKind:
		return is.name + " is complex"
	case is.kind == listKind:
		return is.name + " is a list"
	case is.kind == scalarKind && (is.typ == value.String || is.typ == value.Boolean || is.typ == value.Date):
		return is.name + " is a " + is.typ.String() + " value"
	}
	return ""
}

// tuple are the values of (a, b); nil for anything else.
func tuple(e syntax.Expr) []syntax.Expr {
	switch e := e.(type) {
	case *syntax.ParenExpr:
		return tuple(e.X)
	case *syntax.TupleExpr:
		return append([]syntax.Expr{}, e.List...)
	}
	return nil
}

// inside is the place of text[at], a % in what a literal stands for. Where escapes
// write a % too, it is the literal's.
func inside(literal *syntax.Literal, text string, at int) syntax.Position {
	place := literal.TokenPos
	if strings.Count(literal.Raw, "%") != strings.Count(text, "%") {
		return place
	}
	rest := literal.Raw
	for before := strings.Count(text[:at], "%"); ; before-- {
		head, tail, _ := strings.Cut(rest, "%")
		for _, r := range head {
			if place.Col++; r == '\n' {
				place.Line, place.Col = place.Line+1, 1
			}
		}
		if before == 0 {
			return place
		}
		place.Col++
		rest = tail
	}
}

// format checks text.format(…) by doing it once, with empty texts for the values.
func (c *checker) format(f *syntax.DotExpr, args []syntax.Expr) {
	literal, format, ok := c.written(f.X)
	if !ok || len(format) > maxText {
		return
	}
	var values starlark.Tuple
	var keywords []starlark.Tuple
	for _, arg := range args {
		switch arg := arg.(type) {
		case *syntax.UnaryExpr:
			if arg.Op == syntax.STAR || arg.Op == syntax.STARSTAR {
				return // told already
			}
		case *syntax.BinaryExpr:
			if arg.Op == syntax.EQ {
				keywords = append(keywords, starlark.Tuple{starlark.String(arg.X.(*syntax.Ident).Name), starlark.String("")})
				continue
			}
		}
		values = append(values, starlark.String(""))
	}
	native, err := starlark.String(format).Attr("format")
	if err != nil {
		return
	}
	if _, err := starlark.Call(&starlark.Thread{}, native, values, keywords); err != nil {
		says := strings.TrimPrefix(err.Error(), "format: ")
		switch {
		case strings.Contains(says, "out of range"):
			says = "there are fewer values than {}"
		case strings.HasPrefix(says, "format spec"):
			says += "; write {} and round(x, 2)"
		case strings.HasPrefix(says, "single '}'"), strings.HasPrefix(says, "unmatched '{'"):
			says += "; write {{ and }} for plain ones"
		}
		c.mistake(literal.TokenPos, "the format does not work: %s", says)
	}
}
