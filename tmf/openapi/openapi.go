package openapi

import (
	"net/http"
	"strconv"
	"strings"

	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
)

// Config says of what a document is.
type Config struct {
	Dialect    *dialect.Dialect
	Base       dialect.Base // the one it is served under: the first of its servers
	Routes     []Route
	Strict     bool   // the strict rules of the tables hold
	ErrorPages string // address of pages about errors, which the code is added to; "" for none
	Hubs       bool   // are served
}

// document is a document in the making: Document 3.1 from the tables that the code uses, which
// are routes, dialects, shapes and problems.
type document struct {
	Config
	schemas *schemas
}

// Document is the document of a dialect as it is served under one of its base
// paths. It names no host: its servers are paths on the one it is read from.
func Document(c Config) jsondoc.Value {
	o := &document{Config: c}
	o.schemas = &schemas{componentSet: newComponents("schemas"), dialect: c.Dialect, strict: c.Strict}
	paths := o.paths()
	return node(
		"openapi", "3.1.0",
		"info", node("title", "Customer Management", "version", c.Dialect.Name, "summary", "TM Forum Customer Management, the dialect "+c.Dialect.Name+".", "description", o.description()),
		"servers", o.servers(),
		"security", []jsondoc.Value{node("basic", jsondoc.ArrayOf()), node("token", jsondoc.ArrayOf())},
		"tags", o.tags(),
		"paths", paths,
		"components", node(
			"schemas", o.components(),
			"parameters", jsondoc.ObjectOf(sharedParameters...),
			"headers", headerComponents(),
			"responses", o.failures(),
			"securitySchemes", node(
				"basic", node("type", "http", "scheme", "basic", "description", "Name and password of an operator."),
				"token", node("type", "http", "scheme", "bearer", "description", "A token of an operator, which has the operator's rights: rator operator token add."),
			),
		),
	)
}

func (o *document) description() string {
	return "Slashes at the end of a path do not count. A method that a path does not have is answered with 405, an unknown path with 404, in the shape of every error. " +
		"Attributes that are not named here are stored and given back, date-times as they were written. References may be to things that do not exist here. " +
		"Comparisons in queries: `a=1&b=2` means both, `a=1;b=2` either, `a=1,2` one of the values; a dotted name leads through lists and means any of their elements; " +
		"double quotes protect commas. Every comparison may be combined with fields, sort, offset and limit."
}

// servers are the base paths, the one that was asked first.
func (o *document) servers() []jsondoc.Value {
	all := []jsondoc.Value{node("url", o.Base.Path)}
	for _, b := range o.Dialect.Bases {
		if b != o.Base {
			all = append(all, node("url", b.Path, "description", "The same under another path."))
		}
	}
	return all
}

func (o *document) oldErrors() bool { return o.oldBase() != "" }

// oldBase is the base path of the dialect with error bodies of 2015.
func (o *document) oldBase() string {
	for _, b := range o.Dialect.Bases {
		if b.OldErrors {
			return b.Path
		}
	}
	return ""
}

func (o *document) tags() []jsondoc.Value {
	var all []jsondoc.Value
	for _, r := range o.Dialect.Resources {
		all = append(all, node("name", r.Name, "description", r.Shape.Desc))
	}
	return all
}

func (o *document) components() jsondoc.Value {
	return jsondoc.ObjectOf(append(o.schemas.value().Members(), jsondoc.MemberOf("Error", o.errorSchema()))...)
}

// paths are the routes, those with a resource once for each.
func (o *document) paths() jsondoc.Value {
	var all []jsondoc.Member
	for i := range o.Routes {
		r := &o.Routes[i]
		if r.Hub && !o.Hubs {
			continue
		}
		if !strings.Contains(r.Path, "{resource}") {
			all = append(all, jsondoc.MemberOf("/"+strings.TrimPrefix(r.Path, "/"), o.path(r, nil)))
			continue
		}
		for _, resource := range o.Dialect.Resources {
			all = append(all, jsondoc.MemberOf(strings.ReplaceAll(r.Path, "{resource}", resource.Name), o.path(r, resource)))
		}
	}
	return jsondoc.ObjectOf(all...)
}

// path describes what a route offers. HEAD is what GET is without its body;
// OPTIONS is answered everywhere.
func (o *document) path(r *Route, resource *dialect.Resource) jsondoc.Value {
	var members []jsondoc.Member
	if strings.Contains(r.Path, "{id}") {
		members = append(members, jsondoc.MemberOf("parameters", jsondoc.ArrayOf(refTo("parameters", "id"))))
	}
	for i := range r.Methods {
		m := &r.Methods[i]
		if !m.IsOffered(o.Dialect) {
			continue
		}
		members = append(members, jsondoc.MemberOf(strings.ToLower(m.Name), o.operation(m.About, resource, false)))
		if m.Name == http.MethodGet {
			members = append(members, jsondoc.MemberOf("head", o.operation(m.About, resource, true)))
		}
	}
	return jsondoc.ObjectOf(append(members, jsondoc.MemberOf("options", o.options(r, resource)))...)
}

func (o *document) options(r *Route, resource *dialect.Resource) jsondoc.Value {
	headers := []string{"Allow"}
	if r.patched() {
		headers = append(headers, "Accept-Patch")
	}
	id := "options" + strings.NewReplacer("{resource}", "", "{id}", "One", "/", "", ".", "").Replace(r.Path)
	op := node("operationId", id+identifierOf(resource), "summary", "Which methods are served", "security", jsondoc.ArrayOf(),
		"responses", node(strconv.Itoa(http.StatusNoContent), node("description", "The methods.", "headers", headersOf(headers))))
	return tagged(op, resource)
}

// identifierOf is a resource's name in identifiers.
func identifierOf(r *dialect.Resource) string {
	if r == nil {
		return ""
	}
	return strings.ToUpper(r.Name[:1]) + r.Name[1:]
}

func tagged(op jsondoc.Value, r *dialect.Resource) jsondoc.Value {
	if r == nil {
		return op
	}
	return op.With("tags", jsondoc.ArrayOf(jsondoc.Text(r.Name)))
}

// about puts the resource into a text.
func about(text string, r *dialect.Resource) string {
	name := "every resource"
	if r != nil {
		name = r.Name
	}
	return strings.ReplaceAll(text, "%s", name)
}
