package openapi

import (
	"net/http"
	"slices"
	"strconv"

	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
)

// operation describes a verb; head means that it is asked for its headers only.
func (o *document) operation(op *Operation, r *dialect.Resource, head bool) jsondoc.Value {
	id, summary := op.id, op.summary
	if head {
		id, summary = "head"+identifierOf(&dialect.Resource{Name: op.id}), summary+": headers only"
	}
	v := tagged(node("operationId", id+identifierOf(r), "summary", about(summary, r), "description", about(op.desc, r)), r)
	if op.Public {
		v = v.With("security", jsondoc.ArrayOf())
	}
	if parameters := o.parameters(op, r, head); len(parameters) > 0 {
		v = v.With("parameters", jsondoc.ArrayOf(parameters...))
	}
	if content := o.taken(op, r); len(content.Members()) > 0 {
		v = v.With("requestBody", node("required", true, "content", content))
	}
	if slices.ContainsFunc(op.takes, func(m media) bool { return m.hub }) {
		v = v.With("callbacks", o.notified(r))
	}
	return v.With("responses", o.responses(op, r, head))
}

// parameters leaves the comparisons of lists out where head repeats them.
func (o *document) parameters(op *Operation, r *dialect.Resource, head bool) []jsondoc.Value {
	var all []jsondoc.Value
	if op.listed || op.reading {
		all = append(all, fieldsParameter(o.Dialect, r))
	}
	if op.listed {
		for _, name := range []string{"offset", "limit", "sort"} {
			all = append(all, refTo("parameters", name))
		}
	}
	for _, name := range op.headers {
		all = append(all, refTo("parameters", name))
	}
	if !op.Public {
		all = append(all, refTo("parameters", "X-Brand-Key"))
	}
	if op.listed && !head {
		all = append(all, filters(r.Shape)...)
	}
	return all
}

// taken are the bodies of requests by media type.
func (o *document) taken(op *Operation, r *dialect.Resource) jsondoc.Value {
	var all []jsondoc.Member
	for _, m := range op.takes {
		switch {
		case m.hub:
			all = append(all, jsondoc.MemberOf(m.mediaType, node("schema", o.schemas.ref("HubInput", hubSchema("callback")))))
		case m.patch:
			all = append(all, jsondoc.MemberOf(m.mediaType, node("schema", o.schemas.ref("JSONPatch", jsonPatchSchema), "examples", node("status", node("value", examplePatch)))))
		case m.form == inPatch:
			all = append(all, jsondoc.MemberOf(m.mediaType, node("schema", o.schemas.shape(r.Shape, m.form), "examples", node("status", node("value", exampleMerge)))))
		default:
			all = append(all, jsondoc.MemberOf(m.mediaType, node("schema", o.schemas.shape(r.Shape, m.form), "examples", o.examples(r, inRequest))))
		}
	}
	return jsondoc.ObjectOf(all...)
}

func (o *document) responses(op *Operation, r *dialect.Resource, head bool) jsondoc.Value {
	var all []jsondoc.Member
	for _, s := range op.gives(o.Dialect) {
		v := node("description", about(s.desc, r), "headers", headersOf(s.headers))
		if content := o.given(s.body, r); content.Kind() != jsondoc.Null && !head {
			v = v.With("content", content)
		}
		all = append(all, jsondoc.MemberOf(strconv.Itoa(s.status), v))
	}
	fails := append(slices.Clone(op.fails), failsAlways...)
	if op.Public {
		fails = failsPublic
	}
	slices.Sort(fails)
	for _, status := range fails {
		v := refTo("responses", failureName(status))
		if head {
			v = node("description", http.StatusText(status)+".", "headers", headersOf(failureHeaders[status]))
		}
		all = append(all, jsondoc.MemberOf(strconv.Itoa(status), v))
	}
	return jsondoc.ObjectOf(all...)
}

// given is the body of an answer.
func (o *document) given(b body, r *dialect.Resource) jsondoc.Value {
	switch b {
	case wholeBody:
		return node(dialect.JSON, node("schema", o.schemas.shape(r.Shape, inAnswer), "examples", o.examples(r, inAnswer)))
	case itemBody:
		return node(dialect.JSON, node("schema", o.wholeOrPart(r), "examples", o.examples(r, inAnswer)))
	case listBody:
		return node(dialect.JSON, node("schema", node("type", "array", "items", o.wholeOrPart(r))))
	case hubBody:
		return node(dialect.JSON, node("schema", o.schemas.ref("Hub", hubSchema("id", "callback"))))
	case hubsBody:
		return node(dialect.JSON, node("schema", node("type", "array", "items", o.schemas.ref("Hub", hubSchema("id", "callback")))))
	case documentBody:
		return node(dialect.JSON, node("schema", node("type", "object")))
	case pageBody:
		return node("text/html", node("schema", node("type", "string")))
	}
	return jsondoc.Value{}
}

// wholeOrPart is a document in an answer that ?fields may have made smaller.
func (o *document) wholeOrPart(r *dialect.Resource) jsondoc.Value {
	return node("anyOf", []jsondoc.Value{o.schemas.shape(r.Shape, inAnswer), o.schemas.shape(r.Shape, inSelection)})
}

// jsonPatchSchema is RFC 6902.
func jsonPatchSchema() jsondoc.Value {
	step := func(needed string, ops ...string) jsondoc.Value {
		required := []string{"op", "path"}
		if needed != "" {
			required = append(required, needed)
		}
		return node("properties", node("op", node("enum", ops)), "required", required)
	}
	pointer := node("type", "string", "pattern", "^(/.*)?$", "description", "A JSON Pointer, such as /contactMedium/0.")
	return node("type", "array", "maxItems", dialect.MaxOperations, "description", "Operations of RFC 6902, all of which apply or none.", "items", node(
		"type", "object",
		"properties", node(
			"op", node("type", "string", "enum", []string{"add", "remove", "replace", "move", "copy", "test"}),
			"path", pointer, "from", pointer, "value", node("description", "Any JSON.")),
		"oneOf", []jsondoc.Value{step("value", "add", "replace", "test"), step("from", "move", "copy"), step("", "remove")}))
}
