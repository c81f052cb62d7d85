package openapi

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"rator/customer"
	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
)

// form is what a document is at one place of the API: the same Shape is more or
// less strict there.
type form uint8

const (
	inAnswer    form = iota // whole, as it is answered
	inSelection             // the part of an answer that ?fields selects
	inRequest               // in a POST or PUT
	inPatch                 // a merge patch
)

var formSuffixes = [...]string{"", "Part", "Input", "Patch"}

// The patterns of texts that are checked (instant.go, number.go).
const (
	instantPattern = `^\d{4}-\d{2}-\d{2}([Tt ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?([Zz]|[+\- ]\d{2}(:?\d{2})?)?)?$`
	numberPattern  = `^-?(0|[1-9]\d*)(\.\d+)?([eE][+\-]?\d+)?$`
	integerPattern = `^-?\d[\d.eE+\-]*$`
	filledPattern  = `\S`
)

// schemas makes the schemas of a dialect's shapes.
type schemas struct {
	*componentSet
	dialect *dialect.Dialect
	strict  bool // mandatory is what strict servers say
}

// shape refers to the schema of a shape.
func (s *schemas) shape(of *dialect.Shape, f form) jsondoc.Value {
	return s.ref(of.Name+formSuffixes[f], func() jsondoc.Value { return s.object(of, f) })
}

func (s *schemas) object(of *dialect.Shape, f form) jsondoc.Value {
	var (
		properties []jsondoc.Member
		required   []string
		rules      []jsondoc.Value
	)
	for i := range of.Fields {
		field := &of.Fields[i]
		properties = append(properties, jsondoc.MemberOf(field.Name, s.field(field, f)))
		for _, alias := range field.Aliases {
			properties = append(properties, jsondoc.MemberOf(alias, s.alias(field, f)))
		}
		switch {
		case f == inSelection && isResource(s.dialect, of) && slices.Contains(s.dialect.Selected, field.Name):
			required = append(required, field.Name)
		case f == inSelection || f == inPatch || f == inRequest && field.Computed:
		case field.Mandatory:
			if len(field.Aliases) == 0 {
				required = append(required, field.Name)
			} else {
				rules = append(rules, anySpelling(field))
			}
		default:
			rules = append(rules, s.needs(field)...)
		}
	}
	return node("type", "object", "description", of.Desc+formNotes[f], "properties", jsondoc.ObjectOf(properties...),
		"required", required, "allOf", rules, "additionalProperties", true)
}

func isResource(d *dialect.Dialect, s *dialect.Shape) bool {
	return slices.ContainsFunc(d.Resources, func(r *dialect.Resource) bool { return r.Shape == s })
}

var formNotes = [...]string{
	inAnswer:    " Attributes that are not named here are given back as they were stored.",
	inSelection: " Only what was selected.",
	inRequest:   " Attributes that are not named here are stored and given back; null counts as absent.",
	inPatch:     " What is absent stays, null erases, lists are replaced as a whole.",
}

// field is the schema of a field's value.
func (s *schemas) field(field *dialect.Field, f form) jsondoc.Value {
	switch {
	case f == inPatch && field.Fixed:
		return s.one(field, f).With("readOnly", jsondoc.BoolOf(true)).With("description", jsondoc.Text(field.Desc+" A patch may repeat it beside what it changes; another one is refused."))
	case f == inRequest && field.Computed:
		return node("readOnly", true, "description", field.Desc+" What a request says of it is ignored.")
	}
	element := f
	if field.Many && f == inPatch {
		element = inRequest
	}
	one := s.one(field, element)
	if field.Many {
		one = node("type", "array", "items", one)
	}
	desc := field.Desc
	if f == inRequest || f == inPatch {
		one = orNull(one)
	}
	if _, found := one.Get("$ref"); found { // 3.1 lets a reference have siblings
		return jsondoc.ObjectOf(append(one.Members(), jsondoc.MemberOf("description", jsondoc.Text(desc)))...)
	}
	if f == inAnswer && field.Computed {
		one = one.With("readOnly", jsondoc.BoolOf(true))
	}
	if f == inAnswer && field.Always() && !field.Mandatory {
		desc += " Always answered."
	}
	if field.Default.Kind() != jsondoc.Null && f != inPatch {
		one = one.With("default", field.Default)
	}
	return one.With("description", jsondoc.Text(desc))
}

