package bulk

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
)

// Schema is the JSON Schema (2020-12) of a line, made of the plan that lines are read by.
func Schema() []byte {
	s := schema{defs: map[reflect.Type]bool{}}
	line := s.object(linePlan())
	line.put("required", []string{"format", "account", "users"})
	all := fields{
		{"$schema", "https://json-schema.org/draft/2020-12/schema"},
		{"$id", "urn:" + formatName + ":" + fmt.Sprint(formatVersion)},
		{"title", lineFormat},
		{"description", "A customer with everything that belongs to it: a line of rator load and rator export."},
	}
	all = append(all, line...)
	all.put("$defs", s.all)
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(all); err != nil { // all of it is ours
		panic(err)
	}
	return b.Bytes()
}

// fields are members of a JSON object in order.
type fields []field

type field struct {
	name  string
	value any
}

func (f *fields) put(name string, value any) { *f = append(*f, field{name, value}) }

// MarshalJSON writes them in order.
func (f fields) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	b.WriteByte('{')
	for n, m := range f {
		if n > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%q:", m.name)
		if err := e.Encode(m.value); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// schema is one that is being made.
type schema struct {
	all  fields // definitions, by the names of the types
	defs map[reflect.Type]bool
}

func (s *schema) object(p *plan) fields {
	var members fields
	if p == linePlan() {
		members.put("format", fields{{"const", lineFormat}})
	}
	for n := range p.members {
		m := &p.members[n]
		of := s.of(m.plan)
		if p == linePlan() && m.name == "users" {
			of.put("minItems", 1)
		}
		if m.desc != "" {
			of.put("description", m.desc)
		}
		members.put(m.name, of)
	}
	if p == linePlan() {
		members.put(historyName, fields{{"type", "array"}, {"description", "what happened, in an export of one customer; left aside"}})
	}
	return fields{{"type", "object"}, {"properties", members}, {"additionalProperties", false}}
}

// What texts are written like, as ECMA-262 has patterns.
const (
	hour       = `([01][0-9]|2[0-3])`
	sixty      = `[0-5][0-9]`
	year       = `[0-9]{4}`
	idPattern  = `^(` + year + `(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])` + hour + sixty + sixty + `[0-9]{4}|#.+)$`
	dayPattern = `^` + year + `-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([T+Z-].*)?$`
	momentForm = `^` + year + `-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T` + hour + `:` + sixty + `:` + sixty + `(\.[0-9]+)?(Z|[+-]` + hour + `:` + sixty + `)$`
	amountForm = `^-?[0-9]+(\.[0-9]+)?$`
	plainText  = `^[^\x00]*$`
)

// of is the schema of a value.
func (s *schema) of(p *plan) fields {
	switch p.form {
	case id:
		return fields{{"type", "string"}, {"pattern", idPattern}, {"maxLength", longestName}}
	case amount:
		return fields{{"type", "string"}, {"pattern", amountForm}, {"maxLength", longestAmount}}
	case moment:
		return fields{{"type", "string"}, {"format", "date-time"}, {"pattern", momentForm}}
	case day:
		return fields{{"type", "string"}, {"pattern", dayPattern}}
	case whole:
		return fields{{"type", "integer"}}
	case truth:
		return fields{{"type", "boolean"}}
	case list:
		return fields{{"type", "array"}, {"items", s.of(p.each)}}
	case object:
		name := snake(p.of.Name())
		if !s.defs[p.of] {
			s.defs[p.of] = true
			at := len(s.all)
			s.all.put(name, nil)
			s.all[at].value = s.object(p)
		}
		return fields{{"$ref", "#/$defs/" + name}}
	}
	switch {
	case p.words != nil:
		return fields{{"enum", p.words}}
	case p.longest > 0:
		return fields{{"type", "string"}, {"pattern", plainText}, {"maxLength", p.longest}}
	}
	return fields{{"type", "string"}, {"pattern", plainText}}
}
