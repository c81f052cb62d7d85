package openapi

import (
	"net/http"
	"strconv"
	"strings"

	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
	"rator/tmf/problem"
)

// headerTexts are the headers of answers.
var headerTexts = []struct {
	name, desc, kind string
	always           bool
}{
	{"X-Total-Count", "How many items match.", "integer", true},
	{"X-Result-Count", "How many items are answered.", "integer", true},
	{"Link", "Addresses of the first, previous, next and last page (RFC 8288), when limit was given.", "string", false},
	{"Content-Range", "Which items are answered, counted from 1, and how many there are: items 1-10/57; items */57 when none are.", "string", true},
	{"ETag", "Entity tag of what the resource is now, for If-Match and If-None-Match.", "string", true},
	{"Location", "Address of the resource; the same as its href.", "string", true},
	{"Idempotent-Replayed", "true when this is what the request was answered when it came first.", "string", false},
	{"Allow", "Methods that are served.", "string", true},
	{"Accept-Patch", "Media types that PATCH takes.", "string", false},
	{"WWW-Authenticate", "How to say who asks, once for each way.", "string", true},
	{"Retry-After", "Seconds to wait.", "string", true},
}

func headerComponents() jsondoc.Value {
	var all []jsondoc.Member
	for _, h := range headerTexts {
		schema := node("type", h.kind)
		if h.kind == "integer" {
			schema = schema.With("minimum", jsondoc.NumberOf("0"))
		}
		all = append(all, jsondoc.MemberOf(h.name, node("description", h.desc, "required", h.always, "schema", schema)))
	}
	return jsondoc.ObjectOf(all...)
}

func headersOf(names []string) jsondoc.Value {
	if len(names) == 0 {
		return jsondoc.Value{}
	}
	all := make([]jsondoc.Member, len(names))
	for i, name := range names {
		all[i] = jsondoc.MemberOf(name, refTo("headers", name))
	}
	return jsondoc.ObjectOf(all...)
}

// failureHeaders are what error answers of a status have besides.
var failureHeaders = map[int][]string{
	http.StatusUnauthorized:                 {"WWW-Authenticate"},
	http.StatusMethodNotAllowed:             {"Allow"},
	http.StatusUnsupportedMediaType:         {"Accept-Patch"},
	http.StatusRequestedRangeNotSatisfiable: {"Content-Range"},
	http.StatusServiceUnavailable:           {"Retry-After"},
}

func failureName(status int) string { return strings.ReplaceAll(http.StatusText(status), " ", "") }

// failureStatuses are those of all problems, each once, from the lowest.
func failureStatuses() []int {
	var all []int
	for status := http.StatusBadRequest; status < 600; status++ {
		if len(problem.WithStatus(status)) > 0 {
			all = append(all, status)
		}
	}
	return all
}

// failures are the error answers by status, as components.
func (o *document) failures() jsondoc.Value {
	var all []jsondoc.Member
	for _, status := range failureStatuses() {
		var (
			reasons  []string
			examples []jsondoc.Member
		)
		for _, p := range problem.WithStatus(status) {
			reasons = append(reasons, p.Reason+" ("+p.Number+")")
			body := p.With("what is wrong, with the path of the attribute at fault").Body(o.ErrorPages, o.oldErrors())
			examples = append(examples, jsondoc.MemberOf(strings.ReplaceAll(p.Reason, " ", "-"), node("summary", p.Reason, "value", body)))
		}
		all = append(all, jsondoc.MemberOf(failureName(status), node("description", strings.Join(reasons, "; ")+".",
			"headers", headersOf(failureHeaders[status]),
			"content", node(dialect.JSON, node("schema", refTo("schemas", "Error"), "examples", jsondoc.ObjectOf(examples...))))))
	}
	return jsondoc.ObjectOf(all...)
}

// errorSchema is the one shape of every error answer.
func (o *document) errorSchema() jsondoc.Value {
	var codes, statuses []string
	for _, status := range failureStatuses() {
		statuses = append(statuses, strconv.Itoa(status))
		for _, p := range problem.WithStatus(status) {
			if len(codes) == 0 || codes[len(codes)-1] != p.Number {
				codes = append(codes, p.Number)
			}
		}
	}
	properties := []jsondoc.Member{
		jsondoc.MemberOf("code", node("type", "string", "enum", unique(codes), "description", "Code of the problem.")),
		jsondoc.MemberOf("reason", node("type", "string", "description", "What went wrong, in short; of a rule of the business its own text.")),
		jsondoc.MemberOf("message", node("type", "string", "description", "What is wrong, with the path of the attribute at fault.")),
		jsondoc.MemberOf("status", node("type", "string", "enum", statuses, "description", "The HTTP status.")),
		jsondoc.MemberOf("referenceError", node("type", "string", "description", "Address of a page about the problem.")),
		jsondoc.MemberOf("@type", node("type", "string", "const", "Error")),
	}
	if o.oldErrors() {
		properties = append(properties,
			jsondoc.MemberOf("error", node("type", "object", "description", "code and reason as clients of 2015 expect them; only below "+o.oldBase()+".",
				"properties", node("code", node("type", "string"), "title", node("type", "string")), "required", []string{"code", "title"})),
			jsondoc.MemberOf("detail", node("type", "string", "description", "message as clients of 2015 expect it.")))
	}
	return node("type", "object", "description", "Every error answer, that of an unknown path included.", "properties", jsondoc.ObjectOf(properties...),
		"required", []string{"code", "reason", "message", "status", "@type"})
}

func unique(texts []string) []string {
	var all []string
	seen := map[string]bool{}
	for _, t := range texts {
		if !seen[t] {
			all = append(all, t)
		}
		seen[t] = true
	}
	return all
}