// one is the schema of a single value.
func (s *schemas) one(field *dialect.Field, f form) jsondoc.Value {
	switch field.Type {
	case dialect.OfNumber:
		return numberSchema(field, "number", numberPattern)
	case dialect.OfInteger:
		return numberSchema(field, "integer", integerPattern)
	case dialect.OfBoolean:
		return node("type", "boolean")
	case dialect.OfDateTime:
		if s.dialect.Typed && (f == inAnswer || f == inSelection || s.strict) {
			return node("type", "string", "format", "date-time")
		}
		return node("type", "string", "pattern", instantPattern, "examples", []string{"2013-04-19T16:42:23.0Z", "2013-04-19"})
	case dialect.OfObject:
		of := s.shape(field.Shape, f)
		if field.NonEmpty && f != inSelection && f != inPatch {
			return jsondoc.ObjectOf(append(of.Members(), jsondoc.MemberOf("minProperties", jsondoc.NumberOf("1")))...)
		}
		return of
	case dialect.OfAny:
		return jsondoc.ObjectOf()
	}
	text := node("type", "string")
	if field.NonEmpty && f != inSelection {
		text = text.With("pattern", jsondoc.Text(filledPattern))
	}
	if n := customer.Longest(field.Key); n > 0 && (f == inRequest || f == inPatch) && field.Key != dialect.GroupedKey {
		text = text.With("maxLength", jsondoc.NumberOf(strconv.Itoa(n)))
	}
	return text
}

func numberSchema(field *dialect.Field, kind, pattern string) jsondoc.Value {
	if field.AsText {
		return node("type", []string{kind, "string"}, "pattern", pattern)
	}
	return node("type", kind)
}

// orNull lets a value be null as well.
func orNull(schema jsondoc.Value) jsondoc.Value {
	kind, found := schema.Get("type")
	switch {
	case found && kind.Kind() == jsondoc.Array:
		return schema.With("type", jsondoc.ArrayOf(append(kind.Items()[:len(kind.Items()):len(kind.Items())], jsondoc.Text("null"))...))
	case found:
		return schema.With("type", jsondoc.ArrayOf(kind, jsondoc.Text("null")))
	case len(schema.Members()) == 0:
		return schema
	}
	return node("anyOf", []jsondoc.Value{schema, node("type", "null")})
}

// alias is the schema of another spelling.
func (s *schemas) alias(field *dialect.Field, f form) jsondoc.Value {
	return s.field(field, f).Without("default").With("deprecated", jsondoc.BoolOf(true)).With("description", jsondoc.Text("Another spelling of "+field.Name+"."))
}

func anySpelling(field *dialect.Field) jsondoc.Value {
	any := []jsondoc.Value{node("required", []string{field.Name})}
	for _, alias := range field.Aliases {
		any = append(any, node("required", []string{alias}))
	}
	return node("anyOf", any)
}

// needs are the rules that make a field mandatory when another one has a value.
func (s *schemas) needs(field *dialect.Field) []jsondoc.Value {
	var rules []jsondoc.Value
	for _, n := range field.Needed {
		if n.Strict && !s.strict {
			continue
		}
		when := node("properties", node(n.Field, node("type", "string", "pattern", foldedPattern(n.Value))), "required", []string{n.Field})
		if n.Unless {
			when = node("not", when)
		}
		rules = append(rules, node("if", when, "then", node("required", []string{field.Name})))
	}
	return rules
}

// foldedPattern matches a word in whatever case.
func foldedPattern(word string) string {
	var b strings.Builder
	b.WriteByte('^')
	for _, c := range word {
		b.WriteString("[" + string(unicode.ToUpper(c)) + string(unicode.ToLower(c)) + "]")
	}
	return b.String() + "$"
}
