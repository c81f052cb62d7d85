package contract

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/beevik/etree"

	"rator/card"
	"rator/workflow/value"
)

// typeLetters are those of Rator's validation format (rator-api.md 4).
var typeLetters = map[string]value.Type{
	"c": value.Complex, "s": value.String, "b": value.Boolean, "d": value.Date, "f": value.Double, "l": value.Long,
}

// maxNesting is the value nesting an endpoint takes (security.md).
const maxNesting = 8

// keyName is what a key may look like: it becomes an element name in typed WSDLs.
var keyName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]*$`)

// values reads a values element; nil gives none.
func (p *parser) values(e *etree.Element, depth int) []*Value {
	if e == nil {
		return nil
	}
	p.attributes(e)
	return p.list(e, depth)
}

// list reads the values in e, and those that it uses.
func (p *parser) list(e *etree.Element, depth int) []*Value {
	var vs []*Value
	for _, child := range p.elements(e, []string{"value", "use"}) {
		var more []*Value
		if child.Tag == "use" {
			more = p.use(child, depth)
		} else {
			more = []*Value{p.value(child, nil, depth)}
		}
		for _, v := range more {
			if first := Find(vs, v.Key); first != nil && v.Key != "" {
				p.mistake(child, "key %s is declared twice, first in line %d; a key that repeats is declared once with list=\"true\"", v.Key, first.Line)
				continue
			}
			vs = append(vs, v)
		}
	}
	return vs
}

// value reads one value element and everything below it. It may be what is different of
// a value of a type: then a complex one that names no values has those of the type.
func (p *parser) value(e *etree.Element, of *Value, depth int) *Value {
	a := p.attributes(e, "key", "type", "use", "mandatory", "regexp", "class", "desc", "list", "maxlen", "enum", "default", "secret", "volatile", "since", "reference", "identifier")
	at := p.places[e]
	v := &Value{
		Key: a.get("key"), Class: a.get("class"), Desc: a.get("desc"), Since: a.get("since"),
		Mandatory: a.boolean("mandatory"), List: a.boolean("list"), Volatile: a.boolean("volatile"),
		MaxLen: a.count("maxlen"), Line: at.line, Column: at.column,
	}
	p.written[v] = e.Attr
	switch {
	case !a.has("key"):
		p.mistake(e, "value has no key")
	case !keyName.MatchString(v.Key):
		p.mistake(e, "key %q is not a name of letters, digits, _, . and -", v.Key)
	}
	known := true
	if v.Type, known = typeLetters[a.get("type")]; !known {
		p.mistake(e, "type=%q of key %s is not one of c (complex), s (string), b (boolean), d (date), f (double), l (long)", a.get("type"), v.Key)
	}
	p.pattern(e, a, v)
	p.secret(e, a, v)
	p.cards(e, a, v)
	p.nested(e, a, v, of, depth, known)
	p.choices(e, a, v, known)
	return v
}

// pattern reads regexp. Rator matches the whole value, as Java's matches does.
func (p *parser) pattern(e *etree.Element, a attributes, v *Value) {
	text := a.get("regexp")
	if text == "" {
		return
	}
	if _, err := regexp.Compile(text); err != nil {
		p.mistake(e, "regexp of key %s: %s", v.Key, strings.TrimPrefix(err.Error(), "error parsing regexp: "))
		return
	}
	v.Pattern = regexp.MustCompile(`\A(?:` + text + `)\z`)
}

func (p *parser) secret(e *etree.Element, a attributes, v *Value) {
	like := NamedLikeSecret(v.Key)
	switch text := a.get("secret"); text {
	case "password":
		v.Secret = Password
	case "true":
		v.Secret = Masked
	case "":
		if like {
			v.Secret = Masked
		}
	case "false":
		if like {
			p.mistake(e, "key %s is named like a secret; write secret=\"true\" or leave the attribute out", v.Key)
		}
	default:
		p.mistake(e, "secret=%q of key %s must be true, password or false", text, v.Key)
	}
	if v.Secret == Password && v.Type != value.String && v.Type != value.Bare {
		p.mistake(e, "secret=\"password\" of key %s is for strings (type=\"s\")", v.Key)
	}
}

// cards reads reference and identifier. false says that a key is neither, whatever
// its name says. A customer's password is kept as a hash, so it may look as it likes.
func (p *parser) cards(e *etree.Element, a attributes, v *Value) {
	reference, identifier := a.boolean("reference"), a.boolean("identifier")
	switch {
	case reference && identifier:
		p.mistake(e, "key %s is both reference and identifier; a reference that looks like a card number is kept masked, an identifier as it comes", v.Key)
	case reference:
		v.Cards = card.Reference
		if v.Type != value.String {
			p.mistake(e, "reference=\"true\" of key %s is for strings (type=\"s\"); one that looks like a card number is kept masked", v.Key)
		}
	case identifier:
		v.Cards = card.Identifier
	case v.Secret == Password:
		v.Cards = card.Identifier
	case a.get("reference") != "" || a.get("identifier") != "":
		v.Cards = card.Text
	}
	if v.Type == value.Complex && v.Cards != card.Unsaid {
		p.mistake(e, "reference and identifier have no meaning for complex key %s", v.Key)
	}
}

// nested reads the values below a complex one, or takes those of the type that it uses,
// and refuses them elsewhere. A complex value without a values element is a mistake; an
// empty one is open.
func (p *parser) nested(e *etree.Element, a attributes, v, of *Value, depth int, known bool) {
	inside := p.children(e, "values")["values"]
	whole := a.get("use")
	switch {
	case whole != "" && inside != nil:
		p.mistake(e, "key %s uses type %s whole and has values too; write <use type=%q/> among the values", v.Key, whole, whole)
	case whole != "" && v.Type != value.Complex && known:
		p.mistake(e, "key %s uses a type but is not complex; write type=\"c\"", v.Key)
	case v.Type == value.Complex && whole != "" && depth < maxNesting:
		v.Values = p.all(e, whole, depth+1)
	case v.Type == value.Complex && inside == nil && of != nil && of.Type == value.Complex && depth < maxNesting:
		v.Values = p.below(e, of.Values, depth+1)
	case v.Type == value.Complex && inside == nil && whole == "":
		p.mistake(e, "complex key %s has no values; an empty <values/> takes anything", v.Key)
	case v.Type == value.Complex && depth == maxNesting:
		p.mistake(e, "key %s: values nest deeper than %d", v.Key, maxNesting)
	case v.Type == value.Complex:
		v.Values = p.values(inside, depth+1)
	case inside != nil && known:
		p.mistake(e, "key %s has values but is not complex; write type=\"c\"", v.Key)
	}
	if v.Type != value.Complex {
		return
	}
	for _, name := range []string{"regexp", "maxlen", "enum", "default"} {
		if a.get(name) != "" {
			p.mistake(e, "%s has no meaning for complex key %s", name, v.Key)
		}
	}
}

// choices reads enum and default, which must satisfy the rest of the rules.
func (p *parser) choices(e *etree.Element, a attributes, v *Value, known bool) {
	if v.Type == value.Complex || !known {
		return
	}
	if a.get("enum") != "" {
		var choices []string
		for choice := range strings.SplitSeq(a.get("enum"), "|") {
			choice, rule := v.read(strings.TrimSpace(choice))
			switch {
			case rule != "":
				p.mistake(e, "enum of key %s: %q %s", v.Key, choice, rule)
			case slices.Contains(choices, choice):
				p.mistake(e, "enum of key %s has %q twice", v.Key, choice)
			}
			choices = append(choices, choice)
		}
		v.Enum = choices
	}
	if v.HasDef = a.has("default"); !v.HasDef {
		return
	}
	var rule string
	if v.Default, rule = v.read(a.get("default")); rule != "" {
		p.mistake(e, "default=%q of key %s %s", v.Default, v.Key, rule)
	}
	if v.Mandatory {
		p.mistake(e, "key %s has a default, so it is never missing; remove mandatory", v.Key)
	}
}

// read brings a literal of the contract itself into the form values are checked
// in; rule is what it breaks, "" for nothing.
func (v *Value) read(literal string) (text, rule string) {
	text, ok := readScalar(v.Type, literal)
	if !ok {
		return literal, typeRules[v.Type]
	}
	return text, v.breaks(text)
}

// breaks is the rule of v that text does not keep, in words; "" when it keeps
// all. No rule repeats the text: it may be a secret or personal.
func (v *Value) breaks(text string) string {
	switch {
	case v.MaxLen > 0 && len(text) > v.MaxLen && utf8.RuneCountInString(text) > v.MaxLen:
		return "is longer than " + plural(v.MaxLen, "character")
	case len(v.Enum) > 0 && !slices.Contains(v.Enum, text):
		return "is not one of " + strings.Join(v.Enum, ", ")
	case v.Pattern != nil && !v.Pattern.MatchString(text):
		return v.mismatch(text)
	}
	return ""
}
