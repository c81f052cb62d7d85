package tmf

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"rator/tmf/dialect"
	"rator/tmf/openapi"
	"rator/tmf/problem"
)

// route is a path below a base, and what may be done there. The first route that
// fits a path serves it, so one with a fixed word stands before one with {id} in
// its place.
type route struct {
	path     string   // {resource} is a resource of the dialect, {id} anything
	segments []string // of the path, without what is before the first slash
	verbs    []verb
	hub      bool // served by a handler that has Hubs
}

// verb is a method of a route. GET serves HEAD as well; OPTIONS is answered for
// every route.
type verb struct {
	openapi.Method
	serve func(*exchange) error
}

var routes = []route{
	{path: "", verbs: []verb{{openapi.Method{Name: http.MethodGet, About: openapi.Explaining}, (*exchange).page}}},
	{path: "/openapi.json", verbs: []verb{{openapi.Method{Name: http.MethodGet, About: openapi.Documenting}, (*exchange).document}}},
	{path: "/" + dialect.HubName, hub: true, verbs: hubsVerbs},
	{path: "/" + dialect.HubName + "/{id}", hub: true, verbs: hubVerbs},
	{path: "/{resource}/" + dialect.HubName, hub: true, verbs: hubsVerbs},
	{path: "/{resource}/" + dialect.HubName + "/{id}", hub: true, verbs: hubVerbs},
	{path: "/{resource}", verbs: []verb{
		{openapi.Method{Name: http.MethodGet, About: openapi.Listing}, (*exchange).list},
		{openapi.Method{Name: http.MethodPost, About: openapi.Creating}, (*exchange).create},
	}},
	{path: "/{resource}/{id}", verbs: []verb{
		{openapi.Method{Name: http.MethodGet, About: openapi.Reading}, (*exchange).read},
		{openapi.Method{Name: http.MethodPut, About: openapi.Replacing, Offered: func(d *dialect.Dialect) bool { return d.Put }}, (*exchange).replace},
		{openapi.Method{Name: http.MethodPatch, About: openapi.Patching}, (*exchange).patch},
		{openapi.Method{Name: http.MethodDelete, About: openapi.Deleting}, (*exchange).delete},
	}},
}

func init() {
	for i := range routes {
		routes[i].segments = strings.Split(routes[i].path, "/")[1:]
	}
}

// find says which dialect and route serve a path; slashes at its end do not
// count. It fills in the exchange, and fails with a *problem.Error.
func (x *exchange) find() (*route, error) {
	path := x.r.URL.EscapedPath()
	d, base, rest := dialect.Of(path)
	if d == nil {
		return nil, problem.UnknownResource.With("nothing is served at %.200s", path)
	}
	x.dialect, x.base = d, base
	segments := strings.Split(strings.TrimRight(rest, "/"), "/")[1:]
	for i := range routes {
		if r := &routes[i]; (!r.hub || x.config.Hubs != nil) && x.fits(r, segments) {
			return r, nil
		}
	}
	if len(segments) > 0 && d.Resource(segments[0]) == nil {
		return nil, problem.UnknownResource.With("the dialect %s has no resource %.80q", d.Name, segments[0])
	}
	return nil, problem.UnknownResource.With("nothing is served at %.200s", path)
}

func (x *exchange) fits(r *route, segments []string) bool {
	if len(r.segments) != len(segments) {
		return false
	}
	x.resource, x.id = nil, ""
	for i, want := range r.segments {
		text, err := url.PathUnescape(segments[i])
		switch {
		case err != nil || text == "":
			return false
		case want == "{resource}":
			if x.resource = x.dialect.Resource(text); x.resource == nil || x.collections[x.resource] == nil {
				return false
			}
		case want == "{id}":
			x.id = text
		case want != text:
			return false
		}
	}
	return true
}

// verb finds what serves the request's method. It fails with a *problem.Error that
// has the header Allow.
func (x *exchange) verb(r *route) (*verb, error) {
	method := x.r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	for i := range r.verbs {
		if v := &r.verbs[i]; v.Name == method && v.IsOffered(x.dialect) {
			return v, nil
		}
	}
	allowed := x.allowed(r)
	return nil, problem.WrongMethod.With("%s is not served here; use %s", x.r.Method, allowed).And("Allow", allowed)
}

// allowed lists the methods of a route.
func (x *exchange) allowed(r *route) string {
	methods := make([]string, 0, len(r.verbs)+2)
	for _, v := range r.verbs {
		if !v.IsOffered(x.dialect) {
			continue
		}
		methods = append(methods, v.Name)
		if v.Name == http.MethodGet {
			methods = append(methods, http.MethodHead)
		}
	}
	return strings.Join(append(methods, http.MethodOptions), ", ")
}

// options answers OPTIONS.
func (x *exchange) options(r *route) {
	header := x.w.Header()
	header.Set("Allow", x.allowed(r))
	if r.patched() {
		header.Set("Accept-Patch", strings.Join(patchTypes, ", "))
	}
	x.w.WriteHeader(http.StatusNoContent)
}

// patched reports whether a route has PATCH.
func (r *route) patched() bool {
	return slices.ContainsFunc(r.verbs, func(v verb) bool { return v.Name == http.MethodPatch })
}
