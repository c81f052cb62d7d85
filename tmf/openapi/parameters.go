package openapi

import (
	"fmt"
	"strings"

	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
	"rator/tmf/query"
)

// operatorHelp says how one kind of attribute is compared.
func operatorHelp(name string, f *dialect.Field) string {
	values := "a text"
	switch f.Type {
	case dialect.OfNumber, dialect.OfInteger:
		values = "a number"
	case dialect.OfBoolean:
		return "Compared with true or false."
	case dialect.OfDateTime:
		values = "a date-time; a day alone means all of it"
	case dialect.OfAny:
		values = "a text or number; attributes below it are named with a dot"
	}
	help := fmt.Sprintf("Compared with %s. Several, with commas between them, mean any of them. Operators stand behind the name: ", values)
	for i, op := range query.Suffixes {
		if i > 0 {
			help += ", "
		}
		help += name + "." + string(op)
	}
	help += "; or > >= < <= =~ in place of =."
	if f.Fold {
		help += " Case does not count."
	}
	return help
}

// filters are the parameters that compare an attribute: one for each attribute
// at any depth that has a value of its own.
func filters(shape *dialect.Shape) []jsondoc.Value {
	var all []jsondoc.Value
	var walk func(s *dialect.Shape, prefix, desc string)
	walk = func(s *dialect.Shape, prefix, desc string) {
		for i := range s.Fields {
			f := &s.Fields[i]
			name := prefix + f.Name
			if f.Shape != nil {
				where := " (below " + name + ")"
				if f.Many {
					where = " (below " + name + ", in any of its elements)"
				}
				walk(f.Shape, name+".", where)
				continue
			}
			all = append(all, node("name", name, "in", "query", "description", strings.TrimSuffix(f.Desc, ".")+desc+". "+operatorHelp(name, f),
				"schema", node("type", "string")))
		}
	}
	walk(shape, "", "")
	return all
}

// MaxRequestID is the longest Idempotency-Key, as for SOAP calls (store.md).
const MaxRequestID = 128

// sharedParameters are those of more than one operation, by the name of their
// component.
var sharedParameters = []jsondoc.Member{
	jsondoc.MemberOf("id", node("name", "id", "in", "path", "required", true, "description", "Identifier of the resource.", "schema", node("type", "string", "minLength", 1))),
	jsondoc.MemberOf("offset", node("name", "offset", "in", "query", "description", "How many items to leave out.", "schema", node("type", "integer", "minimum", 0, "maximum", 1<<31-1, "default", jsondoc.NumberOf("0")))),
	jsondoc.MemberOf("limit", node("name", "limit", "in", "query", "description", "How many items to answer at most; all of them when it is absent.", "schema", node("type", "integer", "minimum", 0, "maximum", 1<<31-1))),
	jsondoc.MemberOf("sort", node("name", "sort", "in", "query", "description", "Attributes to sort by, dotted names too; - before one means from the highest. Items without it come last.",
		"style", "form", "explode", false, "schema", node("type", "array", "items", node("type", "string")), "example", jsondoc.ArrayOf(jsondoc.Text("-name"), jsondoc.Text("status")))),
	jsondoc.MemberOf("Range", node("name", "Range", "in", "header", "description", "Items to answer, counted from 1: items=11-20 or items=11-. It excludes offset and limit; other units are ignored.",
		"schema", node("type", "string"), "example", "items=1-10")),
	jsondoc.MemberOf("X-Brand-Key", node("name", "X-Brand-Key", "in", "header", "description", "Brand that the call is for; the operator's first when it is absent.", "schema", node("type", "string"))),
	jsondoc.MemberOf("If-Match", node("name", "If-Match", "in", "header", "description", "Entity tags of which the resource must have one, or *; else 412.", "schema", node("type", "string"), "example", `"1"`)),
	jsondoc.MemberOf("If-None-Match", node("name", "If-None-Match", "in", "header", "description", "Entity tags of which the resource must have none; else 304 for a read and 412 for a change.", "schema", node("type", "string"), "example", `"1"`)),
	jsondoc.MemberOf("Idempotency-Key", node("name", "Idempotency-Key", "in", "header", "description", "Identifier of the request: when it comes again within 7 days it is answered as it was, and nothing is done. With another request it is refused (409).",
		"schema", node("type", "string", "maxLength", MaxRequestID, "pattern", "^[ -~]*$"))),
}

func fieldsParameter(d *dialect.Dialect, r *dialect.Resource) jsondoc.Value {
	names := make([]string, len(r.Shape.Fields))
	for i := range r.Shape.Fields {
		names[i] = r.Shape.Fields[i].Name
	}
	desc := "Attributes to answer, dotted names too; unknown ones are ignored."
	if len(d.Selected) > 0 {
		desc += " " + strings.Join(d.Selected, " and ") + " come in any case."
	}
	desc += " none means id and href only. Attributes are " + strings.Join(names, ", ") + "."
	return node("name", "fields", "in", "query", "description", desc,
		"style", "form", "explode", false, "schema", node("type", "array", "items", node("type", "string")), "example", jsondoc.ArrayOf(jsondoc.Text("name"), jsondoc.Text("status")))
}
