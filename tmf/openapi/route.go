package openapi

import (
	"net/http"
	"slices"

	"rator/tmf/dialect"
)

// Route is a path below a base, and what may be done there.
type Route struct {
	Path    string // {resource} is a resource of the dialect, {id} anything
	Hub     bool   // served where there are hubs
	Methods []Method
}

// Method is one of a route. GET serves HEAD as well; OPTIONS is answered for every
// route.
type Method struct {
	Name    string
	Offered func(*dialect.Dialect) bool // nil: by every dialect
	About   *Operation
}

// IsOffered reports whether a dialect has the method.
func (m *Method) IsOffered(d *dialect.Dialect) bool { return m.Offered == nil || m.Offered(d) }

// patched reports whether a route has PATCH.
func (r *Route) patched() bool {
	return slices.ContainsFunc(r.Methods, func(m Method) bool { return m.Name == http.MethodPatch })
}
