package query

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
	"rator/tmf/problem"
)

// Operator is how a term compares; its text is the suffix that means it.
type Operator string

const (
	Equal          Operator = "eq"
	greater        Operator = "gt"
	greaterOrEqual Operator = "gte"
	less           Operator = "lt"
	lessOrEqual    Operator = "lte"
	matches        Operator = "regex"
)

var Suffixes = []Operator{Equal, greater, greaterOrEqual, less, lessOrEqual, matches}

// maxRegexBytes bounds a pattern.
const maxRegexBytes = 256

// Term is one comparison, such as status=Active,New: it is true when any of its
// operands is.
type Term struct {
	Path     Path
	Operator Operator
	Raw      string // the value as it came, unescaped
	operands []operand
	regex    *regexp.Regexp
}

// newTerm fails with a *problem.Error that names the attribute.
func newTerm(shape *dialect.Shape, name string, op Operator, raw string, zone *time.Location) (Term, error) {
	p, ok := Resolve(shape, name)
	if !ok {
		return Term{}, unknownAttribute(shape, name)
	}
	t := Term{Path: p, Operator: op, Raw: raw}
	switch {
	case p.Leaf.Type == dialect.OfObject:
		return Term{}, problem.BadQuery.With("%s is an object: compare one of its attributes, such as %s.%s", name, name, p.Leaf.Shape.Fields[0].Name)
	case p.Leaf.Type == dialect.OfBoolean && op != Equal:
		return Term{}, problem.BadOperator.With("%s is a boolean: it has no operator %s", name, op)
	case op == matches:
		return t, t.compile()
	}
	texts := Operands(raw)
	if op == Equal && p.Leaf.Type == dialect.OfString && texts[0] != raw {
		texts = append(texts, raw) // a text with commas or quotes of its own
	}
	for _, text := range texts {
		o, want := readOperand(p.Leaf, text, zone)
		if want != "" {
			return Term{}, problem.BadFormat.With("%s must be compared with %s, not with %.40q", name, want, text)
		}
		t.operands = append(t.operands, o)
	}
	return t, nil
}

func unknownAttribute(shape *dialect.Shape, name string) *problem.Error {
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		if p, ok := Resolve(shape, name[:i]); ok && p.Leaf.Shape == nil {
			return problem.BadOperator.With("%.80s has no attribute and no operator %.40q; operators are eq, gt, gte, lt, lte and regex", name[:i], name[i+1:])
		}
	}
	if i := strings.IndexAny(name, "!~<>=*"); i > 0 {
		if _, ok := Resolve(shape, name[:i]); ok {
			return problem.BadOperator.With("%.80s is not followed by an operator but by %.40q; operators are =, ==, >, >=, <, <= and =~", name[:i], name[i:])
		}
	}
	return problem.BadQuery.With("%s has no attribute %.80q", shape.Name, name)
}

// compile bounds the pattern; RE2, which runs it, is linear in the text.
func (t *Term) compile() (err error) {
	if len(t.Raw) > maxRegexBytes {
		return problem.BadQuery.With("%s: a regular expression has at most %d bytes", t.Path.text, maxRegexBytes)
	}
	if t.regex, err = regexp.Compile(t.Raw); err != nil {
		return problem.BadQuery.With("%s: the regular expression %.80q is not taken: %s", t.Path.text, t.Raw, err)
	}
	return nil
}

// Operands cuts a value at its commas; those between a pair of double
// quotes do not count, and the pair is taken off.
func Operands(raw string) []string {
	var all []string
	for {
		if strings.HasPrefix(raw, `"`) {
			if end := closingQuote(raw); end > 0 {
				all = append(all, raw[1:end])
				if raw = raw[end+1:]; raw == "" {
					return all
				}
				raw = raw[1:]
				continue
			}
		}
		first, rest, more := strings.Cut(raw, ",")
		all = append(all, first)
		if !more {
			return all
		}
		raw = rest
	}
}

// closingQuote finds the quote that is followed by a comma or the end.
func closingQuote(s string) int {
	for i := 1; i < len(s); i++ {
		if s[i] == '"' && (i+1 == len(s) || s[i+1] == ',') {
			return i
		}
	}
	return -1
}

// Matches reports whether any value at the path, from its step on, is what the
// term asks for.
func (t *Term) Matches(v jsondoc.Value, from int) bool {
	switch {
	case v.Kind() == jsondoc.Array:
		return slices.ContainsFunc(v.Items(), func(item jsondoc.Value) bool { return t.Matches(item, from) })
	case from < len(t.Path.Steps):
		member, found := t.Path.Steps[from].In(v)
		return found && t.Matches(member, from+1)
	case v.Kind() == jsondoc.Null || v.Kind() == jsondoc.Object:
		return false
	case t.Operator == matches:
		return t.regex.MatchString(v.Text())
	}
	for i := range t.operands {
		if t.operands[i].holds(t.Path.Leaf, t.Operator, v) {
			return true
		}
	}
	return false
}

func (o *operand) holds(f *dialect.Field, op Operator, v jsondoc.Value) bool {
	if op == Equal {
		return o.equals(f, v)
	}
	order, ok := o.compare(f, v)
	if !ok {
		return false
	}
	switch op {
	case greater:
		return order > 0
	case greaterOrEqual:
		return order >= 0
	case less:
		return order < 0
	}
	return order <= 0
}

// String is the term as a query has it.
func (t *Term) String() string {
	return url.QueryEscape(t.Path.text) + "." + string(t.Operator) + "=" + url.QueryEscape(t.Raw)
}
